"""What is said of a study that ended, below its table."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from automl.journal.folder import StudyFolder
from automl.notebook.words import command_word
from automl.spelling.spelling import spelled, spelled_retry
from automl.studies.telling.best import best_lines
from automl.study.ranking.rank import inside
from automl.study.ranking.shared_failures import shared_failures
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState

if TYPE_CHECKING:
    from automl.loop.result import StudyResult

logger = logging.getLogger(__name__)

_LOG_LINES = 5
"""So many last lines of a failed trial's log are shown where no trial has a value."""


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
            f"{result.reason}. {ended}{of_all} trials have ended; "
            f"the same {command_word()} goes on from here"
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
