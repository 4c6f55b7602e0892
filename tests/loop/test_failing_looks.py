"""A look at a file that the machine cannot take does not count as one at no file."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from automl.executors.processes.identity import boot_id
from automl.journal.disk.files import is_in_the_way, is_there, make_folder
from automl.journal.folder import StudyFolder
from automl.launch.launch_note import LaunchNote
from automl.launch.trial_files import make_room
from automl.loop.trials.cleanups import Cleanups
from automl.testing import FakeClock, FakeExecutor, FakeRun

NOTE = LaunchNote(uid="u", trial=0, attempt=2, params="p", goal="g", place="/there")


def fails_once(real: Callable[..., Any], number: int) -> Callable[..., Any]:
    left = [1]

    def call(*args: Any, **keywords: Any) -> Any:
        if left:
            left.pop()
            raise OSError(number, os.strerror(number))
        return real(*args, **keywords)

    return call


def test_a_failing_look_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for look in (is_there, is_in_the_way):
        with monkeypatch.context() as patch:
            patch.setattr(os, "stat", fails_once(os.stat, errno.EIO))
            with pytest.raises(OSError, match="Input/output error"):
                look(tmp_path)
        assert look(tmp_path)
        assert not look(tmp_path / "nothing")
        assert not look(tmp_path / "nothing" / "below")
    (tmp_path / "astray").symlink_to("nowhere")
    assert not is_there(tmp_path / "astray")
    assert is_in_the_way(tmp_path / "astray")


def test_a_folder_that_could_not_be_looked_at_is_still_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "isdir", lambda _: False)
    make_folder(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "file")


def test_an_old_exit_code_is_never_left_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    paths = folder.trial(0)
    Path(paths.path).mkdir()
    Path(paths.note).write_text(replace(NOTE, attempt=1).text())
    Path(paths.exit).write_text("0\n")
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", fails_once(os.stat, errno.EIO))
        with pytest.raises(OSError, match="Input/output error"):
            make_room(paths, [], NOTE)
    make_room(paths, [], NOTE)
    assert not Path(paths.exit).exists()
    assert Path(paths.attempts, "1", "exit").read_text() == "0\n"


def test_a_cleanup_that_cannot_be_looked_for_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = StudyFolder(tmp_path, "study")
    cleanups = Cleanups(FakeExecutor(lambda _: FakeRun(), FakeClock()), folder, "u", str(tmp_path))
    with monkeypatch.context() as patch:
        for _ in range(2):
            patch.setattr(os, "stat", fails_once(os.stat, errno.ESTALE))
            assert cleanups.pending(0, 0.0)
    assert caplog.text.count("whether there is") == 1
    assert not cleanups.pending(0, 0.0)


def test_no_other_boot_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    forget = getattr(boot_id, "cache_clear", lambda: None)
    forget()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", fails_once(Path.read_text, errno.EMFILE))
        with pytest.raises(OSError, match="Too many open files"):
            boot_id()
    assert boot_id() == boot_id()
