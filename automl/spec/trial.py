"""A trial, its states, and the one table of allowed moves between them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from automl.errors import AutomlError
from automl.spec.failure import FailureClass
from automl.spec.launch import Exit, Handle
from automl.spec.space import Params


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


FINISHED = frozenset(
    {TrialState.COMPLETED, TrialState.PRUNED, TrialState.FAILED, TrialState.STOPPED}
)

MOVES: dict[TrialState, frozenset[TrialState]] = {
    TrialState.PLANNED: frozenset({TrialState.RUNNING, TrialState.FAILED, TrialState.STOPPED}),
    TrialState.RUNNING: FINISHED | {TrialState.STOPPING, TrialState.PLANNED},
    TrialState.STOPPING: FINISHED | {TrialState.PLANNED},
    TrialState.COMPLETED: frozenset(),
    TrialState.PRUNED: frozenset({TrialState.PLANNED}),
    TrialState.FAILED: frozenset({TrialState.PLANNED}),
    TrialState.STOPPED: frozenset({TrialState.PLANNED}),
}
"""From each state, the states it may move to; back to planned means that it is tried again."""


def check_move(trial_id: int, old: TrialState, new: TrialState) -> None:
    """Raise AutomlError unless a trial may move from `old` to `new`."""
    if new not in MOVES[old]:
        allowed = ", ".join(sorted(MOVES[old])) or "nothing"
        raise AutomlError(f"trial {trial_id}: cannot go from {old} to {new}; allowed: {allowed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One combination of parameter values, and all that is known of it.

    Attributes:
        id: from 0, in the order of planning.
        params: the values, in the order of the space.
        state: where it stands.
        attempts: how many times it was launched.
        value: the number that counts, None while there is none.
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
    attempts: int = 0
    value: float | None = None
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
    def runs_alone(self) -> bool:
        """Whether it ran out of memory beside others, and so is tried without them."""
        return FailureClass.OUT_OF_MEMORY in self.failures
