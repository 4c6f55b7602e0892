"""Launches that were submitted and are not started yet, and their start."""

import errno
from collections.abc import Sequence

from automl.clock import Clock
from automl.errors import LaunchError
from automl.executors.cgroups.group import Group
from automl.executors.cgroups.groups import Groups
from automl.executors.local.exits import exit_code_in
from automl.executors.local.housekeeping.orphans import note_started
from automl.executors.local.running import NAME, Running
from automl.executors.local.spawn import Spawner, kill_at_once, launch_error
from automl.executors.local.starters.pool import PAYS_AFTER, StarterPool
from automl.executors.local.starters.starter import Starter, StarterLostError
from automl.executors.local.watch import Watch
from automl.executors.processes.identity import Process, read_birth
from automl.executors.processes.proctree import ProcessTable
from automl.study.launch import Ended, EndKind, Handle, Launch

BRIEF_S = 1.0
BRIEF_IN_A_ROW = 3
"""After so many launches that ended within `BRIEF_S`, the next is started without a control group.

A process enters one only once no CPU is in the middle of certain work of the kernel: that takes 10
to 20 ms whenever no other process has just done so, and all forks of the machine are slower for it.
It was measured with commands of 30 to 60 ms, where slots stayed free for 6 to 10 ms instead of 4.
"""


class Starts:
    """Keeps launches until they are started, one by one.

    Args:
        watch: watches what is started.
        groups: control groups, None without them.
        clock: tells since when a launch runs.
        pays_after: how many brief launches in a row pay for a starter, if another number than
            that which was measured.

    Attributes:
        starters: do brief launches without a shell.
    """

    def __init__(
        self, watch: Watch, groups: Groups | None, clock: Clock, pays_after: int | None = None
    ) -> None:
        self._watch = watch
        self._groups = groups
        self._clock = clock
        self._spawner = Spawner()
        self._pays_after = PAYS_AFTER if pays_after is None else pays_after
        self.starters = StarterPool(watch, self._spawner.environ, self._pays_after)
        self._waiting: dict[int, Launch] = {}
        self._cancelled: list[Ended] = []
        self._brief = 0
        self._doubtful: dict[str, Process] = {}

    def __contains__(self, trial_id: int) -> bool:
        return trial_id in self._waiting

    @property
    def due(self) -> bool:
        """Whether something is to be started or told at once."""
        return bool(self._waiting or self._cancelled)

    def add(self, launches: Sequence[Launch]) -> None:
        """Keep launches, to be started in this order."""
        self._waiting.update({launch.trial_id: launch for launch in launches})

    def cancel(self, handle: Handle) -> bool:
        """Never start a launch; False if that handle names none of those that wait."""
        launch = self._waiting.get(int(handle["trial"]))
        if launch is None or handle.get("attempt", launch.attempt) != launch.attempt:
            return False
        del self._waiting[launch.trial_id]
        self._cancelled.append(Ended(trial_id=launch.trial_id, kind=EndKind.CANCELLED))
        return True

    def cancelled(self) -> list[Ended]:
        """Return the ends of those that were cancelled since the last call."""
        ended, self._cancelled = self._cancelled, []
        return ended

    def forget(self) -> None:
        """Start nothing of what waits."""
        self._waiting.clear()

    def take(self) -> Launch | None:
        """Return the launch that is next, None if none waits."""
        trial_id = next(iter(self._waiting), None)
        return None if trial_id is None else self._waiting.pop(trial_id)

    def start(self, launch: Launch) -> Running:
        """Start a launch and watch it.

        It is `ended` where its starter was lost at this moment: then what is left of it is to be
        stopped.

        Raises:
            LaunchError: it was not started, or cannot be watched, and nothing of it is left.
        """
        group = self._group_for(launch)
        try:
            running = self._left_of(launch) if launch.mark in self._doubtful else None
            running = running or (None if group else self._without_shell(launch))
            return running or self._running(launch, self._spawn(launch, group), group=group)
        except OSError as error:
            if self._groups and group:
                self._groups.give_back(group)
            raise launch_error(launch, error) from error

    def _without_shell(self, launch: Launch) -> Running | None:
        """Start a launch by a starter; None where it is for a shell.

        Raises:
            OSError: it was not started, or it cannot be told.
        """
        if self._brief < BRIEF_IN_A_ROW and self._pays_after:
            return None
        try:
            begun = self.starters.begin(launch, self._brief)
        except StarterLostError as error:
            self._doubtful[launch.mark] = error.starter
            return self._left_of(launch)
        return self._running(launch, begun[1], starter=begun[0]) if begun else None

    def _left_of(self, launch: Launch) -> Running | None:
        """Return what a lost starter has made of a launch, to be stopped; None if nothing.

        Raises:
            OSError: that cannot be told now.
        """
        table, lost = ProcessTable(), self._doubtful[launch.mark]
        if not table.whole:
            raise OSError(errno.EAGAIN, "what runs cannot be looked at now")
        del self._doubtful[launch.mark]
        # Its leader cannot be told from others; what is left is found by its marks.
        if table.of(lost, launch.mark) or exit_code_in(launch.exit_path) is not None:
            return self._running(launch, lost, ended=True)
        return None

    def _running(
        self,
        launch: Launch,
        leader: Process,
        *,
        group: Group | None = None,
        starter: Starter | None = None,
        ended: bool = False,
    ) -> Running:
        return Running(
            trial_id=launch.trial_id,
            leader=leader,
            mark=launch.mark,
            exit_path=launch.exit_path,
            since=self._clock.monotonic(),
            named=launch.handle(NAME),
            memory_bytes=launch.memory_bytes,
            group=group,
            starter=starter,
            ended=ended,
            unseen=ended,
        )

    def lasted(self, lasted_s: float) -> None:
        """Take note of how long a launch ran."""
        self._brief = self._brief + 1 if lasted_s < BRIEF_S else 0
        if not self._brief:
            self.starters.dismiss()

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


def refused(launch: Launch, error: LaunchError) -> Ended:
    """Return the end of a launch that was not started."""
    return Ended(
        trial_id=launch.trial_id, kind=EndKind.REFUSED, problem=str(error), errno=error.errno
    )
