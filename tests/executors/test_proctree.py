"""Whose a process is, and that a signal reaches that one alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_place import until

from automl.executors.processes import proctree
from automl.executors.processes.brand import brand_of, put_brand, read_brand
from automl.executors.processes.identity import (
    Process,
    Stat,
    group_exists,
    is_running,
    read_birth,
    read_stat,
    start_time,
)
from automl.executors.processes.kinship import Kinship
from automl.executors.processes.proctree import ProcessTable, send, signal_all
from automl.study.launch import EXIT_FILE_VARIABLE, MARK_VARIABLE

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
NOBODY = Process(4_000_000, 0)


@pytest.fixture
def child() -> Iterator[Process]:
    """A process in a session of its own, without a mark."""
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as child:
        yield Process(child.pid, start_time(child.pid) or 0)
        child.kill()


def table_of(**stats: tuple[int, int, int]) -> ProcessTable:
    """Return a table of processes `p<pid>=(parent, session, start)`, none with a brand or mark."""
    table = ProcessTable.__new__(ProcessTable)
    table._kinship = Kinship()
    for name, (parent, session, start) in stats.items():
        stat = Stat(dead=False, parent=parent, group=session, session=session, start=start)
        table._kinship.add(int(name[1:]), stat, brand=None)
    table.__dict__["_marked"] = {}
    return table


def test_sessions_and_descendants_belong() -> None:
    table = table_of(
        p10=(1, 10, 5), p11=(10, 10, 6), p12=(11, 12, 7), p13=(1, 12, 8), p20=(1, 20, 5)
    )
    assert [one.pid for one in table.of(Process(10, 5), "m")] == [10, 11, 12, 13]


def test_orphans_of_a_dead_leader_belong_by_their_session() -> None:
    table = table_of(p11=(1, 10, 6), p20=(1, 20, 5))
    assert table.of(Process(10, 5), "m") == [Process(11, 6)]


def test_a_stranger_with_the_pid_of_the_leader_is_left_alone() -> None:
    table = table_of(p10=(1, 10, 90), p11=(10, 10, 91))
    assert table.of(Process(10, 5), "m") == []


def test_what_is_older_than_the_leader_is_no_descendant() -> None:
    table = table_of(p10=(1, 10, 50), p11=(10, 11, 49))
    assert table.of(Process(10, 50), "m") == [Process(10, 50)]


def test_what_was_seen_before_belongs_with_what_it_started() -> None:
    table = table_of(p30=(1, 30, 60), p31=(30, 30, 61), p40=(1, 40, 62))
    known = [Process(30, 60), Process(40, 1)]
    assert table.of(NOBODY, "m", known) == [Process(30, 60), Process(31, 61)]


def test_whoever_is_in_the_control_group_belongs_unless_the_table_is_older() -> None:
    table = table_of(p30=(1, 30, 60), p31=(30, 31, 61), p40=(1, 40, 1))
    assert table.of(NOBODY, "m", members=[30, 999]) == [Process(30, 60), Process(31, 61)]


def test_only_groups_without_strangers_are_whole() -> None:
    table = table_of(p10=(1, 10, 5), p11=(10, 10, 6), p20=(1, 20, 5), p21=(1, 20, 6))
    whole = table.whole_groups([Process(10, 5), Process(11, 6), Process(20, 5)])
    assert whole == {10: [Process(10, 5), Process(11, 6)]}


@pytest.mark.parametrize("before", [0, 100_000], ids=["short", "long"])
def test_the_mark_is_found_in_the_environment(child: Process, before: int) -> None:
    mark = f"test:{child.pid}"
    env = {"LONG": "x" * before, **os.environ, MARK_VARIABLE: mark}
    with subprocess.Popen(["sleep", "600"], env=env, start_new_session=True) as marked:

        def found() -> list[Process]:
            return ProcessTable().of(NOBODY, mark)

        until(found, "the mark was not found")
        assert found() == [Process(marked.pid, start_time(marked.pid) or 0)]
        assert ProcessTable().leader_of(mark) is None
        assert ProcessTable().of(NOBODY, mark, marks=False) == []
        marked.kill()


def test_the_leader_is_the_script_and_no_daemon_that_leads_a_session_too(
    child: Process, tmp_path: Path
) -> None:
    mark, ready = f"test:{child.pid}", tmp_path / "ready"
    env = {**os.environ, MARK_VARIABLE: mark, EXIT_FILE_VARIABLE: str(tmp_path / "exit")}
    daemon = f"setsid sh -c ': > {ready}; exec sleep 600' & exec sleep 600"
    line = f"unset {EXIT_FILE_VARIABLE}; sh -c '{daemon.replace(chr(39), chr(34))}'; :"
    with subprocess.Popen(["sh", "-c", line], env=env, start_new_session=True) as script:
        until(ready.exists, "it did not start")
        try:
            leader = Process(script.pid, start_time(script.pid) or 0)
            assert ProcessTable().leader_of(mark) == leader
            assert ProcessTable().leader_of(mark + "0") is None
            script.kill()
            until(lambda: not is_running(leader), "it was not killed")
            assert ProcessTable().of(NOBODY, mark)
            assert ProcessTable().leader_of(mark) is None
        finally:
            signal_all(ProcessTable(), ProcessTable().of(NOBODY, mark), signal.SIGKILL)


@linux_only
def test_a_brand_outlives_a_cleared_environment_and_a_new_session(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    line = f"read go; setsid env -i sh -c ': > {ready}; exec sleep 600' & wait"
    with subprocess.Popen(["sh", "-c", line], stdin=subprocess.PIPE) as parent:
        put_brand(parent.pid, "study:5")
        assert parent.stdin
        parent.stdin.write(b"go\n")
        parent.stdin.flush()
        until(ready.exists, "it did not start")
        found = ProcessTable().of(NOBODY, "study:5")
        assert parent.pid in {one.pid for one in found}
        assert len(found) == 2
        assert ProcessTable().of(NOBODY, "study:50") == []
        signal_all(ProcessTable(), found, signal.SIGKILL)


def test_brands_tell_marks_apart() -> None:
    assert len({brand_of(f"study:{number}") for number in range(1000)}) == 1000
    assert all(1 << 61 <= brand_of(f"{number}") < 1 << 62 for number in range(1000))


def test_nobody_has_a_brand_by_chance(child: Process) -> None:
    assert read_brand(child.pid) is None
    assert read_brand(NOBODY.pid) is None
    put_brand(NOBODY.pid, "study:7")


def test_a_signal_reaches_only_the_process_that_was_meant(child: Process) -> None:
    namesake = Process(child.pid, child.start - 1)
    send(namesake, signal.SIGKILL)
    signal_all(ProcessTable(), [child], signal.SIGCONT)
    assert is_running(child)
    assert not is_running(namesake)
    send(NOBODY, signal.SIGKILL)
    send(child, signal.SIGKILL)
    until(lambda: not is_running(child), "it was not killed")


@linux_only
def test_a_signal_goes_out_without_descriptors_too(
    child: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(pid: int) -> int:
        raise OSError(24, f"no descriptor for {pid}")

    with monkeypatch.context() as patch:
        patch.setattr("os.pidfd_open", full)
        send(Process(child.pid, child.start - 1), signal.SIGKILL)
        assert is_running(child)
        send(child, signal.SIGKILL)
    until(lambda: not is_running(child), "it was not killed")


def test_a_child_that_ended_keeps_its_birth_until_it_is_reaped() -> None:
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {})
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert start_time(pid) is None
    assert read_birth(pid) > 0
    os.waitpid(pid, 0)
    assert read_birth(pid) == 0


def test_a_group_exists_as_long_as_anybody_is_in_it(child: Process) -> None:
    assert group_exists(child.pid)
    send(child, signal.SIGKILL)
    until(lambda: not is_running(child), "it was not killed")
    os.waitpid(child.pid, 0)
    assert not group_exists(child.pid)


@linux_only
def test_a_name_with_brackets_does_not_confuse(tmp_path: Path) -> None:
    program = tmp_path / "a) Z 1 1"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "600"]) as odd:
        stat = read_stat(odd.pid)
        assert stat
        assert (stat.dead, stat.parent) == (False, os.getpid())
        odd.kill()


def test_the_walk_of_other_systems_finds_the_same(child: Process) -> None:
    found = proctree._other_stat(child.pid)
    assert found
    assert proctree._other_stat(NOBODY.pid) is None
    assert (found.parent, found.session, found.group) == (os.getpid(), child.pid, child.pid)
    assert found.start == child.start
