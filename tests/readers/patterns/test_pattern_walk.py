"""Which files a pattern names, in trees that are odd or large."""

import glob
import os
import shutil
import time
from pathlib import Path

import pytest

from automl.readers.patterns import walk
from automl.readers.patterns.files import PatternFiles, kept_files
from automl.readers.patterns.launched import ANY, Launched
from automl.readers.patterns.walk import Walk, split
from automl.study.tasks.location import is_pattern

FILES = (
    "runs/1/metrics.jsonl",
    "runs/2/metrics.jsonl",
    "runs/2/deep/er/metrics.jsonl",
    "runs/metrics.jsonl",
    "runs/10/other.txt",
    "runs/.hidden/metrics.jsonl",
    "a[1]/x.log",
    "a1/x.log",
    "b*/x.log",
    "bb/x.log",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    return tmp_path


def names(tree: Path, pattern: str) -> list[str]:
    return sorted(os.path.relpath(one.path, tree) for one in Walk(f"{tree}/{pattern}").matches())


@pytest.mark.parametrize(
    "pattern",
    [
        "runs/*/metrics.jsonl",
        "runs/**/metrics.jsonl",
        "**/metrics.jsonl",
        "runs/**",
        "runs/?/metrics.jsonl",
        "runs/1*/*",
        "r*s/*/*.jsonl",
        "**/deep/**/metrics.jsonl",
        "runs/.*/metrics.jsonl",
        "runs/[12]/metrics.*",
        "none/*/x",
        "runs/*/metrics.jsonl/*",
    ],
)
def test_it_names_what_it_does_elsewhere(pattern: str, tree: Path) -> None:
    found = glob.glob(pattern, root_dir=tree, recursive=True)  # noqa: PTH207 - what is compared
    wanted = sorted(one for one in found if (tree / one).is_file())
    assert names(tree, pattern) == wanted


def test_a_part_that_is_there_by_its_very_name_is_that(tree: Path) -> None:
    assert names(tree, "a[1]/*.log") == ["a[1]/x.log"]
    assert names(tree, "b*/x.log") == ["b*/x.log"]
    shutil.rmtree(tree / "a[1]")
    assert names(tree, "a[1]/*.log") == ["a1/x.log"]
    assert names(tree, "b[*]/x.log") == ["b*/x.log"]


def test_links_lead_in_no_circle(tree: Path) -> None:
    (tree / "runs/1/up").symlink_to(tree)
    (tree / "runs/1/self").symlink_to("self")
    (tree / "runs/linked").symlink_to(tree / "runs/2/deep")
    assert len(names(tree, "**/metrics.jsonl")) == 4
    assert names(tree, "runs/*/er/metrics.jsonl") == ["runs/linked/er/metrics.jsonl"]


def test_only_files_are_named(tree: Path) -> None:
    os.mkfifo(tree / "runs/1/pipe.jsonl")
    (tree / "runs/1/folder.jsonl").mkdir()
    (tree / "runs/1/gone.jsonl").symlink_to("nowhere")
    assert names(tree, "runs/1/*.jsonl") == ["runs/1/metrics.jsonl"]


def test_a_folder_that_may_not_be_read_has_none(tree: Path) -> None:
    (tree / "runs/2").chmod(0)
    try:
        assert "runs/1/metrics.jsonl" in names(tree, "runs/*/metrics.jsonl")
    finally:
        (tree / "runs/2").chmod(0o755)


def test_they_come_in_the_order_of_writing(tree: Path) -> None:
    for second, name in enumerate(("runs/2/metrics.jsonl", "runs/1/metrics.jsonl")):
        os.utime(tree / name, (second, second))
    found = [one.path for one in Walk(f"{tree}/runs/*/metrics.jsonl").matches()]
    assert found == [f"{tree}/runs/2/metrics.jsonl", f"{tree}/runs/1/metrics.jsonl"]


def test_a_look_ends_whatever_is_there(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_ENTRIES", 3)
    looking = Walk(f"{tree}/**/metrics.jsonl", _left=3)
    looking.matches()
    assert looking.ended_early


def test_a_long_look_is_not_repeated_soon(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 2.0, 3.0, 41.9, 42.1, 42.2, 43.0, 43.1])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    files = PatternFiles(f"{tree}/runs/*/metrics.jsonl", ANY)
    assert len(files.look(now=False)) == 2
    (tree / "runs/3").mkdir()
    (tree / "runs/3/metrics.jsonl").write_text("1")
    assert [len(files.look(now=False)) for _ in range(3)] == [2, 2, 3]
    (tree / "runs/3/metrics.jsonl").unlink()
    assert len(files.look(now=True)) == 2


def note(tree: Path, written_s: float) -> str:
    file = tree / "launch.json"
    file.write_text("{}")
    os.utime(file, (written_s, written_s))
    return str(file)


def test_only_what_was_written_since_the_launch_is_its_own(tree: Path) -> None:
    now = time.time()
    since = Launched(note=note(tree, now - 100))
    for name, age_s in (("1", 200), ("2", 50)):
        os.utime(tree / f"runs/{name}/metrics.jsonl", (now - age_s, now - age_s))
    files = PatternFiles(f"{tree}/runs/*/metrics.jsonl", since)
    assert [one.path for one in files.look(now=True)] == [f"{tree}/runs/2/metrics.jsonl"]
    assert files.strange == 1
    # A time that was set by hand makes no old file a new one.
    later = PatternFiles(f"{tree}/runs/*/metrics.jsonl", Launched(note=note(tree, now + 100)))
    os.utime(tree / "runs/2/metrics.jsonl", (now + 200, now + 200))
    assert later.look(now=True) == []


def test_what_was_written_behind_the_end_is_of_another(tree: Path) -> None:
    now = time.time()
    ended = Launched(note=note(tree, now - 100), until_ns=int((now - 50) * 1e9))
    for name, age_s in (("1", 60), ("2", 40)):
        os.utime(tree / f"runs/{name}/metrics.jsonl", (now - age_s, now - age_s))
    files = PatternFiles(f"{tree}/runs/*/metrics.jsonl", ended)
    assert [one.path for one in files.look(now=True)] == [f"{tree}/runs/1/metrics.jsonl"]


def test_without_its_note_nothing_is_known_to_be_of_a_launch(tree: Path) -> None:
    files = PatternFiles(f"{tree}/runs/*/metrics.jsonl", Launched(note=f"{tree}/none"))
    assert files.look(now=True) == []


def test_no_star_leads_into_the_folders_of_studies(tree: Path) -> None:
    study = tree / "automl_studies" / "one"
    for name in ("one/trials/0/metric/runs/1", "two/trials/7"):
        folder = tree / "automl_studies" / name
        folder.mkdir(parents=True)
        (folder / "metrics.jsonl").write_text("1")
    of_study = Launched(study_folder=str(study))
    files = PatternFiles(f"{tree}/**/metrics.jsonl", of_study)
    assert not any("automl_studies" in one.path for one in files.look(now=True))
    inside = PatternFiles(f"{study}/trials/0/**/metrics.jsonl", of_study)
    assert len(inside.look(now=True)) == 1


def test_no_star_leads_into_the_folders_of_studies_by_another_name(tree: Path) -> None:
    kept = tree / "automl_studies" / "one" / "trials"
    kept.mkdir(parents=True)
    (kept / "metrics.jsonl").write_text("1")
    of_study = Launched(study_folder=str(kept.parent))
    other = tree / "whole"
    other.symlink_to(tree)
    (tree / "link").symlink_to(tree / "automl_studies")
    for pattern, count in (("whole/**/metrics.jsonl", 4), ("link*/*/*/metrics.jsonl", 0)):
        assert len(PatternFiles(f"{tree}/{pattern}", of_study).look(now=True)) == count
    moved = Launched(study_folder=f"{other}/automl_studies/one")
    assert len(PatternFiles(f"{tree}/**/metrics.jsonl", moved).look(now=True)) == 4
    none = Launched(study_folder=f"{tree}/none/automl_studies/none")
    assert len(PatternFiles(f"{tree}/**/metrics.jsonl", none).look(now=True)) == 5


class Entry:
    """One of the many files of a folder that nobody has to make."""

    def __init__(self, folder: str, name: str) -> None:
        self.name, self.path = name, f"{folder}/{name}"

    def is_dir(self, **_: bool) -> bool:
        return False


def test_a_tree_of_100_000_files_is_looked_through_in_little_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [Entry(str(tmp_path), f"{number}.x") for number in range(100_000)]
    monkeypatch.setattr(Walk, "_entries", lambda *_: files)
    began_s = time.process_time()
    assert Walk(f"{tmp_path}/**/*.jsonl").matches() == []
    assert time.process_time() - began_s < 5


@pytest.mark.parametrize(
    ("location", "wanted"),
    [
        ("runs/*/m.json", True),
        ("runs/**/m.json", True),
        ("run?.json", True),
        ("a[1]/m.json", False),
        ("{{ trial.param.a * 2 }}.json", False),
        ("<<trial.param.a>>.json", False),
        ("{% if trial.id %}*{% endif %}", True),
    ],
)
def test_a_pattern_is_told_by_what_the_user_wrote(location: str, wanted: bool) -> None:  # noqa: FBT001
    assert is_pattern(location) == wanted


def test_files_are_kept_where_the_pattern_finds_them_again(tree: Path) -> None:
    pattern = f"{tree}/a[1]/../runs/*/metrics.jsonl"
    assert split(f"{tree}/a[1]/x.log") == (f"{tree}/a[1]/x.log", [])
    file = f"{tree}/a[1]/../runs/2/metrics.jsonl"
    assert kept_files(pattern, "/k/metric/runs/*/metrics.jsonl", [file]) == {
        file: "/k/metric/runs/2/metrics.jsonl"
    }
