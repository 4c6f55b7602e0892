"""Processes of an earlier life are found by whatever sign is left of them, and stopped."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from local_place import LocalPlace, start, until, wait_end

from automl.clock import SystemClock
from automl.executors.local import earlier
from automl.executors.local.earlier import EarlierLives, KinTable, owns
from automl.executors.processes.brand import put_brand
from automl.executors.processes.identity import Process, is_running
from automl.executors.processes.origin import Origin
from automl.executors.site import Kin
from automl.inside.marks import MARK_VARIABLE
from automl.study.launch import EXIT_FILE_VARIABLE, PLACE_VARIABLE, Launch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture
def uid() -> str:
    """The study's id, of no other test that runs beside this one, on the same machine."""
    return os.urandom(8).hex()


@pytest.fixture
def study(place: LocalPlace) -> str:
    """The real path of the study's folder."""
    folder = place.folder / "study"
    folder.mkdir()
    return str(folder.resolve())


def stop(place: LocalPlace, kin: Kin, asked: Callable[[], int] = lambda: 0) -> None:
    EarlierLives(clock=SystemClock(), grace_s=0.2, asked=asked, cgroups=place.kind.cgroups).stop(
        kin
    )


def leave(place: LocalPlace, launch: Launch, mark: str, study: str) -> Process:
    """Launch something and let its executor end without it; return its leader."""
    executor = place.executor()
    handle = start(executor, replace(launch, mark=mark, place=study))
    place.wait_until_at_work(launch)
    executor.close()
    return Process(int(handle["pid"]), int(handle["start"]))


def kill(leader: Process) -> None:
    os.kill(leader.pid, signal.SIGKILL)
    wait_end(leader.pid)


def reap(leader: Process) -> None:
    wait_end(leader.pid)


def other(study: str) -> bool:
    del study
    return False


def test_where_nothing_was_left_nothing_happens(
    place: LocalPlace, study: str, caplog: pytest.LogCaptureFixture, uid: str
) -> None:
    stop(place, Kin(place=study, uid=uid))
    assert caplog.records == []


@pytest.mark.parametrize("behaviour", ["runs", "ignores-term", "changes-session", "stops-itself"])
def test_what_runs_in_the_folder_is_stopped_though_its_id_is_lost(
    place: LocalPlace, study: str, behaviour: str, caplog: pytest.LogCaptureFixture, uid: str
) -> None:
    leader = leave(place, place.bad(behaviour), f"lost-{uid}:0", study)
    stop(place, Kin(place=study))
    assert place.left() == []
    reap(leader)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("stopping what an earlier life of this study left running")


@pytest.mark.parametrize("mode", ["bare", "retitled"])
def test_a_daemon_that_cleared_its_environment_is_stopped_by_its_brand(
    place: LocalPlace, study: str, mode: str, uid: str
) -> None:
    kill(leave(place, place.python("daemon.py", mode), f"lost-{uid}:7", study))
    assert place.left()
    stop(place, Kin(place=study))
    assert place.left() == []


def test_in_a_folder_that_was_moved_they_are_found_by_the_studys_id(
    place: LocalPlace, study: str, uid: str
) -> None:
    leader = leave(place, place.bad("runs"), f"{uid}:0", f"{study}-before")
    stop(place, Kin(place=study, uid=uid, is_study=other))
    assert place.left() == []
    reap(leader)


def test_adopted_trials_go_on_with_all_their_processes(
    place: LocalPlace, study: str, uid: str
) -> None:
    adopted = leave(place, place.bad("changes-session"), f"{uid}:0", study)
    daemon = leave(place, place.python("daemon.py", "bare"), f"{uid}:2", study)
    kept = set(place.left())
    kill(leave(place, place.python("daemon.py", "bare"), f"{uid}:1", study))
    stop(place, Kin(place=study, uid=uid, adopted=[f"{uid}:0", f"{uid}:2"]))
    assert is_running(adopted)
    assert is_running(daemon)
    assert set(place.left()) == kept
    stop(place, Kin(place=study, uid=uid))
    assert place.left() == []
    reap(adopted)
    reap(daemon)


def test_other_studies_and_a_copys_original_are_left_alone(
    place: LocalPlace, study: str, uid: str
) -> None:
    strangers = [
        leave(place, place.bad("runs"), "other:0", f"{study}-2"),
        leave(place, place.bad("runs"), f"{uid}:0", f"{study}-original"),
    ]
    kill(leave(place, place.python("daemon.py", "bare"), f"{uid}:1", f"{study}-original"))
    kept = set(place.left())
    ours = leave(place, place.bad("runs"), f"{uid}:0", study)
    stop(place, Kin(place=study, uid=uid, trials=[0, 1], is_study=lambda _: True))
    reap(ours)
    assert all(is_running(one) for one in strangers)
    assert set(place.left()) == kept
    stop(place, Kin(place=f"{study}-2"))
    stop(place, Kin(place=f"{study}-original"))
    assert place.left() == []
    for one in strangers:
        reap(one)


def test_a_study_within_a_trial_of_another_is_its_own(
    place: LocalPlace, study: str, uid: str
) -> None:
    """The trials of the inner study are not those of the outer, nor the other way round."""
    inner, ready = f"{study}/trials/0/inner", place.folder / "ready"
    environ = {MARK_VARIABLE: f"inner-{uid}:0", PLACE_VARIABLE: inner}
    words = " ".join(f"{name}={value}" for name, value in environ.items())
    line = (
        f"setsid env {words} sh -c ': > {ready}; exec sleep 600' & : > marker; wait; exec sleep 600"
    )
    outer = leave(place, place.launch_of(line), f"{uid}:0", study)
    until(ready.exists, "the inner trial did not begin")
    before = len(place.left())
    stop(place, Kin(place=inner, uid=f"inner-{uid}"))
    assert is_running(outer)
    assert len(place.left()) < before
    stop(place, Kin(place=study, uid=uid))
    assert place.left() == []
    reap(outer)


def test_trials_of_the_release_before_are_known_by_their_exit_file(
    place: LocalPlace, study: str, uid: str
) -> None:
    ready = place.folder / "ready"
    exit_path = f"{study}/trials/0/exit"
    env = {**os.environ, MARK_VARIABLE: f"lost-{uid}:0", EXIT_FILE_VARIABLE: exit_path}
    line = f"unset {EXIT_FILE_VARIABLE}; setsid sh -c ': > {ready}; exec sleep 600' & wait"
    with subprocess.Popen(
        ["sh", "-c", line], env=env, cwd=place.folder, start_new_session=True
    ) as script:
        put_brand(script.pid, f"lost-{uid}:0")
        until(ready.exists, "it did not begin")
        stop(place, Kin(place=f"{study}/trials/1"))
        assert script.poll() is None
        stop(place, Kin(place=study))
        assert place.left() == []


def test_neither_this_process_nor_the_trial_it_is_of_is_ever_stopped(
    place: LocalPlace, study: str, monkeypatch: pytest.MonkeyPatch, uid: str
) -> None:
    sibling = leave(place, place.bad("runs"), f"{uid}:5", study)
    monkeypatch.setenv(MARK_VARIABLE, f"{uid}:5")
    monkeypatch.setenv(PLACE_VARIABLE, study)
    stop(place, Kin(place=study, uid=uid))
    assert is_running(sibling)
    monkeypatch.delenv(MARK_VARIABLE)
    assert KinTable(Kin(place=study)).lineage >= {os.getpid(), os.getppid()}
    stop(place, Kin(place=study, uid=uid))
    reap(sibling)


def test_who_asks_to_stop_has_it_killed_at_once_and_then_not_waited_for(
    place: LocalPlace, study: str, monkeypatch: pytest.MonkeyPatch, uid: str
) -> None:
    leader = leave(place, place.bad("ignores-term"), f"lost-{uid}:0", study)
    asked = iter([0] + [1] * 100_000)
    lives = EarlierLives(clock=SystemClock(), grace_s=1e6, asked=lambda: next(asked))
    lives.stop(Kin(place=study))
    assert not is_running(leader)
    reap(leader)
    assert place.left() == []
    # One that even KILL does not end holds nobody who asks twice.
    leader = leave(place, place.bad("runs"), f"lost-{uid}:0", study)
    steps = iter([0, 1, 2, 2, 2, 2])
    with monkeypatch.context() as patch:
        patch.setattr(earlier, "advance", lambda *_: [])
        patch.setattr(earlier.Group, "kill", lambda *_: None)
        EarlierLives(clock=SystemClock(), grace_s=1e6, asked=lambda: next(steps)).stop(
            Kin(place=study)
        )
    assert is_running(leader)
    stop(place, Kin(place=study))
    reap(leader)


@pytest.mark.parametrize(
    ("origin", "owned"),
    [
        (Origin("u:0", "/a/study", ""), True),
        (Origin("v:0", "/a/study", ""), True),
        (Origin("v:0", "/a/study2", ""), False),
        (Origin("u:0", "/gone", ""), True),
        (Origin("u:0", "/copied", ""), False),
        (Origin("u:0", "", ""), True),
        (Origin("v:0", "", ""), False),
        (Origin("v:0", "", "/a/study/trials/0/exit"), True),
        (Origin("v:0", "", "/a/study2/trials/0/exit"), False),
        (Origin("v:0", "/other", "/a/study/trials/0/exit"), False),
    ],
)
def test_signs_of_a_study(origin: Origin, owned: Any) -> None:
    kin = Kin(place="/a/study", uid="u", is_study=lambda path: path == "/copied")
    assert owns(kin, origin) == owned


def test_many_are_counted() -> None:
    assert earlier._told([Process(7, 1)]) == "process 7"
    many = [Process(number, 1) for number in range(7)]
    assert earlier._told(many) == "processes 0, 1, 2, 3, 4 and 2 more"
