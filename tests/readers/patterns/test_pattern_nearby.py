"""What is told where no file has a name that a pattern stands for."""

import os
from pathlib import Path

import pytest

from automl.readers.event_files.reader import TensorboardReader
from automl.readers.patterns.launched import ANY, Launched
from automl.readers.registry import follow


def problem(location: Path, launched: Launched = ANY) -> str:
    reader = TensorboardReader(location=str(location), tag="loss")
    follower = follow(reader, reader.location, launched=launched)
    assert not follower.read(ended=True, limit_bytes=1000).measurements
    return follower.problem()


def event_file(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "events.out.tfevents.1"
    file.touch()
    return file


@pytest.mark.parametrize(
    ("written", "location", "told"),
    [
        (["logs/train", "logs/validation"], "logs", "'logs/train', 'logs/validation': give one of"),
        (["logs/run/train"], "logs", "it wrote such files in 'logs/run/train': give that as loc"),
        (["logs/val"], "logs/validation", "it wrote such files in 'logs/val'"),
        (["logs/val"], "log", "it wrote such files in 'logs/val'"),
        (["a/b/c/d"], "a", "no file a/*tfevents* was written by the command"),
        ([f"logs/{one}" for one in range(6)], "logs", "'logs/3' and 2 more"),
    ],
)
def test_folders_that_have_such_files_are_named(
    tmp_path: Path, written: list[str], location: str, told: str
) -> None:
    for one in written:
        event_file(tmp_path / one)
    found = problem(tmp_path / location).replace(f"{tmp_path}/", "")
    assert told in found
    assert "it wrote" in found or not told.startswith("it wrote")


def test_those_of_earlier_runs_are_not(tmp_path: Path) -> None:
    note = tmp_path / "launch.json"
    old = event_file(tmp_path / "logs" / "old")
    note.touch()
    os.utime(old, (1, 1))
    assert "logs/old" not in problem(tmp_path / "logs", Launched(note=str(note)))
