"""One running attempt, as the loop sees it."""

import os
from collections import deque
from pathlib import Path

from automl.errors import ReadError
from automl.journal.events import VERSION, Measured, recorded_step
from automl.journal.folder import TrialFolder
from automl.loop.engine import Moment
from automl.loop.outcome import Outcome
from automl.readers.follow import MetricFollower
from automl.report.progress import RunningTrial
from automl.spec.launch import Exit, Handle
from automl.spec.objective import Objective, Summary
from automl.spec.trial import Trial

READ_BYTES = 1 << 20
"""How much of a metric file is read in one turn of the loop, so that nothing waits for it long."""

OUTPUT_LINES = 10
_TAIL_BYTES = 8192


class Watched:
    """Follows the metric of one attempt and keeps its figures.

    Args:
        trial: whose attempt it is.
        handle: what the executor gave for it.
        follower: reads its metric file.
        objective: which number counts.
        started: when it began.
    """

    def __init__(
        self,
        trial: Trial,
        handle: Handle,
        follower: MetricFollower,
        objective: Objective,
        started: Moment,
    ) -> None:
        self.trial = trial
        self.handle = handle
        self.exit: Exit | None = None
        self._follower = follower
        self._objective = objective
        self._started = started
        self._ended_s: float | None = None
        self._summary = Summary()
        self._problem = ""

    @property
    def warning(self) -> str | None:
        """What is wrong with the pattern, if it showed."""
        return self._follower.warning

    def gone(self, how: Exit, now: Moment) -> None:
        """Take in that nothing of the attempt runs any more."""
        self.exit = how
        self._ended_s = now.monotonic_s

    def read(self, now: Moment) -> tuple[Measured | None, bool]:
        """Read on; return what is worth recording, and whether there is more to read now."""
        try:
            batch = self._follower.read(ended=self.exit is not None, limit_bytes=READ_BYTES)
        except ReadError as error:
            self._problem = str(error)
            return None, False
        if batch.restarted:
            self._summary = Summary()
        first = self._summary.count
        for value in batch.values:
            self._summary.add(value)
        kept = [
            (step, value) for step, value in enumerate(batch.values, first) if recorded_step(step)
        ]
        if not kept:
            return None, batch.more
        event = Measured(
            v=VERSION,
            at=now.at,
            trial=self.trial.id,
            steps=[step for step, _ in kept],
            values=[value for _, value in kept],
        )
        return event, batch.more

    def outcome(self, paths: TrialFolder) -> Outcome:
        """Return how the attempt ended; call it once it is gone and everything is read."""
        value = self._summary.value(self._objective)
        outcome = Outcome(
            exit=self.exit,
            value=value,
            measurements=self._summary.count,
            problem=self._problem or self._follower.problem(),
            duration_s=round((self._ended_s or 0.0) - self._started.monotonic_s, 3),
        )
        if not outcome.failure():
            return outcome
        return Outcome(
            exit=self.exit,
            value=value,
            measurements=outcome.measurements,
            problem=outcome.problem,
            output=last_lines(paths.stderr) or last_lines(paths.stdout),
            duration_s=outcome.duration_s,
        )

    def progress(self, now: Moment) -> RunningTrial:
        """Return what a live view shows of it."""
        return RunningTrial(
            id=self.trial.id,
            params=self.trial.params,
            elapsed_s=now.monotonic_s - self._started.monotonic_s,
            value=self._summary.last if self._summary.count else None,
            measurements=self._summary.count,
        )


def last_lines(path: str) -> tuple[str, ...]:
    """Return the last lines of a file that are not blank, at most `OUTPUT_LINES`."""
    try:
        with Path(path).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except OSError:
        return ()
    lines = deque((line.rstrip() for line in text.splitlines()), maxlen=None)
    return tuple([line for line in lines if line.strip()][-OUTPUT_LINES:])
