"""What the engine asks the runner to do, and the words both use."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from automl.clock import Clock
from automl.journal.events import Event
from automl.study.trial import Trial


@dataclass(frozen=True, slots=True)
class Record:
    """Write an event to the journal, before any later action."""

    event: Event


@dataclass(frozen=True, slots=True)
class Propose:
    """Ask the sampler for the values of a trial, then call `proposed`."""

    trial_id: int


@dataclass(frozen=True, slots=True)
class Start:
    """Launch an attempt, then call `started`, `held_back` or, where that failed, `ended`."""

    trial_id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop a running trial completely; its end comes back through `ended`."""

    trial_id: int
    grace_s: float


@dataclass(frozen=True, slots=True)
class AskToEnd:
    """Let a running trial know that it is to end early, which it does by itself."""

    trial_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the user that a trial ended for good."""

    trial: Trial


@dataclass(frozen=True, slots=True)
class Discard:
    """Remove what a trial left that nobody needs any more.

    Attributes:
        trial: whose scratch folder it is.
        artifacts: whether what `artifacts=` names is removed too.
    """

    trial: Trial
    artifacts: bool


@dataclass(frozen=True, slots=True)
class Note:
    """Tell the user something else, which may be a warning."""

    text: str
    warns: bool = False


Action: TypeAlias = Record | Propose | Start | Cancel | AskToEnd | Report | Discard | Note


class Phase(StrEnum):
    """What the study is doing.

    RUNNING starts what there is to start; PAUSED waits for `resume`; DRAINING lets the running
    trials end; ENDING stops them, for good; INTERRUPTED stops them, to be run again later;
    DETACHED leaves them running for the next controller.
    """

    RUNNING = "running"
    PAUSED = "paused"
    DRAINING = "draining"
    ENDING = "ending"
    INTERRUPTED = "interrupted"
    DETACHED = "detached"


STARTING = frozenset({Phase.RUNNING})
"""The phases in which trials are started."""

STOPPING = frozenset({Phase.ENDING, Phase.INTERRUPTED})
"""The phases in which running trials are stopped."""


class Moment(NamedTuple):
    """One instant by both clocks."""

    at: datetime
    monotonic_s: float


def moment_of(clock: Clock) -> Moment:
    """Return this moment."""
    return Moment(clock.now(), clock.monotonic())
