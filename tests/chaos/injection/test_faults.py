"""What `faults.c` does to a process, and what it leaves alone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.injection.library import Call, Injection, build, listed

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is Linux's"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler: install gcc"),
]

PROGRAM = """
import contextlib, os, subprocess, sys
with contextlib.suppress(OSError):
    os.open("/nowhere/fault-begin", os.O_RDONLY)
for number in range(4):
    file = os.open(sys.argv[1] + "/file", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        print(os.write(file, b"12345678"))
    except OSError as error:
        print(error.strerror)
    os.close(file)
print(subprocess.run(["sh", "-c", "echo $LD_PRELOAD$AUTOML_FAULT_AT"], capture_output=True).stdout)
"""

WRITE = Call("write", "file", 2)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("library"))


def run(
    library: Path, folder: Path, at: Call | None, what: str = "", *, program: str = PROGRAM
) -> tuple[int, list[str]]:
    injection = Injection(library=library, disk=folder, log=folder / "log", at=at, what=what)
    words = [sys.executable, "-c", program, str(folder)]
    done = subprocess.run(
        words, env=injection.environment(), capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines()


def test_one_call_fails_and_children_are_left_alone(library: Path, tmp_path: Path) -> None:
    code, lines = run(library, tmp_path, WRITE, "fail 28 1 write disk")
    assert (code, lines) == (0, ["8", "No space left on device", "8", "8", "b'\\n'"])
    assert (tmp_path / "log").read_text() == "hit\n"


def test_a_fault_lasts_for_a_number_of_calls(library: Path, tmp_path: Path) -> None:
    assert run(library, tmp_path, WRITE, "fail 5 2 write disk")[1][:4] == [
        "8",
        *["Input/output error"] * 2,
        "8",
    ]


def test_a_disk_gets_full_in_the_middle_of_a_write(library: Path, tmp_path: Path) -> None:
    _, lines = run(library, tmp_path, WRITE, "tear 28 0 create,write disk")
    assert lines[:2] == ["8", "4"]
    assert (tmp_path / "file").read_text() == "123456781234"


CROWDED = """
import contextlib, os, sys
held = os.open(os.devnull, os.O_RDONLY)
with contextlib.suppress(OSError):
    os.open("/nowhere/fault-begin", os.O_RDONLY)
for number in range(4):
    try:
        print(len(os.listdir("/proc")) > 0)
    except OSError as error:
        print(error.strerror)
    if number == 1:
        os.close(held)
"""


def test_a_full_table_of_files_has_room_for_those_that_are_closed(
    library: Path, tmp_path: Path
) -> None:
    at, what = Call("open", "/proc", 1), "fail 24 0 open anywhere"
    _, lines = run(library, tmp_path, at, what, program=CROWDED)
    assert lines == ["Too many open files"] * 2 + ["True"] * 2


SEEKING = """
import contextlib, os
held = os.open(os.devnull, os.O_RDONLY)
with contextlib.suppress(OSError):
    os.open("/nowhere/fault-begin", os.O_RDONLY)
for name in ("/proc", "/proc", "/proc/nothing", "/proc/nothing", "/proc"):
    try:
        print(len(os.listdir(name)) > 0)
    except OSError as error:
        print(error.strerror)
    if held is not None:
        held = os.close(held)
"""


def test_a_file_that_is_not_there_takes_no_room(library: Path, tmp_path: Path) -> None:
    at, what = Call("open", "/proc", 1), "fail 24 0 open anywhere"
    _, lines = run(library, tmp_path, at, what, program=SEEKING)
    assert lines == [
        "Too many open files",
        "True",
        *["No such file or directory"] * 2,
        "True",
    ]


@pytest.mark.parametrize(("what", "size"), [("kill-before", 8), ("kill-after", 16)])
def test_a_call_is_the_last(library: Path, tmp_path: Path, what: str, size: int) -> None:
    assert run(library, tmp_path, WRITE, what)[0] == -9
    assert (tmp_path / "file").stat().st_size == size


def test_every_call_is_listed(library: Path, tmp_path: Path) -> None:
    run(library, tmp_path, None)
    calls = [call for call in listed(tmp_path / "log") if call.path == "file"]
    assert calls == [Call(kind, "file", nth) for nth in range(1, 5) for kind in ("create", "write")]


GROUPS = """
import contextlib, os, sys
with contextlib.suppress(OSError):
    os.open("/nowhere/fault-begin", os.O_RDONLY)
for pid in (os.getpid(), *sys.argv[1:]):
    with contextlib.suppress(OSError):
        os.rmdir(f"/sys/nowhere/automl-402n{pid}-1-0")
"""


@pytest.mark.parametrize(("lives", "count"), [((), 1), ((7,), 2), ((70, 7, 8), 3)])
def test_groups_of_other_studies_are_not_counted(
    library: Path, tmp_path: Path, lives: tuple[int, ...], count: int
) -> None:
    injection = Injection(library=library, disk=tmp_path, log=tmp_path / "log")
    words = [sys.executable, "-c", GROUPS, "7", "77", "8"]
    subprocess.run(words, env=injection.environment(lives), check=True)
    removed = [call for call in listed(tmp_path / "log") if call.kind == "unlink"]
    assert removed == [Call("unlink", "/sys", nth) for nth in range(1, count + 1)]
