"""The contract of readers, kept by ours, and broken in each way once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from automl.inside.files import number_text
from automl.readers.csv_files.reader import CsvReader
from automl.readers.follower import Look
from automl.readers.json_files.reader import JsonReader
from automl.readers.local_file import LocalFollower
from automl.readers.named.reader import FileReader, StdoutReader
from automl.readers.reported.reader import ReportReader
from automl.readers.run.reader import RunReader
from automl.study.tasks.reader import LocalReader, Reader
from automl.testing import READER_CHECKS, ContractError, ReaderPlace

Check = Callable[[ReaderPlace], None]


class LocalPlace:
    """Where a local reader of numbers in a line of their own reads."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "odd 'name.log")

    def reader(self) -> Reader:
        return LocalReader(location=self.path, parser_pattern=r"acc: (\S+)", metric="acc")

    def text(self, value: float) -> str:
        return f"acc: {value}\n"


class NamedPlace(LocalPlace):
    """Where a reader by name reads, of its first stream."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.path = str(folder / "stdout.log")

    def reader(self) -> Reader:
        return StdoutReader(metric="acc")


class FilePlace(LocalPlace):
    """Where a reader by name reads a file."""

    def reader(self) -> Reader:
        return FileReader(location=self.path, metric="acc")


class ReportPlace(LocalPlace):
    """Where the reports of a function are read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.path = str(folder / "reports.jsonl")

    def reader(self) -> Reader:
        return ReportReader(metric="acc")

    def text(self, value: float) -> str:
        return f'{{"name": "acc", "value": {number_text(value)}, "step": 1}}\n'


class JsonPlace(LocalPlace):
    """Where lines of JSON are read."""

    def reader(self) -> Reader:
        return JsonReader(location=self.path, key="val.acc", metric="acc", step="epoch")

    def text(self, value: float) -> str:
        return json.dumps({"epoch": 1, "val": {"acc": value}}) + "\n"


class RunPlace(ReportPlace):
    """Where what was measured of a command is read."""

    def reader(self) -> Reader:
        return RunReader(measure="wall_seconds", metric="acc")


class CsvPlace(LocalPlace):
    """Where a table without a header is read."""

    def reader(self) -> Reader:
        return CsvReader(location=self.path, column=1, metric="acc")

    def text(self, value: float) -> str:
        return f"7, {value}\n"


PLACES = [
    LocalPlace,
    NamedPlace,
    FilePlace,
    ReportPlace,
    JsonPlace,
    RunPlace,
    CsvPlace,
]


@pytest.mark.parametrize("check", READER_CHECKS)
@pytest.mark.parametrize("place", PLACES)
def test_our_readers_keep_it(check: Check, place: type[LocalPlace], tmp_path: Path) -> None:
    check(place(tmp_path))


@dataclass(frozen=True, kw_only=True)
class BrokenReader:
    """A local reader whose looks are changed."""

    type: ClassVar[str] = "broken"

    location: str
    metric: str = "acc"
    how: ClassVar[Callable[[LocalFollower, Mapping[str, Any]], Look]]
    reason: ClassVar[str] = "why"

    def follow(self, path: str) -> "BrokenFollower":
        return BrokenFollower(path)


class BrokenFollower:
    def __init__(self, path: str) -> None:
        reader = LocalReader(location=path, parser_pattern=r"acc: (\S+)", metric="acc")
        self.whole = LocalFollower(reader, path)

    def read(self, **how: Any) -> Look:
        return BrokenReader.how(self.whole, how)

    def problem(self) -> str:
        return BrokenReader.reason

    def close(self) -> None:
        pass


class BrokenPlace(LocalPlace):
    def reader(self) -> Reader:
        return BrokenReader(location=self.path)


def twice(follower: LocalFollower, how: Mapping[str, Any]) -> Look:
    look = follower.read(**how)
    points = look.measurements.get("acc")
    return replace(
        look,
        measurements={"acc": replace(points, values=points.values * 2)} if points else {},
    )


def without(what: str, value: Any) -> Callable[[LocalFollower, Mapping[str, Any]], Look]:
    return lambda follower, how: replace(follower.read(**how), **{what: value})


def never_anew(follower: LocalFollower, how: Mapping[str, Any]) -> Look:
    look = follower.read(**how)
    points = {name: replace(one, restarted=False) for name, one in look.measurements.items()}
    return replace(look, measurements=points)


def blind(follower: LocalFollower, how: Mapping[str, Any]) -> Look:
    try:
        return follower.read(**how)
    except Exception:  # noqa: BLE001 - that is what is wrong with it
        return Look()


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (twice, "were written, but"),
        (without("measurements", {}), "were written, but"),
        (without("more", value=False), "50 numbers were written"),
        (without("more", value=True), "that there is more"),
        (lambda follower, how: follower.read(**{**how, "ended": False}), "0.5 and 0.25"),
        (never_anew, "was replaced by one with 0.75"),
        (blind, "no ReadError was raised"),
    ],
)
def test_who_breaks_it_is_told(
    how: Callable[..., Look], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BrokenReader, "how", staticmethod(how), raising=False)
    monkeypatch.setattr("automl.testing.readers.MOST_LOOKS", 500)
    monkeypatch.setattr("automl.testing.reader_samples.MOST_LOOKS", 500)
    problems = []
    for number, check in enumerate(READER_CHECKS):
        place = tmp_path / str(number)
        place.mkdir()
        try:
            check(BrokenPlace(place))
        except ContractError as error:
            problems.append(str(error))
    assert any(told in problem for problem in problems), problems


def test_a_problem_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        BrokenReader, "how", lambda follower, how: follower.read(**how), raising=False
    )
    for reason in ("", "two\nlines"):
        monkeypatch.setattr(BrokenReader, "reason", reason)
        with pytest.raises(ContractError, match="in one line"):
            READER_CHECKS[1](BrokenPlace(tmp_path))
