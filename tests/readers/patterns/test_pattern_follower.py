"""The numbers of the files that a pattern names: the newest, or all in their order."""

import math
import os
from pathlib import Path

import pytest

from automl.errors import SpecError
from automl.readers.follower import Follower
from automl.readers.patterns.launched import Launched
from automl.readers.patterns.walk import Match, Walk
from automl.readers.registry import follow
from automl.study.tasks.reader import LocalReader

LIMIT = 1 << 20


class Runs:
    """Files of a pattern that are written by and by, and what counts of them."""

    def __init__(self, folder: Path, which: str, launched: Launched | None = None) -> None:
        self.folder = folder
        self.second = 0
        reader = LocalReader(
            location="*/m.log", parser_pattern=r"(?:(?P<step>\d+):)?(?P<value>\S+)", which=which
        )
        self.follower: Follower = follow(
            reader, f"{folder}/*/m.log", launched=launched or Launched()
        )
        self.values: list[float] = []
        self.steps: list[float] | None = None
        self.looks = 0

    def write(self, name: str, text: str, mode: str = "a") -> None:
        file = self.folder / name / "m.log"
        file.parent.mkdir(exist_ok=True)
        with file.open(mode) as opened:
            opened.write(text)
        self.second += 1
        os.utime(file, (self.second, self.second))

    def look(self, *, ended: bool = False, limit_bytes: int = LIMIT) -> list[float]:
        more = True
        while more:
            look = self.follower.read(ended=ended, limit_bytes=limit_bytes)
            more = look.more
            self.looks += 1
            for points in look.measurements.values():
                if points.restarted:
                    self.values = []
                self.values += points.values
        return self.values


@pytest.fixture(autouse=True)
def each_look_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automl.readers.patterns.files._SHARE", 0.0)


def test_the_newest_counts(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "newest")
    assert runs.look() == []
    runs.write("1", "5\n")
    assert runs.look() == [5]
    runs.write("1", "6\n")
    assert runs.look() == [5, 6]
    runs.write("2", "")
    assert runs.look() == [5, 6]
    runs.write("2", "7\n")
    assert runs.look() == [7]
    assert runs.look(ended=True) == [7]


def test_of_two_that_grow_the_first_is_read_on_until_the_end(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "newest")
    runs.write("1", "1\n")
    runs.look()
    runs.write("2", "10\n")
    assert runs.look() == [10]
    runs.write("1", "2\n")
    assert runs.look() == [10]
    runs.write("2", "20\n")
    assert runs.look() == [10, 20]
    runs.write("1", "3\n")
    assert runs.look(ended=True) == [1, 2, 3]


def test_a_newest_file_without_a_number_does_not_hide_another(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "newest")
    runs.write("1", "1\n")
    runs.write("2", "no number\n")
    assert runs.look() == [1]
    assert runs.look(ended=True) == [1]
    late = Runs(tmp_path, "newest")
    assert late.look(ended=True) == [1]


def test_all_count_in_the_order_of_writing(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "all")
    runs.write("10", "1\n")
    assert runs.look() == [1]
    runs.write("9", "2\n3\n")
    assert runs.look() == [1, 2, 3]
    runs.write("10", "4\n")
    assert runs.look() == [1, 4, 2, 3]
    assert runs.look(ended=True) == [2, 3, 1, 4]
    again = Runs(tmp_path, "all")
    assert again.look(ended=True, limit_bytes=1) == [2, 3, 1, 4]


@pytest.mark.parametrize("which", ["all", "newest"])
def test_at_the_end_the_tree_is_looked_through_once(
    which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = []
    matches = Walk.matches

    def counted(self: Walk) -> list[Match]:
        walks.append(self.pattern)
        return matches(self)

    monkeypatch.setattr(Walk, "matches", counted)
    runs = Runs(tmp_path, which)
    runs.write("1", "1\n2\n3\n4\n")
    assert runs.look(ended=True, limit_bytes=1) == [1, 2, 3, 4]
    assert runs.looks > 2
    assert len(walks) == 1
    # What comes later is found by the next look.
    runs.write("2", "5\n")
    runs.look(ended=True)
    assert runs.values[-1] == 5
    assert len(walks) == 2


def test_a_file_of_several_that_is_rewritten_is_read_anew(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "all")
    runs.write("1", "1\n")
    runs.write("2", "2\nnan\n")
    assert runs.look()[:2] == [1, 2]
    runs.write("1", "5\n6\n", "w")
    found = runs.look(ended=True)
    assert found[:1] + found[2:] == [2, 5, 6]
    assert math.isnan(found[1])


def test_a_file_that_is_gone_still_counts(tmp_path: Path) -> None:
    for which, wanted in (("newest", [2.0]), ("all", [1.0, 2.0])):
        folder = tmp_path / which
        folder.mkdir()
        runs = Runs(folder, which)
        runs.write("1", "1\n")
        runs.look()
        runs.write("2", "2\n")
        runs.look()
        (folder / "2" / "m.log").unlink()
        assert runs.look(ended=True) == wanted


def test_looks_at_any_time_end_as_one_look_does(tmp_path: Path) -> None:
    for which in ("newest", "all"):
        folder = tmp_path / which
        folder.mkdir()
        busy = Runs(folder, which)
        for number in range(12):
            busy.write(str(number * 7 % 4), f"{number}:{number / 4}\n")
            busy.look(limit_bytes=number + 1)
        assert busy.look(ended=True) == Runs(folder, which).look(ended=True)


def test_why_there_is_no_number_is_told(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "newest")
    runs.look(ended=True)
    assert runs.follower.problem() == f"no file {tmp_path}/*/m.log was written by the command"
    (tmp_path / "m.txt").write_text("1")
    runs.look(ended=True)
    assert runs.follower.problem().endswith(f"by the command; {tmp_path} has 'm.txt'")
    runs.write("1", "no number\n")
    runs.look(ended=True)
    assert f"in {tmp_path}/1/m.log" in runs.follower.problem()
    runs.follower.close()


def test_files_of_before_are_told(tmp_path: Path) -> None:
    note = tmp_path / "launch.json"
    runs = Runs(tmp_path, "newest", Launched(note=str(note), shared=True))
    runs.write("1", "1\n")
    note.write_text("{}")
    assert runs.look(ended=True) == []
    assert "; 1 of such a name were not written since it began" in runs.follower.problem()


def test_that_another_trial_may_have_written_it_is_told(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "newest", Launched(shared=True))
    runs.write("1", "x\n")
    runs.look(ended=True)
    assert "another trial that ran at the same time may have written it" in runs.follower.problem()


def test_too_many_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automl.readers.patterns.follower.MOST_FILES", 2)
    runs = Runs(tmp_path, "all")
    for number in range(3):
        runs.write(str(number), f"{number}\n")
    look = runs.follower.read(ended=True, limit_bytes=LIMIT)
    assert look.measurements["metric"].values == (1, 2)
    assert "of 3 files" in look.left_out


def test_a_choice_that_is_none_is_refused() -> None:
    with pytest.raises(SpecError, match="which must be one of 'newest', 'all'; got 'first'"):
        LocalReader(location="*/m", parser_pattern="(x)", which="first")
