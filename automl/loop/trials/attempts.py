"""The attempts that are under way: followed, cleaned up after, and told to the engine."""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from automl.engine.actions import Action, Moment, moment_of
from automl.engine.engine import Engine
from automl.engine.outcome import VANISHED, Outcome
from automl.engine.stimuli import (
    Adopted,
    AttemptEnded,
    AttemptExcused,
    EndedWell,
    HeldBack,
    LaunchFailed,
    MetricsRead,
    NamesAsked,
    Started,
    Vanished,
)
from automl.errors import StorageError, may_pass
from automl.loop.rooms import Rooms
from automl.loop.trials.adoption import Legacy
from automl.loop.trials.cleanups import Cleanups
from automl.loop.trials.following import Following
from automl.loop.trials.starting import granted
from automl.loop.trials.unread import Unread
from automl.loop.trials.watched import Watched
from automl.study.launch import Began, Ended, EndKind, Exit, Handle, News
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState

logger = logging.getLogger(__name__)


class Attempts:
    """Follows the attempts that run, and tells the engine what they print and how they end.

    Args:
        spec: the study.
        engine: is told what happens.
        rooms: what the loop works with.
        do: takes what the engine answers.
        excuse: says why the machine may be to blame for a failure of this moment, empty if not.
        written: writes what happened to the journal, and tells whether all of it is there.
    """

    def __init__(
        self,
        spec: StudySpec,
        engine: Engine,
        rooms: Rooms,
        do: Callable[[Iterable[Action]], None],
        excuse: Callable[[Trial], str],
        written: Callable[[], bool],
    ) -> None:
        self._spec = spec
        self._engine = engine
        # It shows what the engine learns later too.
        self._trials = engine.view.trials
        self._rooms = rooms
        self._do = do
        self._excuse = excuse
        self._written = written
        of = rooms.launcher
        self._cleanups = Cleanups(rooms.executor, rooms.folder, of.uid, of.place, of.shell)
        self._after_cleanup: dict[int, Callable[[], Iterable[Action]]] = {}
        self._queued: dict[int, tuple[Trial, Handle]] = {}
        self._watched: dict[int, Watched] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._unread = Unread()
        self._following = Following(spec, rooms)

    def __len__(self) -> int:
        return len(self._watched)

    @property
    def watched(self) -> Sequence[Watched]:
        """All of them."""
        return list(self._watched.values())

    @property
    def ready(self) -> bool:
        """Whether one has ended and can be read on at once."""
        return any(
            one.exit and not one.blocked and not one.pending and trial_id not in self._outcomes
            for trial_id, one in self._watched.items()
        )

    @property
    def all_held_up(self) -> bool:
        """Whether nothing is left but ended ones that cannot be read, or written down, now."""
        waits = {one for one in self._outcomes if one not in self._cleanups}
        now = self._now()
        return (
            bool(self._watched)
            and not self._queued
            and all(
                one.exit and (one.held_up(now) or trial_id in waits)
                for trial_id, one in self._watched.items()
            )
        )

    def handle_of(self, trial_id: int) -> Handle | None:
        """Return what finds the processes of an attempt, None for one that is not followed."""
        if trial_id in self._queued:
            return self._queued[trial_id][1]
        watched = self._watched.get(trial_id)
        return watched.handle if watched else None

    @property
    def any_queued(self) -> bool:
        """Whether one was submitted and has not begun yet."""
        return bool(self._queued)

    def queue(self, trial: Trial, handle: Handle) -> None:
        """Take in that an attempt was submitted; the executor tells when it begins."""
        self._queued[trial.id] = trial, handle

    def take_over(self, legacy: Legacy) -> None:
        """Go on with what an earlier controller launched."""
        now = self._now()
        for trial, found in legacy.running:
            self._resume(trial, found.handle, now.monotonic_s - found.ran_s, now)
            self._rooms.resources.restore(trial.id, *granted(found.handle))
        for trial, handle in legacy.queued:
            held = Adopted(trial_id=trial.id, since_s=now.monotonic_s, over=True)
            self._do(self._engine.handle(held, now))
            self._rooms.resources.restore(trial.id, (), ())
            self.queue(trial, handle)
        for trial_id in legacy.cleaned:
            self._cleanups.may_run(trial_id)
        for one in legacy.ended:
            self._resume(one.trial, one.handle, now.monotonic_s - one.lasted_s, now, over=True)
            self._gone(one.trial.id, one.exit, one.lasted_s)
        for trial in legacy.vanished:
            if trial.id in legacy.strange:
                self._lose(trial, now)
            else:
                self._take_vanished(trial, now)
        for trial in legacy.unsure:
            if self._clean_first(trial.id, now):
                self._after_cleanup[trial.id] = partial(self._held_back, trial.id)

    def heard(self, news: News) -> None:
        """Take in what the executor tells of a launch.

        Raises:
            StorageError: the machine could not start it now; it waits in line again.
        """
        if self._cleanups.took(news):
            return
        match news:
            case Began():
                self._began(news)
            case Ended(kind=EndKind.EXITED) if news.trial_id in self._queued:
                # It has run all the same, however brief that was: it is never run twice.
                self._began(Began(trial_id=news.trial_id, handle={}))
                self._gone(news.trial_id, news.exit, news.lasted_s or 0.0)
            case Ended() if news.trial_id in self._queued:
                self._never_began(news)
            case Ended(kind=EndKind.LOST):
                self._lost(news)
            case Ended():
                lasted_s = self._watched[news.trial_id].lasted_s(self._now())
                self._gone(news.trial_id, news.exit, lasted_s)

    def _began(self, began: Began) -> None:
        """Let the time of an attempt run from now on."""
        trial, handle = self._queued.pop(began.trial_id)
        now, whole = self._now(), {**handle, **began.handle}
        self._watched[trial.id] = self._following.watched(
            trial, whole, since_s=now.monotonic_s - began.ran_s, seen_s=now.monotonic_s
        )
        self._do(self._engine.handle(Started(trial.id, whole), now))

    def _never_began(self, ended: Ended) -> None:
        """Put an attempt back in line that was cancelled, or could not be started now."""
        trial, _ = self._queued.pop(ended.trial_id)
        self._rooms.resources.release(trial.id, None)
        passes = ended.kind is not EndKind.REFUSED or may_pass(ended.errno)
        if not passes:
            failed = LaunchFailed(trial.id, ended.problem)
            self._do(self._engine.handle(failed, self._now()))
            return
        self._do(self._engine.handle(HeldBack(trial.id), self._now()))
        if ended.kind is EndKind.REFUSED:
            raise StorageError(ended.problem)

    def _lost(self, ended: Ended) -> None:
        """Run an attempt again of which nobody can tell how it ended."""
        del self._watched[ended.trial_id]
        self._following.forget(ended.trial_id)
        self._rooms.resources.release(ended.trial_id, None)
        excuse = partial(self._excused, ended.trial_id, ended.problem or VANISHED)
        if self._clean_first(ended.trial_id, self._now()):
            self._after_cleanup[ended.trial_id] = excuse
        else:
            self._do(excuse())

    def look_at_ends(self) -> list[float | None]:
        """Read on in the files of ended attempts; those read to the end, and cleaned, are over.

        One that the machine cannot read now is not to blame: it waits, and is read again.

        Returns:
            How long each of those took that are over.
        """
        now_s = self._now().monotonic_s
        done = [one for one in self._after_cleanup if not self._cleanups.pending(one, now_s)]
        for trial_id in done:
            self._do(self._after_cleanup.pop(trial_id)())
        over = [
            outcome.duration_s
            for watched in self.watched
            if watched.exit is not None and (outcome := self._over(watched, watched.exit, now_s))
        ]
        self._unread.look(self._watched.values())
        return over

    def look(self, now: Moment) -> dict[int, float]:
        """Read on in the files of all that run, and end the cleanups that take too long.

        Returns:
            The monotonic second of the last sign of life of each attempt that runs.
        """
        progress_s = {}
        for trial_id, watched in self._watched.items():
            if watched.exit is None:
                self._read(watched)
                progress_s[trial_id] = watched.progress_s(now)
        self._cleanups.look(now.monotonic_s)
        return progress_s

    def close(self) -> None:
        """Read no further."""
        self._following.close()

    def kill_cleanups(self) -> None:
        """End the cleanups that run, at once."""
        self._cleanups.kill()

    def _resume(
        self, trial: Trial, handle: Handle, since_s: float, now: Moment, *, over: bool = False
    ) -> None:
        if trial.state is TrialState.PLANNED:
            self._do(self._engine.handle(Started(trial.id, handle), now))
        view = self._engine.view
        self._watched[trial.id] = self._following.watched(
            view.trials[trial.id],
            handle,
            since_s=since_s,
            seen_s=self._now().monotonic_s,
            further=view.further_counts.get(trial.id, {}),
        )
        self._do(self._engine.handle(Adopted(trial_id=trial.id, since_s=since_s, over=over), now))

    def _lose(self, trial: Trial, now: Moment) -> None:
        """Run a trial again in whose folder another launch was, unless it was stopped for good.

        Nothing is read there, nor is that launch's cleanup run.
        """
        if trial.id in self._engine.view.stops:
            lost = Outcome(exit=Exit(code=None))
            self._do(self._engine.handle(AttemptEnded(trial.id, lost), now))
        else:
            self._do(self._engine.handle(Vanished(trial.id), now))

    def _take_vanished(self, trial: Trial, now: Moment) -> None:
        """Run a trial again of which nothing is left, unless it was being stopped for good."""
        stop = self._engine.view.stops.get(trial.id)
        if stop is not None and trial.handle is not None:
            began = trial.started_at or stop.at
            lasted_s = max(0.0, (stop.at - began).total_seconds())
            self._resume(trial, trial.handle, now.monotonic_s - lasted_s, now, over=True)
            self._gone(trial.id, Exit(code=None), lasted_s)
        elif self._clean_first(trial.id, now):
            self._after_cleanup[trial.id] = partial(self._excused, trial.id, VANISHED)
        else:
            self._do(self._engine.handle(Vanished(trial.id), now))

    def _clean_first(self, trial_id: int, now: Moment) -> bool:
        """Begin to clean up after an attempt that nobody saw end; False if there is no need."""
        if not self._cleanups.pending(trial_id, now.monotonic_s):
            return False
        # It holds its slot until then.
        held = Adopted(trial_id=trial_id, since_s=now.monotonic_s, over=True)
        self._do(self._engine.handle(held, now))
        return True

    def _held_back(self, trial_id: int) -> list[Action]:
        return self._engine.handle(HeldBack(trial_id), self._now())

    def _excused(self, trial_id: int, reason: str) -> list[Action]:
        return self._engine.handle(AttemptExcused(trial_id, Outcome(), reason), self._now())

    def _gone(self, trial_id: int, how: Exit, lasted_s: float) -> None:
        self._watched[trial_id].gone(how, lasted_s)
        # A bad end may have the same cause as the stop that comes, such as a shutdown.
        if how.code == 0:
            self._do(self._engine.handle(EndedWell(trial_id), self._now()))

    def _over(self, watched: Watched, how: Exit, now_s: float) -> Outcome | None:
        """Tell the engine of an end, and return it; None while something of it is to be done."""
        trial_id = watched.trial.id
        # What its files tell is read, and in the journal, before its cleanup may remove them.
        outcome = self._outcome(watched)
        if outcome is None or self._cleanups.pending(trial_id, now_s, self._written):
            return None
        self._watched.pop(trial_id).close()
        self._following.forget(trial_id)
        del self._outcomes[trial_id]
        self._rooms.resources.release(trial_id, how.peak_memory_bytes)
        excuse = self._excuse(watched.trial) if outcome.failure() else ""
        if excuse:
            self._do(self._engine.handle(AttemptExcused(trial_id, outcome, excuse), self._now()))
        else:
            self._do(self._engine.handle(AttemptEnded(trial_id, outcome), self._now()))
        return outcome

    def _outcome(self, watched: Watched) -> Outcome | None:
        """Return how an attempt ended; None while there is more to be read."""
        outcome = self._outcomes.get(watched.trial.id)
        if outcome is None and not (self._read(watched) or watched.blocked or watched.pending):
            outcome = watched.outcome(self._spec.cwd)
            if outcome is not None:
                self._outcomes[watched.trial.id] = outcome
        return outcome

    def _read(self, watched: Watched) -> bool:
        """Read on in its metric files; return whether there is more."""
        events, more = watched.read(self._now())
        over = watched.exit is not None
        # Before its numbers, for which the study may end.
        if asked := self._following.asked(watched):
            names = NamesAsked(trial_id=watched.trial.id, asked=asked, over=over)
            self._do(self._engine.handle(names, self._now()))
        for event in events:
            news = MetricsRead(event=event, over=over)
            self._do(self._engine.handle(news, self._now()))
        self._following.tell(watched, self._trials)
        return more

    def _now(self) -> Moment:
        return moment_of(self._rooms.clock)
