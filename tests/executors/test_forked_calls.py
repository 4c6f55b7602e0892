"""Calls of functions that are forked: what becomes of them whatever becomes of their server."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from local_place import Kind, LocalPlace, attach, only_end, start, told, until

from automl.clock import SystemClock
from automl.executors.cgroups.groups import group_of
from automl.executors.executor import Gone, Wanted
from automl.executors.local.earlier import EarlierLives
from automl.executors.local.executor import LocalExecutor
from automl.executors.local.exits import exit_code_in
from automl.executors.local.starters import forked_call, forks, rehearsal, server
from automl.executors.processes.brand import brand_of, read_brand
from automl.executors.processes.identity import has_ended, read_stat
from automl.executors.processes.origin import read_origin
from automl.executors.processes.proctree import ProcessTable
from automl.executors.site import Kin
from automl.inside.calling.given import Given
from automl.inside.calling.words import Call, Target, command_of
from automl.study.launch import Ended, EndKind, Handle, Launch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="starters need Linux")

SCRIPT = """\
import json, os, random, resource, signal, sys, time
with open("imports", "a") as file:
    file.write("once\\n")
print("imported")

def objective(trial):
    return 1.0

def waits(trial):
    open(f"{trial.dir}/marker", "w").close()
    while not os.path.exists(f"{trial.dir}/go"):
        time.sleep(0.01)
    sys.exit(5)

def heeds(trial):
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
    open(f"{trial.dir}/marker", "w").close()
    while not asked:
        time.sleep(0.01)
    return 1.0

def told(trial):
    names = os.listdir("/proc/self/fd")
    open_files = {name: os.path.exists(f"/proc/self/fd/{name}") for name in names}
    with open("/proc/self/status") as file:
        status = dict(line.split(":\\t", 1) for line in file)
    found = {
        "argv": sys.argv, "path": sys.path, "cwd": os.getcwd(),
        "main": sys.modules["__main__"].__name__,
        "environ": {name: os.environ[name] for name in sorted(os.environ)},
        "files": sorted(name for name, is_open in open_files.items() if is_open),
        "stdin": os.readlink("/proc/self/fd/0"),
        "handlers": [str(signal.getsignal(n)) for n in range(1, 32)],
        "signals": {name: status[name] for name in ("SigBlk", "SigIgn", "SigCgt")},
        "limits": [resource.getrlimit(n) for n in range(16)],
        "nice": os.nice(0), "cpus": sorted(os.sched_getaffinity(0)), "umask": os.umask(0o22),
    }
    with open(f"{trial.dir}/told.json", "w") as file:
        json.dump(found, file)
    return 1.0

def leaks(trial):
    kept = bytearray(300 << 20)
    while True:
        time.sleep(0.01)

def draws(trial):
    found = [random.random()]
    if "numpy" in sys.modules:
        found.append(float(sys.modules["numpy"].random.random()))
    with open(f"{trial.dir}/drawn", "w") as file:
        json.dump(found, file)
    return 1.0
"""


class Calls(LocalPlace):
    """A place to call functions of one script."""

    def __init__(self, folder: Path, *, cgroups: bool = False) -> None:
        super().__init__(folder, Kind(cgroups=cgroups))
        self.script = folder / "train.py"
        self.script.write_text(SCRIPT)

    def call(self, function: str, trial_id: int = 0) -> Launch:
        """Return a launch that calls a function of the script."""
        folder = self.folder / str(self._launched)
        target = Target(function=function, script="train.py", path=(str(self.folder),))
        call = Call(target, str(folder), trial_id, 1, ("value",))
        launch = self.launch_of(command_of(sys.executable, call.words()), trial_id=trial_id)
        assert launch.direct is not None
        (folder / "params.json").write_text("{}")
        script = Path(launch.script)
        script.write_text(script.read_text().replace(f"cd '{folder}'", f"cd '{self.folder}'"))
        return replace(
            launch,
            direct=replace(launch.direct, cwd=str(self.folder), exports=EXPORTS, call=call),
            given=Given("{}\n", ranges=False),
            more=True,
        )

    def starters(self) -> list[int]:
        """Return the pids of all servers and starters here."""
        found = []
        for pid in self.left():
            with suppress(OSError):
                origin = read_origin(pid)
                if origin is not None and origin.is_starter:
                    found.append(pid)
        return found

    def close(self) -> list[int]:
        """Close all executors; kill and return what was left, once starters have ended."""
        for executor in self._executors:
            executor.close()
        until(lambda: not self.starters(), "a server or a starter does not end")
        return super().close()


EXPORTS: dict[str, str] = {}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Calls]:
    place = Calls(tmp_path)
    yield place
    left = place.close()
    assert left == []


def folder_of(launch: Launch) -> Path:
    return Path(launch.script).parent


def starter_of(pid: int) -> int:
    """Return the pid of the starter that forked a call."""
    stat = read_stat(pid)
    assert stat is not None
    origin = read_origin(stat.parent)
    assert origin is not None
    assert origin.is_starter
    return stat.parent


def server_of(pid: int) -> int:
    """Return the pid of the server whose starter forked a call."""
    return starter_of(starter_of(pid))


def begun(place: Calls, executor: LocalExecutor) -> tuple[Launch, Handle]:
    """Begin a call that ends with code 1, as its function wants to exit, once it is let go."""
    launch = place.call("waits")
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    return launch, handle


def go_on(launch: Launch) -> None:
    (folder_of(launch) / "go").touch()


def done(place: Calls, executor: LocalExecutor, function: str, **limits: Any) -> Path:
    """Call a function; return the folder of the call once it has ended well."""
    launch = replace(place.call(function), **limits)
    start(executor, launch)
    assert only_end(executor).exit.code == 0
    assert Path(launch.exit_path).read_text() == "0\n"
    return folder_of(launch)


def test_a_fork_is_as_a_new_python(place: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    """In all that a function may ask its process for."""
    by_fork = json.loads((done(place, place.executor(), "told") / "told.json").read_text())
    monkeypatch.setattr(forks.Forks, "calls_in", lambda *_: None)
    spawned = json.loads((done(place, place.executor(), "told") / "told.json").read_text())
    for one in (by_fork, spawned):
        # Of the launch, and of the shell.
        for name in ("AUTOML_MARK", "AUTOML_TRIAL_DIR", "_", "SHLVL", "OLDPWD"):
            one["environ"].pop(name, None)
        one["limits"][15] = None
    assert by_fork == spawned


@pytest.mark.parametrize(
    "limits", [{"nice": 5}, {"cpus": (0,)}, {"nice": 19, "cpus": (0,), "memory_bytes": 1 << 40}]
)
def test_a_fork_is_kept_to_limits_as_a_new_python(
    place: Calls, monkeypatch: pytest.MonkeyPatch, limits: dict[str, Any]
) -> None:
    executor = place.executor()
    by_fork = json.loads((done(place, executor, "told", **limits) / "told.json").read_text())
    # The process that forks them, and the next call, have none.
    free = json.loads((done(place, executor, "told") / "told.json").read_text())
    assert (place.folder / "imports").read_text() == "once\n"
    monkeypatch.setattr(forks.Forks, "calls_in", lambda *_: None)
    executor = place.executor()
    spawned = json.loads((done(place, executor, "told", **limits) / "told.json").read_text())
    assert [by_fork[one] for one in ("nice", "cpus")] == [spawned[one] for one in ("nice", "cpus")]
    assert by_fork["nice"] == min(19, os.nice(0) + limits.get("nice", 0))
    assert (free["nice"], free["cpus"]) == (os.nice(0), sorted(os.sched_getaffinity(0)))


def test_a_fork_that_uses_more_memory_than_it_may_is_killed(place: Calls) -> None:
    executor = place.executor()
    for _ in range(2):
        handle = start(executor, replace(place.call("leaks"), memory_bytes=100 << 20))
        assert server_of(int(handle["pid"]))
        ended = only_end(executor)
        assert ended.exit.out_of_memory
        assert ended.exit.memory_limit_bytes == 100 << 20
    assert (place.folder / "imports").read_text() == "once\n"


def test_a_fork_with_a_limit_of_memory_is_in_a_control_group(tmp_path: Path) -> None:
    place = Calls(tmp_path, cgroups=True)
    try:
        executor = place.executor()
        if executor._groups is None:
            pytest.skip("no control groups may be used here")
        free = start(executor, place.call("waits"))
        limited = place.call("waits", 1)
        handle = start(executor, replace(limited, memory_bytes=1 << 40))
        place.wait_until_at_work(limited)
        assert server_of(int(handle["pid"])) == server_of(int(free["pid"]))
        assert "cgroup" not in free
        assert str(handle["cgroup"]).endswith(str(group_of(int(handle["pid"]))))
        executor.cancel([free, handle], 0.0)
        assert ends(executor, 2) == [(0, 137), (1, 137)]
    finally:
        assert place.close() == []


def test_a_fork_enters_the_control_group_that_keeps_its_limit(tmp_path: Path) -> None:
    priority = os.getpriority(os.PRIO_PROCESS, 0)
    (tmp_path / "cgroup.procs").touch()
    forked_call.keep_to((), priority, os.fsencode(tmp_path))
    assert (tmp_path / "cgroup.procs").read_text() == "0"
    # One that is gone, or refuses, is watched from outside.
    forked_call.keep_to((), priority, os.fsencode(tmp_path / "nowhere"))


def test_what_no_process_can_be_kept_to_is_told_as_without_forks(place: Calls) -> None:
    executor = place.executor()
    executor.submit([replace(place.call("objective"), cpus=(1 << 12,))])
    ended = told(executor, Ended)
    assert isinstance(ended, Ended)
    assert ended.kind is EndKind.REFUSED
    assert "this process may not use them" in ended.problem
    done(place, executor, "objective")


def test_a_fork_carries_the_signs_of_its_trial(place: Calls) -> None:
    executor = place.executor()
    launch, handle = begun(place, executor)
    pid = int(handle["pid"])
    origin = read_origin(pid)
    assert origin is not None
    assert (origin.mark, origin.place) == (launch.mark, launch.place)
    assert read_brand(pid) == brand_of(launch.mark)
    assert os.getsid(pid) == pid
    assert server_of(pid)
    go_on(launch)
    assert only_end(executor).exit.code == 1
    assert Path(launch.exit_path).read_text() == "1\n"


def test_a_script_is_imported_once_for_all_slots(place: Calls) -> None:
    executor = place.executor()
    launches = [place.call("waits", number) for number in range(3)]
    for launch in launches:
        start(executor, launch)
    for launch in launches:
        place.wait_until_at_work(launch)
    for launch in launches:
        go_on(launch)
    for _ in range(3):
        assert told(executor, Ended)
    assert (place.folder / "imports").read_text() == "once\n"
    for launch in launches:
        assert Path(launch.stdout).read_text() == "imported\n"
        assert "SystemExit: 5" in Path(launch.stderr).read_text()


@pytest.mark.parametrize("first", ["", "import numpy\n"], ids=["plain", "numpy"])
def test_each_fork_has_random_numbers_of_its_own(place: Calls, first: str) -> None:
    place.script.write_text(f"{first}{SCRIPT}")
    executor = place.executor()
    drawn = [json.loads((done(place, executor, "draws") / "drawn").read_text()) for _ in range(3)]
    assert len({number for one in drawn for number in one}) == 3 * len(drawn[0])
    assert len(drawn[0]) == (2 if first else 1)
    assert (place.folder / "imports").read_text() == "once\n"


def test_a_changed_script_is_imported_anew(place: Calls) -> None:
    executor = place.executor()
    done(place, executor, "objective")
    place.script.write_text(SCRIPT.replace("return 1.0", "return 2.25", 1))
    done(place, executor, "objective")
    folder = done(place, executor, "objective")
    assert '"value": 2.25' in (folder / "reports.jsonl").read_text()
    assert (place.folder / "imports").read_text() == "once\n" * 2


def test_a_script_that_is_mended_is_forked_again(
    place: Calls, caplog: pytest.LogCaptureFixture
) -> None:
    """As one that was saved while a word of it was missing."""
    caplog.set_level("INFO", "automl")
    executor = place.executor()
    done(place, executor, "objective")
    for broken in ("1 +", "random.seed(1)"):
        place.script.write_text(f"{SCRIPT}\n{broken}\n")
        for _ in range(2):
            start(executor, place.call("objective"))
            only_end(executor)
        assert place.starters() == []
        place.script.write_text(f"{SCRIPT}\n# mended: {broken}\n")
        done(place, executor, "objective")
        assert place.starters() != []
    told = [record.getMessage().partition(", as ")[2] for record in caplog.records]
    assert told == ["importing it raises SyntaxError", "importing it seeds random numbers"]


EDITED = """
import helper
if os.environ.get("AUTOML_MARK", "").endswith("starter") and not os.path.exists("edited"):
    open("edited", "w").close()
    text = open(EDIT).read()
    with open(EDIT, "w") as file:
        file.write(text.replace("1.0", "2.25", 1))

def helped(trial):
    return helper.VALUE
"""


@pytest.mark.parametrize(
    ("edited", "function"), [("train.py", "objective"), ("helper.py", "helped")]
)
def test_a_source_that_changes_while_it_is_imported_is_imported_anew(
    place: Calls, edited: str, function: str
) -> None:
    (place.folder / "helper.py").write_text("VALUE = 1.0\n")
    place.script.write_text(SCRIPT + EDITED.replace("EDIT", repr(edited)))
    executor = place.executor()
    for _ in range(2):
        folder = done(place, executor, function)
    assert '"value": 2.25' in (folder / "reports.jsonl").read_text()
    done(place, executor, function)
    assert (place.folder / "imports").read_text() == "once\n" * 2


def test_a_source_from_the_future_is_imported_once(place: Calls) -> None:
    """As of a file server whose clock is ahead."""
    later = time.time() + 3600
    os.utime(place.script, (later, later))
    executor = place.executor()
    for _ in range(3):
        done(place, executor, "objective")
    assert (place.folder / "imports").read_text() == "once\n"


def test_an_import_that_hangs_when_it_is_done_again_holds_nothing_up(
    place: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forks, "IMPORT_S", 0.05)
    hangs = "if os.environ.get('AUTOML_MARK', '').endswith('starter'): time.sleep(1000)"
    place.script.write_text(f"{SCRIPT}\n{hangs}\n")
    executor = place.executor()
    for _ in range(3):
        done(place, executor, "objective")
    assert place.starters() != []


def test_a_killed_server_loses_no_call(place: Calls) -> None:
    executor = place.executor()
    launch, handle = begun(place, executor)
    os.kill(server_of(int(handle["pid"])), signal.SIGKILL)
    go_on(launch)
    assert only_end(executor).exit.code == 1
    assert Path(launch.exit_path).read_text() == "1\n"
    until(lambda: executor.wait(0) == [] and place.starters() == [], "it is not noticed")
    launch, handle = begun(place, executor)
    assert server_of(int(handle["pid"]))
    go_on(launch)
    assert only_end(executor).exit.code == 1


def test_a_killed_starter_loses_no_call(place: Calls) -> None:
    """It goes on, and tells its end itself."""
    executor = place.executor()
    launch, handle = begun(place, executor)
    os.kill(starter_of(int(handle["pid"])), signal.SIGKILL)
    assert executor.wait(0.05) == []
    go_on(launch)
    ended = only_end(executor)
    assert (ended.kind, ended.exit.code) == (EndKind.EXITED, 1)
    assert place.left() == place.starters()
    launch, _ = begun(place, executor)
    go_on(launch)
    assert only_end(executor).exit.code == 1


def test_a_call_that_is_killed_with_its_starter_is_told_as_lost(place: Calls) -> None:
    """So that it runs again, and is no failure."""
    executor = place.executor()
    _, handle = begun(place, executor)
    os.kill(starter_of(int(handle["pid"])), signal.SIGKILL)
    assert executor.wait(0.05) == []
    os.kill(int(handle["pid"]), signal.SIGKILL)
    assert only_end(executor).kind is EndKind.LOST


def ended_without_starter(launch: Launch, handle: Handle) -> None:
    """Have a call end while its starter cannot take note of that, and then kill the starter."""
    starter = starter_of(int(handle["pid"]))
    os.kill(starter, signal.SIGSTOP)
    go_on(launch)
    until(lambda: has_ended(int(handle["pid"])), "the call does not end")
    os.kill(starter, signal.SIGKILL)
    until(lambda: has_ended(starter), "it was not killed")
    assert not Path(launch.exit_path).exists()


def test_a_call_that_has_ended_is_not_lost_with_its_starter(place: Calls) -> None:
    executor = place.executor()
    launch, handle = begun(place, executor)
    ended_without_starter(launch, handle)
    ended = only_end(executor)
    assert (ended.kind, ended.exit.code) == (EndKind.EXITED, 1)


def test_nor_where_its_controller_was_killed_too(place: Calls) -> None:
    executor = place.executor()
    launch, handle = begun(place, executor)
    executor.close()
    ended_without_starter(launch, handle)
    (found,) = place.executor().find([wanted_of(handle)])
    assert isinstance(found, Ended)
    assert (found.kind, found.exit.code) == (EndKind.EXITED, 1)


def wanted_of(handle: Handle) -> Wanted:
    return Wanted(handle=handle, mark=str(handle["mark"]), exit_path=str(handle["exit"]))


@pytest.mark.parametrize("ends", [True, False], ids=["ends", "is killed"])
@pytest.mark.parametrize("lost_first", [True, False])
def test_a_call_without_controller_and_starter_goes_on(
    place: Calls, *, lost_first: bool, ends: bool
) -> None:
    executor = place.executor()
    launch, handle = begun(place, executor)
    starter = starter_of(int(handle["pid"]))
    executor.close()
    if lost_first:
        os.kill(starter, signal.SIGKILL)
        until(lambda: has_ended(starter), "it was not killed")
    successor = place.executor()
    (attached,) = attach(successor, [handle])
    assert attached["pid"] == handle["pid"]
    if not lost_first:
        os.kill(starter, signal.SIGKILL)
        assert successor.wait(0.05) == []
    if ends:
        go_on(launch)
    else:
        os.kill(int(handle["pid"]), signal.SIGKILL)
    ended = only_end(successor)
    kind, code = (EndKind.EXITED, 1) if ends else (EndKind.LOST, None)
    assert (ended.kind, ended.exit.code) == (kind, code)


def test_what_is_asked_to_end_leaves_no_code_even_if_it_ends_well(place: Calls) -> None:
    """A controller that could not write that it stopped a call must not find it complete."""
    executor = place.executor()
    launch = place.call("heeds")
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    executor.cancel([handle], 10.0)
    assert only_end(executor).exit.code == 0
    assert (folder_of(launch) / "outcome.json").exists()
    (found,) = place.executor().find([wanted_of(handle)])
    assert isinstance(found, Gone)


def test_where_starters_are_lost_again_and_again_calls_are_spawned(
    place: Calls, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "automl")
    executor = place.executor()
    for _ in range(forks.LOST_IN_A_ROW):
        launch, handle = begun(place, executor)
        os.kill(starter_of(int(handle["pid"])), signal.SIGKILL)
        go_on(launch)
        assert only_end(executor).exit.code == 1
    done(place, executor, "objective")
    assert (place.folder / "imports").read_text() == "once\n" * 2
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.endswith("as 3 of those that fork it were killed or got stuck")


def test_a_call_that_cannot_be_set_up_is_for_a_shell(place: Calls) -> None:
    """Such as one whose mark is longer than the room for it."""
    executor = place.executor()
    launch = place.call("objective")
    start(executor, replace(launch, mark=f"{launch.mark.rpartition(':')[0]}:{10**9}"))
    assert only_end(executor).exit.code == 0
    assert (place.folder / "imports").read_text() == "once\n" * 2


def test_a_fork_is_given_its_values_with_its_order(place: Calls) -> None:
    """It does not read the file that tells them to whoever runs the trial by hand."""
    executor = place.executor()
    launch = place.call("objective")
    (folder_of(launch) / "params.json").unlink()
    start(executor, launch)
    assert only_end(executor).exit.code == 0


def test_a_rehearsal_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    rehearsal.rehearse()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    rehearsal.rehearse()


def test_a_call_whose_proposal_is_damaged_is_for_a_shell_too(place: Calls) -> None:
    """It says what is wrong in the trial's log, and the next one is forked again."""
    executor = place.executor()
    launch = place.call("objective")
    (folder_of(launch) / "params.json").write_text("{")
    start(executor, replace(launch, given=Given("{", ranges=False)))
    assert only_end(executor).exit.code == 1
    assert "JSONDecodeError" in Path(launch.stderr).read_text()
    done(place, executor, "objective")
    assert (place.folder / "imports").read_text() == "once\n" * 2


def test_a_stuck_server_holds_nothing_up(place: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    executor = place.executor()
    launch, handle = begun(place, executor)
    monkeypatch.setattr(server, "ANSWER_S", 0.01)
    os.kill(server_of(int(handle["pid"])), signal.SIGSTOP)
    done_meanwhile = place.call("objective", 1)
    start(executor, done_meanwhile)
    ended = told(executor, Ended)
    assert isinstance(ended, Ended)
    assert (ended.trial_id, ended.exit.code) == (1, 0)
    go_on(launch)
    assert only_end(executor).exit.code == 1


@pytest.mark.parametrize("without", [(), ("pid", "start")], ids=["known", "unknown"])
def test_a_call_outlives_its_controller(place: Calls, without: tuple[str, ...]) -> None:
    executor = place.executor()
    launch, whole = begun(place, executor)
    executor.close()
    successor = place.executor()
    handle = {key: value for key, value in whole.items() if key not in without}
    (attached,) = attach(successor, [handle])
    assert attached["pid"] == whole["pid"]
    lives = EarlierLives(clock=SystemClock(), grace_s=0.0, asked=lambda: 0, cgroups=False)
    lives.stop(Kin(place=launch.place, uid=launch.mark.rpartition(":")[0], adopted=[launch.mark]))
    go_on(launch)
    assert only_end(successor).exit.code == 1
    assert Path(launch.exit_path).read_text() == "1\n"


def test_a_call_is_stopped_with_all_that_it_started(place: Calls) -> None:
    place.script.write_text(f"{SCRIPT}\n{BREEDS}")
    executor = place.executor()
    launch = place.call("breeds")
    handle = start(executor, launch)
    place.wait_until_at_work(launch)
    executor.cancel([handle], 0.0)
    only_end(executor)
    assert [pid for pid in place.left() if pid not in place.starters()] == []
    until(Path(launch.exit_path).exists, "its starter does not take note of the end")
    assert exit_code_in(launch.exit_path) is None


BREEDS = """
def breeds(trial):
    if not os.fork():
        os.setsid()
        os.environ.clear()
        time.sleep(1000)
    waits(trial)
"""

UNFIT = {
    "import threading\nthreading.Thread(target=time.sleep, args=(1000,), daemon=True).start()": (
        "importing it starts threads"
    ),
    "import subprocess\nbusy = subprocess.Popen(['sleep', '1'])": "importing it starts processes",
    "random.seed(1)": "importing it seeds random numbers",
    "class Setup:\n    random.seed(1)": "importing it seeds random numbers",
    "def prepare():\n    random.seed(1)\nprepare()": "importing it seeds random numbers",
    "if os.environ.get('AUTOML_MARK', '').endswith('starter'): sys.exit('no')": (
        "importing it raises SystemExit"
    ),
}


@pytest.mark.parametrize("first", UNFIT)
def test_what_is_not_safe_is_spawned_and_told_once(
    place: Calls, caplog: pytest.LogCaptureFixture, first: str
) -> None:
    caplog.set_level("INFO", "automl")
    place.script.write_text(f"{SCRIPT}\n{first}\n")
    executor = place.executor()
    for _ in range(2):
        done(place, executor, "objective")
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.endswith(f"as {UNFIT[first]}")


DIES = """
if os.environ.get("AUTOML_MARK", "").endswith("starter"):
    with open("deaths", "a") as file:
        file.write("once\\n")
    if os.path.getsize("deaths") <= MOST:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("deaths", "tries"), [(2, 3), (1000, forks.LOST_IN_A_ROW)])
def test_a_server_that_is_killed_while_it_imports_is_begun_anew_some_times(
    place: Calls, caplog: pytest.LogCaptureFixture, deaths: int, tries: int
) -> None:
    caplog.set_level("INFO", "automl")
    place.script.write_text(SCRIPT + DIES.replace("MOST", str(deaths * len("once\n"))))
    executor = place.executor()
    for _ in range(tries + 2):
        done(place, executor, "objective")
    assert (place.folder / "deaths").read_text() == "once\n" * tries
    told = [record.getMessage() for record in caplog.records]
    why = f"as its import was killed, or crashed, {forks.LOST_IN_A_ROW} times"
    assert [line.endswith(why) for line in told] == [True] * (deaths > tries)


def test_the_last_call_alone_begins_no_server(
    place: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = []
    monkeypatch.setattr(forks.Forks, "begin", lambda *_: begins.append(1))
    executor = place.executor()
    for more, begun in ((False, 0), (True, 1), (False, 1)):
        start(executor, replace(place.call("objective"), more=more))
        only_end(executor)
        assert len(begins) == begun


def importing(place: Calls) -> None:
    """Have the script wait until it is let go, and tell that it is being imported."""
    place.script.write_text(
        SCRIPT + "while not os.path.exists('go'):\n    time.sleep(0.01)\n",
    )


def until_it_imports(place: Calls, executor: LocalExecutor) -> None:
    """Wait until the script's import has told of itself, and waits."""
    told = place.folder / "imports"
    until(
        lambda: executor.wait(0.0) == [] and told.exists() and told.read_text() != "", "no import"
    )


def ends(executor: LocalExecutor, count: int) -> list[tuple[int, int | None]]:
    """Return the trials of the next ends, with their exit codes."""
    told_ends = [told(executor, Ended) for _ in range(count)]
    return sorted((one.trial_id, one.exit.code) for one in told_ends if isinstance(one, Ended))


def test_the_first_calls_wait_for_one_import(place: Calls) -> None:
    importing(place)
    executor = place.executor()
    launches = [place.call("objective", number) for number in range(3)]
    executor.submit(launches)
    until_it_imports(place, executor)
    (place.folder / "go").touch()
    assert ends(executor, 3) == [(0, 0), (1, 0), (2, 0)]
    assert (place.folder / "imports").read_text() == "once\n"


def test_what_waits_for_an_import_can_be_cancelled(place: Calls) -> None:
    importing(place)
    executor = place.executor()
    handles = executor.submit([place.call("objective", number) for number in range(2)])
    until_it_imports(place, executor)
    executor.cancel(handles[:1], 0.0)
    cancelled = told(executor, Ended)
    assert isinstance(cancelled, Ended)
    assert (cancelled.trial_id, cancelled.kind) == (0, EndKind.CANCELLED)
    (place.folder / "go").touch()
    assert ends(executor, 1) == [(1, 0)]


def test_what_waits_for_an_import_is_not_begun_once_the_executor_is_closed(place: Calls) -> None:
    importing(place)
    executor = place.executor()
    launch = place.call("objective")
    executor.submit([launch])
    until_it_imports(place, executor)
    executor.close()
    assert not Path(launch.exit_path).exists()


def test_a_server_that_is_killed_while_it_imports_holds_nothing_up(
    place: Calls, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "automl")
    importing(place)
    executor = place.executor()
    launch = place.call("objective")
    executor.submit([launch])
    until_it_imports(place, executor)
    (importer,) = place.starters()
    os.kill(importer, signal.SIGKILL)
    (place.folder / "go").touch()
    assert ends(executor, 1) == [(0, 0)]
    assert (place.folder / "imports").read_text() == "once\n" * 2
    assert caplog.records == []


def test_an_import_that_takes_very_long_is_not_waited_for(
    place: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call begins its own, as it would without a server."""
    monkeypatch.setattr(forks, "IMPORT_S", 0.0)
    importing(place)
    (place.folder / "go").touch()
    done(place, place.executor(), "objective")
    assert (place.folder / "imports").read_text() in {"once\n", "once\n" * 2}


def test_where_a_server_cannot_begin_calls_are_spawned(
    place: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PROGRAM", "automl.nowhere")
    done(place, place.executor(), "objective")


def test_starters_end_with_their_controller(place: Calls) -> None:
    """Although each has a process that started it, or that it started."""
    executor = place.executor()
    launch, handle = begun(place, executor)
    ones = [server_of(int(handle["pid"])), starter_of(int(handle["pid"]))]
    assert sorted(ones) == sorted(place.starters())
    idle = {one.pid for one, _ in ProcessTable().idle_starters()}
    assert idle & set(ones) == {ones[0]}
    go_on(launch)
    only_end(executor)
    executor.close()
    for one in ones:
        until(lambda one=one: has_ended(one), "it does not end")
