"""Which trials belong to which `optimize` of a script, and how many it is to have."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automl.engine.timing.deadline import IS_UP
from automl.journal.folder import StudyFolder
from automl.journal.tail import Tail
from automl.loop.controller import Controller
from automl.notebook.cell import running_cell
from automl.notebook.cell_calls import CELL_CALLS
from automl.patience import patiently
from automl.plain_data import plain
from automl.space.numbers import whole_number
from automl.study.durations import parse_duration
from automl.study.limits import NO_LIMIT
from automl.study.stop_cause import PROGRAM_STOPPED
from automl.study.trial import Trial


@dataclass(slots=True)
class Counted:
    """How many `optimize` of a study a process has called, through any of its objects."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One `optimize` of a study.

    Attributes:
        number: from 1.
        cells: names of the cell of a notebook that it is of; none in a script.
    """

    number: int
    cells: tuple[str, ...] = ()


def next_call(folder: StudyFolder, counted: Counted) -> Call:
    """Return which `optimize` is called now.

    In a script that is the next one. In a notebook a cell that is run again calls the same again.

    Args:
        folder: the study's.
        counted: how many there were; counted on.
    """
    cell = running_cell()
    if cell is None:
        counted.count += 1
        return Call(counted.count)
    place = os.path.realpath(folder.path)
    call = CELL_CALLS.call(place, cell, _cells_of_calls(folder), counted.count)
    counted.count = max(counted.count, call.number)
    return Call(call.number, call.names)


def _cells_of_calls(folder: StudyFolder) -> dict[int, tuple[str, ...]]:
    """Return the names of the cells of each call, none where they are not known."""
    if not folder.journal.is_file():
        return {}
    state = Tail(folder.journal).look()
    known = {number: called.cells for number, called in state.calls.items()}
    return {trial.call: () for trial in state.trials.values() if trial.call} | known


@dataclass(frozen=True, slots=True, kw_only=True)
class CallState:
    """How far a call came in earlier runs of the script.

    Attributes:
        own: how many trials it has.
        others: how many there are besides.
        later: whether a call behind it has any, so that the script was done with it.
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


def call_state(trials: Sequence[Trial], call: Call) -> CallState:
    """Return how far a call came.

    Args:
        trials: those of the study.
        call: the one.
    """
    own = sum(trial.call == call.number for trial in trials)
    return CallState(
        own=own,
        others=len(trials) - own,
        # Cells are run in any order.
        later=not call.cells and any(trial.call > call.number for trial in trials),
        unfinished=any(not trial.state.finished for trial in trials),
    )


def ending(controller: Controller) -> Callable[[], None]:
    """Return what lets a call start nothing more, and be done with once what runs has ended."""
    return lambda: controller.drain(PROGRAM_STOPPED)


def has_ended(folder: StudyFolder, call: Call, n_trials: int | None) -> bool:
    """Tell whether a call ended before it had all its trials, and is done with.

    It is waited for that the machine can read that.
    """
    state = patiently(Tail(folder.journal).look, then="the study begins")
    called = state.calls.get(call.number)
    # Journals of earlier releases tell of the last call alone.
    reason = called.reason if called else state.closed.reason if state.closed else ""
    return ends_call(reason, n_trials)


def ends_call(reason: str, n_trials: int | None) -> bool:
    """Tell whether a call is done with for a reason other than that it has all its trials.

    The program ended it, or it was to have any number of trials until its time was up.
    """
    return reason == PROGRAM_STOPPED or (n_trials is None and reason.endswith(IS_UP))


def whole_trials(n_trials: object) -> int | None:
    """Return how many trials a call has; None for any number.

    Raises:
        SpecError: it is no whole number of 0 or more.
    """
    return None if n_trials is None else whole_number("n_trials", plain(n_trials), 0)


def call_limits(timeout: object, n_jobs: object, max_parallel: object) -> Mapping[str, Any]:
    """Return the limits of a call, as keywords of a study.

    Args:
        timeout: seconds; None for any time.
        n_jobs: how many run at once; -1: as many as there are CPUs.
        max_parallel: the same, which counts if it is given.

    Raises:
        SpecError: one is not allowed; the message has it by this name.
    """
    limit_s = None if timeout is None else parse_duration("timeout", plain(timeout))
    if max_parallel is not None:
        count = whole_number("max_parallel", plain(max_parallel), 1)
    elif n_jobs == -1:
        count = max(1, os.cpu_count() or 1)
    else:
        count = whole_number("n_jobs", plain(n_jobs), 1, why="; -1 stands for the number of CPUs")
    return {"max_parallel": count, "max_runtime": limit_s}
