"""Processes that earlier lives of a study left: found whatever its folder says, and stopped.

A study's life is what one controller makes of it. Its processes outlive a controller that is
killed, and also a journal that is lost or cut and a folder that is removed or moved.
"""

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from automl.clock import Clock
from automl.executors.cgroups.group import Group
from automl.executors.cgroups.groups import group_of, own_group
from automl.executors.local.pace import FLOOR_S
from automl.executors.local.stop import Stop, advance
from automl.executors.processes.brand import brand_of, read_brand, read_place_brand
from automl.executors.processes.identity import Process
from automl.executors.processes.origin import Origin, origin_in, read_origin
from automl.executors.processes.proctree import ProcessTable
from automl.executors.site import Kin

logger = logging.getLogger(__name__)

SHOWN = 5
"""How many processes the log names one by one."""

_UNTIL = "nothing is started until they are gone; end them, or press Ctrl-C twice to leave"


def owns(kin: Kin, origin: Origin) -> bool:
    """Tell whether a process that began like this is one of the study's.

    One of the same id from another folder is, if this folder was moved; not if that other folder is
    there too, as this one is then a copy of it, and its study may be running.
    """
    if origin.place == kin.place:
        return True
    if kin.uid and origin.uid == kin.uid:
        return not origin.place or not kin.is_study(origin.place)
    # The release before this one told no process the folder, but its scripts the exit file.
    named = bool(origin.exit_path) and not origin.place
    return named and os.path.realpath(origin.exit_path).startswith(f"{kin.place}/")


class KinTable(ProcessTable):
    """The living processes of this machine, of which `of` returns the strays of a study.

    Never among them: this process, those from which it comes, and the trial that runs it, if it
    was started within one.
    """

    def __init__(self, kin: Kin) -> None:
        super().__init__()
        self._kin = kin
        self._lineage = set(self._ancestors())
        ours = [read_brand(os.getpid()), *(self._kinship.brands[pid] for pid in self._lineage)]
        marks = [self._origins[pid].mark for pid in self._lineage if pid in self._origins]
        if own := origin_in(os.environ):
            marks.append(own.mark)
        self._spared = {*marks, *kin.adopted}
        self._spared_brands = {brand_of(mark) for mark in self._spared}
        self._spared_brands |= {brand for brand in ours if brand is not None}

    @property
    def lineage(self) -> set[int]:
        """This process and those from which it comes."""
        return {os.getpid(), *self._lineage}

    def of(
        self,
        leader: Process | None = None,
        mark: str = "",
        known: Iterable[Process] = (),
        *,
        members: Iterable[int] = (),
        marks: bool = True,
    ) -> list[Process]:
        """Return the processes of the study that no adopted trial has, of whichever trial."""
        del leader, mark, members, marks
        kinship = self._kinship
        own = {pid for pid, origin in self._origins.items() if owns(self._kin, origin)}
        found = {self._origins[pid] for pid in own}
        own |= self._of_earlier_release({one.mark for one in found}) | self._silent(found)
        own |= kinship.alive(known)
        spared = self._starters_of_adopted()
        own = {pid for pid in own - spared if not self._is_spared(pid)}
        since = min((kinship.stats[pid].start for pid in own), default=0)
        grown = kinship.with_offspring(own, set(), since)
        return [one for one in grown if one.pid not in spared and not self._is_spared(one.pid)]

    def _starters_of_adopted(self) -> set[int]:
        """Return the starters that wait for a command that goes on, to leave its exit code.

        One whose command has just ended is found, and asked to end, which it does not heed: it ends
        by itself, and before it would be killed.
        """
        going_on = [pid for mark in self._kin.adopted for pid in self._marked.get(mark, ())]
        return {self._kinship.stats[pid].parent for pid in going_on if self._started(pid)}

    def _of_earlier_release(self, marks: set[str]) -> set[int]:
        """Return the processes with one of the marks that were not told any folder."""
        marked = [pid for mark in marks for pid in self._marked[mark]]
        return {pid for pid in marked if not self._origins[pid].place}

    def _silent(self, found: set[Origin]) -> set[int]:
        """Return the study's processes whose environment tells nothing, by their brands.

        Args:
            found: where those of the study come from whose environment does tell it.
        """
        place = brand_of(self._kin.place)
        brands = self._kinship.brands
        silent = {pid: read_place_brand(pid) for pid in brands if pid not in self._origins}
        own = {pid for pid, its in silent.items() if its == place}
        # A copy of this study has the same marks, but another folder.
        places = {brand_of(one.place) for one in found if one.place} | {None}
        left = {
            pid: brands[pid]
            for pid, its in silent.items()
            if its in places and brands[pid] and pid not in own
        }
        if not left:
            return own
        marks = {one.mark for one in found}
        marks |= {f"{self._kin.uid}:{trial}" for trial in self._kin.trials if self._kin.uid}
        theirs = {brand_of(mark) for mark in marks}
        return own | {pid for pid, brand in left.items() if brand in theirs}

    def _is_spared(self, pid: int) -> bool:
        origin = self._origins.get(pid)
        marked = origin is not None and origin.mark in self._spared
        return marked or pid in self._lineage or self._kinship.brands[pid] in self._spared_brands

    def _ancestors(self) -> Iterator[int]:
        pid = os.getppid()
        while pid in self._kinship.stats:
            yield pid
            pid = self._kinship.stats[pid].parent


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLives:
    """Stops what earlier lives of a study left running, before anything is started in its folder.

    Args:
        clock: must go at the pace of real time.
        grace_s: seconds between TERM and KILL.
        asked: how often the user has asked to stop: then what is left is killed at once, and asked
            twice, it is not waited for any more.
        cgroups: kill by control group what is in one.
    """

    clock: Clock
    grace_s: float
    asked: Callable[[], int]
    cgroups: bool = True

    def stop(self, kin: Kin) -> None:
        """Stop all processes of a study but those of adopted trials; return once none is left.

        Raises:
            StorageError: it cannot be told now whether there are any.
        """
        table = KinTable(kin)
        found = table.of()
        if not found:
            table.must_be_whole()
            return
        logger.warning(
            "stopping what an earlier life of this study left running, before anything is "
            "started: %s",
            _told(found),
        )
        groups = self._groups_of(found, kin, table.lineage)
        try:
            self._finish(kin, found[0], groups)
        finally:
            for group in groups:
                group.remove()

    def _finish(self, kin: Kin, first: Process, groups: list[Group]) -> None:
        deadline = self.clock.monotonic() + self.grace_s
        whose = f"an earlier life of the study in {kin.place}"
        stop = Stop(first, whose, deadline, until=_UNTIL)
        while True:
            if self.asked():
                deadline = self.clock.monotonic()
                stop.hasten(deadline)
            if self.clock.monotonic() >= deadline:
                for group in groups:
                    group.kill()
            ended = advance([stop], KinTable(kin), self.clock.monotonic())
            if ended and not any(group.populated for group in groups):
                return
            if self.asked() > 1:
                return
            now = self.clock.monotonic()
            time.sleep(max(0.0, stop.moment(now + FLOOR_S) - now))

    def _groups_of(self, found: list[Process], kin: Kin, lineage: set[int]) -> list[Group]:
        """Return the control groups that processes of the study have to themselves.

        A study within a trial of another may have processes in that trial's group.
        """
        base = own_group() if self.cgroups else None
        names = {group_of(one.pid) for one in found} - {None}
        groups = []
        for name in names if base else ():
            with contextlib.suppress(OSError):
                group = Group(f"{base}/{name}", 0)
                if any(pid in lineage or _is_foreign(pid, kin) for pid in group.pids()):
                    group.free()
                else:
                    groups.append(group)
        return groups


def _is_foreign(pid: int, kin: Kin) -> bool:
    """Tell whether a process says that it is none of those that are to be stopped."""
    try:
        origin = read_origin(pid)
    except OSError:
        return True
    return origin is not None and (origin.mark in kin.adopted or not owns(kin, origin))


def _told(found: list[Process]) -> str:
    """Return processes in words, the first of them by number."""
    some = ", ".join(str(one.pid) for one in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"process{'es' if len(found) > 1 else ''} {some}{more}"
