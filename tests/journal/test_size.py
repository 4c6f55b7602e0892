"""How large a folder is."""

import os
import threading
from pathlib import Path

import pytest

from automl.journal.disk import size as module
from automl.journal.disk.size import FolderSize

DEADLINE_S = 60.0


def test_all_files_below_count_once(tmp_path: Path) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    for name in ("a", "deep/b", "deep/er/c"):
        (tmp_path / name).write_bytes(b"x" * 100_000)
    os.link(tmp_path / "a", tmp_path / "deep/again")
    (tmp_path / "deep/link").symlink_to(tmp_path / "a")
    (tmp_path / "deep/loop").symlink_to(tmp_path)
    size_bytes, whole = FolderSize(tmp_path).known(DEADLINE_S)
    assert whole
    assert 300_000 <= size_bytes < 360_000


def test_holes_take_nothing(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 30)
    assert FolderSize(tmp_path).known(DEADLINE_S)[0] < 1 << 20


def test_what_is_not_there_takes_nothing(tmp_path: Path) -> None:
    assert FolderSize(tmp_path / "gone").known(DEADLINE_S) == (0, True)


def test_nobody_waits_for_a_folder_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100_000)
    go = threading.Event()
    really = FolderSize._add

    def held(self: FolderSize, entry: "os.DirEntry[str]") -> None:
        really(self, entry)
        assert go.wait(DEADLINE_S)

    monkeypatch.setattr(FolderSize, "_add", held)
    found = FolderSize(tmp_path)
    size_bytes, whole = found.known(0.01)
    go.set()
    assert found.known(DEADLINE_S)[1]
    assert not whole
    assert size_bytes <= 110_000


def test_no_thread_is_no_reason_to_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(thread: threading.Thread) -> None:
        raise OSError(thread.name)

    monkeypatch.setattr(module, "start_thread", refused)
    assert FolderSize(tmp_path).known(0.0) == (0, False)
