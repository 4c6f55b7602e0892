import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from automl.errors import JournalError, StorageError
from automl.journal.folder import StudyFolder

NOW = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)
STAMP = NOW.astimezone().strftime("%Y%m%d-%H%M%S")


def test_each_file_has_its_place(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path / "odd dir", "a'b")
    top = tmp_path / "odd dir" / "a'b"
    assert folder.path == top
    assert folder.journal == top / "journal.jsonl"
    assert folder.control == top / "control.jsonl"
    assert folder.lock == top / "lock"
    assert folder.spec == top / "study.yaml"
    trial = folder.trial(12)
    names = ["trial.sh", "params.json", "stdout.log", "stderr.log", "exit", "attempts"]
    paths = [trial.script, trial.params, trial.stdout, trial.stderr, trial.exit, trial.attempts]
    assert trial.path == str(top / "trials" / "12")
    assert paths == [str(top / "trials" / "12" / name) for name in names]


def test_it_is_made_with_its_parents_and_making_it_again_changes_nothing(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path / "deep" / "er", "study")
    folder.create()
    (folder.trials / "0").mkdir()
    folder.journal.write_text("kept")
    folder.create()
    assert folder.journal.read_text() == "kept"
    assert (folder.trials / "0").is_dir()


@pytest.mark.parametrize(
    "taken", ["file", "file/studies", "file/studies/s", "file/studies/s/trials"]
)
def test_a_file_in_the_way_is_an_error_that_names_the_folder(tmp_path: Path, taken: str) -> None:
    way = tmp_path / taken
    way.parent.mkdir(parents=True, exist_ok=True)
    way.touch()
    folder = StudyFolder(tmp_path / "file" / "studies", "s")
    with pytest.raises(JournalError, match=r"cannot make .* give study_dir= a folder") as caught:
        folder.create()
    assert str(folder.path) in str(caught.value)


def test_a_folder_that_may_not_be_written_to_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = StudyFolder(tmp_path, "study")
    asked: list[Any] = []

    def no_access(path: Path, mode: int) -> bool:
        asked.append((path, mode))
        return False

    monkeypatch.setattr(os, "access", no_access)
    with pytest.raises(JournalError, match=r"is not writable; give study_dir= a folder"):
        folder.create()
    assert set(asked) == {(folder.path, os.W_OK | os.X_OK)}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.ESTALE])
@pytest.mark.parametrize("name", ["mkdir", "rename", "scandir"])
def test_what_may_pass_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    folder = StudyFolder(tmp_path, "study")
    if name != "mkdir":
        folder.create()
    with monkeypatch.context() as patch:
        for one in {name, "listdir"} if name == "scandir" else {name}:
            patch.setattr(os, one, broken)
        call = {
            "mkdir": folder.create,
            "rename": lambda: folder.set_aside(NOW),
            "scandir": lambda: folder.has_trials,
        }[name]
        with pytest.raises(StorageError, match=os.strerror(number)) as caught:
            call()
    assert str(folder.path) in str(caught.value)


def test_a_disk_that_is_mounted_read_only_may_be_made_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ReadOnly:
        f_flag = os.ST_RDONLY

    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "statvfs", lambda _: ReadOnly)
    with pytest.raises(StorageError, match="Read-only file system; make the disk writable"):
        StudyFolder(tmp_path, "study").create()


def test_a_folder_that_another_start_renames_just_then_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = StudyFolder(tmp_path, "study")
    access, seen = os.access, []

    def renamed(path: Path, mode: int) -> bool:
        seen.append(path)
        if len(seen) == 1:
            folder.set_aside(NOW)
        return access(path, mode)

    monkeypatch.setattr(os, "access", renamed)
    folder.create()
    assert folder.trials.is_dir()


def test_what_is_set_aside_keeps_its_content_under_a_name_with_the_time(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path, "study")
    asides = []
    for number in range(3):
        folder.create()
        folder.journal.write_text(f"{number}")
        asides.append(folder.set_aside(NOW))
        assert not folder.path.exists()
    names = [f"study.old-{STAMP}", f"study.old-{STAMP}-2", f"study.old-{STAMP}-3"]
    assert [aside.name for aside in asides] == names
    assert [(aside / "journal.jsonl").read_text() for aside in asides] == ["0", "1", "2"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_what_cannot_be_set_aside_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"cannot keep .* aside.* another name"):
        StudyFolder(tmp_path, "missing").set_aside(NOW)
