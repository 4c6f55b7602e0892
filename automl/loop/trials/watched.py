"""One running attempt, as the loop sees it."""

import math
import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from automl.engine.actions import Moment
from automl.engine.outcome import Outcome
from automl.errors import ReadError, may_pass
from automl.journal.events import Measured
from automl.journal.folder import TrialFolder
from automl.launch.secret_values import NO_SECRETS, SecretValues
from automl.loop.trials.figures import AllFigures
from automl.loop.trials.told import ask_to_end, with_output, with_told
from automl.readers.follower import NO_NEWS, Follower, Look, Points
from automl.readers.reported.further import FurtherReports
from automl.show.progress import RunningTrial
from automl.study.launch import Exit, Handle
from automl.study.objective import Final, Objectives, Summary
from automl.study.trial import Trial

READ_BYTES = 1 << 20
"""How much of a metric file is read in one turn of the loop, so that nothing waits for it long."""

PENDING_S = 3.0
"""Seconds after which a look that still goes on is no longer waited for by the end of a study."""

HURRY_S = 1.0
"""The same for the end of a study that the user wants to end now."""

OTHERS = ""
"""Stands in place of the name of a metric for what is reported under names without a reader."""

NONE_RECORDED: Mapping[str, int] = MappingProxyType({})


class Watched:
    """Follows the metrics of one attempt and keeps their figures.

    Args:
        trial: whose attempt it is.
        handle: what the executor gave for it.
        followers: read its metric files, one for each metric; that of the first objective first.
            Those of metrics that no objective and no constraint names are for the records.
        objectives: which numbers count.
        paths: its folder.
        since_s: monotonic second at which it began.
        seen_s: the same from which on its silence counts, as it is watched; None: since it began.
        recorded: how many measurements of each metric the journal has already, from an earlier
            controller.
        newest: the last of the first metric, which counts if its file is gone and no other gives a
            number.
        secrets: what nothing that is told of it may hold.
        tells: whether it tells itself how it ended.

    Attributes:
        trial: as above.
        handle: as above.
        exit: how the attempt ended, None while it runs.
        blocked: what kept the machine from reading a file of it the last time, '' if nothing did.
        pending: whether a look still goes on, beside the loop, which is woken once it is done.
    """

    def __init__(  # noqa: PLR0913 - each from another room
        self,
        *,
        trial: Trial,
        handle: Handle,
        followers: Mapping[str, Follower],
        objectives: Objectives,
        paths: TrialFolder,
        since_s: float,
        seen_s: float | None = None,
        recorded: Mapping[str, int] = NONE_RECORDED,
        newest: float | None = None,
        secrets: SecretValues = NO_SECRETS,
        tells: bool = False,
    ) -> None:
        self._secrets = secrets
        self._tells = tells
        self.trial = trial
        self.handle = handle
        self.exit: Exit | None = None
        self.blocked = ""
        self.pending = False
        self._newest = newest
        self._followers = {**followers, OTHERS: FurtherReports(paths.reports, followers)}
        self._objectives = objectives
        self._paths = paths
        self._since_s = since_s
        self._lasted_s = 0.0
        self._first = objectives.metrics[0]
        self._figures = AllFigures(trial.id, objectives, followers, recorded)
        self._owners = {name: name for name in followers}
        self._problems: dict[str, str] = {}
        self._warnings: dict[str, str] = {}
        self._left_out: dict[str, str] = {}
        self._progress_s = since_s if seen_s is None else seen_s
        self._read_s = math.inf
        self._patience_s = PENDING_S
        self._waits = ""
        self._printed = (0, 0)

    def warnings(self) -> dict[str, str]:
        """Return what the user should know of, by what it is about: a metric's reader or file."""
        told = self._warnings | {f"left out of {name}": one for name, one in self._left_out.items()}
        return {about: self._secrets.masked(text) for about, text in told.items()}

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
        # Of what cannot be seen, nobody can say that it is silent.
        if printed != self._printed or self.pending:
            self._printed = printed
            self._progress_s = now.monotonic_s
        return self._progress_s

    def read(self, now: Moment) -> tuple[list[Measured], bool]:
        """Read on; return what is worth recording, and whether there is more to read now.

        Where the machine cannot read now, `blocked` says so: nothing is lost, read again later.
        """
        self.blocked, self.pending = "", False
        events: list[Measured] = []
        more = False
        for name, follower in self._followers.items():
            look = self._look(name, follower)
            more = more or look.more
            if any(points.values for points in look.measurements.values()):
                self._progress_s = now.monotonic_s
            events += self._figures.take(self._own(name, look.measurements), now)
        self._notice_delay(now, more=more)
        if self.exit and self.exit.code == 0 and not (more or self.pending or self.blocked):
            self._notice_silence()
        return events, more

    def _own(self, name: str, found: Mapping[str, Points]) -> Mapping[str, Points]:
        """Return what counts of what a reader found: not what another one reads, or found first."""
        return {one: found[one] for one in found if self._owners.setdefault(one, name) == name}

    def held_up(self, now: Moment) -> bool:
        """Tell whether its files cannot be read now, not even by who waits a little longer."""
        return bool(self.blocked) or now.monotonic_s - self._read_s >= HURRY_S

    def close(self) -> None:
        """Free what reads its files."""
        for follower in self._followers.values():
            follower.close()

    def _look(self, name: str, follower: Follower) -> Look:
        """Read on in one file; nothing where that was not possible."""
        try:
            look = follower.read(ended=self.exit is not None, limit_bytes=READ_BYTES)
        except ReadError as error:
            self._problems[name] = str(error)
            if may_pass(error.errno):
                self.blocked = str(error)
            return NO_NEWS
        if look.pending:
            self.pending, self._waits = True, look.waits
            self._patience_s = max(PENDING_S, getattr(follower, "patience_s", 0.0))
            return look
        # Now that it can be read, what was wrong with it before is no reason for anything.
        self._problems.pop(name, None)
        for kind, text in look.warnings.items():
            self._warnings[f"{kind} of {name}"] = text
        if look.left_out:
            self._left_out[name] = look.left_out
        return look

    def _notice_silence(self) -> None:
        """Tell of metrics that have a reader and no number, where no result depends on them."""
        for name, follower in self._followers.items():
            further = name != OTHERS and name not in self._objectives.metrics
            if further and not self._figures.of(name).summary.count:
                why = self._problems.get(name, "") or follower.problem()
                self._warnings[f"no number of {name}"] = (
                    f"trial {self.trial.id} has no number for {name!r}, which ranks nothing: {why}"
                )

    def _notice_delay(self, now: Moment, *, more: bool) -> None:
        """Take a look that goes on and on for one that the machine is to blame for."""
        if not self.pending:
            # At the end, many slow looks are as bad as one.
            if self.exit is None or not more:
                self._read_s = math.inf
            return
        self._read_s = min(self._read_s, now.monotonic_s)
        lasts_s = now.monotonic_s - self._read_s
        if lasts_s >= self._patience_s:
            hangs = f"its metric has been read for {lasts_s:.0f} s: the disk hangs, or its pattern "
            self.blocked = self.blocked or self._secrets.masked(self._waits) or f"{hangs}is slow"

    def outcome(self, cwd: str = "") -> Outcome | None:
        """Return how the attempt ended, None if its output cannot be read now (see `blocked`).

        Call it once it is gone and everything is read.

        Args:
            cwd: the working directory of its commands, where a program is looked for that could
                not be started; it is not, if empty.
        """
        finals, further = self._finals(), self._figures.further()
        missing = [name for name, value in finals.items() if not math.isfinite(value)]
        score = self._objectives.score(finals)
        value = math.nan if missing and math.isfinite(score) else score
        outcome = Outcome(
            exit=self.exit,
            value=value,
            metrics={**finals, **further} if len(finals) > 1 or further else {},
            alone=len(finals) == 1,
            violation=0.0 if missing else self._objectives.violation(finals),
            measurements=self._summary.count or self._kept_count,
            problem="" if math.isfinite(value) else self._why_missing(missing),
            duration_s=round(self._lasted_s, 3),
            step=self._figures.of(self._first).step,
        )
        try:
            if self._tells:
                outcome = with_told(outcome, self._paths.path, self._secrets)
            if not outcome.failure():
                return outcome
            return with_output(outcome, self._paths, self._secrets, cwd)
        except ReadError as error:
            self.blocked = str(error)
            return None

    def ask_to_end(self, reason: str) -> None:
        """Let it know that it is to end early, if it still runs."""
        if self.exit is None:
            ask_to_end(self._paths.path, reason)

    @property
    def _summary(self) -> Summary:
        """The figures of the metric of the first objective."""
        return self._figures.of(self._first).summary

    def _finals(self) -> dict[str, float]:
        """Return the number that counts of each metric without which there is no result."""
        finals = self._figures.needed()
        if self._kept_count and self._newest is not None:
            finals[self._first] = self._newest
        return finals

    @property
    def _kept_count(self) -> int:
        """How many numbers the journal alone has, and its last is the one that counts."""
        # Of numbers that no file has any more, the journal tells the last, but not the best.
        last_counts = self._objectives.reading(self._first).final is Final.LAST
        kept = self._newest is not None and last_counts and not self._summary.count
        return self._figures.of(self._first).recorded if kept else 0

    def _why_missing(self, missing: Sequence[str]) -> str:
        """Return why the first of the metrics that have no usable number has none."""
        name = missing[0] if missing else self._first
        # What cannot be read any more is no reason for what was read before.
        problem = "" if self._figures.of(name).summary.count else self._problems.get(name, "")
        problem = problem or self._followers[name].problem()
        told = f"metric {name!r}: {problem}" if len(self._objectives.metrics) > 1 else problem
        return self._secrets.masked(told)

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
            step=self._figures.of(self._first).step,
        )


def _size(path: str, before: int) -> int:
    """Return a file's size, 0 without one; what it was `before` if the machine cannot tell."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked for every running trial
    except OSError as error:
        return before if may_pass(error.errno) else 0
