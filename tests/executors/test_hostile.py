"""Programs that behave badly are stopped whole, with whatever they started."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from local_place import DEADLINE_S, LocalPlace, only_end, start, until

from automl.executors.local.pace import FLOOR_S
from automl.executors.processes.brand import put_brand
from automl.executors.processes.proctree import ProcessTable
from automl.study.launch import Launch

GRACE_S = 0.2


def started(place: LocalPlace, launch: Launch) -> tuple:
    executor = place.executor()
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    return executor, handle


@pytest.mark.parametrize(
    "behaviour", ["runs", "ignores-term", "closes-its-streams", "changes-session", "forks-fast"]
)
def test_nothing_is_left_of_a_stopped_program(place: LocalPlace, behaviour: str) -> None:
    executor, handle = started(place, place.bad(behaviour))
    assert place.left()
    executor.cancel([handle], GRACE_S)
    ended = only_end(executor)
    assert ended.trial_id == 0
    assert ended.exit.signal_name in {"SIGTERM", "SIGKILL"}
    assert place.left() == []


def test_a_program_that_stopped_itself_can_still_be_asked(place: LocalPlace) -> None:
    executor, handle = started(place, place.bad("stops-itself"))
    until(
        lambda: any(psutil.Process(pid).status() == psutil.STATUS_STOPPED for pid in place.left()),
        "it did not stop itself",
    )
    began = time.monotonic()
    executor.cancel([handle], DEADLINE_S)
    only_end(executor)
    assert time.monotonic() - began < DEADLINE_S
    assert place.left() == []


@pytest.mark.parametrize("mode", ["bare", "retitled"])
def test_a_daemon_without_session_parent_or_mark_is_found(place: LocalPlace, mode: str) -> None:
    executor, handle = started(place, place.python("daemon.py", mode))
    assert len(place.left()) >= 2
    executor.cancel([handle], GRACE_S)
    only_end(executor)
    assert place.left() == []


def test_whatever_runs_late_nothing_starts_before_it_can_be_found(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.kind.cgroups:
        pytest.skip("found by its group")
    launch = place.python("daemon.py", "bare")

    def late(pid: int, mark: str) -> None:
        """Brand it as this process does that gets no CPU until the script waits or has started."""
        leader = psutil.Process(pid)
        at_work = Path(launch.script).with_name("marker").exists
        until(
            lambda: at_work() or (leader.status() == "sleeping" and not leader.children()),
            "it did not start",
        )
        put_brand(pid, mark)

    monkeypatch.setattr("automl.executors.local.spawn.put_brand", late)
    executor, handle = started(place, launch)
    executor.cancel([handle], GRACE_S)
    only_end(executor)
    assert place.left() == []


def test_with_a_group_no_forking_is_fast_enough(place: LocalPlace) -> None:
    if not place.kind.cgroups:
        pytest.skip("what hops faster than a walk of the process table needs a control group")
    executor, handle = started(place, place.python("daemon.py", "hops"))
    executor.cancel([handle], GRACE_S)
    only_end(executor)
    assert place.left() == []


@pytest.mark.parametrize("pause_ms", [1, 5, 30])
@pytest.mark.parametrize("grace_s", [0.0, GRACE_S])
def test_what_forks_on_slowly_is_stopped(place: LocalPlace, pause_ms: int, grace_s: float) -> None:
    executor, handle = started(place, place.python("slow_forker.py", str(pause_ms)))
    executor.cancel([handle], grace_s)
    executor.cancel([handle], grace_s)
    only_end(executor)
    assert place.left() == []


def test_asking_again_makes_no_walk(place: LocalPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    executor, handle = started(place, place.bad("ignores-term"))
    walks: list[bool] = []

    class Counted(ProcessTable):
        def __init__(self) -> None:
            walks.append(True)
            super().__init__()

    monkeypatch.setattr("automl.executors.local.walks.ProcessTable", Counted)
    began = time.monotonic()
    for _ in range(1000):
        executor.cancel([handle], DEADLINE_S)
        executor.wait(0)
    took_s = time.monotonic() - began
    assert 1 <= len(walks) <= 2 + took_s / FLOOR_S
    executor.cancel([handle], 0)
    only_end(executor)
    assert place.left() == []


def test_a_flood_of_output_is_stopped_in_the_middle(place: LocalPlace) -> None:
    launch = place.bad("floods")
    executor, handle = started(place, launch)
    before = psutil.Process().memory_info().rss
    executor.cancel([handle], 0)
    only_end(executor)
    assert place.left() == []
    assert psutil.Process().memory_info().rss - before < 20 << 20
    Path(launch.stdout).unlink()


@pytest.mark.parametrize(
    "behaviour", ["leaves-a-child", "leaves-a-stubborn-child", "leaves-a-session"]
)
def test_an_end_counts_once_nothing_is_left(place: LocalPlace, behaviour: str) -> None:
    if behaviour == "leaves-a-session" and not place.kind.cgroups:
        pytest.skip("without groups it counts at once if the program was as brief as this one")
    executor = place.executor()
    start(executor, place.bad(behaviour))
    assert only_end(executor).exit.code == 0
    assert place.left() == []


def test_what_a_brief_program_left_is_stopped_soon(place: LocalPlace) -> None:
    executor = place.executor()
    start(executor, place.bad("leaves-a-session"))
    assert only_end(executor).exit.code == 0
    until(lambda: executor.wait(0) or not place.left(), "something is left of it")


def test_what_a_brief_program_left_is_stopped_before_the_end(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automl.executors.local.leftovers.EVERY_S", 3600.0)
    executor = place.executor()
    for trial_id in range(2):  # of these, a look is due after the first alone
        start(executor, place.bad("leaves-a-session", trial_id=trial_id))
        assert only_end(executor).trial_id == trial_id
    executor.close()
    assert place.left() == []


def test_another_launch_of_the_trial_is_not_taken_for_what_the_first_one_left(
    place: LocalPlace,
) -> None:
    executor = place.executor()
    first = place.bad("leaves-a-session")
    start(executor, first)
    only_end(executor)
    again = replace(place.bad("runs"), mark=first.mark)
    handle = start(executor, again)
    place.wait_until_at_work(again)
    for _ in range(3):
        assert executor.wait(0) == []
    assert psutil.Process(int(handle["pid"])).is_running()
    executor.cancel([handle], GRACE_S)
    only_end(executor)
    assert place.left() == []


def test_a_long_run_is_checked_for_other_sessions(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automl.executors.local.executor.STRAY_CHECK_S", 0.0)
    executor = place.executor()
    start(executor, place.bad("leaves-a-session"))
    assert only_end(executor).exit.code == 0
    assert place.left() == []


def test_what_others_run_is_left_alone(place: LocalPlace, tmp_path: Path) -> None:
    """A process in a session of its own that is ours, but no trial's, survives every stop."""
    pid = os.posix_spawn("/bin/sleep", ["sleep", "600"], os.environ, setsid=True)
    try:
        executor, handle = started(place, place.python("daemon.py", "bare"))
        executor.cancel([handle], 0)
        only_end(executor)
        assert psutil.Process(pid).status() == psutil.STATUS_SLEEPING
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert tmp_path.exists()


def test_two_trials_are_told_apart(place: LocalPlace) -> None:
    executor = place.executor()
    launches = [place.python("daemon.py", "bare", trial_id=number) for number in range(2)]
    handles = [start(executor, launch) for launch in launches]
    for launch in launches:
        place.wait_until_at_work(launch)
    both = len(place.left())
    executor.cancel([handles[0]], 0)
    assert only_end(executor).trial_id == 0
    assert len(place.left()) == both // 2
    executor.cancel([handles[1]], 0)
    assert only_end(executor).trial_id == 1
    assert place.left() == []
