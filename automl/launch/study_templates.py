"""All texts with placeholders that a study has, checked before anything starts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from automl.inside.files import REPORTS, WRITTEN_INSIDE
from automl.launch.places.metric_places import MetricPlaces
from automl.launch.tasks.commands import Commands
from automl.launch.tasks.doubtful_words import doubtful_words
from automl.launch.tasks.shell_words import shell_words
from automl.launch.tasks.unused import all_alike, mistaken, reached, untold_parameters
from automl.launch.template_checks import (
    check_apart,
    check_budget,
    names_in,
    untold_files,
)
from automl.launch.written.written_files import WrittenFile, WrittenFiles
from automl.render.context import CHECKPOINT_DIR, PREVIOUS_BUDGET, SCRATCH, SEED
from automl.render.names.placeholders import check_placeholders
from automl.render.template import Template, TemplateContext
from automl.study.spec import StudySpec
from automl.study.tasks.task import Command


class FilledIn(NamedTuple):
    """What one trial runs.

    Attributes:
        commands: in their order, each as words or as a line for a shell.
        env: the variables that the user gives to it, None for those taken away.
        files: what is written before.
    """

    commands: Sequence[Command]
    env: Mapping[str, str | None]
    files: Sequence[WrittenFile]


class StudyTemplates:
    """The templates of a study: commands, cleanups, variables, config and metric files.

    Args:
        spec: the study.
        environ: the controller's environment.

    Attributes:
        commands: what the tasks run.
        cleanups: what runs when nothing of an attempt is left.
        files: what is written before: config files, and files of a trial's values.
        continues: whether the commands can go on from what an earlier launch left.
        keeps_checkpoint: whether they are given a folder for it.
        uses_scratch: whether anything of a trial names its scratch folder.
        artifacts: patterns of what trials leave and may lose.
        seeded: whether they get the trial's seed.
        doubtful: words that programs may take for something else, and files of which none is told
            where they are, one warning each.
        unused: the parameters that no command or variable names, and no condition needs.
        asked: those of the others for which programs ask by `automl.params`.
        reached: where the value of each parameter goes, as far as something names it.
        mistaken: what to refuse of a parameter in another form than that of a placeholder.
        all_alike: whether all trials would run the very same commands.
        places: where each metric is read.

    Raises:
        SpecError: a template is malformed or uses an unknown placeholder, a budget is not used,
            two trials would write one metric file, or a base of a config file does not fit.
        StorageError: a base cannot be read now.
    """

    def __init__(self, spec: StudySpec, environ: Mapping[str, str]) -> None:
        self._told = WRITTEN_INSIDE if spec.of_functions else (REPORTS,)
        self.commands = Commands(spec)
        self.cleanups = Commands(spec, cleanup=True)
        self.files = WrittenFiles(spec, self.commands)
        self.workspaces = self.files.workspaces
        self.places = MetricPlaces(spec, environ)
        self._env = {
            name: Template(value, where=f"env: {name}", hidden=True)
            for name, value in spec.env.items()
            if value is not None
        }
        self._unset = dict.fromkeys(name for name, value in spec.env.items() if value is None)
        self.artifacts = [Template(one, where="artifacts") for one in spec.keep.artifacts]
        told = [*self.commands.templates, *self.files.templates, *self._env.values()]
        everything = [*told, *self.commands.measured, *self.places.templates]
        filled_in = [*everything, *self.cleanups.templates]
        check_placeholders([*filled_in, *self.artifacts], spec.space.names, self.files.names)
        used = names_in(everything) | self.commands.given
        check_budget(spec, used, names_in(self.cleanups.templates))
        for written in (*self.places.own.values(), *self.commands.measured):
            check_apart(spec, written)
        self.places.know()
        self.files.know(names_in(filled_in))
        self.continues = bool({CHECKPOINT_DIR, PREVIOUS_BUDGET} & used)
        self.keeps_checkpoint = CHECKPOINT_DIR in used
        self.seeded = SEED in used
        self.uses_scratch = SCRATCH in names_in(filled_in)
        commands = [self.commands, self.cleanups]
        self.doubtful = [
            *doubtful_words(spec.space, commands),
            *shell_words(spec.tasks),
            *untold_files(spec, names_in([*told, *self.cleanups.templates])),
        ]
        self.unused, self.asked = untold_parameters(spec, told, environ)
        self.reached = reached(spec, told)
        self.mistaken = mistaken(spec, self.unused, told)
        self.all_alike = all_alike(spec, self.unused, told)

    def filled(self, context: TemplateContext) -> FilledIn:
        """Return what one trial runs.

        Raises:
            RenderError: a template cannot be filled in.
        """
        return FilledIn(self.commands.shown(context), self.env(context), self.files.filled(context))

    def env(self, context: TemplateContext) -> dict[str, str | None]:
        """Return the variables that the user gives to one trial, None for those taken away."""
        return {**self._unset, **{one: value.render(context) for one, value in self._env.items()}}

    def metric_paths(self, context: TemplateContext) -> dict[str, str]:
        """Return the absolute path of the file in which each metric of one trial appears."""
        return self.places.paths(context)

    def written_paths(self, context: TemplateContext) -> list[str]:
        """Return the files of one trial that tell what an attempt gave, without duplicates.

        What is there under the very name of a pattern is such a file, too.
        """
        told = [f"{context.trial_dir}/{name}" for name in self._told]
        return list(dict.fromkeys([*self.places.written(context), *told]))

    def check(self, context: TemplateContext) -> None:
        """Raise RenderError unless all of them can be filled in."""
        self.commands.filled(context)
        self.cleanups.filled(context)
        self.metric_paths(context)
        self.env(context)
        self.files.filled(context)
