"""What a controller looks at from time to time: files, requests, time limits, progress."""

from collections.abc import Sequence

from automl.engine.actions import Moment, moment_of
from automl.engine.engine import Engine
from automl.engine.stimuli import Tick
from automl.loop.pending import Pending
from automl.loop.progress import ProgressMeter
from automl.loop.requests import Requests
from automl.loop.rooms import Rooms
from automl.loop.trials.attempts import Attempts
from automl.study.spec import StudySpec

POLL_S = 1.0
"""Seconds between two looks at metric files, requests and time limits."""

PRUNER_POLL_S = 0.25
"""The same where the metrics decide which trials are stopped."""


class Rounds:
    """Makes a round when it is due, and tells the observer how far the study is.

    Args:
        spec: the study.
        engine: is told that time has passed.
        rooms: what the loop works with.
        attempts: those whose files are read.
        pending: takes what the engine answers.
    """

    def __init__(
        self, spec: StudySpec, engine: Engine, rooms: Rooms, attempts: Attempts, pending: Pending
    ) -> None:
        self._engine = engine
        self._rooms = rooms
        self._attempts = attempts
        self._pending = pending
        self._requests = Requests(engine, rooms.folder, spec.space, self._unjudged, call=spec.call)
        self._asks = spec.of_functions
        self._poll_s = PRUNER_POLL_S if spec.pruner else POLL_S
        began_s = self._now().monotonic_s
        self._next_poll_s = began_s + self._poll_s
        self._next_progress_s = began_s
        self._progress_of = ProgressMeter(spec, engine, rooms.resources, began_s)

    @property
    def due_s(self) -> float:
        """The monotonic second at which there is something to do."""
        return min(self._next_poll_s, self._next_progress_s)

    def attempts_ended(self, lasted_s: Sequence[float | None]) -> None:
        """Take in how long attempts ran that are over, None for one that never started."""
        for one in lasted_s:
            self._progress_of.ended(one)
        if lasted_s and self._asks:
            # What a function asked of its study counts before the next one is called.
            self.look_at_requests()

    def look_at_requests(self) -> None:
        """Take the requests that came since the last look."""
        self._pending.add(self._requests.look(self._now()))

    def _unjudged(self) -> list[int]:
        """Return the trials that have ended, but whose files were not read to the end yet."""
        return [one.trial.id for one in self._attempts.watched if one.exit is not None]

    def look(self) -> None:
        """Do what is due."""
        now = self._now()
        if now.monotonic_s >= self._next_poll_s:
            self._next_poll_s = now.monotonic_s + self._poll_s
            self.look_at_requests()
            progress_s = self._attempts.look(now)
            self._pending.add(self._engine.handle(Tick(progress_s), now))
        self._pending.stop()
        if now.monotonic_s >= self._next_progress_s:
            self.tell_progress()

    def tell_progress(self) -> None:
        """Tell the observer how far the study is."""
        now, observer = self._now(), self._rooms.observer
        self._next_progress_s = now.monotonic_s + observer.interval_s
        with self._pending.pausing():
            observer.progress(self._progress_of.progress(self._attempts.watched, now))

    def _now(self) -> Moment:
        return moment_of(self._rooms.clock)
