"""How a study stands, for all who only look."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, overload

from automl.engine.actions import Phase
from automl.journal.events import RequestTaken, StudyClosed, TrialStopping
from automl.search.sampler import Told
from automl.study.trial import Trial


class History(Sequence[Told]):
    """The first entries of a list that only grows, without a copy; nobody can write into it."""

    __slots__ = ("_length", "_told")

    def __init__(self, told: list[Told]) -> None:
        self._told = told
        self._length = len(told)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Told: ...
    @overload
    def __getitem__(self, index: slice) -> list[Told]: ...

    def __getitem__(self, index: int | slice) -> Told | list[Told]:
        if isinstance(index, slice):
            return [self._told[place] for place in range(*index.indices(self._length))]
        return self._told[range(self._length)[index]]

    def __iter__(self) -> Iterator[Told]:
        return (self._told[place] for place in range(self._length))


class View(NamedTuple):
    """A study at one moment; nobody can change it, and none of it changes the engine.

    The mappings cannot be written to either. To be cheap for studies of any size they are no
    copies, so they show what the engine learns later; all else stays as it was.

    Attributes:
        phase: what the study is doing.
        reason: why it is not simply running, empty if it is.
        reached: whether a trial was good enough to end it.
        over: whether nothing runs and nothing will be started by this controller.
        complete: whether nothing is left to do for the study as it is described.
        wants_start: whether a trial would be started or planned if the machine has room for it.
        proposing: the trial for which a proposal is waited for, None if none is.
        next_to_propose: the trial for which a proposal will be needed next, as far as can be told.
        next_due_s: the monotonic second at which the next back-off ends; infinite without one.
        max_parallel: how many trials may run at once now.
        max_trials: how many trials may be planned now.
        trials: all trials by id.
        stops: why each trial that is being stopped is.
        finished: how many trials ended for good.
        failed: how many of these failed.
        best: the best completed trial, None while there is none.
        history: what the search is told, oldest first.
        further_counts: how many measurements of metrics that do not rank are recorded of each
            running attempt.
        answers: what became of each request that has an id, by that.
        unfinished: requests that are told to be done, of which the journal does not tell the effect
            yet; in order.
        control_offset: how much of the control file has been taken up, in bytes.
        closed: how this controller ended, None before.
        to_run_again: the failed trials for which an earlier controller started no more.
        losers: the trials that ended and keep none of what `artifacts=` names.
    """

    phase: Phase
    reason: str
    reached: bool
    over: bool
    complete: bool
    wants_start: bool
    proposing: int | None
    next_to_propose: int | None
    next_due_s: float
    max_parallel: int
    max_trials: int
    trials: Mapping[int, Trial]
    stops: Mapping[int, TrialStopping]
    finished: int
    failed: int
    best: Trial | None
    history: Sequence[Told]
    further_counts: Mapping[int, Mapping[str, int]]
    answers: Mapping[str, RequestTaken]
    unfinished: Sequence[RequestTaken]
    control_offset: int
    closed: StudyClosed | None
    to_run_again: tuple[int, ...]
    losers: Collection[int]

    @property
    def launches(self) -> int:
        """How many launches there were of all trials."""
        return sum(trial.attempts for trial in self.trials.values())
