"""Which trials belong to which `optimize` of a script, and how many are left to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from automl.engine.timing.deadline import IS_UP
from automl.journal.folder import StudyFolder
from automl.journal.tail import Tail
from automl.loop.controller import Controller
from automl.study.limits import NO_LIMIT
from automl.study.stop_cause import PROGRAM_STOPPED
from automl.study.trial import Trial


@dataclass(slots=True)
class Counted:
    """How many `optimize` of a study a process has called, through any of its objects."""

    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallState:
    """How far a call came in earlier runs of the script.

    Attributes:
        own: how many trials it has.
        others: how many there are besides.
        later: whether a call behind it has any.
        unfinished: whether any trial has not ended.
    """

    own: int
    others: int
    later: bool
    unfinished: bool

    def most(self, n_trials: int | None) -> int:
        """Return how many trials the study may have in all while this call runs.

        Args:
            n_trials: how many the call is to have; None for any number.
        """
        if n_trials is None:
            return NO_LIMIT
        # With none at all, nothing could be described.
        return max(1, self.others + max(n_trials, self.own))


def call_state(trials: Sequence[Trial], call: int) -> CallState:
    """Return how far a call came.

    Args:
        trials: those of the study.
        call: its number, from 1.
    """
    own = sum(trial.call == call for trial in trials)
    return CallState(
        own=own,
        others=len(trials) - own,
        later=any(trial.call > call for trial in trials),
        unfinished=any(not trial.state.finished for trial in trials),
    )


def ending(controller: Controller) -> Callable[[], None]:
    """Return what lets a call start nothing more, and be done with once what runs has ended."""
    return lambda: controller.drain(PROGRAM_STOPPED)


def has_ended(folder: StudyFolder, n_trials: int | None) -> bool:
    """Tell whether the last call ended before it had all its trials, and is done with."""
    closed = Tail(folder.journal).look().closed
    return closed is not None and ends_call(closed.reason, n_trials)


def ends_call(reason: str, n_trials: int | None) -> bool:
    """Tell whether a call is done with for a reason other than that it has all its trials.

    The program ended it, or it was to have any number of trials until its time was up.
    """
    return reason == PROGRAM_STOPPED or (n_trials is None and reason.endswith(IS_UP))
