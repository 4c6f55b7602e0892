"""What is kept of a metric file that lies outside its trial's folder."""

import os
from pathlib import Path

import pytest

from automl.readers import kept
from automl.readers.kept import Keeping, keep, kept_place
from automl.readers.local_file import LocalFollower
from automl.study.tasks.reader import LocalReader


@pytest.fixture
def metric(tmp_path: Path) -> Path:
    path = tmp_path / "out" / "metric.log"
    path.parent.mkdir()
    path.write_text("acc: 1\n")
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "trial" / "metric" / "out" / "metric.log"


def test_a_place_does_not_depend_on_where_all_of_it_lies() -> None:
    assert kept_place("/a/out/1/m", "/a") == kept_place("/b/c/out/1/m", "/b/c") == "out/1/m"
    assert kept_place("/a/out/m", "/a/run") == kept_place("/b/c/out/m", "/b/c/run") == "_/out/m"


def test_two_files_of_one_name_have_two_places() -> None:
    places = {kept_place(path, "/a") for path in ("/a/m", "/a/b/m", "/m", "/c/m")}
    assert len(places) == 4


@pytest.mark.parametrize("large", [False, True])
def test_what_is_removed_later_stays(
    metric: Path, target: Path, monkeypatch: pytest.MonkeyPatch, *, large: bool
) -> None:
    monkeypatch.setattr(kept, "COPY_BYTES", 0 if large else 100)
    assert keep(str(metric), str(target)) == ""
    metric.unlink()
    assert target.read_text() == "acc: 1\n"


def test_what_a_later_run_writes_into_the_same_file_does_not_reach_it(
    metric: Path, target: Path
) -> None:
    keep(str(metric), str(target))
    with metric.open("w") as file:
        file.write("acc: 2\n")
    assert target.read_text() == "acc: 1\n"


def test_a_large_file_has_one_copy_on_the_disk_and_its_own_time(
    metric: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "COPY_BYTES", 0)
    for _ in range(2):
        keep(str(metric), str(target))
    assert target.samefile(metric)
    assert [path.name for path in target.parent.iterdir()] == ["metric.log"]


def test_of_a_link_the_file_is_kept(
    metric: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "COPY_BYTES", 0)
    link = metric.with_name("newest")
    link.symlink_to(metric)
    keep(str(link), str(target))
    assert not target.is_symlink()
    assert target.samefile(metric)


def test_who_may_read_it_stays(metric: Path, target: Path) -> None:
    metric.chmod(0o600)
    keep(str(metric), str(target))
    assert target.stat().st_mode & 0o777 == 0o600


def test_nothing_is_kept_of_what_is_no_file(metric: Path, target: Path) -> None:
    fifo = metric.with_name("fifo")
    os.mkfifo(fifo)
    for path in (metric.with_name("none"), metric.parent, metric / "below", fifo):
        assert keep(str(path), str(target)) == ""
        assert not target.exists()


def test_why_it_cannot_be_kept_is_told(metric: Path, target: Path) -> None:
    target.parents[2].write_text("in the way")
    assert str(metric) in keep(str(metric), str(target))


def test_it_is_kept_once_with_the_last_of_it(metric: Path, target: Path) -> None:
    reader = LocalReader(location=str(metric), parser_pattern=r"acc: (\d+)")
    follower = Keeping(LocalFollower(reader, str(metric)), lambda: {str(metric): str(target)})
    assert follower.quick == LocalFollower(reader, str(metric)).quick
    follower.read(ended=False, limit_bytes=100)
    assert not target.exists()
    metric.write_text("acc: 1\n" * 100)
    while follower.read(ended=True, limit_bytes=100).more:
        assert not target.exists()
    assert target.read_bytes() == metric.read_bytes()
    metric.write_text("later")
    follower.read(ended=True, limit_bytes=100)
    assert target.read_text() != "later"


def test_that_it_cannot_be_kept_is_a_warning(metric: Path, target: Path) -> None:
    target.parents[2].write_text("in the way")
    reader = LocalReader(location=str(metric), parser_pattern=r"acc: (\d+)")
    follower = Keeping(LocalFollower(reader, str(metric)), lambda: {str(metric): str(target)})
    assert "cannot be kept" in str(follower.read(ended=True, limit_bytes=100).warnings)
