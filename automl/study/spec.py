"""The whole description of a study, the same whichever door it came through."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from automl.errors import SpecError
from automl.space.numbers import whole_number
from automl.space.space import Params, SearchSpace
from automl.spelling.spelling import spelled
from automl.study.budget import Budget
from automl.study.ends.keep import Keep
from automl.study.launch import OWN_VARIABLES
from automl.study.limits import EarlyStop, Limits, TrialLimits
from automl.study.noise import Noise
from automl.study.objective import Objectives
from automl.study.records.recorded import identity_of, read_back, readings_of, recorded
from automl.study.resources import ResourceSpec
from automl.study.tasks.reader import Reader
from automl.study.tasks.task import Command, Task
from automl.study.tasks.workspace import Workspace

_POPULATION = "pbt"

MEMBERS = 8
"""How many members a population has if that is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """Which sampler proposes values, by its registered name and options."""

    type: str = "auto"
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", read_back(self.options))

    @property
    def trains_population(self) -> bool:
        """Whether its trials continue each other's checkpoints."""
        return self.type == _POPULATION


@dataclass(frozen=True, slots=True, kw_only=True)
class PrunerSpec:
    """Which rule stops running trials, by its registered name and options."""

    type: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", read_back(self.options))


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySpec:
    """Everything that defines a study.

    Args:
        name: the study's folder below the study directory; no path separators.
        space: the parameters.
        tasks: the commands of one trial, run in order; the first failure ends the trial.
        objectives: what trials are ranked by, and what they must keep.
        limits: how much may run.
        trial_limits: what one trial may take, and how often it is tried.
        resources: what of the machine each trial gets.
        mode: where trials run, by its registered name.
        detach: leave the running trials to the next controller when the user interrupts.
        algorithm: what proposes values.
        pruner: what stops running trials early, None for nothing.
        budget: how far trials train, None where each is simply run to its end.
        noise: with how many seeds trials are run.
        start_with: combinations that are tried first; the first is the user's default.
        early_stop: what ends the whole study early, if anything.
        keep: what of what trials leave is kept.
        on_end: a command that tells of the end of the study, None for none.
        call: which `optimize` of a script runs it, from 1; 0 where there is no such thing.
        cells: names of the cell of a notebook that calls it; none of a script.
        seed: makes the proposals reproducible; None: drawn once and kept in the journal.
        cwd: absolute working directory of the commands.
        workspace: a working folder for each trial in its place, if any.
        env: variables added to those of the controller, with placeholders allowed in values; None
            takes one away.
        secret_env: names of variables of the controller whose values are written nowhere.
    """

    name: str
    space: SearchSpace
    tasks: tuple[Task, ...]
    objectives: Objectives = field(default_factory=Objectives)
    limits: Limits
    trial_limits: TrialLimits = field(default_factory=TrialLimits)
    resources: ResourceSpec = field(default_factory=ResourceSpec)
    mode: str = "local"
    detach: bool = False
    algorithm: Algorithm = field(default_factory=Algorithm)
    pruner: PrunerSpec | None = None
    budget: Budget | None = None
    noise: Noise = field(default_factory=Noise)
    start_with: tuple[Params, ...] = ()
    early_stop: EarlyStop | None = None
    keep: Keep = field(default_factory=Keep)
    on_end: Command | None = None
    call: int = 0
    cells: tuple[str, ...] = ()
    seed: int | None = None
    cwd: str
    workspace: Workspace | None = None
    env: Mapping[str, str | None] = field(default_factory=dict)
    secret_env: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not is_folder_name(self.name):
            raise SpecError(
                f"name must be a plain folder name without '/', got {self.name!r}; "
                f"use {spelled('study_dir')} to put the study elsewhere",
                place="name",
            )
        if not self.tasks:
            raise SpecError("task_list is empty; give at least one task", place="task_list")
        self._check_metrics()
        self._check_together()
        self._check_early_stop()
        if self.seed is not None:
            whole_number("seed", self.seed, 0)
        for name, value in self.env.items():
            if not _is_variable(name, "" if value is None else value):
                # Its value may be a secret.
                raise SpecError(
                    f"env: {name!r} cannot be exported by a shell; allowed in a name: letters, "
                    "digits and underscores, not beginning with a digit; in a value: any text "
                    "without NUL",
                    place="env",
                )
        self._check_secrets()
        self.refuse_variables(OWN_VARIABLES)

    def refuse_variables(self, own: Collection[str]) -> None:
        """Refuse to give commands variables that are automl's own.

        Raises:
            SpecError: one of these is in `env` or `secret_env`.
        """
        for option, names in (("env", self.env), ("secret_env", self.secret_env)):
            for name in names:
                # A script keeps one of them in a variable of the same name in lower case.
                if name.upper() in own:
                    raise SpecError(
                        f"{option}: {name!r} is automl's own; use another name", place=option
                    )

    def _check_secrets(self) -> None:
        for name in self.secret_env:
            if not _is_variable(name, ""):
                raise SpecError(
                    f"secret_env: {name!r} is no name of a variable; give names only, as in "
                    f"{spelled('secret_env', ['WANDB_API_KEY'])}: the values come from the "
                    "environment in which the study starts",
                    place="secret_env",
                )
            if name in self.env:
                raise SpecError(
                    f"secret_env and env both have {name!r}; leave it out of {spelled('env')}, "
                    "which writes its value into files",
                    place="secret_env",
                )

    def _check_metrics(self) -> None:
        known = [one.metric for task in self.tasks for one in task.readers]
        if not known:
            raise SpecError(
                "no task has a metric_reader, so no trial could have a result; "
                f"give {spelled('metric_reader', {})} to the task that prints the metric",
                place="task_list",
            )
        self.objectives.check_metrics(known)

    def _check_early_stop(self) -> None:
        stop, direction = self.early_stop, self.objectives.direction
        if stop and stop.threshold is not None and stop.direction != direction:
            raise SpecError(
                f"earlystop and direction disagree: {spelled('direction', direction.value)}, "
                f"but the threshold is for values to {stop.direction.value}; change one of them",
                place="earlystop",
            )

    def _check_together(self) -> None:
        """Refuse what cannot work side by side."""
        population = self.trains_population
        several = not self.objectives.single
        curve = "needs one objective without weights, as it compares the curves of one metric"
        unweighted = "several objectives without weights: it needs one number to rank by"
        repeats, budget, confirm = map(spelled, ("repeats", "budget", "confirm"))
        conflicts = [
            (
                "repeats",
                f"{repeats} and algorithm 'pbt': {_POPULATION_WHY}",
                self.noise.repeats > 1 and population,
            ),
            (
                "pruner",
                f"early stopping and {budget}: both decide which trials go on",
                self.pruner and self.budget,
            ),
            (
                "pruner",
                f"early stopping and algorithm 'pbt': {_POPULATION_WHY}",
                self.pruner and population,
            ),
            (
                "pruner",
                f"early stopping {curve}",
                self.pruner and len(self.objectives.items) > 1,
            ),
            ("budget", f"{budget} and {unweighted}", self.budget and several),
            (
                "repeats",
                f"{repeats} and {budget}: give one of them, and {confirm} to repeat the best",
                self.noise.repeats > 1 and self.budget,
            ),
            (
                "confirm",
                f"{confirm} and algorithm 'pbt': {_POPULATION_WHY}",
                self.noise.confirm and population,
            ),
            ("confirm", f"{confirm} and {unweighted}", self.noise.confirm and several),
            ("algorithm", f"algorithm 'pbt' and {unweighted}", population and several),
        ]
        for place, conflict, given in conflicts:
            if given:
                raise SpecError(f"{conflict}; leave one of them out", place=place)

    @property
    def ladder(self) -> Budget | None:
        """The budget whose rungs trials climb; None without one, or where a population has it."""
        return None if self.trains_population else self.budget

    def reader_of(self, metric: str) -> Reader:
        """Return the reader of a metric: that of the last task that has it."""
        readers = [one for task in self.tasks for one in task.readers if one.metric == metric]
        return readers[-1]

    @property
    def of_functions(self) -> bool:
        """Whether its trials call functions, which tell themselves how they ended."""
        return any(getattr(task, "is_function", False) for task in self.tasks)

    @property
    def private(self) -> bool:
        """Whether what describes the study is for its owner alone to read."""
        return bool(self.env)

    @property
    def trains_population(self) -> bool:
        """Whether trials are intervals in which members train on, and not runs of their own."""
        return self.algorithm.trains_population

    @property
    def members(self) -> int:
        """How many members a population has."""
        return int(self.algorithm.options.get("population", MEMBERS))

    @property
    def combination_count(self) -> int | None:
        """How many combinations there are to try, None where they cannot be counted.

        Members of a population take over each other's, so that there is no end to theirs.
        """
        return None if self.trains_population else self.space.size

    @property
    def max_runtime_s(self) -> float | None:
        """Seconds that one controller may take, None for no limit."""
        stop = self.early_stop
        given = [self.limits.max_runtime_s, stop.max_runtime_s if stop else None]
        return min((limit for limit in given if limit is not None), default=None)

    def identity(self) -> dict[str, Any]:
        """Return what may not change within a study, as JSON: what it runs, and where."""
        return identity_of(self.describe())

    def readings(self) -> dict[str, Any]:
        """Return by what its trials are read and ranked, as JSON; they are read anew if it changes.

        Where it says the same as that of another study, so do the numbers of both.
        """
        return readings_of(self.describe())

    def describe(self) -> dict[str, Any]:
        """Return the whole study as plain JSON values, for `study.yaml` and the journal."""
        return recorded(self)


_POPULATION_WHY = "a trial of a population continues another's checkpoint and is no run of its own"


def is_folder_name(name: object) -> bool:
    """Tell whether a study may have this name, which is its folder's."""
    return (
        isinstance(name, str)
        and bool(name.strip())
        and not {"/", "\0"} & set(name)
        and name not in {".", ".."}
        and _is_encodable(name)
    )


def _is_encodable(text: str) -> bool:
    """Tell whether a file can have this name: not, if it has half of a character's code."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _is_variable(name: object, value: object) -> bool:
    return (
        isinstance(name, str)
        and isinstance(value, str)
        and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is not None
        and "\0" not in value
    )
