"""Launches without a shell: what becomes of them whatever becomes of their starters."""

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from local_place import DEADLINE_S, Kind, LocalPlace, attach, only_end, start, told, until, wait_end

from automl.clock import SystemClock
from automl.errors import LaunchError
from automl.executors.executor import Gone, Wanted
from automl.executors.local import running, starts
from automl.executors.local.earlier import EarlierLives
from automl.executors.local.executor import LocalExecutor
from automl.executors.local.starters import earlier, orders, starter
from automl.executors.local.starters.program import ORDER_BYTES
from automl.executors.local.starters.starter import Starter, StarterLostError
from automl.executors.processes.identity import Process, has_ended, read_stat
from automl.executors.processes.proctree import ProcessTable
from automl.executors.site import Kin
from automl.study.launch import Began, Ended, EndKind, Handle, Launch
from automl.testing import Behaviour

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="starters need Linux")

WAITS = ("sh", "-c", ": > marker; until [ -e go ]; do sleep 0.01; done; exit 5")


class LateClock(SystemClock):
    """The machine's clock, and some seconds more."""

    later_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.later_s


@pytest.fixture
def place(tmp_path: Path) -> Iterator[LocalPlace]:
    place = LocalPlace(tmp_path, Kind(cgroups=False, starters=True))
    yield place
    assert place.close() == []


def starter_of(handle: Handle) -> int:
    """Return the pid of the starter that started a launch that runs."""
    stat = read_stat(int(handle["pid"]))
    assert stat is not None
    assert b"program.py" in Path(f"/proc/{stat.parent}/cmdline").read_bytes()
    return stat.parent


def begun(place: LocalPlace, executor: LocalExecutor) -> tuple[Launch, Handle]:
    """Start a launch that ends with code 5 once there is a file `go`."""
    launch = place.launch_of(WAITS)
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    return launch, handle


def idle_starter(place: LocalPlace, executor: LocalExecutor) -> int:
    """Return the pid of a starter that has done a launch, and has nothing to do."""
    launch, handle = begun(place, executor)
    one = starter_of(handle)
    go_on(launch)
    only_end(executor)
    return one


def go_on(launch: Launch) -> None:
    Path(launch.script).with_name("go").touch()


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    os.kill(pid, number)


def test_one_starter_does_one_launch_after_another_and_ends_with_its_executor(
    place: LocalPlace,
) -> None:
    executor = place.executor()
    seen = set()
    for _ in range(2):
        launch, handle = begun(place, executor)
        seen.add(starter_of(handle))
        go_on(launch)
        assert only_end(executor).exit.code == 5
        assert Path(launch.exit_path).read_text() == "5\n"
    (one,) = seen
    executor.close()
    assert has_ended(one)


def test_starters_begin_once_they_pay(place: LocalPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    executor = LocalExecutor(place.waker, SystemClock(), cgroups=False, pays_after=4)

    def direct() -> bool:
        launch, handle = begun(place, executor)
        parent = read_stat(int(handle["pid"]))
        go_on(launch)
        assert only_end(executor).exit.code == 5
        return parent is not None and parent.parent != os.getpid()

    assert not any(direct() for _ in range(4))
    # One begins beside the fifth, and does launches from when it is ready.
    until(direct, "no starter does anything")
    monkeypatch.setattr(starts, "BRIEF_S", 0.0)
    assert [direct(), direct()] == [True, False]
    executor.close()


def test_one_that_is_yet_to_begin_ends_with_its_executor(
    place: LocalPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(starter, "PROGRAM", slow)
    executor = LocalExecutor(place.waker, SystemClock(), cgroups=False, pays_after=1)
    for _ in range(starts.BRIEF_IN_A_ROW + 1):
        launch, _handle = begun(place, executor)
        go_on(launch)
        only_end(executor)
    (one,) = psutil.Process().children()
    assert str(slow) in one.cmdline()
    executor.close()
    assert psutil.Process().children() == []


@pytest.mark.parametrize(
    "changed",
    [{"nice": 1}, {"cpus": tuple(os.sched_getaffinity(0))}, {"memory_bytes": 1 << 40}],
    ids=lambda changed: next(iter(changed)),
)
def test_what_a_starter_cannot_do_is_for_a_shell(
    place: LocalPlace, changed: dict[str, object]
) -> None:
    executor = place.executor()
    launch = replace(place.launch_of(WAITS), **changed)  # type: ignore[arg-type]
    handle = start(executor, launch)
    assert (stat := read_stat(int(handle["pid"])))
    assert stat.parent == os.getpid()
    go_on(launch)
    assert only_end(executor).exit.code == 5


def test_too_long_an_order_is_for_a_shell(place: LocalPlace) -> None:
    executor = place.executor()
    launch = place.launch_of(("echo", "hello"))
    assert launch.direct is not None
    exports = {"LONG": "x" * ORDER_BYTES}
    start(executor, replace(launch, direct=replace(launch.direct, exports=exports)))
    assert only_end(executor).exit.code == 0
    assert Path(launch.stdout).read_text() == "hello\n"


def test_programs_are_looked_for_where_each_launch_says(place: LocalPlace) -> None:
    executor = place.executor()
    for number in range(2):
        folder = place.folder / f"bin-{number}"
        folder.mkdir()
        (folder / "hello").write_text(f"#!/bin/sh\necho {number}\n")
        (folder / "hello").chmod(0o755)
        exports = {"PATH": f"{folder}:{os.environ['PATH']}"}
        launch = place.launch_of(("hello",))
        assert launch.direct is not None
        start(executor, replace(launch, direct=replace(launch.direct, exports=exports)))
        assert only_end(executor).exit.code == 0
        assert Path(launch.stdout).read_text() == f"{number}\n"


def test_variables_that_a_shell_may_not_pass_on_are_for_it_to_decide(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASH_FUNC_module%%", "() { :; }")
    executor = place.executor()
    launch, handle = begun(place, executor)
    assert (stat := read_stat(int(handle["pid"])))
    assert stat.parent == os.getpid()
    go_on(launch)
    only_end(executor)


def test_a_killed_starter_loses_no_launch_and_leaves_nothing(place: LocalPlace) -> None:
    executor = place.executor()
    _, handle = begun(place, executor)
    kill(starter_of(handle))
    ended = only_end(executor)
    assert (ended.kind, ended.exit.code) == (EndKind.LOST, None)
    assert "killed" in ended.problem
    assert place.left() == []
    launch, _ = begun(place, executor)
    go_on(launch)
    assert only_end(executor).exit.code == 5


def test_one_that_is_killed_once_the_exit_code_is_there_loses_nothing(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As its answer is lost, the file tells."""
    executor = place.executor()
    launch, _ = begun(place, executor)
    monkeypatch.setattr(Starter, "ended", lambda _: None)
    go_on(launch)
    ended = only_end(executor)
    assert (ended.kind, ended.exit.code) == (EndKind.EXITED, 5)


def test_a_starter_that_is_killed_idle_is_replaced(place: LocalPlace) -> None:
    executor = place.executor()
    killed = []
    # That it is gone may be noticed by the next launch alone, which then is for a shell.
    for by_starter in (True, False, True):
        launch, handle = begun(place, executor)
        if by_starter:
            killed.append(starter_of(handle))
        go_on(launch)
        assert only_end(executor).exit.code == 5
        if by_starter:
            kill(killed[-1])
            until(lambda: has_ended(killed[-1]), "it was not killed")


def test_where_none_can_be_begun_all_is_for_a_shell(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "PROGRAM", place.folder / "nowhere.py")
    begins: list[int] = []
    real = Starter.__init__

    def begin(self: Starter, environ: Mapping[bytes, bytes]) -> None:
        real(self, environ)
        begins.append(self.pid)

    monkeypatch.setattr(Starter, "__init__", begin)
    executor = place.executor()
    for _ in range(2):
        launch, _ = begun(place, executor)
        go_on(launch)
        assert only_end(executor).exit.code == 5
    assert len(begins) == 1


def test_a_starter_that_does_not_answer_is_given_up(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whether its launch runs, which is run again."""
    executor = place.executor()
    one = idle_starter(place, executor)
    monkeypatch.setattr(orders, "ANSWER_S", 0.01)
    kill(one, signal.SIGSTOP)
    launch = place.launch_of(WAITS)
    start(executor, launch)
    assert only_end(executor).kind is EndKind.LOST
    assert has_ended(one)
    assert not Path(launch.script).with_name("marker").exists()
    monkeypatch.undo()
    launch, _ = begun(place, executor)
    go_on(launch)
    assert only_end(executor).exit.code == 5


def test_nobody_waits_for_the_answer_of_a_starter(place: LocalPlace) -> None:
    """A stop that is asked for before it comes is begun once it is there."""
    executor = place.executor()
    one = idle_starter(place, executor)
    kill(one, signal.SIGSTOP)
    launch = place.launch(0, Behaviour.RUNS)
    (handle,) = executor.submit([launch])
    assert executor.wait(0) == []
    with pytest.raises(LaunchError, match="still running"):
        executor.submit([launch])
    executor.cancel([{**handle, "attempt": 2}], 0.0)
    executor.cancel([handle], DEADLINE_S)
    executor.cancel([handle], 0.0)
    kill(one, signal.SIGCONT)
    assert told(executor, Began, 0).trial_id == 0
    assert only_end(executor).exit.code == 128 + signal.SIGKILL
    assert place.left() == []


def test_a_launch_runs_from_when_it_was_ordered(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = LateClock()
    monkeypatch.setattr(orders, "ANSWER_S", 2 * DEADLINE_S)
    executor = LocalExecutor(place.waker, clock, cgroups=False, pays_after=0)
    executor.submit([launch := place.launch_of(WAITS)])
    assert executor.wait(0) == []
    clock.later_s = 30.0
    began = told(executor, Began)
    assert isinstance(began, Began)
    assert 30.0 <= began.ran_s < 30.0 + DEADLINE_S
    go_on(launch)
    only_end(executor)
    executor.close()


@pytest.mark.parametrize(("brief_s", "messages"), [(0.0, 2), (DEADLINE_S, 1)])
def test_a_brief_launch_is_told_of_in_one_message(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch, brief_s: float, messages: int
) -> None:
    text = starter.PROGRAM.read_text()
    program = place.folder / "program.py"
    program.write_text(text.replace("BRIEF_S = 0.02", f"BRIEF_S = {brief_s}"))
    monkeypatch.setattr(starter, "PROGRAM", program)
    heard = []
    real = Starter._heard

    def hear(self: Starter) -> list[str]:
        heard.append(real(self))
        return heard[-1]

    monkeypatch.setattr(Starter, "_heard", hear)
    executor = place.executor()
    launch = place.launch_of(("sh", "-c", "until [ -e go ]; do sleep 0.01; done; exit 5"))
    if messages == 1:
        go_on(launch)
    executor.submit([launch])
    told(executor, Began)
    go_on(launch)
    assert only_end(executor).exit.code == 5
    assert heard[0] == ["ready"]
    assert len(heard) == 1 + messages


@pytest.mark.parametrize("ends", [False, True])
def test_what_a_lost_starter_has_started_is_stopped_and_run_again(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch, *, ends: bool
) -> None:
    """But if it has left an exit code, that counts."""
    executor = place.executor()
    launch = place.launch_of(WAITS)

    def begun(self: Starter) -> Process:
        place.wait_until_at_work(launch)
        if ends:
            go_on(launch)
            until(Path(launch.exit_path).exists, "there is no exit code")
        self.kill()
        raise StarterLostError

    with monkeypatch.context() as patch:
        patch.setattr(Starter, "begun", begun)
        start(executor, launch)
        ended = only_end(executor)
    assert (ended.kind, ended.exit.code) == ((EndKind.EXITED, 5) if ends else (EndKind.LOST, None))
    assert place.left() == []


def test_a_stop_does_not_wait_for_a_stopped_starter(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SILENCE_S", 0.05)
    executor = place.executor()
    handle = start(executor, place.launch(0, Behaviour.RUNS))
    kill(starter_of(handle), signal.SIGSTOP)
    executor.cancel([handle], 0.0)
    ended = only_end(executor)
    assert (ended.kind, ended.exit.code) == (EndKind.EXITED, None)
    assert place.left() == []


@pytest.mark.parametrize("without", [(), ("pid", "start")], ids=["known", "unknown"])
def test_the_end_of_an_adopted_launch_is_told_by_its_exit_code(
    place: LocalPlace, without: tuple[str, ...]
) -> None:
    """The starter writes it after the leader has ended, so that it is waited for."""
    executor = place.executor()
    launch, whole = begun(place, executor)
    one = starter_of(whole)
    executor.close()
    kill(one, signal.SIGSTOP)
    successor = place.executor()
    handle = {key: value for key, value in whole.items() if key not in without}
    (attached,) = attach(successor, [handle])
    assert attached["pid"] == whole["pid"]
    lives = EarlierLives(clock=SystemClock(), grace_s=0.0, asked=lambda: 0, cgroups=False)
    lives.stop(Kin(place=launch.place, uid=launch.mark.rpartition(":")[0], adopted=[launch.mark]))
    go_on(launch)
    until(lambda: has_ended(int(whole["pid"])), "the leader does not end")
    assert successor.wait(0) == []
    kill(one, signal.SIGCONT)
    assert only_end(successor).exit.code == 5
    wait_end(one)


def test_an_adopted_launch_whose_starter_is_killed_is_lost(place: LocalPlace) -> None:
    executor = place.executor()
    _, handle = begun(place, executor)
    one = starter_of(handle)
    executor.close()
    successor = place.executor()
    attach(successor, [handle])
    kill(one)
    assert only_end(successor).kind is EndKind.LOST
    assert place.left() == []


def test_a_daemon_is_not_taken_for_the_leader(place: LocalPlace) -> None:
    executor = place.executor()
    launch = place.python("daemon.py", "retitled")
    whole = start(executor, launch)
    place.wait_until_at_work(launch)
    executor.close()
    handle = {key: value for key, value in whole.items() if key not in {"pid", "start"}}
    successor = place.executor()
    (attached,) = attach(successor, [handle])
    assert attached["pid"] == whole["pid"]
    successor.cancel([attached], 0)
    only_end(successor)
    assert place.left() == []


@pytest.mark.parametrize("stuck", [False, True])
def test_a_starter_that_has_yet_to_leave_the_exit_code_is_waited_for(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch, *, stuck: bool
) -> None:
    """Else the launch would run again, and the file would be taken for that of the second run."""
    executor = place.executor()
    launch, whole = begun(place, executor)
    one = starter_of(whole)
    executor.close()
    kill(one, signal.SIGSTOP)
    go_on(launch)
    until(lambda: has_ended(int(whole["pid"])), "the leader does not end")
    walks = []

    def table() -> ProcessTable:
        walks.append(1)
        if len(walks) == 2 and not stuck:
            kill(one, signal.SIGCONT)
        return ProcessTable()

    monkeypatch.setattr("automl.executors.local.walks.ProcessTable", table)
    monkeypatch.setattr(earlier, "PATIENCE_S", 0.01 if stuck else DEADLINE_S)
    wanted = Wanted(handle=launch.handle("local"), mark=launch.mark, exit_path=launch.exit_path)
    (found,) = place.executor().find([wanted])
    assert has_ended(one)
    if stuck:
        assert isinstance(found, Gone)
    else:
        assert isinstance(found, Ended)
        assert found.exit.code == 5


def test_starters_of_other_studies_are_left_alone(place: LocalPlace) -> None:
    executor = place.executor()
    launch, handle = begun(place, executor)
    one = starter_of(handle)
    go_on(launch)
    only_end(executor)
    kin = Kin(place=f"{launch.place}-2", uid=f"{launch.place}-2")
    EarlierLives(clock=SystemClock(), grace_s=0.0, asked=lambda: 0, cgroups=False).stop(kin)
    for mark, folder in (("other:1", launch.place), (launch.mark, f"{launch.place}-copy")):
        exit_path = f"{folder}/trials/1/exit"
        wanted = Wanted(handle=launch.handle("local"), mark=mark, exit_path=exit_path)
        place.executor().find([wanted])
    assert not has_ended(one)


def test_an_idle_starter_of_an_earlier_life_is_ended(place: LocalPlace) -> None:
    executor = place.executor()
    launch, handle = begun(place, executor)
    one = starter_of(handle)
    go_on(launch)
    only_end(executor)
    lives = EarlierLives(clock=SystemClock(), grace_s=0.0, asked=lambda: 0, cgroups=False)
    lives.stop(Kin(place=launch.place))
    assert has_ended(one)
