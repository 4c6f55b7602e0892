"""Trials end and are stopped whole while this process can open no file."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from local_place import DEADLINE_S, PROGRAMS, LocalPlace, attach, only_end, start

from automl.errors import StorageError
from automl.executors.local.spare import Spare
from automl.executors.processes.proctree import ProcessTable
from automl.testing import Behaviour


@pytest.mark.parametrize("groups", ["0", "1"])
@pytest.mark.parametrize("how", ["limit", "filled"])
@pytest.mark.parametrize("end", [[], ["end"]], ids=["stopped", "ended"])
def test_without_descriptors_every_trial_is_stopped(
    tmp_path: Path, how: str, groups: str, end: list[str]
) -> None:
    command = [sys.executable, str(PROGRAMS / "crowd.py"), str(tmp_path), how, groups, *end]
    told = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout in {
        "0 {0: 26}\n" if end else "0 {'SIGTERM': 26}\n",
        "0 {'SIGKILL': 26}\n",
    }


def refusing(number: int, path: str) -> object:
    """Return an `os.open` that refuses paths which hold `path`."""
    real = os.open

    def refuse(name: str, *rest: object, **more: object) -> int:
        if path in str(name):
            raise OSError(number, os.strerror(number), name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    return refuse


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN])
def test_what_cannot_be_looked_at_is_not_taken_for_nothing(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.open", refusing(number, f"/proc/{os.getppid()}/stat"))
        table = ProcessTable()
    assert not table.whole
    with pytest.raises(StorageError, match="ulimit -n"):
        table.must_be_whole()


def test_what_is_of_others_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.open", refusing(errno.EACCES, f"/proc/{os.getppid()}/stat"))
        table = ProcessTable()
    assert table.whole
    table.must_be_whole()


def test_a_table_that_cannot_be_listed_is_empty_and_not_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_path: str) -> list[str]:
        raise OSError(errno.ENFILE, "Too many open files in system")

    with monkeypatch.context() as patch:
        patch.setattr("os.listdir", refuse)
        assert not ProcessTable().whole


def test_a_trial_that_cannot_be_looked_for_is_not_given_up(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.kind.cgroups:
        pytest.skip("its group tells that it runs")
    launch = place.launch(0, Behaviour.RUNS)
    handle = start(place.executor(), launch)
    second = place.executor()
    with monkeypatch.context() as patch:
        patch.setattr("os.open", refusing(errno.ENFILE, f"/proc/{handle['pid']}/stat"))
        with pytest.raises(StorageError):
            attach(second, [handle])
    assert attach(second, [handle])
    second.cancel([handle], 0)
    only_end(second)
    assert place.left() == []


def test_what_is_held_ready_is_lent_and_had_back() -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    spare = Spare()
    held = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with spare.lent(), spare.lent():
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    assert len(os.listdir("/proc/self/fd")) == held  # noqa: PTH208
    assert held > before
    spare.close()
    with spare.lent():
        pass
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
