"""How a script's study begins and ends on the screen."""

import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from automl.journal.folder import StudyFolder
from automl.loop.controller import StudyResult
from automl.report.lines import params_text, value_text
from automl.spec.objective import METRIC
from automl.spec.trial import Trial


def conclusion(folder: StudyFolder, result: StudyResult) -> list[str]:
    """Return the lines below the table: the best trial, how to run it again, how to go on."""
    lines = []
    if result.best is not None and result.best.value is not None:
        script = os.path.relpath(folder.trial(result.best.id).script)
        lines += [
            (
                f"best: trial {result.best.id}, {METRIC} {value_text(result.best.value)}, "
                f"{params_text(result.best.params)}"
            ),
            f"again: {result.best_command}",
            f"as it ran here, environment included: sh {script}",
        ]
    ended = sum(trial.state.finished for trial in result.trials)
    if result.idle:
        lines.append(
            f"nothing was started: {result.reason}{_ended_when(result.trials)}. To go on, raise "
            "max_trial_num=; to start afresh, pass fresh=True or another name="
        )
    elif not result.complete:
        lines.append(
            f"{result.reason}. {ended} of {result.max_trials} trials have ended; the same "
            "command goes on from here"
        )
    else:
        lines.append(f"the study is complete: {result.reason}")
    return lines


def _ended_when(trials: Sequence[Trial]) -> str:
    """Return when the last trial ended, in local time, as part of a sentence."""
    ends = [
        trial.started_at + timedelta(seconds=trial.duration_s)
        for trial in trials
        if trial.started_at is not None and trial.duration_s is not None
    ]
    return f" (the last on {max(ends).astimezone():%Y-%m-%d at %H:%M:%S})" if ends else ""


def script_name() -> str:
    """Return the name of the running script without `.py`; `study` where there is none."""
    main = sys.modules.get("__main__")
    path = getattr(main, "__file__", None)
    return Path(path).stem if path else "study"


def leave(signal_name: str) -> None:
    """End the script as a signal ends a program, but keep an interactive session."""
    if hasattr(sys, "ps1") or sys.flags.interactive:
        raise KeyboardInterrupt
    raise SystemExit(128 + signal.Signals[signal_name])
