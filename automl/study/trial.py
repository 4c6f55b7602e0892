"""A trial, its states, and the one table of allowed moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from automl.errors import AutomlError
from automl.inside.ranges import Range
from automl.space.learnt import Offer
from automl.space.space import Params
from automl.study.failure import FailureClass
from automl.study.launch import Exit, Handle


class TrialState(StrEnum):
    """Where a trial stands."""

    PLANNED = "planned"
    RUNNING = "running"
    STOPPING = "stopping"
    COMPLETED = "completed"
    PRUNED = "pruned"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def finished(self) -> bool:
        """Whether the trial will not change any more by itself."""
        return self in FINISHED

    @property
    def launched(self) -> bool:
        """Whether an attempt of the trial runs, or is being stopped."""
        return self in LAUNCHED


FINISHED = frozenset(
    {TrialState.COMPLETED, TrialState.PRUNED, TrialState.FAILED, TrialState.STOPPED}
)
LAUNCHED = frozenset({TrialState.RUNNING, TrialState.STOPPING})

MOVES: dict[TrialState, frozenset[TrialState]] = {
    TrialState.PLANNED: frozenset(
        {TrialState.PLANNED, TrialState.RUNNING, TrialState.FAILED, TrialState.STOPPED}
    ),
    TrialState.RUNNING: FINISHED | {TrialState.STOPPING, TrialState.PLANNED},
    TrialState.STOPPING: FINISHED | {TrialState.PLANNED},
    TrialState.COMPLETED: frozenset({TrialState.PLANNED}),
    TrialState.PRUNED: frozenset({TrialState.PLANNED}),
    TrialState.FAILED: frozenset({TrialState.PLANNED}),
    TrialState.STOPPED: frozenset({TrialState.PLANNED}),
}
"""From each state, the states it may move to; back to planned means that it is launched again.

A planned trial stays planned where its launch failed, which is counted. A completed trial is
launched again only to confirm it; a pruned one to go on, or to its end.
"""


def check_move(trial_id: int, old: TrialState, new: TrialState, *, confirms: bool = False) -> None:
    """Raise AutomlError unless a trial may move from `old` to `new`.

    One that is to be confirmed stays what it was where it cannot even be launched for that.
    """
    if confirms and old is TrialState.PLANNED and new in {TrialState.COMPLETED, TrialState.PRUNED}:
        return
    if new not in MOVES[old]:
        allowed = ", ".join(sorted(MOVES[old])) or "nothing"
        raise AutomlError(f"trial {trial_id}: cannot go from {old} to {new}; allowed: {allowed}")


_READ_ANEW: dict[TrialState, frozenset[TrialState]] = {
    TrialState.PLANNED: frozenset({TrialState.FAILED}),
    TrialState.COMPLETED: frozenset({TrialState.PRUNED, TrialState.FAILED, TrialState.PLANNED}),
    TrialState.PRUNED: frozenset({TrialState.FAILED, TrialState.PLANNED}),
    TrialState.FAILED: frozenset({TrialState.COMPLETED, TrialState.PRUNED, TrialState.PLANNED}),
}
"""From each state, the others that a trial may have once it was read in another way."""


def check_read_anew(trial_id: int, old: TrialState, new: TrialState) -> None:
    """Raise AutomlError unless a trial in state `old` may have state `new` once read anew."""
    if new is not old and new not in _READ_ANEW.get(old, ()):
        raise AutomlError(f"trial {trial_id}: cannot be {new} once read anew, as it is {old}")


class Purpose(StrEnum):
    """What a launch is for: to find good values, or to judge the best anew with other seeds."""

    SEARCH = "search"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How far a launch of a trial is to go, and with which seed.

    Attributes:
        budget: the budget up to which it trains, None where the study has no budget.
        previous_budget: the budget that an earlier launch reached, which its checkpoint holds.
        seed_number: which of the trial's seeds it gets, from 0.
        purpose: what it is for.
    """

    budget: int | float | None = None
    previous_budget: int | float = 0
    seed_number: int = 0
    purpose: Purpose = Purpose.SEARCH

    def alike(self, other: "Stage") -> bool:
        """Tell whether the two differ in nothing but the seed, so that a mean makes sense."""
        return self.budget == other.budget and self.purpose is other.purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedLaunch:
    """A launch that ran to its end, by its number from 1, and how long it took if that is known."""

    stage: Stage
    attempt: int
    duration_s: float | None = None


START_WITH = "start_with"
"""The origin of the trials that the user gave; the first of them is the default."""

WHOLE = Stage()
"""The stage of a trial that is launched once, to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a launch that ran to its end gave, and how long it took if that is known.

    Attributes:
        attempt: the number of the launch, from 1; which one it was says nothing of what it gave.
    """

    stage: Stage
    value: float
    metrics: Mapping[str, float] = field(default_factory=dict)
    violation: float = 0.0
    duration_s: float | None = None
    attempt: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One combination of parameter values, and all that is known of it.

    Attributes:
        id: from 0, in the order of planning.
        params: the values, in the order of the space; where that is learnt while the study runs,
            those that it asked for so far, in this order.
        state: where it stands.
        stage: how far its next launch is to go, or its last one went.
        source: the trial whose checkpoint it continues, -1 for none.
        origin: where its values come from if not from the search: START_WITH or `request`.
        avoided: how many combinations the search proposed for it that had been tried.
        note: why it is tried, in the words of who asked for it; empty for none.
        call: which `optimize` of its script it belongs to, from 1; 0 where there is no such thing.
        asked: whether a program asked for it, which alone tells how it ended: it has no process.
        proposed: what is proposed to it by name where the space is learnt, else None.
        ranges: those with which it asked for its values where the space is learnt, else empty.
        attempts: how many times it was launched.
        value: the number that ranks it, None while there is none; the mean over its seeds.
        metrics: the number that counts of each metric; means over its seeds.
        violation: by how much it breaks the constraints, 0 if it keeps them.
        results: what each launch that ran to its end gave, in order.
        without_number: the launches that ran to their end in which the present readers find no
            number, as far as those of before did.
        stopped_step: the step at which a pruner stopped it, None if none did.
        spared: whether no pruner may stop it any more, as it is rerun to its end.
        newest: the last recorded measurement of the running attempt, None before there is one.
        measurements: how many values the last attempt printed.
        failures: the kinds of its earlier failures, after which it was tried again.
        reason: why it failed or was stopped, in one line; empty otherwise.
        failure: the kind of failure if it failed, else None.
        output: last lines of its output if it failed, else empty.
        handle: the running process, None when none runs.
        exit: how the last attempt ended, None before.
        started_at: start of the last attempt, UTC.
        duration_s: length of the last attempt, None while it runs.
    """

    id: int
    params: Params
    state: TrialState = TrialState.PLANNED
    stage: Stage = WHOLE
    source: int = -1
    origin: str = ""
    avoided: int = 0
    note: str = ""
    call: int = 0
    asked: bool = False
    proposed: Mapping[str, Offer] | None = None
    ranges: Mapping[str, Range] = field(default_factory=dict)
    attempts: int = 0
    value: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    violation: float = 0.0
    results: tuple[Result, ...] = ()
    without_number: tuple[EndedLaunch, ...] = ()
    stopped_step: float | None = None
    spared: bool = False
    newest: float | None = None
    measurements: int = 0
    failures: tuple[FailureClass, ...] = ()
    reason: str = ""
    failure: FailureClass | None = None
    output: tuple[str, ...] = ()
    handle: Handle | None = None
    exit: Exit | None = None
    started_at: datetime | None = None
    duration_s: float | None = None

    @property
    def launched(self) -> bool:
        """Whether processes of it run, or are being stopped."""
        return self.state.launched and not self.asked

    @property
    def planned(self) -> Params:
        """The values with which it was planned, which stay the same whatever it asks for."""
        if self.proposed is None:
            return self.params
        return {name: offer.value for name, offer in self.proposed.items()}

    @property
    def offers(self) -> Mapping[str, Offer] | None:
        """What its next launch is proposed: what an earlier one drew, it gets again."""
        if self.proposed is None:
            return None
        drawn = {
            name: Offer(self.params[name], asked)
            for name, asked in self.ranges.items()
            if name not in self.proposed or self.proposed[name].range is not None
        }
        return {**self.proposed, **drawn}

    @property
    def seeds(self) -> tuple[float, ...]:
        """The values of the search's launches at its present budget, one per seed."""
        return tuple(one.value for one in self._alike(Purpose.SEARCH))

    @property
    def counted(self) -> tuple[Result, ...]:
        """The results of which its value is the mean: those of the search at its last budget.

        Where the search did not bring it to its end and it was confirmed all the same, as the
        user's default is, they are those of the confirming launches, which did.
        """
        searched, fresh = self._alike(Purpose.SEARCH), self._alike(Purpose.CONFIRM)
        budgets = {one.stage.budget for one in searched}
        return searched if not fresh or fresh[0].stage.budget in budgets else fresh

    @property
    def confirms(self) -> bool:
        """Whether its next or last launch confirms what the search found, which stays as it is."""
        return self.stage.purpose is Purpose.CONFIRM

    @property
    def goes_on(self) -> bool:
        """Whether its next or last launch adds to what is known of it already."""
        return self.confirms or bool(self.results)

    @property
    def confirmations(self) -> Mapping[int, float]:
        """The values of its confirming launches by seed number."""
        return {
            result.stage.seed_number: result.value
            for result in self.results
            if result.stage.purpose is Purpose.CONFIRM
        }

    def _alike(self, purpose: Purpose) -> tuple[Result, ...]:
        """Return the results of the launches with this purpose that went as far as the last one."""
        meant = tuple(one for one in self.results if one.stage.purpose is purpose)
        if len(meant) <= 1:  # as of most trials, and this is asked often
            return meant
        return tuple(one for one in meant if one.stage.alike(meant[-1].stage))

    @property
    def runs_alone(self) -> bool:
        """Whether it ran out of memory beside others, and so is tried without them."""
        return FailureClass.OUT_OF_MEMORY in self.failures


def changed(trial: Trial, **changes: Any) -> Trial:  # noqa: ANN401 - as the fields are
    """Return a trial with other values of some fields, in a third of the time of `replace`."""
    copy = object.__new__(Trial)
    for put, value in zip(_PUT.values(), _VALUES(trial), strict=True):
        put(copy, value)
    for name, value in changes.items():
        _PUT[name](copy, value)
    return copy


_PUT = {one.name: Trial.__dict__[one.name].__set__ for one in fields(Trial)}
_VALUES = attrgetter(*_PUT)
