"""Telling of the end of a study by a command of the user's: `on_end=`."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from automl.errors import RenderError
from automl.forks import held_off
from automl.journal.folder import StudyFolder
from automl.patience import in_words
from automl.render.ends.end_command import EndCommand
from automl.study.spec import StudySpec
from automl.study.trial import TrialState

if TYPE_CHECKING:
    from automl.loop.result import StudyResult

logger = logging.getLogger(__name__)

LOG = "on_end.log"
"""What the command prints, in the study's folder."""

LIMIT_S = 30.0
"""Seconds that the command may take."""

GRACE_S = 2.0
"""Seconds between asking it to end and killing it."""

LOOK_S = 0.1
"""Seconds between two looks at it, and at whether the user wants to end."""


class Event(StrEnum):
    """How a study ended."""

    END = "end"
    """Nothing is left to do."""

    PAUSE = "pause"
    """Something is left: it was interrupted, its time is over, or it was drained."""

    FAILURE = "failure"
    """No trial has a value, or the study could not go on."""


@dataclass(frozen=True, slots=True)
class News:
    """What is told of the end of a study.

    Attributes:
        event: how it ended.
        reason: why, in one line.
        result: what it left, None where it could not go on.
    """

    event: Event
    reason: str
    result: StudyResult | None = None

    def values(self, folder: StudyFolder) -> dict[str, str]:
        """Return a text for each placeholder."""
        trials = self.result.trials if self.result else ()
        best = self.result.best if self.result else None
        counts = [trial.state for trial in trials]
        return {
            "study.name": folder.path.name,
            "study.dir": str(folder.path),
            "study.event": self.event,
            "study.reason": " ".join(self.reason.split()),
            "study.best_value": "" if best is None or best.value is None else repr(best.value),
            "study.best_trial": "" if best is None else str(best.id),
            "study.trials": str(len(trials)),
            "study.completed": str(counts.count(TrialState.COMPLETED)),
            "study.failed": str(counts.count(TrialState.FAILED)),
        }


def news_of(result: StudyResult) -> News:
    """Return what is told of a study that ended by itself or was interrupted."""
    values = any(one.value is not None and math.isfinite(one.value) for one in result.trials)
    failed = any(one.state is TrialState.FAILED for one in result.trials)
    if failed and not values and not result.signal:
        return News(Event.FAILURE, result.reason, result)
    return News(Event.END if result.complete else Event.PAUSE, result.reason, result)


def tell(spec: StudySpec, folder: StudyFolder, news: News, asked: Callable[[], bool]) -> None:
    """Run the study's `on_end` command, if it has one; whatever becomes of it is only logged.

    Args:
        spec: the study.
        folder: where it lives; what the command prints is in `on_end.log` there.
        news: what is told.
        asked: tells whether the user wants to end, and not to wait for it.
    """
    if spec.on_end is None:
        return
    values = news.values(folder)
    try:
        words = EndCommand(spec.on_end).filled(values)
        with held_off(), _log(folder) as log:
            process = subprocess.Popen(
                words,
                cwd=spec.cwd,
                env={**os.environ, **variables(values)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
    except (OSError, RenderError, ValueError) as error:
        why = in_words(error) if isinstance(error, OSError) else str(error)
        logger.warning("on_end could not be started: %s", why)
        return
    _wait(process, folder, asked)


def variables(values: Mapping[str, str]) -> dict[str, str]:
    """Return the same as variables, such as `AUTOML_STUDY_BEST_VALUE`."""
    return {f"AUTOML_{name.replace('.', '_').upper()}": value for name, value in values.items()}


def _log(folder: StudyFolder) -> BinaryIO:
    """Open the file for what the command prints; where that cannot be, it goes nowhere."""
    try:
        return (folder.path / LOG).open("ab")
    except OSError:
        return Path(os.devnull).open("wb")


def _wait(process: subprocess.Popen[bytes], folder: StudyFolder, asked: Callable[[], bool]) -> None:
    """Wait for the command, and end it where that takes too long or the user wants to end."""
    until = time.monotonic() + LIMIT_S
    try:
        while process.poll() is None and time.monotonic() < until and not asked():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_S)
    except KeyboardInterrupt:
        # The study has ended; this is for the command.
        until = 0.0
    code = process.poll()
    if code is None:
        late = (
            f"takes more than {LIMIT_S:.0f} s"
            if time.monotonic() >= until > 0
            else "is waited for no longer"
        )
        logger.warning("on_end %s, and is ended", late)
        _end(process)
    elif code:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        logger.warning("on_end failed, %s; see %s", how, os.path.relpath(folder.path / LOG))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command with all of its session that has not left it."""
    for number, wait_s in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, GRACE_S)):
        with contextlib.suppress(OSError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(wait_s)
