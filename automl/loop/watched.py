"""One running attempt, as the loop sees it."""

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from automl.errors import ReadError
from automl.journal.events import VERSION, Measured, recorded_step
from automl.journal.folder import TrialFolder
from automl.loop.actions import Moment
from automl.loop.outcome import Outcome
from automl.readers.follow import MetricFollower
from automl.report.progress import RunningTrial
from automl.spec.launch import Exit, Handle
from automl.spec.objective import Objectives, Summary
from automl.spec.trial import Trial

READ_BYTES = 1 << 20
"""How much of a metric file is read in one turn of the loop, so that nothing waits for it long."""

OUTPUT_LINES = 10
_TAIL_BYTES = 8192


class Watched:
    """Follows the metrics of one attempt and keeps their figures.

    Args:
        trial: whose attempt it is.
        handle: what the executor gave for it.
        followers: read its metric files, one for each metric; that of the first objective first.
        objectives: which numbers count.
        paths: its folder.
        since_s: monotonic second at which it began.
        seen_s: the same from which on its silence counts, as it is watched; None: since it began.
        recorded: how many measurements the journal has already, from an earlier controller.
    """

    def __init__(  # noqa: PLR0913 - each from another room
        self,
        *,
        trial: Trial,
        handle: Handle,
        followers: Mapping[str, MetricFollower],
        objectives: Objectives,
        paths: TrialFolder,
        since_s: float,
        seen_s: float | None = None,
        recorded: int = 0,
    ) -> None:
        self.trial = trial
        self.handle = handle
        self.exit: Exit | None = None
        self._follower = next(iter(followers.values()))
        self._others = dict(list(followers.items())[1:])
        self._objectives = objectives
        self._paths = paths
        self._since_s = since_s
        self._recorded = recorded
        self._lasted_s = 0.0
        self._summary = Summary()
        self._summaries = {name: Summary() for name in self._others}
        self._problem = ""
        self._progress_s = since_s if seen_s is None else seen_s
        self._printed = (0, 0)

    @property
    def warning(self) -> str | None:
        """What is wrong with a pattern, if it showed."""
        followers = (self._follower, *self._others.values())
        return next((one.warning for one in followers if one.warning), None)

    def gone(self, how: Exit, lasted_s: float) -> None:
        """Take in that nothing of the attempt runs any more, and how long it ran."""
        self.exit = how
        self._lasted_s = lasted_s

    def lasted_s(self, now: Moment) -> float:
        """Return for how long the attempt has run."""
        return now.monotonic_s - self._since_s

    def progress_s(self, now: Moment) -> float:
        """Return the monotonic second of its last sign of life: new output or a new metric."""
        printed = (_size(self._paths.stdout), _size(self._paths.stderr))
        if printed != self._printed:
            self._printed = printed
            self._progress_s = now.monotonic_s
        return self._progress_s

    def read(self, now: Moment) -> tuple[Measured | None, bool]:
        """Read on; return what is worth recording, and whether there is more to read now."""
        others_more = self._read_others()
        try:
            batch = self._follower.read(ended=self.exit is not None, limit_bytes=READ_BYTES)
        except ReadError as error:
            self._problem = str(error)
            return None, others_more
        if batch.restarted:
            self._summary = Summary()
            self._recorded = 0
        if batch.values:
            self._progress_s = now.monotonic_s
        first = self._summary.count
        for value in batch.values:
            self._summary.add(value)
        kept = [
            place
            for place in range(len(batch.values))
            if first + place >= self._recorded and recorded_step(first + place)
        ]
        more = batch.more or others_more
        if not kept:
            return None, more
        event = Measured(
            v=VERSION,
            at=now.at,
            trial=self.trial.id,
            steps=[first + place for place in kept],
            values=[batch.values[place] for place in kept],
            reported=[batch.steps[place] for place in kept] if batch.steps else [],
        )
        return event, more

    def _read_others(self) -> bool:
        """Read on in the files of the other metrics; return whether there is more."""
        more = False
        for name, follower in self._others.items():
            try:
                batch = follower.read(ended=self.exit is not None, limit_bytes=READ_BYTES)
            except ReadError as error:
                self._problem = str(error)
                continue
            if batch.restarted:
                self._summaries[name] = Summary()
            for value in batch.values:
                self._summaries[name].add(value)
            more = more or batch.more
        return more

    def outcome(self) -> Outcome:
        """Return how the attempt ended; call it once it is gone and everything is read."""
        finals = self._finals()
        missing = [name for name, value in finals.items() if not math.isfinite(value)]
        score = self._objectives.score(finals)
        outcome = Outcome(
            exit=self.exit,
            value=math.nan if missing and math.isfinite(score) else score,
            metrics=finals if self._others else {},
            violation=0.0 if missing else self._objectives.violation(finals),
            measurements=self._summary.count,
            problem=self._problem or self._why_missing(missing),
            duration_s=round(self._lasted_s, 3),
        )
        if not outcome.failure():
            return outcome
        output = last_lines(self._paths.stderr) or last_lines(self._paths.stdout)
        return replace(outcome, output=output)

    def _finals(self) -> dict[str, float]:
        """Return the number that counts of each metric."""
        first, *others = self._objectives.metrics
        finals = {first: self._summary.value(self._objectives.reading(first))}
        for name in others:
            finals[name] = self._summaries[name].value(self._objectives.reading(name))
        return finals

    def _why_missing(self, missing: list[str]) -> str:
        if not self._others or not missing:
            return self._follower.problem()
        follower = self._others.get(missing[0], self._follower)
        return f"metric {missing[0]!r}: {follower.problem()}"

    def progress(self, now: Moment) -> RunningTrial:
        """Return what a live view shows of it."""
        return RunningTrial(
            id=self.trial.id,
            params=self.trial.params,
            stage=self.trial.stage,
            source=self.trial.source,
            elapsed_s=self.lasted_s(now),
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
    lines = [line.rstrip() for line in text.splitlines()]
    return tuple([line for line in lines if line][-OUTPUT_LINES:])


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked for every running trial
    except OSError:
        return 0
