"""Many launches are stopped, found again and looked after with as few walks as one."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from local_place import LocalPlace, attach, start, told, until

from automl.executors.processes import proctree
from automl.executors.processes.brand import brand_of
from automl.executors.processes.identity import Process, Stat
from automl.executors.processes.kinship import Kinship
from automl.executors.processes.proctree import ProcessTable
from automl.study.launch import Ended, Handle
from automl.testing import Behaviour

FEW, MANY = 2, 12
LONG_S = 600.0

Walks = Callable[[], int]


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch) -> Walks:
    """How often the processes of the machine were listed so far."""
    count, pids = [0], proctree._pids

    def counted() -> list[int]:
        count[0] += 1
        return pids()

    monkeypatch.setattr(proctree, "_pids", counted)
    return lambda: count[0]


def begin(place: LocalPlace, count: int, behaviour: Behaviour) -> tuple[Any, list[Handle]]:
    executor = place.executor()
    launches = [place.launch(trial_id, behaviour) for trial_id in range(count)]
    handles = [start(executor, launch) for launch in launches]
    for launch in launches:
        place.wait_until_at_work(launch)
    return executor, handles


def finish(executor: Any, count: int) -> None:
    for _ in range(count):
        told(executor, Ended)


@pytest.mark.parametrize("count", [FEW, MANY])
def test_all_are_asked_in_one_walk(place: LocalPlace, walks: Walks, count: int) -> None:
    executor, handles = begin(place, count, Behaviour.RUNS)
    before = walks()
    executor.cancel(handles, LONG_S)
    # A busy machine has always something new, so one walk may list it some times more.
    assert walks() - before <= 1 + proctree._ROUNDS
    finish(executor, count)
    assert place.left() == []


@pytest.mark.parametrize("count", [FEW, MANY])
def test_all_are_killed_in_one_walk(place: LocalPlace, walks: Walks, count: int) -> None:
    executor, handles = begin(place, count, Behaviour.STUBBORN)
    before = walks()
    executor.cancel(handles, 0)
    # Once more after they were killed, for what they have started meanwhile.
    assert walks() - before <= 2 + proctree._ROUNDS
    finish(executor, count)
    assert place.left() == []


@pytest.mark.parametrize("count", [FEW, MANY])
def test_all_are_found_again_in_one_walk(place: LocalPlace, walks: Walks, count: int) -> None:
    executor, handles = begin(place, count, Behaviour.RUNS)
    executor.close()
    successor = place.executor()
    before = walks()
    assert len(attach(successor, handles)) == count
    assert walks() - before == 1
    successor.cancel(handles, 0)
    finish(successor, count)


def test_those_asked_before_are_not_looked_for_again_by_the_next_cancel(
    place: LocalPlace, walks: Walks
) -> None:
    executor, handles = begin(place, FEW, Behaviour.STUBBORN)
    executor.cancel(handles, LONG_S)
    before = walks()
    executor.cancel([], 0)
    assert walks() == before
    executor.cancel(handles, 0)
    finish(executor, FEW)
    until(lambda: not place.left(), "something was left")


def test_what_is_known_of_a_process_is_not_asked_again(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor, handles = begin(place, FEW, Behaviour.RUNS)
    executor.close()
    successor = place.executor()
    asked: Counter[str] = Counter()
    real = os.open

    def counted(path: Any, *args: Any, **options: Any) -> int:
        asked[str(path)] += 1
        return real(path, *args, **options)

    monkeypatch.setattr(os, "open", counted)
    found = attach(successor, handles)
    stats = [f"/proc/{handle['pid']}/stat" for handle in found]
    assert len(stats) == FEW
    # Some watch by looking themselves.
    assert place.kind.watch or {asked[path] for path in stats} == {1}
    asked.clear()
    successor.cancel(found, LONG_S)
    # Once more before it gets a signal, which must reach no other of its pid.
    assert {asked[path] for path in stats} == {2}
    monkeypatch.undo()
    finish(successor, FEW)


class Counting(dict[int, Any]):
    """Counts each entry that somebody looks at."""

    seen = 0

    def __getitem__(self, key: int) -> Any:
        type(self).seen += 1
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[int]:
        type(self).seen += len(self)
        return super().__iter__()

    def items(self) -> Any:
        type(self).seen += len(self)
        return super().items()

    def values(self) -> Any:
        type(self).seen += len(self)
        return super().values()


def test_a_look_at_one_trial_costs_as_much_as_it_has_processes() -> None:
    trials, strangers = 200, 3000
    kinship = Kinship()
    kinship.stats, kinship.brands = Counting(), Counting()
    for pid in range(1, strangers):
        kinship.add(pid, Stat(False, 0, pid, pid, 1), None)  # noqa: FBT003
    leaders = [Process(10_000 + 10 * trial, 2) for trial in range(trials)]
    for trial, leader in enumerate(leaders):
        brand = brand_of(str(trial))
        kinship.add(leader.pid, Stat(False, 1, leader.pid, leader.pid, 2), brand)  # noqa: FBT003
        kinship.add(leader.pid + 1, Stat(False, leader.pid, leader.pid, leader.pid, 3), brand)  # noqa: FBT003
    table = ProcessTable.__new__(ProcessTable)
    table._kinship, table._ended_groups = kinship, set()
    table.__dict__["_marked"] = {}
    Counting.seen = 0
    for trial, leader in enumerate(leaders):
        own = table.of(leader, str(trial), [leader])
        assert [one.pid for one in own] == [leader.pid, leader.pid + 1]
        assert table.has_group(leader.pid)
        assert table.whole_groups(own) == {leader.pid: own}
    assert Counting.seen < 30 * trials
