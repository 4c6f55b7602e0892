"""Runs launches as processes of this machine."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

from automl.clock import Clock
from automl.errors import LaunchError
from automl.executors.cgroups.group import Group
from automl.executors.cgroups.groups import open_groups
from automl.executors.local.exits import read_exit_code as read_exit_code  # noqa: PLC0414 - for the loop
from automl.executors.local.exits import reap
from automl.executors.local.found import found_again
from automl.executors.local.leftovers import EVERY_S, Leftovers
from automl.executors.local.orphans import Orphans, note_ended, note_started
from automl.executors.local.pace import Pace
from automl.executors.local.running import Running
from automl.executors.local.sampling import MemorySampler, OomKills
from automl.executors.local.spare import Spare
from automl.executors.local.spawn import Spawner, kill_at_once, launch_error
from automl.executors.local.stop import Stop, advance
from automl.executors.local.watch import Watch, best_watch
from automl.executors.processes.identity import Process, boot_id, group_exists, host, read_birth
from automl.executors.processes.procfs import check_proc
from automl.executors.processes.proctree import ProcessTable
from automl.study.launch import Ended, Handle, Launch
from automl.waker import Waker

STRAY_CHECK_S = 0.5
"""A trial that ran at least this long is checked for processes outside its group once it ended.

That is without control groups: it walks the process table, some milliseconds. Of shorter trials the
process group alone is checked then, which costs nothing, and all else a little later (`Leftovers`).
"""

BRIEF_S = 1.0
BRIEF_IN_A_ROW = 3
"""After so many launches that ended within `BRIEF_S`, the next is started without a control group.

A process enters one only once no CPU is in the middle of certain work of the kernel: that takes 10
to 20 ms whenever no other process has just done so, and all forks of the machine are slower for it.
It was measured with commands of 30 to 60 ms, where slots stayed free for 6 to 10 ms instead of 4.
"""

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
    ) -> None:
        check_proc()
        boot_id()  # Read now, as later no file may be left to be opened.
        self._clock = clock
        self._stray_grace_s = stray_grace_s
        self._watch = (make_watch or best_watch())(waker)
        self._running: dict[int, Running] = {}
        self._leaders: dict[int, Running] = {}
        self._spawner = Spawner()
        self._groups = open_groups() if cgroups else None
        self._brief = 0
        self._pace = Pace()
        self._spare = Spare()
        self._leftovers = Leftovers(stray_grace_s)
        self._orphans = Orphans(clock.monotonic())
        self._oom = OomKills()
        self._memory = MemorySampler(clock.monotonic(), self._oom)
        self._closed = False

    def submit(self, launch: Launch) -> Handle:
        """Start a launch.

        Its handle has trial, host, boot, pid, start time, mark and exit file, and its control
        group with the CPU time that others used in it, if it has one.
        """
        if self._closed:
            raise LaunchError(f"trial {launch.trial_id}: not started, as the executor is closed")
        if launch.trial_id in self._running:
            raise LaunchError(f"trial {launch.trial_id}: not started, as it is still running")
        self._leftovers.forget(launch.mark)
        group = self._group_for(launch)
        try:
            leader = self._spawn(launch, group)
        except OSError as error:
            if self._groups and group:
                self._groups.give_back(group)
            raise launch_error(launch, error) from error
        running = Running(
            trial_id=launch.trial_id,
            leader=leader,
            mark=launch.mark,
            exit_path=launch.exit_path,
            since=self._clock.monotonic(),
            memory_bytes=launch.memory_bytes,
            group=group,
        )
        self._running[launch.trial_id] = self._leaders[leader.pid] = running
        return running.handle()

    def wait(self, timeout_s: float | None) -> Sequence[Ended]:
        """Return the launches that are over.

        A launch is over when all its processes are gone. What a program that ended by itself left
        behind is stopped first, with a short grace.
        """
        deadline = None if timeout_s is None else self._clock.monotonic() + timeout_s
        while True:
            ended = self._advance_stops()
            now = self._clock.monotonic()
            self._look_around(now)
            pids = self._watch.wait(0.0 if ended else self._patience(deadline, now))
            if pids:
                ended += self._gone([self._leaders[pid] for pid in pids])
            late = deadline is not None and self._clock.monotonic() >= deadline
            if ended or pids is None or late:
                return ended

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        """Send TERM to all processes of launches now, and KILL to those left after the grace.

        The process table is walked once for all of them.
        """
        stops = [self._stop(running, grace_s) for running in self._those_running(handles)]
        now = self._clock.monotonic()
        due = [stop for stop in stops if stop.moment(self._pace.next_s) <= now]
        if due:
            self._advance(due)

    def _those_running(self, handles: Iterable[Handle]) -> list[Running]:
        """Return the launches that run of those handles."""
        found = []
        for handle in handles:
            running = self._running.get(int(handle["trial"]))
            # An earlier attempt's handle must not stop the one after it.
            pid = running and int(handle.get("pid", running.leader.pid))
            if running is not None and pid == running.leader.pid:
                found.append(running)
        return found

    def attach(self, handles: Sequence[Handle]) -> Sequence[Handle]:
        """Watch launches of an earlier controller, each if it is that very one, on this machine.

        A handle without a pid is that of a launch that may have been started: it is known by its
        mark. If the leader is gone without an exit code but others of the launch are left, these
        are stopped, and `wait` reports its end: the leader is a shell, which a request to end ends
        at once, while its program may still save. If it was asked, nothing is asked again, and all
        have what is left of their grace. What a launch left that has ended is not watched.

        Raises:
            StorageError: it cannot be told now, for want of file descriptors or memory.
            OSError: an exit file cannot be read now.
        """
        here = [one for one in handles if (one["host"], one["boot"]) == (host(), boot_id())]
        if not here:
            return []
        with self._spare.lent():
            # All are looked for in one table: each walk takes some milliseconds.
            table = ProcessTable()
            attached = [self._attached(one, table) for one in here]
        return [one for one in attached if one]

    def _attached(self, handle: Handle, table: ProcessTable) -> Handle | None:
        """Return the handle, with the leader that it finds; None if nothing of it is watched."""
        known = self._running.get(int(handle["trial"]))
        if known is not None:
            # From a try of before, which found out no more than this.
            return {**handle, "pid": known.leader.pid, "start": known.leader.start}
        running = found_again(handle, table, self._groups, self._clock.monotonic())
        if running is None:
            return None
        self._running[running.trial_id] = running
        if running.ended or not self._watch_adopted(running):
            running.ended = True
            self._stop_without_leader(running)
        return {**handle, "pid": running.leader.pid, "start": running.leader.start}

    def close(self) -> None:
        """Start nothing more; what runs goes on, but what ended launches left is stopped."""
        if self._closed:
            return
        self._closed = True
        self._finish_leftovers()
        with self._spare.lent():
            self._orphans.reap(self._leaders)
        self._watch.close()
        for running in self._running.values():
            if running.group:
                running.group.free()
        if self._groups:
            self._groups.close()
        self._spare.close()

    def _group_for(self, launch: Launch) -> Group | None:
        """Return a control group for a launch, None without one that is worth its time."""
        if self._groups is None:
            return None
        if self._brief >= BRIEF_IN_A_ROW and launch.memory_bytes is None:
            return None
        return self._groups.take(launch.memory_bytes)

    def _spawn(self, launch: Launch, group: Group | None) -> Process:
        """Start a launch and watch it; nothing is left of it if that fails.

        Raises:
            OSError: it was not started, or cannot be watched.
        """
        pid = self._spawner.start(launch, group.path_bytes if group else None)
        try:
            # Read before anyone waits for it: a child that ended keeps its entry until then.
            leader = Process(pid, read_birth(pid))
            self._watch.add(pid)
        except BaseException:
            kill_at_once(pid)
            if group:
                group.kill()
            raise
        note_started(pid)
        return leader

    def _watch_adopted(self, running: Running) -> bool:
        """Watch the leader of an adopted launch; False if it is gone."""
        try:
            self._watch.add(running.leader.pid)
        except ProcessLookupError:
            return False
        self._leaders[running.leader.pid] = running
        return True

    def _stop(self, running: Running, grace_s: float) -> Stop:
        """Return the stop of a launch, begun now unless it had begun before."""
        deadline = self._clock.monotonic() + grace_s
        if running.stop is None:
            running.stop = Stop(running.leader, running.mark, deadline, running.group)
        else:
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
        floor = self._pace.next_s
        moments = [deadline, self._leftovers.moment(floor), self._orphans.next_s]
        moments += [stop.moment(floor) for stop in self._stops()]
        if self._running:
            moments.append(self._memory.next_s)
        known = [moment for moment in moments if moment is not None]
        return max(0.0, min(known) - now) if known else None

    def _gone(self, ended: Iterable[Running]) -> list[Ended]:
        """Take note that leaders ended; their launches are over unless others of them are left."""
        over: list[Ended] = []
        table: ProcessTable | None = None
        for running in ended:
            now = self._clock.monotonic()
            self._note_end(running, now)
            if running.stop is not None:
                running.stop.look_soon()
                continue
            if self._must_walk(running, now):
                with self._spare.lent():
                    table = table or ProcessTable()
                    left = self._left(running, table)
                if left:
                    self._stop(running, self._stray_grace_s)
                    continue
            elif not running.in_group:
                self._leftovers.add(running.mark, running.leader)
            over += self._over(running)
        return over

    def _note_end(self, running: Running, now: float) -> None:
        """Take note that a leader ended, and how."""
        self._watch.remove(running.leader.pid)
        del self._leaders[running.leader.pid]
        running.ended = True
        running.reaped = reap(running.leader.pid)
        note_ended(running.leader.pid)
        self._brief = self._brief + 1 if now - running.since < BRIEF_S else 0
        with self._able_to_read(running):
            if running.stop is None and running.was_killed:
                self._oom.look(now)
                running.ran_out = self._oom.since(running.since)

    def _left(self, running: Running, table: ProcessTable) -> bool:
        """Tell whether anything is left of a launch, or may be as not all could be looked at."""
        known = running.group.processes() if running.group else []
        if table.of(running.leader, running.mark, known) or not table.whole:
            return True
        return bool(running.in_group and running.group and running.group.populated)

    def _must_walk(self, running: Running, now: float) -> bool:
        """Tell whether anything may be left of a launch whose leader ended by itself."""
        group = running.group
        if group is not None and group.cpu_s() is not None:
            return group.populated
        # It never entered its group, or has none.
        return now - running.since >= STRAY_CHECK_S or group_exists(running.leader.pid)

    def _advance_stops(self) -> list[Ended]:
        """Advance every stop if one is due, and return the launches that are over by it."""
        moments = [stop.moment(self._pace.next_s) for stop in self._stops()]
        leftovers = self._leftovers.moment(self._pace.next_s)
        if leftovers is not None:
            moments.append(leftovers)
        if not moments or min(moments) > self._clock.monotonic():
            return []
        done = self._advance(self._stops())
        over: list[Ended] = []
        for running in list(self._running.values()):
            if running.ended and running.stop in done:
                over += self._over(running)
        return over

    def _stops(self) -> list[Stop]:
        return [running.stop for running in self._running.values() if running.stop]

    def _advance(self, stops: list[Stop]) -> list[Stop]:
        """Walk the process table for all stops and leftovers; return the stops that are over."""
        began = self._clock.monotonic()
        with self._spare.lent():
            for stop in stops:
                stop.strike(began)
            table = ProcessTable()
            table.settle()
            now = self._clock.monotonic()
            self._leftovers.look(table, now)
            done = advance(stops, table, now)
        self._pace.walked(began, self._clock.monotonic())
        return done

    def _look_around(self, now: float) -> None:
        """Look at the memory of launches and for orphans, as far as it is time for it."""
        if now < self._memory.next_s and not self._orphans.is_due(now):
            return
        with self._spare.lent():
            for running in self._memory.over_limit(self._running.values(), now):
                self._stop(running, 0.0)
            self._orphans.look(now, self._leaders)

    def _able_to_read(self, running: Running) -> AbstractContextManager[None]:
        """Return a context in which the exit file can be opened, if that is needed."""
        return nullcontext() if running.reaped else self._spare.lent()

    def _finish_leftovers(self) -> None:
        """Look for leftovers at once, and return when nothing is left that can be stopped."""
        self._leftovers.hurry()
        until = self._clock.monotonic() + self._stray_grace_s + EVERY_S
        while (moment := self._leftovers.moment(self._pace.next_s)) is not None:
            now = self._clock.monotonic()
            if now >= until:
                return
            time.sleep(max(0.0, min(moment, until) - now))
            self._advance([])

    def _over(self, running: Running) -> list[Ended]:
        """Return the end of a launch of which nothing is left; none if it cannot be read yet."""
        try:
            with self._able_to_read(running):
                ended = Ended(trial_id=running.trial_id, exit=running.exit())
        except OSError:
            # Its exit file cannot be opened at the moment; a stop of nothing tries again.
            self._stop(running, 0.0)
            return []
        del self._running[running.trial_id]
        if self._groups and running.group:
            self._groups.give_back(running.group)
        return [ended]
