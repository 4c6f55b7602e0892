"""Launches that were submitted and do not run yet, and their start."""

from collections.abc import Sequence

from automl.clock import Clock
from automl.executors.cgroups.group import Group
from automl.executors.cgroups.groups import Groups
from automl.executors.local.housekeeping.orphans import note_started
from automl.executors.local.running import NAME, Running
from automl.executors.local.spawn import Spawner, kill_at_once, launch_error
from automl.executors.local.starters.orders import Ordered, Orders
from automl.executors.local.starters.pool import PAYS_AFTER, StarterPool, Way, has_limits
from automl.executors.local.starters.server import ForkedStarter
from automl.executors.local.starters.starter import Starter, StarterLostError
from automl.executors.local.watch import Watch
from automl.executors.processes.identity import Process, read_birth
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
        self._held: dict[int, Launch] = {}
        self._cancelled: list[Ended] = []
        self._brief = 0
        self._orders = Orders()

    def __contains__(self, trial_id: int) -> bool:
        of_these = trial_id in self._waiting or trial_id in self._held
        return of_these or trial_id in self._orders

    @property
    def give_up_s(self) -> float | None:
        """The monotonic second at which a starter is given up, or no longer waited for.

        None while none is to answer.
        """
        moments = [self._orders.give_up_s, self.starters.wait_until_s if self._held else None]
        return min((one for one in moments if one is not None), default=None)

    @property
    def due(self) -> bool:
        """Whether something is to be started or told at once."""
        return bool(self._waiting or self._cancelled)

    def add(self, launches: Sequence[Launch]) -> None:
        """Keep launches, to be started in this order."""
        self._waiting.update({launch.trial_id: launch for launch in launches})

    def cancel(self, handle: Handle, by_s: float) -> None:
        """Never start the launch that a handle names.

        Args:
            handle: of a launch that does not run yet.
            by_s: one that a starter may have started by now is to end by this monotonic second.
        """
        trial_id = int(handle["trial"])
        launch = self._waiting.get(trial_id) or self._held.get(trial_id)
        if launch is None or not launch.is_of(handle):
            self._orders.cancel(handle, by_s)
            return
        for some in (self._waiting, self._held):
            some.pop(trial_id, None)
        self._cancelled.append(Ended(trial_id=launch.trial_id, kind=EndKind.CANCELLED))

    def cancelled(self) -> list[Ended]:
        """Return the ends of those that were cancelled since the last call."""
        ended, self._cancelled = self._cancelled, []
        return ended

    def forget(self) -> None:
        """Start nothing of what waits."""
        self._waiting.clear()
        self._held.clear()

    def take(self) -> Launch | None:
        """Return the launch that is next, None if none waits."""
        trial_id = next(iter(self._waiting), None)
        return None if trial_id is None else self._waiting.pop(trial_id)

    def start(self, launch: Launch) -> Running | Ended | None:
        """Start a launch; return it once it runs, or its end if it was refused.

        Returns:
            None if a starter was asked to start it: `heard` tells what becomes of it. Also if one
            is about to tell whether it can do that: it is taken again then.
        """
        way = self.starters.way(launch)
        if way is Way.WAIT:
            self._held[launch.trial_id] = launch
            return None
        forked = way is Way.FORK
        # A fork needs a group for a limit alone: to enter one takes longer than all the rest of it.
        group = self._group_for(launch) if not forked or launch.memory_bytes else None
        if (forked or group is None) and self._order(launch, group, forked=forked):
            return None
        return self._by_shell(launch, group)

    def _by_shell(self, launch: Launch, group: Group | None) -> Running | Ended:
        try:
            leader = self._spawn(launch, group)
        except OSError as error:
            if self._groups and group:
                self._groups.give_back(group)
            return refused(launch, error)
        return self._running(launch, leader, self._clock.monotonic(), group=group)

    def _order(self, launch: Launch, group: Group | None, *, forked: bool) -> bool:
        """Have a starter start a launch; False where it is for a shell."""
        if self._brief < BRIEF_IN_A_ROW and self._pays_after and not forked:
            return False
        path = group.path_bytes if group else b""
        starter = self.starters.order(launch, self._brief, forked=forked, group=path)
        if starter:
            self._orders.add(Ordered(launch, starter, self._clock.monotonic(), group))
        return starter is not None

    def heard(self, pid: int) -> Running | Ended | None:
        """Take in what a starter tells that has no command; return what became of its order.

        Its launch runs or was refused. It is `ended` where the starter was lost: then what there is
        of it is to be stopped.
        """
        ordered = self._orders.take(pid)
        if ordered is None:
            self.starters.heard(pid)
            self._release()
            return None
        launch, starter, group = ordered.launch, ordered.starter, ordered.group
        since = ordered.since_s
        try:
            running = self._running(launch, starter.begun(), since, group=group, starter=starter)
        except OSError as error:
            self.starters.take_back(starter)
            if not has_limits(launch):
                return refused(launch, error)
            begun = self._by_shell(launch, group)
            if isinstance(begun, Ended):
                return begun
            running = begun
        except StarterLostError:
            self.starters.drop(starter)
            # Its leader cannot be told from others; what there is of it is found by its mark.
            running = self._running(launch, starter.process, since, group=group, ended=True)
        if ordered.stop_by_s is not None:
            running.begin_stop(ordered.stop_by_s)
        return running

    def give_up_silent(self) -> None:
        """End the starters that do not answer, which are heard as lost then; wait for no others."""
        self._release()
        for starter in self._orders.late(self._clock.monotonic()):
            starter.kill()

    def _release(self) -> None:
        """Let those start that waited for a starter, if that has told by now what it can do."""
        if self._held and self.starters.wait_until_s is None:
            self._waiting = {**self._held, **self._waiting}
            self._held.clear()

    def _running(
        self,
        launch: Launch,
        leader: Process,
        since: float,
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
            since=since,
            named=launch.handle(NAME),
            memory_bytes=launch.memory_bytes,
            group=group,
            starter=starter,
            forked=isinstance(starter, ForkedStarter),
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


def refused(launch: Launch, why: OSError) -> Ended:
    """Return the end of a launch that the system did not let start."""
    error = launch_error(launch, why)
    return Ended(
        trial_id=launch.trial_id, kind=EndKind.REFUSED, problem=str(error), errno=error.errno
    )
