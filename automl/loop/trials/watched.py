"""One running attempt, as the loop sees it."""

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from automl.engine.actions import Moment
from automl.engine.outcome import Outcome
from automl.errors import ReadError, may_pass
from automl.journal.events import VERSION, Measured, recorded_step
from automl.journal.folder import TrialFolder
from automl.launch.secret_values import NO_SECRETS, SecretValues
from automl.readers.follow import Batch, MetricFollower
from automl.show.progress import RunningTrial
from automl.study.launch import Exit, Handle
from automl.study.objective import Final, Objectives, Summary
from automl.study.trial import Trial

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
        newest: the last of them, which counts if its file is gone and no other gives a number.
        secrets: what nothing that is told of it may hold.

    Attributes:
        trial: as above.
        handle: as above.
        exit: how the attempt ended, None while it runs.
        blocked: what kept the machine from reading a file of it the last time, '' if nothing did.
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
        newest: float | None = None,
        secrets: SecretValues = NO_SECRETS,
    ) -> None:
        self._secrets = secrets
        self.trial = trial
        self.handle = handle
        self.exit: Exit | None = None
        self.blocked = ""
        self._newest = newest
        self._follower = next(iter(followers.values()))
        self._others = dict(list(followers.items())[1:])
        self._objectives = objectives
        self._paths = paths
        self._since_s = since_s
        self._recorded = recorded
        self._lasted_s = 0.0
        self._summary = Summary()
        self._summaries = {name: Summary() for name in self._others}
        self._problems: dict[str, str] = {}
        self._progress_s = since_s if seen_s is None else seen_s
        self._printed = (0, 0)

    @property
    def warning(self) -> str | None:
        """What is wrong with a pattern, if it showed."""
        followers = (self._follower, *self._others.values())
        warning = next((one.warning for one in followers if one.warning), None)
        return self._secrets.masked(warning) if warning else None

    def gone(self, how: Exit, lasted_s: float) -> None:
        """Take in that nothing of the attempt runs any more, and how long it ran."""
        self.exit = how
        self._lasted_s = lasted_s

    def lasted_s(self, now: Moment) -> float:
        """Return for how long the attempt has run."""
        return now.monotonic_s - self._since_s

    def progress_s(self, now: Moment) -> float:
        """Return the monotonic second of its last sign of life: new output or a new metric."""
        printed = (
            _size(self._paths.stdout, self._printed[0]),
            _size(self._paths.stderr, self._printed[1]),
        )
        if printed != self._printed:
            self._printed = printed
            self._progress_s = now.monotonic_s
        return self._progress_s

    def read(self, now: Moment) -> tuple[Measured | None, bool]:
        """Read on; return what is worth recording, and whether there is more to read now.

        Where the machine cannot read now, `blocked` says so: nothing is lost, read again later.
        """
        self.blocked = ""
        others_more = self._read_others()
        batch = self._read_one("", self._follower)
        if batch is None:
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
            batch = self._read_one(name, follower)
            if batch is None:
                continue
            if batch.restarted:
                self._summaries[name] = Summary()
            for value in batch.values:
                self._summaries[name].add(value)
            more = more or batch.more
        return more

    def _read_one(self, name: str, follower: MetricFollower) -> Batch | None:
        """Read on in one file, None if that was not possible."""
        try:
            batch = follower.read(ended=self.exit is not None, limit_bytes=READ_BYTES)
        except ReadError as error:
            self._problems[name] = str(error)
            if may_pass(error.errno):
                self.blocked = str(error)
            return None
        # Now that it can be read, what was wrong with it before is no reason for anything.
        self._problems.pop(name, None)
        return batch

    def outcome(self) -> Outcome | None:
        """Return how the attempt ended, None if its output cannot be read now (see `blocked`).

        Call it once it is gone and everything is read.
        """
        finals = self._finals()
        missing = [name for name, value in finals.items() if not math.isfinite(value)]
        score = self._objectives.score(finals)
        outcome = Outcome(
            exit=self.exit,
            value=math.nan if missing and math.isfinite(score) else score,
            metrics=finals if self._others else {},
            violation=0.0 if missing else self._objectives.violation(finals),
            measurements=self._summary.count or self._kept_count,
            problem=self._secrets.masked(
                next(iter(self._problems.values()), "") or self._why_missing(missing)
            ),
            duration_s=round(self._lasted_s, 3),
        )
        if not outcome.failure():
            return outcome
        try:
            stderr, stdout = self._paths.stderr, self._paths.stdout
            output = last_lines(stderr, self._secrets) or last_lines(stdout, self._secrets)
        except ReadError as error:
            self.blocked = str(error)
            return None
        return replace(outcome, output=output)

    def _finals(self) -> dict[str, float]:
        """Return the number that counts of each metric."""
        first, *others = self._objectives.metrics
        finals = {first: self._summary.value(self._objectives.reading(first))}
        if self._kept_count and self._newest is not None:
            finals[first] = self._newest
        for name in others:
            finals[name] = self._summaries[name].value(self._objectives.reading(name))
        return finals

    @property
    def _kept_count(self) -> int:
        """How many numbers the journal alone has, and its last is the one that counts."""
        # Of numbers that no file has any more, the journal tells the last, but not the best.
        last_counts = self._objectives.reading(self._objectives.metrics[0]).final is Final.LAST
        kept = self._newest is not None and last_counts and not self._summary.count
        return self._recorded if kept else 0

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
            value=self._summary.last if self._summary.count else self._newest,
            measurements=self._summary.count or self._kept_count,
        )


def last_lines(path: str, secrets: SecretValues = NO_SECRETS) -> tuple[str, ...]:
    """Return the last lines of a file that are not blank, at most `OUTPUT_LINES`, masked.

    Raises:
        ReadError: the machine cannot read it now, as its `errno` tells.
    """
    try:
        with Path(path).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            begin = max(0, size - _TAIL_BYTES - secrets.longest)
            file.seek(begin)
            text = secrets.masked(file.read().decode(errors="replace"))
    except OSError as error:
        if not may_pass(error.errno):
            return ()
        unread = ReadError(f"output {path!r} cannot be read: {error.strerror}")
        unread.errno = error.errno
        raise unread from error
    if begin:
        # There may be the end of a secret, which cannot be told without its beginning.
        text = text[secrets.longest :]
    lines = [line.rstrip() for line in text.splitlines()]
    return tuple([line for line in lines if line][-OUTPUT_LINES:])


def _size(path: str, before: int) -> int:
    """Return a file's size, 0 without one; what it was `before` if the machine cannot tell."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked for every running trial
    except OSError as error:
        return before if may_pass(error.errno) else 0
