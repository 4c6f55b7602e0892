"""Which processes come from which: by parent, session, group and brand."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from automl.executors.processes.identity import Process, Stat


class Kinship:
    """Living processes, indexed so that what belongs to one trial is found by its size alone.

    With 200 trials and 2,000 processes, going through all processes for each trial would be
    400,000 steps at each look; following what each process started is one step a process.

    Attributes:
        stats: what the kernel says about each process, by pid.
        brands: the brand of each, None for one without.
    """

    def __init__(self) -> None:
        self.stats: dict[int, Stat] = {}
        self.brands: dict[int, int | None] = {}
        self._children: defaultdict[int, list[int]] = defaultdict(list)
        self._sessions: defaultdict[int, list[int]] = defaultdict(list)
        self._groups: defaultdict[int, set[int]] = defaultdict(set)
        self._branded: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, pid: int, stat: Stat, brand: int | None) -> None:
        """Take in a process that was not there before."""
        self.stats[pid] = stat
        self.brands[pid] = brand
        self._children[stat.parent].append(pid)
        self._sessions[stat.session].append(pid)
        self._groups[stat.group].add(pid)
        if brand is not None:
            self._branded[brand].append(pid)

    def branded(self, brand: int) -> Collection[int]:
        """Return the pids of the processes with a brand."""
        return self._branded.get(brand, ())

    def in_group(self, group: int) -> Collection[int]:
        """Return the pids of the processes in a process group."""
        return self._groups.get(group, frozenset())

    def alive(self, known: Iterable[Process]) -> set[int]:
        """Return the pids of those processes that are there, and are no others of their pids."""
        stats = self.stats
        return {one.pid for one in known if one.pid in stats and stats[one.pid].start == one.start}

    def among(self, pids: Iterable[int]) -> list[int]:
        """Return those of these pids that are there."""
        stats = self.stats
        return [pid for pid in pids if pid in stats]

    def with_offspring(self, own: set[int], begun: set[int], since: int) -> list[Process]:
        """Return the processes `own`, with all that they, or the sessions `begun`, have started.

        Nothing that is older than `since` is taken for theirs.
        """
        stats, found, sessions = self.stats, set(own), set(begun)
        todo = list(own)
        near = [pid for session in begun for pid in self._sessions.get(session, ())]
        while todo or near:
            for pid in near:
                if pid not in found and stats[pid].start >= since:
                    found.add(pid)
                    todo.append(pid)
            near = []
            if todo:
                pid = todo.pop()
                near += self._children.get(pid, ())
                if stats[pid].session == pid and pid not in sessions:
                    sessions.add(pid)
                    near += self._sessions.get(pid, ())
        return [Process(pid, stats[pid].start) for pid in sorted(found)]
