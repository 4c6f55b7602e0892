"""The scripts of a trial: `trial.sh`, and `cleanup.sh` where a task has a cleanup."""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from automl.inside.marks import TRIAL_DIR_VARIABLE
from automl.launch.environment import exported, inactive_folder, shell_of
from automl.launch.study_templates import StudyTemplates
from automl.launch.written.written_file import WrittenFile
from automl.readers.mlflow.tags import tagging
from automl.render.pasted import pasted_line
from automl.render.script import cleanup_script, export_lines, need_lines, only_argv, trial_script
from automl.render.template import TemplateContext
from automl.study.launch import Direct, Prologue
from automl.study.resources import Grant
from automl.study.spec import StudySpec


class Scripts(NamedTuple):
    """What an attempt runs.

    Attributes:
        trial: the script of the attempt.
        cleanup: that of its cleanup, empty without one.
        direct: what the first does, if that is no more than to run one command.
        late: the files that only the script can write, once there is the folder for them.
    """

    trial: str
    cleanup: str
    direct: Direct | None
    late: Sequence[WrittenFile]


class TrialScripts:
    """Writes the text of scripts.

    Args:
        spec: the study.
        templates: its templates.
        environ: the controller's environment.
        prologue: what the place where they run puts around the commands.

    Attributes:
        shell: the path of the shell that runs them.
    """

    def __init__(
        self,
        spec: StudySpec,
        templates: StudyTemplates,
        environ: Mapping[str, str],
        prologue: Prologue,
    ) -> None:
        self._prologue = prologue
        self._environ = environ
        self._name = spec.name
        self._templates = templates
        self._path_first = "" if "PATH" in spec.env else inactive_folder(environ)
        self.shell = shell_of(environ)
        self._needs = need_lines(spec.secret_env)
        self._exported = exported(spec, environ)
        self._last = _Exporting(None, "", None)
        # A function is told its folder itself: all its calls have the same variables.
        self._names_folder = not spec.of_functions

    def pasted(self, context: TemplateContext, here: str) -> str:
        """Return the commands as one line for a shell that stands in a folder, empty for any.

        Raises:
            RenderError: a template cannot be filled in.
            LaunchError: a command cannot be started as it is.
        """
        commands = self._templates.commands.shown(context)
        if self._templates.uses_scratch:
            # It went with the launch.
            commands = [("mkdir", "-p", context.scratch), *commands]
        return pasted_line(
            commands,
            env={**self._templates.env(context), **self._folder_asked(context)},
            cwd="" if _is_same(here, context.cwd) else context.cwd,
            path_first=self._path_first,
        )

    def _folder_asked(self, context: TemplateContext) -> dict[str, str]:
        """Return what a program needs that asks for its values, where one does."""
        return {TRIAL_DIR_VARIABLE: context.trial_dir} if self._templates.asked else {}

    def texts(
        self,
        context: TemplateContext,
        attempt: int,
        grant: Grant,
        copy: tuple[str, str] | None,
        files: Sequence[WrittenFile],
        mark: str = "",
    ) -> Scripts:
        """Return the scripts of an attempt.

        Args:
            context: the values of the trial.
            attempt: its number, from 1.
            grant: what the trial was given of the machine.
            copy: a folder that is copied first, and what the copy is called.
            files: what is written before, here and by whoever runs the script by hand.
            mark: what every process of the trial carries.

        Raises:
            RenderError: a template cannot be filled in.
            LaunchError: a command cannot be started as it is.
        """
        title = f"Trial {context.trial_id} of the study {self._name!r}, attempt {attempt}"
        own = {**grant.env, **self._templates.env(context)}
        if self._templates.places.standing:
            own |= tagging({**self._environ, **own}, mark, attempt)
        exporting = self._exporting(own, context.trial_dir)
        filled = self._templates.commands.filled(context)
        commands = filled.commands
        working = self._templates.workspaces.working(
            context, attempt, files, self._templates.metric_paths
        )
        script = trial_script(
            title=title,
            cwd=context.cwd,
            exports=exporting.lines,
            commands=commands,
            prologue=self._prologue,
            shell=self.shell,
            copy=copy,
            folders=[context.scratch] if self._templates.uses_scratch else [],
            files=[(one.path, one.text) for one in files if one not in working.files],
            first=working.first,
            late=[(one.path, one.text) for one in working.files],
        )
        argv = None if copy or working.first else only_argv(commands, self.shell)
        variables = exporting.variables
        direct = (
            Direct(argv=argv, cwd=context.cwd, exports=variables, call=filled.call)
            if argv and variables is not None
            else None
        )
        cleanup = self._cleanup(title, context, exporting.lines)
        return Scripts(script, cleanup, direct, working.files)

    def _cleanup(self, title: str, context: TemplateContext, exports: str) -> str:
        """Return the script of the cleanups, empty without one."""
        cleanups = self._templates.cleanups.filled(context).commands
        if not cleanups:
            return ""
        return cleanup_script(
            title=f"{title}: what runs once nothing of it is left",
            cwd=context.cwd,
            exports=exports,
            commands=cleanups,
            prologue=self._prologue,
            shell=self.shell,
        )

    def _exporting(self, own: dict[str, str | None], trial_dir: str) -> "_Exporting":
        """Return what gives a trial its variables; most of it is that of the last one."""
        if own != self._last.own:
            lines = self._needs + export_lines(self._exported) + export_lines(own)
            whole = self._exported | own
            given = {name: value for name, value in whole.items() if value is not None}
            self._last = _Exporting(own, lines, given if len(given) == len(whole) else None)
        if not self._names_folder:
            return self._last
        named = export_lines({TRIAL_DIR_VARIABLE: trial_dir})
        lines, variables = self._last.lines, self._last.variables
        return _Exporting(
            own,
            lines + named,
            None if variables is None else {**variables, TRIAL_DIR_VARIABLE: trial_dir},
        )


class _Exporting(NamedTuple):
    """How a script gives a trial its variables.

    Attributes:
        own: those that not all trials need have, None for those taken away.
        lines: the lines of the script.
        variables: all of them; None where one is taken away, which only a shell does.
    """

    own: Mapping[str, str | None] | None
    lines: str
    variables: Mapping[str, str] | None


def _is_same(here: str, folder: str) -> bool:
    return bool(here) and os.path.realpath(here) == os.path.realpath(folder)
