"""Studies are found below a folder, the nearest first."""

import os
from pathlib import Path

import pytest
from written_studies import COMPLETE, write_study

from automl.studies.on_disk.nearby import studies_below


def names(place: Path, deepest: int, most: int | None = None) -> tuple[list[str], bool]:
    found = studies_below(place, deepest, most)
    return [os.path.relpath(one.path, place) for one in found.studies], found.whole


def test_studies_are_found_as_deep_as_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_study(tmp_path / "b", "deep", COMPLETE)
    write_study(tmp_path, "near", COMPLETE)
    write_study(tmp_path / ".hidden", "never", COMPLETE)
    (tmp_path / "a").mkdir()
    (tmp_path / "c").symlink_to(tmp_path / "b")
    near, deep = "automl_studies/near", "b/automl_studies/deep"
    assert names(tmp_path, 1) == ([], True)
    assert names(tmp_path, 2) == ([near], True)
    assert names(tmp_path, 3) == ([near, deep], True)
    assert names(tmp_path / near, 0) == (["."], True)
    assert names(tmp_path / "none", 3) == ([], True)
    monkeypatch.chdir(tmp_path)
    found = studies_below(tmp_path, 3)
    assert found.called("deep") == [deep]
    assert found.called(None) == [near, deep]


def test_of_many_folders_the_nearest_are_looked_into_and_that_of_studies_first(
    tmp_path: Path,
) -> None:
    write_study(tmp_path, "near", COMPLETE)
    for number in range(5):
        write_study(tmp_path / f"a{number}", "far", COMPLETE)
    assert names(tmp_path, 3, most=2) == (["automl_studies/near"], False)
    assert len(names(tmp_path, 3, most=99)[0]) == 6
