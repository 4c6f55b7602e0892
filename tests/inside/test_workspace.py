"""The copy of a folder in which a trial works."""

import errno
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from automl.inside.scripts import workspace
from automl.inside.scripts.workspace import copy_folder, entries, make


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    for name in (
        "a.py",
        "data/big.bin",
        "data/small.csv",
        ".git/config",
        "pkg/__pycache__/x.pyc",
        "pkg/m.py",
        "automl_studies/s/trials/0/x",
        "runs/mine/journal.jsonl",
        "runs/mine/trials/0/x",
    ):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(name)
    return path


def names(path: Path, ignore: tuple[str, ...] = ()) -> set[str]:
    return {one for one, entry in entries(str(path), ignore) if not entry.is_dir()}


@pytest.mark.parametrize(
    ("ignore", "left_out"),
    [
        ((), set()),
        (("*.csv",), {"data/small.csv"}),
        (("data",), {"data/big.bin", "data/small.csv"}),
        (("data/",), {"data/big.bin", "data/small.csv"}),
        (("data/big*",), {"data/big.bin"}),
        (("/m.py",), set()),
        (("m.py",), {"pkg/m.py"}),
        (("/pkg/m.py", "/a.py"), {"pkg/m.py", "a.py"}),
    ],
)
def test_what_is_ignored_is_left_out(
    source: Path, ignore: tuple[str, ...], left_out: set[str]
) -> None:
    whole = {"a.py", "data/big.bin", "data/small.csv", "pkg/m.py"}
    assert names(source, ignore) == whole - left_out


def asked(tmp_path: Path, **more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "source": str(tmp_path / "source"),
        "own": str(tmp_path / "source/own"),
        "target": str(tmp_path / "trial/workspace"),
        "links": False,
        "ignore": [],
        "keep": [],
        "without": [],
        "folders": [],
        "aside": str(tmp_path / "trial/attempts/0/workspace"),
    }
    return usual | more


def test_a_copy_has_modes_times_and_links(source: Path, tmp_path: Path) -> None:
    (source / "a.py").chmod(0o755)
    os.utime(source / "a.py", (1, 2))
    (tmp_path / "outside").write_text("o")
    (source / "inner").symlink_to("data/big.bin")
    (source / "outer").symlink_to("../outside")
    (source / "gone").symlink_to("nowhere")
    os.mkfifo(source / "pipe")
    (source / "own").mkdir()
    make(asked(tmp_path))
    target = tmp_path / "trial/workspace"
    status = (target / "a.py").stat()
    assert (status.st_mode & 0o777, status.st_mtime) == (0o755, 2)
    assert (target / "inner").readlink() == Path("data/big.bin")
    assert (target / "outer").read_text() == "o"
    assert (target / "gone").is_symlink()
    assert not (target / "pipe").exists()
    assert not (target / "own").exists()
    (target / "a.py").write_text("changed")
    (target / "inner").write_text("changed")
    assert (source / "a.py").read_text() == "a.py"
    assert (source / "data/big.bin").read_text() == "data/big.bin"


def test_it_is_made_anew_and_what_was_there_is_set_aside(source: Path, tmp_path: Path) -> None:
    (source / "old.log").write_text("loss=9")
    target = tmp_path / "trial/workspace"
    (target / "logs").mkdir(parents=True)
    ask = asked(tmp_path, without=["old.log", "logs/m"], folders=["logs"], keep=["*.pt", "out/*"])
    make(ask)
    # Folders without files are none to keep.
    assert not (tmp_path / "trial/attempts").exists()
    assert not (target / "old.log").exists()
    assert (target / "logs").is_dir()
    (target / "out").mkdir()
    for name in ("out/c", "model.pt", "junk", "a.py"):
        (target / name).write_text("run")
    (tmp_path / "trial/workspace.part").mkdir()
    make(ask)
    assert (target / "out/c").read_text() == (target / "model.pt").read_text() == "run"
    assert not (target / "junk").exists()
    assert (target / "a.py").read_text() == "a.py"
    aside = tmp_path / "trial/attempts/0/workspace"
    assert (aside / "junk").read_text() == "run"
    make(ask)
    assert (aside.with_name("workspace.old") / "model.pt").exists() is False
    assert (target / "model.pt").read_text() == "run"


def test_links_share_their_files(source: Path, tmp_path: Path) -> None:
    copy_folder(str(source), str(tmp_path / "t"), [], links=True)
    assert (tmp_path / "t/a.py").stat().st_ino == (source / "a.py").stat().st_ino


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM, errno.EMLINK])
def test_where_there_are_no_links_files_are_copied(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(workspace.os, "link", refuse)
    copy_folder(str(source), str(tmp_path / "t"), [], links=True)
    assert (tmp_path / "t/a.py").read_text() == "a.py"
    assert (tmp_path / "t/a.py").stat().st_ino != (source / "a.py").stat().st_ino


def test_blocks_are_shared_where_the_file_system_can(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clone(target: int, request: int, given: int) -> None:
        assert request == 0x40049409
        os.write(target, b"cloned " + os.read(given, 99))

    monkeypatch.setattr(fcntl, "ioctl", clone)
    copy_folder(str(source), str(tmp_path / "t"), [], links=False)
    assert (tmp_path / "t/a.py").read_text() == "cloned a.py"


def test_an_error_is_told_in_one_line(tmp_path: Path) -> None:
    words = [sys.executable, "-I", "-S", workspace.__file__, json.dumps(asked(tmp_path))]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        f"automl: the trial's workspace cannot be made: {tmp_path}/source/: "
        "No such file or directory\n"
    )
