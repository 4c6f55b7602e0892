"""Metric files outside of a check's folder are there afterwards as they were before."""

import os
from pathlib import Path

import pytest

from automl.errors import AutomlError
from automl.studies.checking.running.outside import left_as_it_was


def test_what_is_there_is_put_back_and_what_is_new_is_removed(tmp_path: Path) -> None:
    old, new = tmp_path / "old.log", tmp_path / "made" / "new.log"
    old.write_text("acc=1")
    with left_as_it_was(map(str, (old, new, old))):
        assert not old.exists()
        new.parent.mkdir()
        for file in (old, new):
            file.write_text("acc=2")
    assert old.read_text() == "acc=1"
    assert list(tmp_path.iterdir()) == [old]


def test_pipes_and_folders_stay_where_they_are(tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    with left_as_it_was(map(str, (pipe, folder))):
        assert pipe.is_fifo()
        assert folder.is_dir()
    assert pipe.is_fifo()
    assert folder.is_dir()


def test_one_that_cannot_be_set_aside_loses_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / "a.log", tmp_path / "b.log"]
    for file in files:
        file.write_text(file.name)
    rename = Path.rename

    def refuse(file: Path, target: Path) -> Path:
        if file == files[1]:
            raise PermissionError
        return rename(file, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError), left_as_it_was(map(str, files)):
        pytest.fail("it began")
    assert [file.read_text() for file in files] == ["a.log", "b.log"]
    assert sorted(tmp_path.iterdir()) == files


def test_one_that_cannot_be_put_back_is_told_and_the_others_are(tmp_path: Path) -> None:
    files = [tmp_path / "a.log", tmp_path / "b.log"]
    for file in files:
        file.write_text(file.name)
    with (
        pytest.raises(AutomlError, match=r"a.log cannot be put back.*is .*a.log.before-check"),
        left_as_it_was(map(str, files)),
    ):
        (files[0] / "inner").mkdir(parents=True)
    assert files[1].read_text() == "b.log"
    assert (tmp_path / "a.log.before-check").read_text() == "a.log"
