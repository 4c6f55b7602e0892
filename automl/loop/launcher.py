"""A trial's folder: from parameter values to a script that is ready to start."""

import contextlib
import json
import logging
import os
import shlex
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from automl.errors import LaunchError, RenderError, SpecError, StorageError, may_pass
from automl.journal.folder import StudyFolder, TrialFolder
from automl.loop.commands import Commands
from automl.loop.launch_note import LaunchNote, Said, note_of, said_in
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
from automl.render.script import export_lines, trial_script
from automl.render.template import Template, TemplateContext, check_placeholders
from automl.spec.launch import Launch
from automl.spec.resources import Grant
from automl.spec.space import Params
from automl.spec.study import POPULATION, StudySpec
from automl.spec.trial import Purpose, Stage, Trial

logger = logging.getLogger(__name__)

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""What the numeric libraries ask for their number of threads."""

SHAPING_VARIABLES = (
    "PATH",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "CUDA_VISIBLE_DEVICES",
    "PYTHONHASHSEED",
)
"""Variables of the controller that decide what a command does; kept in each script.

Not the whole environment: it may hold secrets, and a script is there to be shown.
"""


class Launcher:
    """Prepares the folders of trials.

    Everything that can be checked without a trial is checked when it is made.

    Args:
        spec: the study.
        folder: where it lives.
        seed: the study's seed in force; trials get seeds derived from it.
        uid: the study's own id, part of every trial's mark.
        environ: the controller's environment.

    Attributes:
        place: the real path of the study's folder.
        continues: whether the commands can go on from what an earlier launch left.
        unused: the parameters that no command or variable names, and no condition needs.
        seeded: whether they get the trial's seed.

    Raises:
        SpecError: a template is malformed or uses an unknown placeholder, or two trials would
            write one metric file.
    """

    def __init__(
        self,
        spec: StudySpec,
        folder: StudyFolder,
        seed: int,
        uid: str,
        environ: Mapping[str, str],
    ) -> None:
        self._spec = spec
        self._folder = folder
        self._seed = seed
        self._uid = uid
        self.place = os.path.realpath(folder.path)
        self._commands = Commands(spec)
        self._locations = {
            name: Template(spec.reader_of(name).location, where="reader: location")
            for name in spec.objectives.metrics
        }
        self._env = {
            name: Template(value, where=f"env: {name}") for name, value in spec.env.items()
        }
        self._exports = export_lines(_exports(spec, environ))
        everything = [
            *self._commands.templates,
            *self._locations.values(),
            *self._env.values(),
        ]
        check_placeholders(everything, spec.space.names)
        used = {name for template in everything for name in template.placeholders()}
        _check_budget(spec, used)
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
        self._metric_paths(context)
        for value in self._env.values():
            value.render(context)

    def mark(self, trial_id: int) -> str:
        """Return what every process of a trial carries in its environment."""
        return f"{self._uid}:{trial_id}"

    def note(self, trial: Trial, attempt: int) -> LaunchNote:
        """Return what tells the folder of a launch from that of any other."""
        return note_of(trial, attempt, self._uid, self.place, _as_json(trial.params))

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
        paths = self._folder.trial(trial.id)
        context = self._context(trial)
        script = trial_script(
            title=f"Trial {trial.id} of the study {self._spec.name!r}, attempt {attempt}",
            cwd=self._spec.cwd,
            exports=self._exports
            + export_lines(
                grant.env | {name: template.render(context) for name, template in self._env.items()}
            ),
            commands=self._commands.filled(context),
            copy=self._copy(trial, context),
        )
        metrics = list(dict.fromkeys(self._metric_paths(context).values()))
        try:
            params = _as_json(trial.params)
            note = note_of(trial, attempt, self._uid, self.place, params)
            _make_room(paths, metrics, note)
            if self._keeps_checkpoint:
                os.makedirs(context.checkpoint_dir, exist_ok=True)  # noqa: PTH103
                self._look_for_checkpoint(trial, context)
            # First: what lies in the folder from here on is of this launch.
            _write(paths.note, note.text())
            _write(paths.script, script)
            _write(paths.params, params + "\n")
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
        return Launch(
            trial_id=trial.id,
            script=paths.script,
            stdout=paths.stdout,
            stderr=paths.stderr,
            exit_path=paths.exit,
            mark=self.mark(trial.id),
            place=self.place,
            cpus=grant.cpus,
            nice=self._spec.resources.nice,
            memory_bytes=self._spec.resources.memory_bytes,
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


def _check_budget(spec: StudySpec, used: set[str]) -> None:
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
        if name in used and not counts:
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


def _exports(spec: StudySpec, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that every trial gets; what the user set is left as it is."""
    threads = spec.resources.cpus or max(1, _cores() // spec.limits.max_parallel)
    given = {name: environ[name] for name in SHAPING_VARIABLES if name in environ}
    ours = dict.fromkeys(THREAD_VARIABLES, str(threads)) | {"PYTHONUNBUFFERED": "1"}
    return given | {name: environ.get(name, value) for name, value in ours.items()}


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _as_json(params: Params) -> str:
    return json.dumps(dict(params))


def _make_room(paths: TrialFolder, metrics: list[str], note: LaunchNote) -> None:
    """Make the folders of an attempt, and move aside what lies where it will write."""
    try:
        os.mkdir(paths.path)  # noqa: PTH102 - the hot path of a launch
        in_the_way = metrics
    except FileExistsError:
        # The exit code first: killed in between, we must not take it for that of this attempt.
        in_the_way = [paths.exit, paths.stdout, paths.stderr, *metrics, *_strange(paths, note)]
    for directory in {os.path.dirname(metric) for metric in metrics}:  # noqa: PTH120
        if directory != paths.path:
            os.makedirs(directory, exist_ok=True)  # noqa: PTH103
    for path in dict.fromkeys(in_the_way):
        if os.path.lexists(path):
            _set_aside(Path(path), Path(paths.attempts) / str(note.attempt - 1))


def _strange(paths: TrialFolder, note: LaunchNote) -> list[str]:
    """Return all else that is in a folder, unless earlier attempts at this trial left it."""
    said, _ = said_in(paths.note, note)
    if said in {Said.THIS, Said.BEFORE} or (said is Said.NOTHING and note.attempt > 1):
        return []
    with os.scandir(paths.path) as entries:
        found = [entry.path for entry in entries if entry.path != paths.attempts]
    # The note last: killed in between, we must not take what is left for that of an attempt.
    return sorted(found, key=lambda path: path == paths.note)


def _set_aside(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    while os.path.lexists(target):
        target = target.with_name(f"{target.name}.old")
    with contextlib.suppress(FileNotFoundError):
        shutil.move(path, target)


def _write(path: str, text: str) -> None:
    # Not by rename: a crash in between leaves a planned trial, whose folder is written anew, and
    # a note that was torn is not believed.
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
        file.write(text)
