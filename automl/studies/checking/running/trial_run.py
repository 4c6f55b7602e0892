"""One trial, run as a study runs its trials, and ended with all that it started."""

import math
import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from automl.clock import Clock, SystemClock
from automl.engine.actions import moment_of
from automl.errors import AutomlError
from automl.executors.site import Clearing, Kin
from automl.loop.machine.interrupts import Interrupts
from automl.loop.trials.cleanups import Cleanups
from automl.loop.trials.starting import Starter
from automl.loop.trials.watched import Watched
from automl.patience import patiently
from automl.studies.checking.end import End, EndedBy
from automl.studies.checking.running.chosen import ChosenTrial
from automl.studies.checking.running.watching import Watching
from automl.study.failure import FailureClass
from automl.study.launch import Began, Ended, EndKind, Exit, Handle

GRACE_S = 2.0
"""Seconds between asking the trial to end and killing it; a study gives what `grace=` says."""

LOOK_S = 0.2
"""Seconds between two looks at what it prints."""

MOST_BYTES = 32 << 20
"""So much output ends it."""

MOST_READING_S = 5.0
"""So long the rest of too much output is read."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is run.

    Attributes:
        chosen: the trial.
        limit_s: for how long it may run.
        following: follows it.
        clock: the time.
    """

    chosen: ChosenTrial
    limit_s: float
    following: Watching
    clock: Clock = field(default_factory=SystemClock)


class TrialRun:
    """Runs a trial within `with`, after which nothing of it is left running.

    Signals are taken as requests meanwhile: the first ends the trial, another kills it at once.

    Args:
        job: what is run.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._chosen = job.chosen
        self._clock = job.clock
        self._watched: Watched | None = None
        self._handle: Handle = {}
        self._by = EndedBy.ITSELF
        self._ended: Ended | None = None
        self._asks = 0
        self._first_output_s: float | None = None

    def __enter__(self) -> Self:
        job, chosen = self._job, self._chosen
        with ExitStack() as stack:
            self._interrupts = stack.enter_context(Interrupts(job.following.waker))
            self._executor = patiently(
                lambda: chosen.site.executor(job.following.waker, self._clock),
                then="the check begins",
            )
            stack.callback(self._clear)
            stack.callback(self._executor.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._stack:
            if self._handle and self._ended is None:
                self._executor.cancel([self._handle], 0.0)
                self._wait_for_end()
            if self._watched:
                self._watched.close()
                self._clean_up()

    def wait(self) -> End:
        """Run the trial, and return how it ended.

        Raises:
            AutomlError: it cannot be started.
        """
        chosen = self._chosen
        resources = chosen.site.allotment(
            chosen.spec.resources, chosen.spec.limits.max_parallel, self._clock, ()
        )
        if why := resources.room():
            raise AutomlError(f"there is no room for a trial now: {why}; try again later")
        starter = Starter(chosen.launcher, self._executor, resources)
        self._handle = starter.start(chosen.trial, 1, chosen.spec.limits.max_parallel)
        self._wait_for_end()
        return self._judged()

    def _wait_for_end(self) -> None:
        more = False
        while self._ended is None:
            for news in self._executor.wait(0.0 if more else LOOK_S):
                if isinstance(news, Began):
                    self._began({**self._handle, **news.handle})
                elif isinstance(news, Ended):
                    self._take_end(news)
            more = self._look()

    def _began(self, handle: Handle) -> None:
        self._handle = handle
        self._since_s = self._clock.monotonic()
        self._watched = self._job.following.watched(handle, self._since_s)

    def _take_end(self, ended: Ended) -> None:
        if ended.kind is not EndKind.EXITED:
            self._handle = {}
            if self._asks:
                # It still waited for its turn.
                raise KeyboardInterrupt
            raise AutomlError(ended.problem or "the trial was lost; try again")
        if self._watched is None:
            self._began(self._handle)
        assert self._watched is not None  # noqa: S101 - for the type checker
        self._watched.gone(ended.exit, self._lasted_s)
        self._ended = ended

    @property
    def _lasted_s(self) -> float:
        return 0.0 if self._watched is None else self._clock.monotonic() - self._since_s

    def _look(self) -> bool:
        """Read on, and end the trial once it is time; return whether there is more to be read."""
        more = self._watched is not None and self._watched.read(moment_of(self._clock))[1]
        if self._ended is None:
            self._end_in_time()
        return more

    def _end_in_time(self) -> None:
        size = self._printed_bytes()
        if size and self._first_output_s is None:
            self._first_output_s = self._lasted_s
        if self._interrupts.count > self._asks:
            self._asks = self._interrupts.count
            self._stop(EndedBy.USER, GRACE_S if self._asks == 1 else 0.0)
        elif self._by is EndedBy.ITSELF and self._lasted_s >= self._job.limit_s:
            self._stop(EndedBy.TIME, GRACE_S)
        elif self._by is EndedBy.ITSELF and size > MOST_BYTES:
            self._stop(EndedBy.OUTPUT, GRACE_S)

    def _stop(self, by: EndedBy, grace_s: float) -> None:
        self._by = by
        self._executor.cancel([self._handle], grace_s)

    def _printed_bytes(self) -> int:
        paths = self._chosen.paths
        return sum(map(_size, (paths.stdout, paths.stderr)))

    def _judged(self) -> End:
        """Read to the end, and return what the trial would be in a study."""
        job, watched = self._job, self._watched
        assert watched is not None  # noqa: S101 - for the type checker
        more = True
        until_s = MOST_READING_S if self._by is EndedBy.OUTPUT else math.inf
        until_s += self._clock.monotonic()
        while (
            (more or watched.pending)
            and self._interrupts.count <= self._asks
            and self._clock.monotonic() < until_s
        ):
            _, more = watched.read(moment_of(self._clock))
            if watched.pending:
                job.following.waker.wait(LOOK_S)
                job.following.waker.clear()
        outcome = watched.outcome(self._chosen.spec.cwd)
        if outcome is None:
            raise AutomlError(watched.blocked)
        failure = outcome.failure() if self._by is EndedBy.ITSELF else None
        how = outcome.exit or Exit(code=None)
        return End(
            by=self._by,
            failure=failure.reason if failure else "",
            crashed=failure is not None and failure.kind is not FailureClass.NO_METRIC,
            last_lines=outcome.last_lines,
            lasted_s=outcome.duration_s or 0.0,
            cpu_s=how.cpu_s,
            first_output_s=self._first_output_s,
            finite=outcome.usable_value is not None,
            why_missing="" if outcome.usable_value is not None else outcome.problem,
        )

    def _clean_up(self) -> None:
        """Run what the study runs once nothing of an attempt is left."""
        chosen, of = self._chosen, self._chosen.launcher
        cleanups = Cleanups(self._executor, chosen.folder, of.uid, of.place, of.shell)
        while cleanups.pending(chosen.trial.id, self._clock.monotonic()):
            for news in self._executor.wait(LOOK_S):
                cleanups.took(news)
            cleanups.look(self._clock.monotonic())
            if self._interrupts.count > self._asks:
                cleanups.kill()

    def _clear(self) -> None:
        """End what left the trial's session, its group and its parents."""
        launcher = self._chosen.launcher
        kin = Kin(place=launcher.place, uid=launcher.uid, trials=(self._chosen.trial.id,))
        self._chosen.site.clear(Clearing(kin=kin, clock=self._clock, grace_s=0.0, asked=lambda: 1))


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked at each look
    except OSError:
        return 0
