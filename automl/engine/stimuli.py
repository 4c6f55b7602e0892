"""What happened, as the engine is told it: one frozen value for each kind of news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from automl.engine.actions import Phase
from automl.engine.outcome import Outcome
from automl.inside.drawn import Drawn
from automl.journal.events import Measured, RequestTaken
from automl.search.sampler import Answer, Proposal
from automl.space.space import Params
from automl.study.launch import Handle


@dataclass(frozen=True, slots=True)
class SlotFree:
    """The machine has room for a trial; the answer is the next step, empty once there is none."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The search proposes values for a trial, or says that it has none now or at all."""

    trial_id: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class TrialAsked:
    """A program asks for a trial, of which it alone tells how it ends; the search proposes this."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Started:
    """An attempt was launched, or a program got a trial that it had asked for."""

    trial_id: int
    handle: Handle


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An attempt was not launched, as the study stops or the machine cannot."""

    trial_id: int


@dataclass(frozen=True, slots=True)
class LaunchFailed:
    """An attempt could not be launched, for a reason of the trial's own."""

    trial_id: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """An attempt runs that an earlier controller launched.

    Attributes:
        trial_id: whose.
        since_s: the monotonic second at which it began.
        over: it has ended by now, but its output is still to be read.
    """

    trial_id: int
    since_s: float
    over: bool


@dataclass(frozen=True, slots=True)
class Vanished:
    """An attempt of an earlier controller is gone without a trace of its end."""

    trial_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsRead:
    """New measurements of an attempt were read; it is past stopping if it is `over`."""

    event: Measured
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesAsked:
    """An attempt asked for parameters, in a space that is learnt while the study runs.

    Attributes:
        trial_id: whose.
        asked: for what, in this order; what is known already may be among them.
        over: whether the attempt has ended.
    """

    trial_id: int
    asked: Sequence[Drawn]
    over: bool


@dataclass(frozen=True, slots=True)
class EndedWell:
    """An attempt ended well and is still to be read, so that no stop must hit it."""

    trial_id: int


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """An attempt ended, nothing of which is left running."""

    trial_id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class AttemptExcused:
    """An attempt failed for a reason that is not its own."""

    trial_id: int
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed.

    Attributes:
        progress_s: for each trial whose processes run, the monotonic second of its last sign of
            life; others, such as one that waits for the disk, are not looked at.
    """

    progress_s: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class StopAsked:
    """The study is to start nothing more and to stop what runs.

    Attributes:
        phase: ENDING, or INTERRUPTED for one that goes on later.
        reason: why.
        grace_s: how long trials may take to end, None for as long as the study lets them; asking
            again can only shorten it.
    """

    phase: Phase
    reason: str
    grace_s: float | None = None


@dataclass(frozen=True, slots=True)
class PhaseAsked:
    """The study is to pause, drain, go on or leave its trials; those that run are left alone.

    Attributes:
        phase: what it is to do.
        reason: why.
        done: whether nothing is left to do for it then.
    """

    phase: Phase
    reason: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class TrialStopAsked:
    """The user wants one trial to end, running or planned."""

    trial_id: int


@dataclass(frozen=True, slots=True)
class TrialRetryAsked:
    """A trial is to be launched again that has ended, by default as the user wants it."""

    trial_id: int
    reason: str = "retried at the user's request"


@dataclass(frozen=True, slots=True)
class FailedRetryAsked:
    """The user wants these trials launched again: those that failed, or will have failed.

    What became of one that ended while no controller ran is not known yet when it is asked for.
    """

    trial_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrialAdded:
    """The user wants one combination tried.

    Attributes:
        params: its values, in the order of the space; where that is learnt, those that are fixed.
        origin: where they come from.
        note: why, in the words of who asked.
    """

    params: Params
    origin: str = "request"
    note: str = ""


Wish: TypeAlias = (
    StopAsked | PhaseAsked | TrialStopAsked | TrialRetryAsked | FailedRetryAsked | TrialAdded
)
"""What a user may ask of a running study, beside other limits."""


@dataclass(frozen=True, slots=True)
class Requested:
    """A request of a user was taken up.

    Attributes:
        event: its record, with the limits that it puts in force.
        note: what to tell the user, empty for nothing.
        wish: what else is to be done, None for nothing.
    """

    event: RequestTaken
    note: str = ""
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class StudyEnded:
    """Nothing is left to do for this controller; the answer is the closing record."""


SlotNews: TypeAlias = SlotFree | Proposed | TrialAdded | TrialAsked
"""What may lead to a new trial."""

StudyNews: TypeAlias = Tick | StopAsked | PhaseAsked | StudyEnded
"""What concerns the study as a whole."""

RelaunchNews: TypeAlias = Vanished | TrialRetryAsked | FailedRetryAsked
"""What has a trial launched again."""

AttemptNews: TypeAlias = (
    Started
    | HeldBack
    | LaunchFailed
    | Adopted
    | MetricsRead
    | NamesAsked
    | EndedWell
    | AttemptEnded
    | AttemptExcused
    | TrialStopAsked
)
"""What concerns one attempt."""

Stimulus: TypeAlias = SlotNews | StudyNews | RelaunchNews | AttemptNews | Requested
