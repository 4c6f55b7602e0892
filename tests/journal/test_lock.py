import errno
import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automl.errors import JournalError, StorageError, StudyBusyError
from automl.journal import lock as lock_module
from automl.journal.disk.descriptor import Descriptor
from automl.journal.events import StudyClosed, StudyOpened
from automl.journal.folder import StudyFolder
from automl.journal.holder import find_holder
from automl.journal.journal import Journal, parse
from automl.journal.lock import StudyLock

HOLDS = """
import os, subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from automl.journal.events import StudyOpened
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal, parse
from automl.journal.lock import StudyLock

folder = StudyFolder(Path(sys.argv[1]), "study")
lock = StudyLock(folder)
journal = Journal(lock, parse(lock.content(), lock.path)[1])
journal.append([StudyOpened(
    v=1, at=datetime.now(UTC), study={}, seed=1, uid="u", host=os.uname().nodename, pid=os.getpid()
)])
# A trial outlives its controller, and must not keep the controller's lock.
subprocess.Popen(["cat"], stdin=int(sys.argv[2]), stdout=subprocess.DEVNULL)
print("held", flush=True)
sys.stdin.read()
journal.close()
lock.release()
"""


@contextmanager
def holder(folder: StudyFolder) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the lock, with a child that lives until this context ends."""
    read_end, write_end = os.pipe()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", HOLDS, str(folder.path.parent), str(read_end)],
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


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "_TRIES", 5)


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    made = StudyFolder(tmp_path, "study")
    made.create()
    return made


@contextmanager
def held(folder: StudyFolder) -> Iterator[StudyLock]:
    lock = StudyLock(folder)
    try:
        yield lock
    finally:
        lock.release()


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def write(lock: StudyLock, *events: StudyOpened | StudyClosed) -> None:
    with closing(Journal(lock, parse(lock.content(), lock.path)[1])) as journal:
        journal.append(events)


def opened(pid: int, host: str = "") -> StudyOpened:
    host = host or socket.gethostname()
    return StudyOpened(
        v=1, at=datetime(2026, 3, 1, tzinfo=UTC), study={}, seed=1, uid="u", host=host, pid=pid
    )


def test_a_second_controller_is_told_who_has_the_study(folder: StudyFolder) -> None:
    with holder(folder) as process:
        with pytest.raises(StudyBusyError) as caught:
            StudyLock(folder)
        told = re.search(r"process (\d+) on (\S+) since (\S+)\. ", str(caught.value))
        assert told
        assert (int(told[1]), told[2]) == (process.pid, socket.gethostname())
        age = datetime.now(UTC) - datetime.fromisoformat(told[3])
        assert timedelta(seconds=-1) <= age < timedelta(minutes=10)
        assert f"the study in {folder.path} is being run by" in str(caught.value)
        assert "Ctrl-C or SIGTERM there, or start a study of another name" in str(caught.value)
        found = find_holder(folder)
        assert found is not None
        assert found.pid == process.pid


def test_the_lock_of_a_killed_process_is_free_though_its_trial_runs_on(folder: StudyFolder) -> None:
    with holder(folder) as process:
        process.kill()
        process.wait()
        assert find_holder(folder) is None
        StudyLock(folder).release()


def test_the_same_process_cannot_take_it_twice_either(folder: StudyFolder) -> None:
    with held(folder) as lock:
        write(lock, opened(os.getpid()))
        before = open_files()
        with pytest.raises(StudyBusyError, match=f"process {os.getpid()} on"):
            StudyLock(folder)
        assert open_files() == before
    StudyLock(folder).release()


@pytest.mark.parametrize("name", ["lock", "control.jsonl", "study.yaml", "trials"])
def test_no_other_file_that_is_removed_lets_a_second_controller_in(
    folder: StudyFolder, name: str
) -> None:
    folder.lock.touch()
    with held(folder):
        path = folder.path / name
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
        with pytest.raises(StudyBusyError):
            StudyLock(folder)


def test_no_lock_file_is_made_any_more(folder: StudyFolder) -> None:
    StudyLock(folder).release()
    assert {path.name for path in folder.path.iterdir()} == {
        ".gitignore",
        "journal.jsonl",
        "trials",
    }


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "3", "\x00\x00", "[" * 5000])
def test_the_controller_of_an_earlier_release_keeps_its_study(
    folder: StudyFolder, content: str
) -> None:
    folder.lock.write_text(content)
    with closing(Descriptor(folder.lock, os.O_RDWR)) as old:
        fcntl.flock(old.number, fcntl.LOCK_EX)
        before = open_files()
        with pytest.raises(StudyBusyError, match="is being run by another process"):
            StudyLock(folder)
        assert open_files() == before
        me = {"host": socket.gethostname(), "pid": os.getpid(), "since": "noon"}
        folder.lock.write_text(json.dumps(me))
        with pytest.raises(StudyBusyError, match=f"process {os.getpid()} on .* since noon"):
            StudyLock(folder)
        assert str(find_holder(folder)).startswith(f"process {os.getpid()} on")
    assert find_holder(folder) is None
    StudyLock(folder).release()


def test_a_controller_of_an_earlier_release_is_kept_out_too(folder: StudyFolder) -> None:
    folder.lock.touch()
    with held(folder), folder.lock.open() as old, pytest.raises(BlockingIOError):
        fcntl.flock(old, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_who_holds_it_is_not_said_of_a_dead_or_closed_controller(folder: StudyFolder) -> None:
    with subprocess.Popen(["true"]) as ended:
        pass
    closed = StudyClosed(v=1, at=datetime.now(UTC), reason="", complete=False)
    for events in ([], [opened(ended.pid)], [opened(os.getpid()), closed]):
        with held(folder) as lock:
            write(lock, *events)
            assert str(find_holder(folder)) == "another process"
            with pytest.raises(StudyBusyError, match="is being run by another process"):
                StudyLock(folder)
    with held(folder) as lock:
        write(lock, opened(1, host="elsewhere"))
        assert "process 1 on elsewhere since 2026-03-01T00:00:00+00:00" in str(find_holder(folder))


def test_a_controller_waits_for_who_only_looks(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    StudyLock(folder).release()
    looking = Descriptor(folder.journal, os.O_RDONLY)
    fcntl.flock(looking.number, fcntl.LOCK_SH)
    waited = []

    def sleep(_: float) -> None:
        waited.append(1)
        if len(waited) == 3:
            looking.close()

    monkeypatch.setattr(lock_module.time, "sleep", sleep)
    StudyLock(folder).release()
    assert len(waited) == 3


def test_a_controller_waits_for_a_look_that_takes_long(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # A program that looks, on a busy machine: the kernel gives it no time to let the lock go.
    StudyLock(folder).release()
    looking = Descriptor(folder.journal, os.O_RDONLY)
    fcntl.flock(looking.number, fcntl.LOCK_SH)
    waited = []

    def sleep(_: float) -> None:
        waited.append(1)
        if len(waited) == 1000:
            looking.close()

    caplog.set_level("INFO", "automl")
    monkeypatch.setattr(lock_module.time, "sleep", sleep)
    StudyLock(folder).release()
    assert len(waited) == 1000
    assert caplog.text.count("waiting for a program that looks at the study") == 1


def test_a_look_that_never_ends_is_told_as_what_it_is(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "_READER_TRIES", 5)
    monkeypatch.setattr(lock_module, "_PAUSE_S", 0)
    StudyLock(folder).release()
    before = open_files()
    with closing(Descriptor(folder.journal, os.O_RDONLY)) as looking:
        fcntl.flock(looking.number, fcntl.LOCK_SH)
        with pytest.raises(StudyBusyError, match="a program that only looks at the study") as told:
            StudyLock(folder)
    assert f"fuser {folder.journal}" in str(told.value)
    assert open_files() == before
    StudyLock(folder).release()


LOOKS = """
import sys, time
from pathlib import Path
from automl.journal import holder
from automl.journal.folder import StudyFolder

flock = holder.fcntl.flock

def slow(file, kind):
    flock(file, kind)
    print("held", flush=True)
    sys.stdin.readline()

holder.fcntl.flock = slow
holder.find_holder(StudyFolder(Path(sys.argv[1]), "study"))
"""


def test_a_controller_starts_once_another_process_has_looked(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    StudyLock(folder).release()
    with subprocess.Popen(
        [sys.executable, "-c", LOOKS, str(folder.path.parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        pause, waited = threading.Event(), []

        def sleep(_: float) -> None:
            waited.append(1)
            if len(waited) == 20:
                process.communicate("\n")
            pause.wait(0.001)

        monkeypatch.setattr(lock_module.time, "sleep", sleep)
        with held(folder):
            assert len(waited) == 20


def test_a_controller_waits_while_nobody_known_has_the_lock(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = StudyLock(folder)
    monkeypatch.setattr(lock_module.time, "sleep", lambda _: lock.release())
    StudyLock(folder).release()


def test_who_looks_does_not_stop_at_another_who_looks(folder: StudyFolder) -> None:
    StudyLock(folder).release()
    with closing(Descriptor(folder.journal, os.O_RDONLY)) as looking:
        fcntl.flock(looking.number, fcntl.LOCK_SH)
        assert find_holder(folder) is None


def test_many_looks_never_keep_a_controller_out(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "_TRIES", 10_000)
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            find_holder(folder)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(50):
            StudyLock(folder).release()
    finally:
        done.set()
        for thread in threads:
            thread.join()


def test_a_folder_renamed_between_opening_and_locking_is_not_taken(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    StudyLock(folder).release()
    aside = folder.path.with_name("aside")
    flock = fcntl.flock

    def late(file: int, kind: int) -> None:
        if not aside.exists():
            folder.path.rename(aside)
            folder.create()
        flock(file, kind)

    monkeypatch.setattr(fcntl, "flock", late)
    with held(folder) as lock:
        assert os.path.samestat(os.fstat(lock.file), folder.journal.stat())
        assert not lock.lost()


def test_a_folder_that_is_gone_is_told(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "_PAUSE_S", 0)
    missing = StudyFolder(folder.path, "missing")
    with pytest.raises(JournalError, match=r"cannot write .*missing.* its folder is gone"):
        StudyLock(missing)


def test_it_goes_with_its_folder_through_a_rename(folder: StudyFolder) -> None:
    with held(folder):
        moved = StudyFolder(folder.path.parent, "moved")
        folder.path.rename(moved.path)
        with pytest.raises(StudyBusyError):
            StudyLock(moved)
        folder.create()
        StudyLock(folder).release()


def test_what_became_of_the_folder_is_told(folder: StudyFolder, tmp_path: Path) -> None:
    with held(folder) as lock:
        assert lock.lost() == ""
        moved = tmp_path / "moved"
        folder.path.rename(moved)
        assert f"{folder.journal} was moved away to {moved}/journal.jsonl while" in lock.lost()
        folder.create()
        assert "was moved away" in lock.lost()
        folder.journal.touch()
        assert "was replaced by another file" in lock.lost()
        folder.journal.unlink()
        shutil.rmtree(folder.path)
        moved.rename(folder.path)
        assert lock.lost() == ""
        folder.trials.rmdir()
        assert f"{folder.trials} was deleted or moved away" in lock.lost()
        folder.journal.unlink()
        assert f"{folder.journal} was deleted while" in lock.lost()


def test_a_parent_that_is_renamed_is_told(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path / "studies", "study")
    folder.create()
    with held(folder) as lock:
        folder.path.parent.rename(tmp_path / "other")
        assert "was moved away to" in lock.lost()
        (tmp_path / "studies").touch()  # now even a file is in the way
        assert "was moved away to" in lock.lost()


def test_what_cannot_be_looked_at_counts_as_there(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with held(folder) as lock, monkeypatch.context() as patch:
        patch.setattr(os, "stat", broken)
        assert lock.lost() == ""


def test_a_folder_without_room_for_a_lock_is_named(folder: StudyFolder) -> None:
    (folder.path / "file").touch()
    beyond = StudyFolder(folder.path / "file", "s")
    with pytest.raises(JournalError, match=r"cannot write .* give study_dir=") as caught:
        StudyLock(beyond)
    assert str(beyond.journal) in str(caught.value)
    assert not isinstance(caught.value, StudyBusyError)


PASSING = [
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EIO,
    errno.ESTALE,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
]


@pytest.mark.parametrize("number", PASSING)
@pytest.mark.parametrize("name", ["os.open", "fcntl.flock", "os.pread"])
def test_what_may_pass_is_told_as_such(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    def broken(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    StudyLock(folder).release()
    before = open_files()
    with monkeypatch.context() as patch:
        patch.setattr(name, broken)
        with pytest.raises(StorageError) as caught, held(folder) as lock:
            lock.content()
    assert str(folder.journal) in str(caught.value)
    assert os.strerror(number) in str(caught.value)
    assert open_files() == before


def test_a_file_system_without_locks_is_not_called_busy(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    before = open_files()
    with pytest.raises(JournalError, match=r"cannot lock .*No locks available") as caught:
        StudyLock(folder)
    assert not isinstance(caught.value, (StudyBusyError, StorageError))
    assert open_files() == before
