import errno
import fcntl
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automl.errors import JournalError, StudyBusyError
from automl.journal.lock import StudyLock

HOLDS = """
import subprocess, sys
from pathlib import Path
from automl.journal.lock import StudyLock

lock = StudyLock(Path(sys.argv[1]))
# A trial outlives its controller, and must not keep the controller's lock.
subprocess.Popen(["cat"], stdin=int(sys.argv[2]), stdout=subprocess.DEVNULL)
print("held", flush=True)
sys.stdin.read()
lock.release()
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the lock, with a child that lives until this context ends."""
    read_end, write_end = os.pipe()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", HOLDS, str(path), str(read_end)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[read_end],
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "held\n"
                yield process
            finally:
                process.kill()
    finally:
        os.close(read_end)
        os.close(write_end)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_a_second_controller_is_told_who_has_the_study(path: Path) -> None:
    with holder(path) as process:
        with pytest.raises(StudyBusyError) as caught:
            StudyLock(path)
        told = re.search(r"process (\d+) on (\S+) since (\S+)\. ", str(caught.value))
        assert told
        assert (int(told[1]), told[2]) == (process.pid, socket.gethostname())
        age = datetime.now(UTC) - datetime.fromisoformat(told[3])
        assert timedelta(0) <= age < timedelta(minutes=10)
        assert f"the study in {path.parent} is being run by" in str(caught.value)
        assert "Ctrl-C or SIGTERM there, or start a study of another name" in str(caught.value)


def test_the_lock_of_a_killed_process_is_free_though_its_trial_runs_on(path: Path) -> None:
    with holder(path) as process:
        process.kill()
        process.wait()
        assert json.loads(path.read_bytes())["pid"] == process.pid
        lock = StudyLock(path)
        assert json.loads(path.read_bytes())["pid"] == os.getpid()
        lock.release()


def test_a_released_lock_is_free_and_names_nobody(path: Path) -> None:
    with holder(path) as process:
        process.communicate("")
        assert process.returncode == 0
        assert path.read_bytes() == b""
        StudyLock(path).release()
    assert path.read_bytes() == b""


def test_the_same_process_cannot_take_it_twice_either(path: Path) -> None:
    lock = StudyLock(path)
    before = open_files()
    with pytest.raises(StudyBusyError, match=f"process {os.getpid()} on"):
        StudyLock(path)
    assert open_files() == before
    lock.release()
    StudyLock(path).release()


def test_a_shorter_name_leaves_nothing_of_a_longer_one_before_it(path: Path) -> None:
    path.write_text("x" * 1000)
    lock = StudyLock(path)
    assert set(json.loads(path.read_bytes())) == {"host", "pid", "since"}
    lock.release()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "3", "\x00\x00"])
def test_a_holder_that_cannot_be_read_is_another_process(path: Path, content: str) -> None:
    lock = StudyLock(path)
    path.write_text(content)
    with pytest.raises(StudyBusyError, match="is being run by another process"):
        StudyLock(path)
    lock.release()


def test_a_folder_without_room_for_a_lock_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "lock", tmp_path / "missing" / "lock", tmp_path):
        with pytest.raises(JournalError, match=r"cannot write .* give study_dir=") as caught:
            StudyLock(path)
        assert str(path) in str(caught.value)
        assert not isinstance(caught.value, StudyBusyError)


def test_a_file_system_without_locks_is_not_called_busy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    before = open_files()
    with pytest.raises(JournalError, match=r"cannot lock .*No locks available") as caught:
        StudyLock(path)
    assert not isinstance(caught.value, StudyBusyError)
    assert open_files() == before
