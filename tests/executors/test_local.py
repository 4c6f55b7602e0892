"""What a local executor says of its launches, and what it does when something is in the way."""

import errno
import json
import os
import re
import resource
import signal
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from local_place import (
    DEADLINE_S,
    STRAY_S,
    LocalPlace,
    attach,
    only_end,
    refusal,
    start,
    told,
    until,
    wait_end,
)

from automl.executors.local.executor import LocalExecutor
from automl.executors.local.housekeeping.sampling import OomKills
from automl.executors.local.starts import BRIEF_IN_A_ROW
from automl.executors.processes.identity import boot_id, host
from automl.executors.processes.proctree import ProcessTable
from automl.study.launch import Began, Ended, Handle
from automl.testing import Behaviour

MB = 1 << 20


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_a_handle_tells_where_its_launch_is(place: LocalPlace) -> None:
    executor = place.executor()
    launch = place.launch(7, Behaviour.RUNS)
    handle = start(executor, launch)
    told = {key: handle[key] for key in ("trial", "host", "boot", "mark", "exit")}
    assert told == {
        "trial": 7,
        "host": host(),
        "boot": boot_id(),
        "mark": launch.mark,
        "exit": launch.exit_path,
    }
    assert os.getsid(int(handle["pid"])) == handle["pid"]
    assert json.loads(json.dumps(handle)) == handle
    assert ("cgroup" in handle) == place.kind.cgroups
    executor.cancel([handle], 0)
    only_end(executor)


def test_the_seconds_of_all_its_processes_are_counted(place: LocalPlace) -> None:
    executor = place.executor()
    burn = "i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done"
    start(executor, place.launch_of(burn))
    cpu_s = only_end(executor).exit.cpu_s
    assert cpu_s is not None
    assert 0.001 < cpu_s < 20


def test_brief_launches_are_not_worth_a_group(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = place.executor()

    def grouped() -> bool:
        handle = start(executor, place.launch_of(":"))
        only_end(executor)
        return "cgroup" in handle

    grown = [grouped() for _ in range(BRIEF_IN_A_ROW + 2)]
    assert grown == [place.kind.cgroups] * BRIEF_IN_A_ROW + [False] * 2
    monkeypatch.setattr("automl.executors.local.starts.BRIEF_S", 0.0)
    assert [grouped(), grouped()] == [False, place.kind.cgroups]


def test_a_log_that_cannot_be_opened_is_told(place: LocalPlace) -> None:
    executor = place.executor()
    launch = replace(place.launch_of(":"), stdout="/nowhere/at/all.log")
    ended = refusal(executor, launch)
    assert re.match(r"trial 0: cannot start .*\n.*/nowhere/at/all\.log", ended.problem)
    assert ended.errno == errno.ENOENT
    start(executor, replace(launch, stdout=launch.stderr))
    assert only_end(executor).exit.code == 0


def test_without_descriptors_nothing_is_started(place: LocalPlace) -> None:
    executor = place.executor()
    start(executor, replace(place.launch_of(":"), direct=None))
    only_end(executor)
    launch = place.launch(0, Behaviour.RUNS)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
    try:
        ended = refusal(executor, launch)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "ulimit -n" in ended.problem
    assert ended.errno == errno.EMFILE
    start(executor, place.launch_of(":"))
    assert only_end(executor).exit.code == 0


def test_a_launch_that_cannot_be_watched_is_killed(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = place.executor()
    launch = replace(place.launch(0, Behaviour.RUNS), direct=None)

    def full(pid: int) -> None:
        assert psutil.pid_exists(pid)
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(executor._watch, "add", full)
        assert "ulimit -n" in refusal(executor, launch).problem
    with pytest.raises(ChildProcessError):
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG)
    assert executor.wait(0) == []
    # What it had started was killed with it, and may take a moment to die.
    until(lambda: not place.left(), "something is left of it")


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EAGAIN, "ulimit -u"),
        (errno.ENOMEM, "free memory"),
        (errno.ENFILE, "ulimit -n"),
        (errno.EACCES, "can they be written"),
    ],
)
def test_a_refused_start_says_what_to_do(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    executor = place.executor()

    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        for call in ("posix_spawn", "posix_spawnp"):
            patch.setattr(os, call, refuse)
        ended = refusal(executor, place.launch_of(":"))
    assert advice in ended.problem
    assert ended.errno == number


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux only")
def test_all_of_a_launch_is_bound_to_its_cpus(place: LocalPlace) -> None:
    executor = place.executor()
    before = os.sched_getaffinity(0)
    cpu = max(before)
    launch = place.launch_of("grep Cpus_allowed_list /proc/self/status")
    start(executor, replace(launch, cpus=(cpu,)))
    only_end(executor)
    assert Path(launch.stdout).read_text().split() == ["Cpus_allowed_list:", str(cpu)]
    assert os.sched_getaffinity(0) == before


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux only")
def test_cpus_that_are_not_there_are_told(place: LocalPlace) -> None:
    executor = place.executor()
    before = os.sched_getaffinity(0)
    ended = refusal(executor, replace(place.launch_of(":"), cpus=(1000,)))
    assert "cpus:  1000; this process may not use them" in ended.problem
    assert os.sched_getaffinity(0) == before


def test_a_launch_can_be_nicer_than_we_are(place: LocalPlace) -> None:
    executor = place.executor()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    handle = start(executor, replace(place.launch(0, Behaviour.RUNS), nice=3))
    assert os.getpriority(os.PRIO_PROCESS, int(handle["pid"])) == min(19, own + 3)
    executor.cancel([handle], 0)
    only_end(executor)


def test_more_memory_than_allowed_ends_a_launch(
    place: LocalPlace, caplog: pytest.LogCaptureFixture
) -> None:
    executor = place.executor()
    big = replace(place.python("hog.py", "120"), memory_bytes=80 * MB)
    small = replace(place.python("hog.py", "20", trial_id=1), memory_bytes=80 * MB)
    start(executor, big)
    handle = start(executor, small)
    for launch in (big, small):
        place.wait_until_at_work(launch)
    executor._lookout._memory.next_s = 0.0
    ended = only_end(executor)
    assert (ended.trial_id, ended.exit.out_of_memory) == (0, True)
    assert ended.exit.memory_limit_bytes == 80 * MB
    assert (ended.exit.peak_memory_bytes or 0) > 120 * MB
    assert "trial 0: killed, as it uses" in caplog.text
    executor.cancel([handle], 0)
    exit_ = only_end(executor).exit
    assert not exit_.out_of_memory
    assert 20 * MB < (exit_.peak_memory_bytes or 0) < 80 * MB


def test_a_kill_by_the_kernel_for_want_of_memory_is_told_from_another(place: LocalPlace) -> None:
    executor = place.executor()
    vmstat = place.folder / "vmstat"
    vmstat.write_text("nr_free 5\noom_kill 3\n")
    executor._lookout._oom = OomKills(str(vmstat))
    kill(int(start(executor, place.launch(0, Behaviour.RUNS))["pid"]))
    ended = only_end(executor).exit
    assert (ended.signal_name, ended.out_of_memory) == ("SIGKILL", False)
    handle = start(executor, place.launch(0, Behaviour.RUNS))
    vmstat.write_text("nr_free 5\noom_kill 4\n")
    kill(int(handle["pid"]))
    ended = only_end(executor).exit
    assert (ended.out_of_memory, ended.memory_limit_bytes) == (True, None)
    kill(int(start(executor, place.launch(0, Behaviour.RUNS))["pid"]))
    assert not only_end(executor).exit.out_of_memory


def test_a_waker_ends_a_wait(place: LocalPlace) -> None:
    executor = place.executor()
    handle = start(executor, place.launch(0, Behaviour.RUNS))
    place.waker.wake()
    assert executor.wait(None) == []
    executor.cancel([handle], 0)
    only_end(executor)


def test_what_an_adopted_leader_left_is_stopped(place: LocalPlace) -> None:
    executor = place.executor()
    launch = replace(place.python("daemon.py", "retitled"), direct=None)
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    executor.close()
    kill(int(handle["pid"]))
    wait_end(int(handle["pid"]))
    assert place.left()
    successor = place.executor()
    assert attach(successor, [handle])
    assert only_end(successor).exit.code is None
    assert place.left() == []
    assert not attach(successor, [handle])


SAVES = (
    "trap 'echo asked >> asked; until [ -e saved ]; do sleep 0.01; done; exit 0' TERM; "
    ": > marker; while :; do sleep 0.01; done"
)


def asked_by_another(place: LocalPlace) -> tuple[Handle, Path]:
    """Return a launch that was asked to end, of which only the program that saves is left."""
    executor = place.executor()
    launch = replace(place.launch_of(("sh", "-c", SAVES)), direct=None)
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    executor.cancel([handle], DEADLINE_S)
    folder = Path(launch.script).parent
    until((folder / "asked").exists, "it was not asked")
    wait_end(int(handle["pid"]))
    executor.close()
    return handle, folder


def test_what_was_asked_to_end_is_not_asked_again_and_has_its_grace(place: LocalPlace) -> None:
    handle, folder = asked_by_another(place)
    successor = place.executor()
    (attached,) = attach(successor, [handle], rest_s=DEADLINE_S)
    successor.cancel([attached], DEADLINE_S)
    assert successor.wait(2 * STRAY_S) == []
    assert place.left()
    (folder / "saved").touch()
    only_end(successor)
    assert (folder / "asked").read_text() == "asked\n"
    assert place.left() == []


def test_what_was_asked_to_end_is_killed_once_its_grace_is_over(place: LocalPlace) -> None:
    handle, folder = asked_by_another(place)
    successor = place.executor()
    attach(successor, [handle], rest_s=0.001)
    only_end(successor)
    assert (folder / "asked").read_text() == "asked\n"
    assert place.left() == []


def test_an_adopted_launch_reports_its_own_exit_code(place: LocalPlace) -> None:
    executor = place.executor()
    launch = place.launch_of(": > marker; while ! [ -e go ]; do :; done; exit 5")
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    executor.close()
    successor = place.executor()
    assert attach(successor, [handle])
    assert attach(successor, [handle])
    Path(launch.script).with_name("go").touch()
    assert only_end(successor).exit.code == 5


@pytest.mark.parametrize("without", [(), ("pid", "start")])
def test_a_launch_that_left_its_exit_code_has_ended_whatever_it_left(
    place: LocalPlace, without: tuple[str, ...]
) -> None:
    executor = place.executor()
    launch = place.launch_of(
        "setsid sh -c ': > marker; exec sleep 600' & until [ -e marker ] && [ -e go ]; do :; done"
    )
    known = start(executor, launch)
    Path(launch.script).with_name("go").touch()
    wait_end(int(known["pid"]))
    executor.close()
    successor = place.executor()
    handle = {key: value for key, value in known.items() if key not in without}
    assert attach(successor, [handle]) == []
    # What is left of it is for whoever looks for what earlier lives left.
    (daemon,) = place.left()
    kill(daemon)
    until(lambda: not place.left(), "it was not killed")


def test_what_is_asked_to_end_leaves_no_exit_code(place: LocalPlace) -> None:
    """A program may end with 0 then, and nobody may take that for its own end."""
    executor = place.executor()
    launch = place.launch_of(
        ("sh", "-c", "trap 'exit 0' TERM; : > marker; while :; do sleep 0.01; done")
    )
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    executor.cancel([handle], DEADLINE_S)
    only_end(executor)
    assert not Path(launch.exit_path).exists()
    start(executor, again := place.launch_of(("true",)))
    only_end(executor)
    assert Path(again.exit_path).read_text() == "0\n"


@pytest.mark.parametrize(
    ("command", "left"), [("sleep 600 & true", True), ("sleep 0 & wait", False)]
)
def test_an_end_tells_whether_others_of_it_still_ran(
    place: LocalPlace, command: str, *, left: bool
) -> None:
    executor = place.executor()
    start(executor, place.launch_of(command))
    ended = only_end(executor).exit
    assert (ended.code, ended.left_running) == (0, left)
    assert place.left() == []


def test_all_launches_are_looked_for_in_one_walk(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = place.executor()
    handles = [start(executor, place.launch(number, Behaviour.RUNS)) for number in range(3)]
    executor.close()
    successor = place.executor()
    made: list[ProcessTable] = []

    def table() -> ProcessTable:
        made.append(ProcessTable())
        return made[-1]

    with monkeypatch.context() as patch:
        patch.setattr("automl.executors.local.walks.ProcessTable", table)
        assert attach(successor, handles) == handles
        assert len(made) == 1
    for handle in handles:
        successor.cancel([handle], 0)
    for _ in handles:
        told(successor, Ended)


def test_another_process_with_the_pid_is_not_adopted(place: LocalPlace) -> None:
    executor: LocalExecutor = place.executor()
    handle = start(executor, place.launch(0, Behaviour.RUNS))
    successor = place.executor()
    strange = {**handle, "start": int(handle["start"]) - 1, "mark": "nobody's"}
    strange.pop("cgroup", None)
    assert not attach(successor, [strange])
    assert not attach(successor, [{**handle, "host": "elsewhere"}])
    executor.cancel([handle], 0)
    only_end(executor)


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_a_launch_has_the_usual_signals_whatever_we_ignore_or_hold_back(place: LocalPlace) -> None:
    executor = place.executor()
    launch = place.launch_of("grep -E '^Sig(Ign|Blk)' /proc/self/status")
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    held = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        start(executor, launch)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        for number, action in before.items():
            signal.signal(number, action)
    assert only_end(executor).exit.code == 0
    masks = dict(line.split() for line in Path(launch.stdout).read_text().splitlines())
    for name, mask in masks.items():
        kept = [one.name for one in SIGNALS if int(mask, 16) >> (one - 1) & 1]
        assert kept == [], f"{name} {kept}"


def test_a_program_that_writes_to_a_closed_pipe_ends_by_the_signal(place: LocalPlace) -> None:
    executor = place.executor()
    # With SIGPIPE ignored, as Python has it, `yes` would complain and go on to fail.
    launch = place.launch_of("{ yes; echo $? >&2; } | head -1")
    start(executor, launch)
    only_end(executor)
    assert Path(launch.stderr).read_text() == f"{128 + signal.SIGPIPE}\n"


def test_a_handle_of_the_release_before_finds_its_launch(place: LocalPlace) -> None:
    executor = place.executor()
    known = start(executor, place.launch(0, Behaviour.RUNS))
    executor.close()
    successor = place.executor()
    # It told a process, but neither executor, study nor attempt.
    old = {key: known[key] for key in known if key not in {"executor", "study", "attempt"}}
    (found,) = attach(successor, [old])
    assert found["pid"] == known["pid"]
    successor.cancel([old], DEADLINE_S)
    only_end(successor)
    assert place.left() == []


def test_no_wait_starts_launches_for_long(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automl.executors.local.executor.START_S", 0.0)
    executor = place.executor()
    executor.submit([place.launch(trial_id, Behaviour.RUNS) for trial_id in range(3)])
    begun: list[Began] = []
    while len(begun) < 3:
        news = executor.wait(DEADLINE_S)
        begun += [one for one in news if isinstance(one, Began)]
        # What several starters have begun may be told at once.
        assert len(news) == 1 or (news and place.kind.starters)
    executor.cancel([one.handle for one in begun], 0)
    for _ in begun:
        told(executor, Ended)


def test_an_earlier_attempts_handle_does_not_cancel_one_that_waits(place: LocalPlace) -> None:
    executor = place.executor()
    launch = replace(place.launch(0, Behaviour.RUNS), attempt=2)
    handles = executor.submit([launch])
    executor.cancel([{**handles[0], "attempt": 1}], 0)
    assert isinstance(told(executor, Began), Began)
    executor.cancel(handles, 0)
    only_end(executor)
