"""A trial's folder: from parameter values to a script that is ready to start."""

import json
import logging
import os
import shlex
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from automl.errors import LaunchError, RenderError, SpecError, StorageError, may_pass
from automl.journal.disk.files import make_folder
from automl.journal.folder import StudyFolder
from automl.launch.commands import Commands
from automl.launch.environment import exported, secret_values
from automl.launch.launch_note import LaunchNote, note_of
from automl.launch.secret_values import SecretValues
from automl.launch.trial_files import make_room, write_file, write_whole
from automl.render.context import (
    BUDGET,
    CHECKPOINT_DIR,
    CHECKPOINT_ID,
    PARAM_PREFIX,
    PREVIOUS_BUDGET,
    SEED,
    STUDY_DIR,
    TRIAL_DIR,
)
from automl.render.script import cleanup_script, export_lines, need_lines, trial_script
from automl.render.template import Template, TemplateContext, check_placeholders
from automl.space.space import Params
from automl.study.launch import Launch
from automl.study.resources import Grant
from automl.study.spec import POPULATION, StudySpec
from automl.study.trial import Purpose, Stage, Trial

logger = logging.getLogger(__name__)


class Launcher:
    """Prepares the folders of trials.

    Everything that can be checked without a trial is checked when it is made.

    Args:
        spec: the study.
        folder: where it lives.
        seed: the study's seed in force; trials get seeds derived from it.
        uid: the study's own id, part of every trial's mark.
        environ: the controller's environment.
        before_launch: called before each launch is prepared; what it raises ends the controller.

    Attributes:
        place: the real path of the study's folder.
        continues: whether the commands can go on from what an earlier launch left.
        unused: the parameters that no command or variable names, and no condition needs.
        seeded: whether they get the trial's seed.
        secrets: what no file may hold.
        uid: the study's own id.

    Raises:
        SpecError: a template is malformed or uses an unknown placeholder, two trials would write
            one metric file, or a variable of `secret_env` is not set.
    """

    def __init__(
        self,
        spec: StudySpec,
        folder: StudyFolder,
        seed: int,
        uid: str,
        environ: Mapping[str, str],
        *,
        before_launch: Callable[[], None] = lambda: None,
    ) -> None:
        self._before_launch = before_launch
        self._spec = spec
        self._folder = folder
        self._seed = seed
        self.uid = uid
        self.place = os.path.realpath(folder.path)
        self._commands = Commands(spec)
        self._cleanups = Commands(spec, cleanup=True)
        self._locations = {
            name: Template(spec.reader_of(name).location, where="reader: location")
            for name in spec.objectives.metrics
        }
        self._env = {
            name: Template(value, where=f"env: {name}", hidden=True)
            for name, value in spec.env.items()
        }
        self.secrets = SecretValues(secret_values(spec, environ))
        self._exports = need_lines(spec.secret_env) + export_lines(exported(spec, environ))
        everything = [
            *self._commands.templates,
            *self._locations.values(),
            *self._env.values(),
        ]
        check_placeholders([*everything, *self._cleanups.templates], spec.space.names)
        used = {name for template in everything for name in template.placeholders()}
        of_cleanups = {name for one in self._cleanups.templates for name in one.placeholders()}
        _check_budget(spec, used, of_cleanups)
        self._keeps_checkpoint = CHECKPOINT_DIR in used
        self._missed_checkpoint = False
        self.continues = bool({CHECKPOINT_DIR, PREVIOUS_BUDGET} & used)
        told = [*self._commands.templates, *self._env.values()]
        self.unused = _unused(spec, {name for one in told for name in one.placeholders()})
        self.seeded = SEED in used
        for location in self._locations.values():
            _check_apart(spec, location)

    def command_line(self, trial: Trial) -> str:
        """Return the trial's commands as one line for a shell, without their environment.

        They are those that gave its value: a trial that was confirmed has run others since.
        """
        gave = trial.counted[-1:]
        trial = replace(trial, stage=gave[0].stage if gave else trial.stage)
        lines = self._commands.filled(self._context(trial))
        return " && ".join(line if isinstance(line, str) else shlex.join(line) for line in lines)

    def metric_paths(self, trial: Trial) -> dict[str, str]:
        """Return the absolute path of the file in which each of the trial's metrics appears."""
        return self._metric_paths(self._context(trial))

    def check_commands(self, params: Params) -> None:
        """Raise RenderError unless all that a trial needs can be filled in with these values."""
        context = self._context(Trial(id=0, params=params))
        self._commands.filled(context)
        self._cleanups.filled(context)
        self._metric_paths(context)
        for value in self._env.values():
            value.render(context)

    def mark(self, trial_id: int) -> str:
        """Return what every process of a trial carries in its environment."""
        return f"{self.uid}:{trial_id}"

    def note(self, trial: Trial, attempt: int) -> LaunchNote:
        """Return what tells the folder of a launch from that of any other."""
        return note_of(trial, attempt, self.uid, self.place, _as_json(trial.params))

    def prepare(self, trial: Trial, attempt: int, grant: Grant) -> Launch:
        """Write the folder of a trial and return what to start.

        What an earlier attempt, or an earlier study, left where this attempt writes is moved to
        `attempts/` first, so that an old number can never be read as a new one. All that is there
        is moved, checkpoints too, if it is not what an earlier attempt at this trial left.

        Args:
            trial: what to run.
            attempt: its number, from 1.
            grant: what it was given of the machine.

        Raises:
            RenderError: a template could not be filled in.
            LaunchError: the folder cannot be written for a reason of this trial's.
            StorageError: the folder cannot be written now, by no trial.
        """
        self._before_launch()
        paths = self._folder.trial(trial.id)
        context = self._context(trial)
        title = f"Trial {trial.id} of the study {self._spec.name!r}, attempt {attempt}"
        own = {name: template.render(context) for name, template in self._env.items()}
        exports = self._exports + export_lines(grant.env | own)
        script = trial_script(
            title=title,
            cwd=self._spec.cwd,
            exports=exports,
            commands=self._commands.filled(context),
            copy=self._copy(trial, context),
        )
        metrics = list(dict.fromkeys(self._metric_paths(context).values()))
        private = self._spec.private
        try:
            note = self.note(trial, attempt)
            make_room(paths, metrics, note)
            if self._keeps_checkpoint:
                make_folder(context.checkpoint_dir)
                self._look_for_checkpoint(trial, context)
            # First: what lies in the folder from here on is of this launch.
            write_whole(paths.note, note.text())
            # Once there is a script to run, there is one to clean up after it.
            if cleanup := self._cleanup(title, exports, context):
                write_file(paths.cleanup, cleanup, private=private)
            write_file(paths.script, script, private=private)
            write_file(paths.params, _as_json(trial.params) + "\n")
        except UnicodeEncodeError as error:
            # Only the surrogates that stand for the bytes of a file's name have bytes to write.
            raise RenderError(
                f"trial {trial.id}: the text {error.object[error.start : error.end]!r} in its "
                "values or commands cannot be given to a program; take it out"
            ) from error
        except OSError as error:
            kind = StorageError if may_pass(error.errno) else LaunchError
            raise kind(
                f"trial {trial.id}: cannot write {error.filename or paths.path}: {error.strerror}"
            ) from error
        return self._launch(trial.id, grant)

    def _launch(self, trial_id: int, grant: Grant) -> Launch:
        """Return what to start once a trial's folder is written."""
        paths = self._folder.trial(trial_id)
        return Launch(
            trial_id=trial_id,
            script=paths.script,
            stdout=paths.stdout,
            stderr=paths.stderr,
            exit_path=paths.exit,
            mark=self.mark(trial_id),
            place=self.place,
            cpus=grant.cpus,
            nice=self._spec.resources.nice,
            memory_bytes=self._spec.resources.memory_bytes,
        )

    def _cleanup(self, title: str, exports: str, context: TemplateContext) -> str:
        """Return the script that runs once nothing of a launch is left; empty without one."""
        commands = self._cleanups.filled(context)
        if not commands:
            return ""
        return cleanup_script(
            title=f"{title}: what runs once nothing of it is left",
            cwd=self._spec.cwd,
            exports=exports,
            commands=commands,
        )

    def _copy(self, trial: Trial, context: TemplateContext) -> tuple[str, str] | None:
        """Return whose checkpoint is copied to where before the commands run, None for nothing."""
        if not self._keeps_checkpoint or trial.source == -1:
            return None
        return self._folder.trial(trial.source).checkpoint, context.checkpoint_dir

    def _look_for_checkpoint(self, trial: Trial, context: TemplateContext) -> None:
        """Warn, once, of a launch that is to go on from a checkpoint where there is none."""
        if not context.previous_budget or self._missed_checkpoint:
            return
        copied = self._copy(trial, context)
        saved = Path(copied[0] if copied else context.checkpoint_dir)
        if saved.is_dir() and any(saved.iterdir()):
            return
        self._missed_checkpoint = True
        logger.warning(
            "trial %d goes on from %s, but there is no checkpoint in %s: a program that saves "
            "nothing in {{ %s }} starts over, or trains only the rest of its budget",
            trial.id,
            context.previous_budget,
            saved,
            CHECKPOINT_DIR,
        )

    def _metric_paths(self, context: TemplateContext) -> dict[str, str]:
        return {
            name: os.path.join(self._spec.cwd, location.render(context))  # noqa: PTH118 - hot
            for name, location in self._locations.items()
        }

    def _context(self, trial: Trial) -> TemplateContext:
        paths, stage = self._folder.trial(trial.id), trial.stage
        # Another seed is another training, which must not find what the first one saved.
        apart = f"-{stage.purpose}-{stage.seed_number}" if stage.seed_number else ""
        return TemplateContext(
            trial_id=trial.id,
            params=trial.params,
            trial_dir=paths.path,
            seed=launch_seed(self._seed, trial.id, stage, self._spec.noise.repeats),
            study_name=self._spec.name,
            study_dir=str(self._folder.path),
            budget=stage.budget,
            previous_budget=stage.previous_budget,
            checkpoint_id=trial.source,
            checkpoint_dir=paths.checkpoint + apart,
        )


def launch_seed(study_seed: int, trial_id: int, stage: Stage, repeats: int) -> int:
    """Return the seed of one launch, from 0 to 2**31 - 1, the same for the same arguments.

    Seeds that are there to compare trials with each other, for repeats and confirmation, are the
    same for every trial: the differences between trials are then smaller than between seeds.
    """
    what = str(trial_id)
    if repeats > 1 or stage.purpose is Purpose.CONFIRM:
        what = f"{stage.purpose} {stage.seed_number}"
    return zlib.crc32(f"{study_seed}/{what}".encode()) & 0x7FFFFFFF


def _unused(spec: StudySpec, told: set[str]) -> list[str]:
    """Return the parameters that commands are not told; none if they can read `params.json`."""
    if {TRIAL_DIR, STUDY_DIR, "trial.param"} & told:
        return []
    needed = {name for one in spec.space.parameters if one.when for name in one.when.names}
    return [
        name
        for one in spec.space.parameters
        for name in one.names
        if f"{PARAM_PREFIX}{name}" not in told and name not in needed
    ]


def _check_budget(spec: StudySpec, used: set[str], of_cleanups: set[str]) -> None:
    """Refuse a budget that no command uses, and the use of one that is not there."""
    counts = spec.budget is not None or spec.algorithm.type == POPULATION
    if spec.budget and BUDGET not in used:
        raise SpecError(
            f"budget {spec.budget.name!r} is given, but no command uses it; put {{{{ {BUDGET} }}}} "
            f"where the command takes its {spec.budget.name}"
        )
    if spec.algorithm.type == POPULATION and not {CHECKPOINT_DIR, CHECKPOINT_ID} & used:
        raise SpecError(
            "algorithm 'pbt' lets trials continue each other's checkpoints, but no command uses "
            f"one; put {{{{ {CHECKPOINT_DIR} }}}} where the command takes the folder that it "
            f"loads from and saves to, or {{{{ {CHECKPOINT_ID} }}}} where it takes a trial's number"
        )
    for name in (BUDGET, PREVIOUS_BUDGET):
        if name in used | of_cleanups and not counts:
            raise SpecError(
                f"{{{{ {name} }}}} is used, but the study has no budget; give "
                "budget=budget.create(name=..., min=..., max=...)"
            )


def _check_apart(spec: StudySpec, location: Template) -> None:
    """Refuse a metric file that two trials would share."""
    used = location.placeholders()
    # The members of a population take over each other's values.
    differ = spec.algorithm.type != POPULATION
    alone = {"trial.id", TRIAL_DIR} & used or (
        differ and used >= {f"trial.param.{name}" for name in spec.space.names}
    )
    if not alone and spec.limits.max_trials > 1:
        raise SpecError(
            f"reader: location {location.text!r} is the same file for several trials, so one would "
            "read another's metric; put {{ trial.id }} into it, and into the option of the "
            "command that names the file (or use {{ trial.dir }}/stdout.log for what it prints)"
        )


def _as_json(params: Params) -> str:
    return json.dumps(dict(params))
