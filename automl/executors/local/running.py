"""What an executor knows of one launch that it watches."""

import signal
from dataclasses import dataclass

from automl.executors.cgroups.group import Group
from automl.executors.local.exits import Reaped, exit_code_in, read_exit_code, reap
from automl.executors.local.housekeeping.orphans import note_ended
from automl.executors.local.starters.starter import Starter
from automl.executors.local.stop import Stop
from automl.executors.machine.memory import memory_is_short
from automl.executors.processes.identity import Process, boot_id, group_exists, host, is_running
from automl.executors.processes.proctree import ProcessTable, send
from automl.study.launch import Exit, Handle

SILENCE_S = 1.0
"""How long a starter may take to tell that its command has ended; a stopped one never does."""

NAME = "local"
"""The executor's name, as `mode=` and the handles have it."""


@dataclass(slots=True)
class Running:
    """A launch from its start until nothing of it is left.

    Attributes:
        trial_id: whose launch it is.
        leader: its script, the leader of its session.
        mark: the value of its marking variable.
        exit_path: where its script leaves its exit code.
        since: monotonic second from which on it is watched.
        named: its handle from before it was started.
        memory_bytes: what all its processes together may use.
        group: its control group.
        peak_bytes: largest resident size of all its processes that was seen.
        ended: the leader is gone.
        reaped: how it ended, if we could be told.
        over_limit: it used more memory than it may.
        ran_out: the kernel killed it for want of memory.
        was_short: the machine had no memory to spare when it was seen to use more than it may.
        left: others of it still ran when its leader had ended by itself.
        stop: the stop that is under way.
        asked_until: an earlier controller asked it to end, and it may take until this monotonic
            second.
        starter: the starter that started its leader, without a script.
        parent: the starter of an earlier controller that did, and leaves the exit code.
        forked: it is the call of a function, which tells its own exit code if it comes to its end.
        unseen: its starter was lost while nobody stopped it, so only an exit code can tell its end.
        silent_since: monotonic second from which on nothing runs of it, but its starter does not
            say so.
    """

    trial_id: int
    leader: Process
    mark: str
    exit_path: str
    since: float
    named: Handle
    memory_bytes: int | None = None
    group: Group | None = None
    peak_bytes: int = 0
    ended: bool = False
    reaped: Reaped | None = None
    over_limit: bool = False
    ran_out: bool = False
    was_short: bool = False
    left: bool = False
    stop: Stop | None = None
    asked_until: float | None = None
    starter: Starter | None = None
    parent: Process | None = None
    forked: bool = False
    unseen: bool = False
    silent_since: float | None = None

    def handle(self) -> Handle:
        """Return what finds it again: host, boot, pid and start, mark, and its control group."""
        handle: dict[str, str | int] = {
            **self.named,
            "host": host(),
            "boot": boot_id(),
            "pid": self.leader.pid,
            "start": self.leader.start,
            "mark": self.mark,
            "exit": self.exit_path,
        }
        if self.memory_bytes is not None:
            handle["memory"] = self.memory_bytes
        if self.forked:
            handle["forked"] = 1
        if self.group:
            handle |= {"cgroup": self.group.path, "cgroup_usec": self.group.base_usec}
        return handle

    def is_of(self, handle: Handle) -> bool:
        """Tell whether a handle is of this launch, and not of an earlier one of its trial."""
        if "pid" in handle:
            return int(handle["pid"]) == self.leader.pid
        return handle.get("attempt") == self.named.get("attempt")

    def begin_stop(self, deadline: float) -> Stop:
        """Begin its stop; what is left of it is killed at that monotonic second."""
        self.stop = Stop(self.leader, self.mark, deadline, self.group)
        if self.starter and not self.ended:
            self.starter.stopped()
        return self.stop

    def note_end(self) -> None:
        """Take note that the leader ended, and how, or that its starter is gone."""
        self.ended = True
        if self.starter:
            self.reaped = self.starter.ended()
        elif self.parent:
            # Not how it ended itself: that would be no end of the command.
            reap(self.parent.pid)
        else:
            self.reaped = reap(self.leader.pid)
            note_ended(self.leader.pid)
        by_starter = self.forked or self.starter is not None or self.parent is not None
        self.unseen = by_starter and self.reaped is None and self.stop is None

    @property
    def told_by(self) -> int:
        """The pid of the process that tells of the end: the leader, or its starter."""
        if self.starter:
            return self.starter.pid
        return self.parent.pid if self.parent else self.leader.pid

    def end_silence(self, now: float) -> None:
        """End a starter that does not say that its command has ended, though nothing runs of it."""
        if self.silent_since is None:
            self.silent_since = now
        elif now - self.silent_since >= SILENCE_S and (self.starter or self.parent):
            if self.starter:
                self.starter.kill()
            elif self.parent:
                send(self.parent, signal.SIGKILL)

    def may_have_left(self, now: float, long_s: float) -> bool:
        """Tell whether anything may be left once the leader ended by itself.

        Args:
            now: this monotonic second.
            long_s: of one that ran so long it is not known without a look.
        """
        if self.group is not None and self.in_group:
            return self.group.populated
        # It never entered its group, or has none.
        return now - self.since >= long_s or group_exists(self.leader.pid)

    def is_left_in(self, table: ProcessTable) -> bool:
        """Tell whether anything of it is left, or may be as not all could be looked at."""
        members = self.group.pids() if self.group else ()
        if table.of(self.leader, self.mark, members=members) or not table.whole:
            return True
        return bool(self.in_group and self.group and self.group.populated)

    @property
    def in_group(self) -> bool:
        """Whether its script has entered its control group."""
        return self.group is not None and self.group.cpu_s() is not None

    @property
    def limit_bytes(self) -> int | None:
        """What it may use if that is for us to see to; None if the kernel does, or without one."""
        if self.in_group and self.group and self.group.limited:
            return None
        return self.memory_bytes

    @property
    def was_killed(self) -> bool:
        """Whether the leader or the command that it ran ended by KILL."""
        code = self.reaped.code if self.reaped else exit_code_in(self.exit_path)
        return code in (-9, 128 + 9)

    def exit(self) -> Exit:
        """Return how it ended, once nothing of it is left.

        Raises:
            OSError: its exit file cannot be read at the moment.
        """
        reaped = self.reaped
        code = reaped.code if reaped else read_exit_code(self.exit_path)
        peaks = [self.peak_bytes, (reaped.peak_memory_bytes if reaped else None) or 0]
        # Each is too small rather than too large: the one misses children that nobody waited
        # for, the other what was used before the group was entered.
        seconds = [reaped.cpu_s if reaped else None, self.group.cpu_s() if self.group else None]
        known = [value for value in seconds if value is not None]
        out_of_memory, over_limit = self.over_limit or self.ran_out, self.over_limit
        if self.group and code != 0:
            out_of_memory = out_of_memory or self.group.ran_out_of_memory()
            over_limit = over_limit or self.group.passed_own_limit()
        return Exit(
            code=code,
            peak_memory_bytes=max(peaks) or None,
            cpu_s=round(max(known), 6) if known else None,
            out_of_memory=out_of_memory,
            memory_limit_bytes=self.memory_bytes if over_limit else None,
            memory_was_short=over_limit and (self.was_short or memory_is_short()),
            left_running=self.left,
        )


def outlives_starter(running: Running) -> bool:
    """Take in that the starter of a launch alone is gone; False if it ended too.

    Only the call of a function tells its end itself.
    """
    if not (running.forked and running.unseen and is_running(running.leader)):
        return False
    running.starter = running.parent = None
    running.ended = running.unseen = False
    return True
