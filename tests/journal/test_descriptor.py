"""A forked child keeps no lock of its parent."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from automl.errors import StudyBusyError
from automl.journal import lock as lock_module
from automl.journal.disk.descriptor import Descriptor
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    made = StudyFolder(tmp_path, "study")
    made.create()
    return made


def in_a_child(work: Callable[[], bool]) -> bool:
    """Fork, and return what the child finds."""
    pid = os.fork()
    if pid == 0:
        found = False
        try:
            found = work()
        finally:
            os._exit(not found)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "_TRIES", 5)


def is_busy(folder: StudyFolder) -> bool:
    try:
        StudyLock(folder).release()
    except StudyBusyError:
        return True
    return False


@pytest.mark.usefixtures("impatient")
def test_a_child_has_neither_the_file_nor_the_lock(folder: StudyFolder) -> None:
    lock = StudyLock(folder)
    assert in_a_child(lambda: lock.file == -1)
    assert in_a_child(lambda: is_busy(folder))
    lock.release()
    assert in_a_child(lambda: not is_busy(folder))


@pytest.mark.usefixtures("impatient")
def test_what_a_child_does_with_it_leaves_the_parents_lock_alone(folder: StudyFolder) -> None:
    lock = StudyLock(folder)

    def release() -> bool:
        lock.release()
        # The number that the parent's file has may be another file's in the child by now.
        with folder.spec.open("w") as other:
            lock.release()
            other.write("x")
        return lock.lost() == ""

    assert in_a_child(release)
    assert is_busy(folder)
    lock.release()


def test_closing_twice_closes_no_file_of_another(folder: StudyFolder) -> None:
    folder.spec.touch()
    one = Descriptor(folder.spec, os.O_RDONLY)
    one.close()
    with folder.spec.open() as other:
        one.close()
        assert other.read() == ""


FORKS = """
    import multiprocessing, os, sys, time
    from pathlib import Path
    from automl.journal.folder import StudyFolder
    from automl.journal.lock import StudyLock

    place = Path(sys.argv[1])
    lock = StudyLock(StudyFolder(place, "study"))

    def wait_for_the_end():
        os.read(int(sys.argv[2]), 1)

    if sys.argv[3] == "fork":
        if os.fork() == 0:
            wait_for_the_end()
            os._exit(0)
    else:
        child = multiprocessing.get_context("fork").Process(target=wait_for_the_end)
        child.start()
    print("forked", flush=True)
    time.sleep(600)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["fork", "multiprocessing"])
def test_a_child_that_outlives_a_killed_controller_locks_nobody_out(
    folder: StudyFolder, how: str
) -> None:
    end, release = os.pipe()
    words = [sys.executable, "-c", textwrap.dedent(FORKS), str(folder.path.parent), str(end), how]
    try:
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, pass_fds=[end]) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "forked\n"
            assert is_busy(folder)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert not is_busy(folder)
            os.close(release)
            release = -1
            assert process.stdout.read() == ""  # the child has ended
    finally:
        os.close(end)
        if release >= 0:
            os.close(release)


def test_a_worker_of_multiprocessing_does_not_keep_a_released_lock(folder: StudyFolder) -> None:
    lock = StudyLock(folder)
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    worker = context.Process(target=there.recv)
    worker.start()
    try:
        lock.release()
        assert not is_busy(folder)
    finally:
        here.send("end")
        worker.join()
        here.close()
        there.close()


def test_a_copy_that_no_fork_handler_closed_does_not_keep_a_released_lock(
    folder: StudyFolder,
) -> None:
    lock = StudyLock(folder)
    copy = os.dup(lock.file)
    lock.release()
    assert not is_busy(folder)
    os.close(copy)
