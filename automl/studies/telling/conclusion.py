"""How the end of a study is shown."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from automl import logs, streams
from automl.aside import FLUSH_S
from automl.journal.folder import StudyFolder
from automl.patience import patiently
from automl.show.fitting import Extent
from automl.spelling.spelling import spelled, spelled_retry
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.telling.best import best_lines
from automl.studies.telling.folder_size import size_told
from automl.study.ranking.rank import has_value, inside
from automl.study.ranking.shared_failures import shared_failures
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState

if TYPE_CHECKING:
    from automl.loop.result import StudyResult

logger = logging.getLogger(__name__)

_LEAST_ROWS = 20
_LINES_BESIDE = 12
"""Lines of a terminal for all that stands above and below the rows of the table."""

_LOG_LINES = 5
"""So many last lines of a failed trial's log are shown where no trial has a value."""


def show_end(
    spec: StudySpec,
    folder: StudyFolder,
    result: StudyResult,
    table: Callable[[Extent, str], str],
) -> None:
    """Print the table of a study that ended, and how it ended.

    Args:
        spec: the study.
        folder: where it lives.
        result: how it ended.
        table: returns as much of its table as is asked for, and names the file that holds all.
    """
    FROM_TERMINAL.take_in(valued=any(map(has_value, result.trials)))
    told = size_told(spec, folder, leaving=bool(result.signal)) if not result.idle else list
    extent, file = _extent(), os.path.relpath(folder.results)
    lines = [
        logs.stamped("INFO", "results:"),
        patiently(lambda: table(extent, file), then="the results are shown"),
        *conclusion(spec, folder, result),
    ]
    # How the study ended is the last line.
    lines[-1:-1] = told()
    show("".join(f"{line}\n" for line in lines), leaving=bool(result.signal))


def _extent() -> Extent:
    """Return how much of the table is printed: what a terminal takes, else all."""
    size = shutil.get_terminal_size()
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if not streams.is_terminal(sys.stdout):
        return Extent(width=size.columns, encoding=encoding)
    rows = max(size.lines - _LINES_BESIDE, _LEAST_ROWS)
    return Extent(width=size.columns, rows=rows, fits=True, encoding=encoding)


def conclusion(spec: StudySpec, folder: StudyFolder, result: StudyResult) -> list[str]:
    """Return the lines below the table: the best trial, how to run it again, how to go on."""
    lines = best_lines(spec, folder, result)
    lines += _without_value(folder, result)
    if failures := shared_failures(result.trials, spec.space):
        lines.append(failures)
    ended = sum(trial.state.finished for trial in result.trials)
    if result.idle:
        go_on = (
            f"set another threshold in {spelled('earlystop')}"
            if result.reached
            else f"raise {spelled('max_trial_num')}"
        )
        go_on += _way_with_failed(spec.name, inside(result.trials, spec.space))
        lines.append(
            f"nothing was started: {result.reason}{_ended_when(result.trials)}. To go on, {go_on}; "
            f"to start afresh, pass {spelled('fresh', value=True)} or another {spelled('name')}"
        )
    elif not result.complete:
        of_all = "" if result.limit is None else f" of {result.limit}"
        lines.append(
            f"{result.reason}. {ended}{of_all} trials have ended; the same command goes on from "
            "here"
        )
    else:
        lines.append(f"the study is complete: {result.reason}")
    return lines


def _way_with_failed(study: str, trials: Sequence[Trial]) -> str:
    """Return how failed trials are run again, empty where none has failed."""
    count = sum(trial.state is TrialState.FAILED for trial in trials)
    if not count:
        return ""
    failed = "the failed trial" if count == 1 else f"the {count} failed trials"
    return f", or run {failed} again: {spelled_retry(study)}"


def _without_value(folder: StudyFolder, result: StudyResult) -> list[str]:
    """Return that no trial has a value, and what the first that failed printed last."""
    failed = [trial for trial in result.trials if trial.state is TrialState.FAILED]
    if not failed or any(trial.value is not None for trial in result.trials):
        return []
    trial = next((one for one in failed if one.output), failed[0])
    paths = folder.trial(trial.id)
    try:
        spoke = Path(paths.stderr).stat().st_size > 0
    except OSError:
        spoke = False
    log = os.path.relpath(paths.stderr if spoke else paths.stdout)
    last = [f"  {line}" for line in trial.output[-_LOG_LINES:]]
    return [f"no trial has a value. Read {log}{', which ends with:' if last else ''}", *last]


def _ended_when(trials: Sequence[Trial]) -> str:
    """Return when the last trial ended, in local time, as part of a sentence."""
    ends = [
        trial.started_at + timedelta(seconds=trial.duration_s)
        for trial in trials
        if trial.started_at is not None and trial.duration_s is not None
    ]
    return f" (the last on {max(ends).astimezone():%Y-%m-%d at %H:%M:%S})" if ends else ""


def leave(signal_name: str) -> NoReturn:
    """End the script as a signal ends a program, but keep an interactive session."""
    if hasattr(sys, "ps1") or sys.flags.interactive:
        raise KeyboardInterrupt
    raise SystemExit(128 + signal.Signals[signal_name])


def show(text: str, *, leaving: bool) -> None:
    """Print a text; what is behind standard output and error decides on no exit code.

    Args:
        text: what.
        leaving: the process was asked to end, and waits for nobody who does not read.
    """
    limit_s = FLUSH_S if leaving else None
    problem = streams.write(sys.stdout, text, limit_s)
    if problem:
        streams.let_go(sys.stdout)
    # Before the warning, as a handler of the program's would wait for whoever reads it.
    if streams.unusable(sys.stderr, 0.0 if leaving else None):
        streams.let_go(sys.stderr)
    if problem:
        logger.warning(
            "the results could not be printed: %s; the study's results.csv has them", problem
        )
