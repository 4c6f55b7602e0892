"""What is removed below a folder, and what never is."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from automl.journal.disk import removal
from automl.journal.disk.removal import Interrupted, Parts, Removed, remove_below


def removed(folder: Path, *patterns: str, spared: Iterable[Parts] = ()) -> Removed:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return remove_below(file, [tuple(one.split("/")) for one in patterns], spared)
    finally:
        os.close(file)


def tree(folder: Path, *files: str) -> None:
    for one in files:
        path = folder / one
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one)


def left_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("model*", {"a/model.pt", "a/b/c.pt", ".model"}),
        ("*.pt", {"a/model.pt", "a/b/c.pt", ".model", "model.txt"}),
        ("a", {"model.pt", "model.txt", ".model"}),
        ("a/*", {"model.pt", "model.txt", ".model"}),
        ("**/*.pt", {"model.txt", ".model"}),
        ("**", {".model"}),
        (".m*", {"a/model.pt", "a/b/c.pt", "model.pt", "model.txt"}),
        ("a/b/**", {"a/model.pt", "model.pt", "model.txt", ".model"}),
        ("none", {"a/model.pt", "a/b/c.pt", "model.pt", "model.txt", ".model"}),
        ("model.pt/x", {"a/model.pt", "a/b/c.pt", "model.pt", "model.txt", ".model"}),
    ],
)
def test_what_a_pattern_names_is_removed(tmp_path: Path, pattern: str, left: set[str]) -> None:
    tree(tmp_path, "model.pt", "model.txt", ".model", "a/model.pt", "a/b/c.pt")
    assert removed(tmp_path, pattern).left == {}
    assert left_in(tmp_path) == left


def test_it_says_what_it_removed(tmp_path: Path) -> None:
    tree(tmp_path, "model/weights", "model/more/x", "other")
    (tmp_path / "model/weights").write_bytes(b"x" * 20_000)
    done = removed(tmp_path, "model*", "nothing")
    assert done.names == ["model"]
    assert 20_000 <= done.size_bytes < 60_000


def test_a_link_is_removed_and_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, "outside/precious", "trial/own", "trial/deep/own")
    trial = tmp_path / "trial"
    (trial / "model").symlink_to(tmp_path / "outside")
    (trial / "model-file").symlink_to(tmp_path / "outside/precious")
    (trial / "deep/model").symlink_to(tmp_path / "outside")
    (trial / "modelloop").symlink_to(trial)
    assert removed(trial, "model*", "deep").left == {}
    assert left_in(tmp_path) == {"outside/precious", "trial/own"}


def test_a_pattern_does_not_go_through_a_link(tmp_path: Path) -> None:
    tree(tmp_path, "outside/model", "trial/own")
    (tmp_path / "trial/way").symlink_to(tmp_path / "outside")
    assert removed(tmp_path / "trial", "way/model", "*/model", "**/model").names == []
    assert left_in(tmp_path) >= {"outside/model", "trial/own"}


def test_a_folder_that_becomes_a_link_meanwhile_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "outside/precious", "trial/model/weights")
    really = os.stat

    def swapped(path: object, *args: object, **options: object) -> os.stat_result:
        found = really(path, *args, **options)  # type: ignore[call-overload]
        if path == "model":
            (tmp_path / "trial/model").rename(tmp_path / "trial/moved")
            (tmp_path / "trial/model").symlink_to(tmp_path / "outside")
        return found  # type: ignore[no-any-return]

    monkeypatch.setattr(removal.os, "stat", swapped)
    assert list(removed(tmp_path / "trial", "model").left) == ["model"]
    assert left_in(tmp_path) >= {"outside/precious", "trial/moved/weights"}


def test_what_is_mounted_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "model/disk/precious", "model/weights", "away/model")
    foreign = {(tmp_path / one).stat().st_ino for one in ("model/disk", "away")}

    def mount(folder: int) -> tuple[int, int]:
        return (1, 2 if os.fstat(folder).st_ino in foreign else 1)

    monkeypatch.setattr(removal, "_mount", mount)
    assert removed(tmp_path, "model", "*/model").left == {
        "model/disk": "something is mounted there"
    }
    assert left_in(tmp_path) == {"model/disk/precious", "away/model"}


REMOVES = """
import os, sys
from automl.journal.disk.removal import remove_below
print(remove_below(os.open(sys.argv[1], os.O_RDONLY), [("model",)]).left)
"""
MOUNTS = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


def test_a_mount_of_the_same_disk_stays(tmp_path: Path) -> None:
    tree(tmp_path, "precious/x", "trial/model/disk/y", "trial/model/weights")
    mounts = ("unshare", "--mount", "sh", "-c", MOUNTS, "sh")
    there = (str(tmp_path / "precious"), str(tmp_path / "trial/model/disk"))
    try:
        may = subprocess.run([*mounts, *there, "true"], capture_output=True, check=False)
    except OSError:
        may = None
    if may is None or may.returncode:
        pytest.skip("this user may not mount anything")
    done = subprocess.run(
        [*mounts, *there, sys.executable, "-c", REMOVES, str(tmp_path / "trial")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "model/disk': 'something is mounted there'" in done.stdout
    assert left_in(tmp_path) == {"precious/x", "trial/model/disk/y"}


def test_what_is_spared_stays_wherever_it_is(tmp_path: Path) -> None:
    tree(tmp_path, "stdout.log", "out/metric.log", "out/model", "out/deep/x", "attempts/1/model")
    spared = [("stdout.log",), ("out", "metric.log"), ("attempts",)]
    assert removed(tmp_path, "*", "**/model", spared=spared).left == {}
    assert left_in(tmp_path) == {"stdout.log", "out/metric.log", "attempts/1/model"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may remove anything")
def test_what_may_not_be_removed_is_told_and_the_rest_goes(tmp_path: Path) -> None:
    tree(tmp_path, "model/closed/x", "model/open/x")
    (tmp_path / "model/closed").chmod(0o500)
    done = removed(tmp_path, "model")
    (tmp_path / "model/closed").chmod(0o700)
    assert done.left == {"model/closed/x": "Permission denied"}
    assert left_in(tmp_path) == {"model/closed/x"}


def test_it_stops_when_it_is_asked_to(tmp_path: Path) -> None:
    tree(tmp_path, "a", "b", "c")
    steps = []

    def once(step: Callable[[], None]) -> None:
        if steps:
            raise Interrupted
        steps.append(step())

    file = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    assert remove_below(file, [("*",)], (), once).names == ["a"]
    os.close(file)
    assert left_in(tmp_path) == {"b", "c"}


def test_a_very_deep_tree_is_left_and_told(tmp_path: Path) -> None:
    deep = tmp_path
    names = ["d"] * (removal.MOST_DEEP + 10)
    here = os.open(tmp_path, os.O_RDONLY)
    for name in names:
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    (why,) = set(removed(deep, "d").left.values())
    assert "folders deep" in why


def test_names_that_are_no_text_are_removed_too(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/model-\xff")).write_text("")
    (tmp_path / "model\nline").write_text("")
    assert removed(tmp_path, "model*").left == {}
    assert left_in(tmp_path) == set()
