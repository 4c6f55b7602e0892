"""Runs launches as processes of this machine."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

from automl.clock import Clock
from automl.errors import LaunchError
from automl.executors.cgroups.groups import open_groups
from automl.executors.executor import Found, Wanted
from automl.executors.local.adoption.found import became, found_again, may_be_here
from automl.executors.local.housekeeping.lookout import Lookout
from automl.executors.local.running import NAME, Running, outlives_starter
from automl.executors.local.starts import Starts
from automl.executors.local.stop import Stop
from automl.executors.local.walks import Walks
from automl.executors.local.watch import Watch, best_watch
from automl.executors.processes.procfs import check_proc
from automl.executors.processes.proctree import ProcessTable
from automl.study.launch import Began, Ended, EndKind, Handle, Launch, News
from automl.waker import Waker

STRAY_CHECK_S = 0.5
"""A trial that ran at least this long is checked for processes outside its group once it ended.

That is without control groups: it walks the process table, some milliseconds. Of shorter trials the
process group alone is checked then, which costs nothing, and all else a little later (`Leftovers`).
"""

START_S = 0.02
"""Seconds for which `wait` starts what was submitted, before it tells what has begun."""

STARTER_LOST = "the process that had started its command was killed"

STRAY_GRACE_S = 2.0
"""Grace for what a program left behind when it ended by itself."""


class LocalExecutor:
    """Starts each launch as the leader of a session of its own, so that it outlives us.

    Args:
        waker: makes `wait` return early.
        clock: for grace periods; must go at the pace of real time.
        make_watch: how ends are noticed; the best way of this system if not given.
        cgroups: use control groups where they can be had.
        stray_grace_s: grace for what a program left behind when it ended by itself.
        pays_after: after how many brief launches in a row a starter does them without a shell; as
            many as it pays after if not given.

    Raises:
        LaunchError: `/proc` does not tell of the processes that would be started.
        OSError: no file can be opened now.
    """

    def __init__(
        self,
        waker: Waker,
        clock: Clock,
        make_watch: Callable[[Waker], Watch] | None = None,
        *,
        cgroups: bool = True,
        stray_grace_s: float = STRAY_GRACE_S,
        pays_after: int | None = None,
    ) -> None:
        check_proc()
        self._clock = clock
        self._stray_grace_s = stray_grace_s
        self._watch = (make_watch or best_watch())(waker)
        self._running: dict[int, Running] = {}
        self._told_by: dict[int, Running] = {}
        self._groups = open_groups() if cgroups else None
        self._starts = Starts(self._watch, self._groups, clock, pays_after)
        self._walks = Walks(clock, stray_grace_s)
        self._lookout = Lookout(clock.monotonic())
        self._closed = False

    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        """Take launches, which the next `wait` starts.

        What a launch is found again by is in the handle that `Began` tells: host, boot, pid, start
        time, mark and exit file, and its control group with the CPU time that others used in it.
        """
        for launch in launches:
            why = "the executor is closed" if self._closed else "it is still running"
            if self._closed or launch.trial_id in self._running or launch.trial_id in self._starts:
                raise LaunchError(f"trial {launch.trial_id}: not started, as {why}")
        self._starts.add(launches)
        return [launch.handle(NAME) for launch in launches]

    def wait(self, timeout_s: float | None) -> Sequence[News]:
        """Start what was submitted, and return what began and what has ended.

        A launch has ended when all its processes are gone. What a program that ended by itself
        left behind is stopped first, with a short grace.
        """
        deadline = None if timeout_s is None else self._clock.monotonic() + timeout_s
        while True:
            news: list[News] = [*self._start_some(), *self._advance_stops()]
            now = self._clock.monotonic()
            self._look_around(now)
            self._starts.give_up_silent()
            pids = self._watch.wait(0.0 if news else self._patience(deadline, now))
            if pids:
                news += self._gone(pids)
            late = deadline is not None and self._clock.monotonic() >= deadline
            if news or pids is None or late:
                return news

    def _start_some(self) -> list[News]:
        """Start what waits for it, though not for long; return what became of it."""
        if not self._starts.due:
            return []
        news: list[News] = [*self._starts.cancelled()]
        until = self._clock.monotonic() + START_S
        launch = self._starts.take()
        while launch:
            self._walks.leftovers.forget(launch.mark)
            news += self._begun(self._starts.start(launch))
            launch = self._starts.take() if self._clock.monotonic() < until else None
        return news

    def _begun(self, begun: Running | Ended | None) -> list[News]:
        """Watch a launch that begun, if it did, and return what is told of it."""
        if not isinstance(begun, Running):
            return [begun] if begun else []
        self._running[begun.trial_id] = begun
        if begun.ended:
            self._stop(begun, 0.0)
        else:
            self._told_by[begun.told_by] = begun
        ran_s = self._clock.monotonic() - begun.since
        return [Began(trial_id=begun.trial_id, handle=begun.handle(), ran_s=ran_s)]

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        """Send TERM to all processes of launches now, and KILL to those left after the grace.

        The process table is walked once for all of them.
        """
        now = self._clock.monotonic()
        those = self._those_running(handles, now + grace_s)
        stops = [self._stop(running, grace_s) for running in those]
        due = [stop for stop in stops if stop.moment(self._walks.floor_s) <= now]
        if due:
            self._walks.advance(due)

    def _those_running(self, handles: Iterable[Handle], by_s: float) -> list[Running]:
        """Return the launches that run of those handles; those that do not yet are cancelled."""
        found = []
        for handle in handles:
            running = self._running.get(int(handle["trial"]))
            # An earlier attempt's handle must not stop the one after it.
            if running is not None and running.is_of(handle):
                found.append(running)
            elif running is None:
                self._starts.cancel(handle, by_s)
        return found

    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        """Look for launches of an earlier controller, each by what its handle tells, or its mark.

        If the leader is gone without an exit code but others of the launch are left, these are
        stopped, and `wait` tells its end: the leader is a shell, which a request to end ends at
        once, while its program may still save. If it was asked, nothing is asked again, and all
        have what is left of their grace. What a launch left that has ended is not watched.

        Raises:
            StorageError: it cannot be told now, for want of file descriptors or memory.
            OSError: an exit file cannot be read now.
        """
        here = any(one.adopt and may_be_here(one.handle) for one in wanted)
        with self._walks.able():
            # All are looked for in one table: each walk takes some milliseconds.
            table = self._walks.table_to_find(wanted) if here else None
            return [self._found(one, table) for one in wanted]

    def _found(self, wanted: Wanted, table: ProcessTable | None) -> Found:
        """Return what became of a launch, which is watched from now on if it runs."""
        running = None
        if table is not None and wanted.adopt and may_be_here(wanted.handle):
            # Known from a try of before, which found out no more than this.
            known = self._running.get(int(wanted.handle["trial"]))
            running = known or self._adopted(wanted, table)
        return became(wanted, running, self._clock.now())

    def _adopted(self, wanted: Wanted, table: ProcessTable) -> Running | None:
        """Return a launch of which something runs, watched from now on; None if nothing does."""
        running = found_again(wanted, table, self._groups, self._clock.monotonic())
        if running is not None:
            self._running[running.trial_id] = running
            if running.ended or not self._watch_adopted(running):
                running.ended = True
                self._stop_without_leader(running)
        return running

    def close(self) -> None:
        """Start nothing more; what runs goes on, but what ended launches left is stopped."""
        if self._closed:
            return
        self._closed = True
        self._starts.forget()
        self._walks.finish_leftovers()
        with self._walks.able():
            self._lookout.reap(self._sessions())
        self._starts.starters.close()
        self._watch.close()
        for running in self._running.values():
            if running.group:
                running.group.free()
        if self._groups:
            self._groups.close()
        self._walks.close()

    def _watch_adopted(self, running: Running) -> bool:
        """Watch the leader of an adopted launch; False if it is gone."""
        try:
            self._watch.add(running.told_by)
        except ProcessLookupError:
            return False
        self._told_by[running.told_by] = running
        return True

    def _stop(self, running: Running, grace_s: float) -> Stop:
        """Return the stop of a launch, begun now unless it had begun before."""
        deadline = self._clock.monotonic() + grace_s
        if running.stop is None:
            return running.begin_stop(deadline)
        running.stop.hasten(deadline)
        return running.stop

    def _stop_without_leader(self, running: Running) -> None:
        """Stop what is left of an adopted launch."""
        until = running.asked_until
        if until is None:
            self._stop(running, self._stray_grace_s)
        else:
            running.stop = Stop(running.leader, running.mark, until, running.group, asked=True)

    def _patience(self, deadline: float | None, now: float) -> float | None:
        moments = [deadline, self._walks.moment(self._stops()), self._starts.give_up_s]
        moments += self._lookout.moments(any_running=bool(self._running))
        if self._starts.due:
            moments.append(now)
        known = [moment for moment in moments if moment is not None]
        return max(0.0, min(known) - now) if known else None

    def _gone(self, pids: Iterable[int]) -> list[News]:
        """Take note that leaders ended; their launches are over unless others of them are left.

        Args:
            pids: of those that ended, and of starters that tell what they began or how it ended.
        """
        over: list[News] = []
        table: ProcessTable | None = None
        for pid in pids:
            if pid not in self._told_by:
                over += self._begun(self._starts.heard(pid))
                begun = self._told_by.get(pid)
                if not (begun and begun.starter and begun.starter.has_told_end):
                    continue
            running = self._told_by.pop(pid)
            now = self._clock.monotonic()
            self._note_end(running, now)
            if self._outlives_starter(running):
                continue
            if running.stop is not None:
                running.stop.look_soon()
                continue
            if running.may_have_left(now, STRAY_CHECK_S):
                with self._walks.able():
                    table = table or self._walks.table()
                    running.left = running.is_left_in(table)
                if running.left:
                    self._stop(running, self._stray_grace_s)
                    continue
            elif not running.in_group:
                self._walks.leftovers.add(running.mark, running.leader)
            over += self._over(running)
        return over

    def _outlives_starter(self, running: Running) -> bool:
        """Watch the leader of a launch that lost only its starter; False if it has ended too."""
        if not outlives_starter(running):
            return False
        if self._watch_adopted(running):
            return True
        running.note_end()
        return False

    def _note_end(self, running: Running, now: float) -> None:
        """Take note that a leader ended, and how."""
        if running.starter is None:
            self._watch.remove(running.told_by)
        running.note_end()
        if running.starter:
            self._starts.starters.take_back(running.starter, lost=running.reaped is None)
        self._starts.lasted(now - running.since)
        with self._able_to_read(running):
            if running.stop is None and running.was_killed:
                self._lookout.note_kill(running, now)

    def _advance_stops(self) -> list[Ended]:
        """Advance every stop if one is due, and return the launches that are over by it."""
        stops = self._stops()
        moment = self._walks.moment(stops)
        if moment is None or moment > self._clock.monotonic():
            return []
        done = self._walks.advance(stops)
        over: list[Ended] = []
        for running in list(self._running.values()):
            if running.stop not in done:
                continue
            if running.ended:
                over += self._over(running)
            else:
                running.end_silence(self._clock.monotonic())
        return over

    def _stops(self) -> list[Stop]:
        return [running.stop for running in self._running.values() if running.stop]

    def _look_around(self, now: float) -> None:
        """Look at the memory of launches and for orphans, as far as it is time for it."""
        if not self._lookout.is_due(now, any_running=bool(self._running)):
            return
        with self._walks.able():
            for running in self._lookout.look(now, self._running.values(), self._sessions()):
                self._stop(running, 0.0)

    def _sessions(self) -> set[int]:
        """Return the sessions whose leaders run."""
        return {one.leader.pid for one in self._running.values() if not one.ended}

    def _able_to_read(self, running: Running) -> AbstractContextManager[None]:
        """Return a context in which the exit file can be opened, if that is needed."""
        return nullcontext() if running.reaped else self._walks.able()

    def _over(self, running: Running) -> list[Ended]:
        """Return the end of a launch of which nothing is left; none if it cannot be read yet."""
        try:
            with self._able_to_read(running):
                how = running.exit()
        except OSError:
            # Its exit file cannot be opened at the moment; a stop of nothing tries again.
            self._stop(running, 0.0)
            return []
        del self._running[running.trial_id]
        if self._groups and running.group:
            self._groups.give_back(running.group)
        if running.unseen and how.code is None:
            return [Ended(trial_id=running.trial_id, kind=EndKind.LOST, problem=STARTER_LOST)]
        return [Ended(trial_id=running.trial_id, exit=how)]
