"""Whatever becomes of a file, no reader of ours gives a wrong number or hangs."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

from automl.inside.reading.call import CURVES, REASON, answer_of
from automl.readers.databases import opened
from automl.readers.follower import Look, Points
from automl.readers.functions import follower
from automl.readers.functions.process import Answer
from automl.readers.kinds import READERS
from automl.testing import (
    READER_SAMPLE_CHECKS,
    ContractError,
    check_sample_is_read_alike_in_any_pieces,
    check_sample_is_read_anew_when_rewritten,
)
from automl.testing.reader_samples import SampleCheck
from tests.readers.contract.reader_samples import SAMPLES


@pytest.fixture(autouse=True)
def _nobody_writes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "WHOLE_S", 0.0)


class CalledHere:
    """Stands in for the process of a function, which takes 0.1 s: calls `find` in this one."""

    def __init__(self, _: str, arguments: list[str], *__: object) -> None:
        self.arguments = arguments

    def answer(self, _: float) -> Answer:
        told = json.loads(answer_of(lambda: find, self.arguments))
        return Answer(told.get(CURVES, {}), told.get(REASON, ""))


def find(_: str, file: str) -> list[tuple[float, float]]:
    """Return the steps and numbers of a file, as a careful user would."""
    if not Path(file).is_file():
        raise ValueError("it is no file")
    with Path(file).open("rb") as opened_file:
        lines = opened_file.read(100_000).split(b"\n")[:-1]
    whole = [re.fullmatch(rb"(\d+) (\d+\.\d+)", line) for line in lines]
    return [(float(one[1]), float(one[2])) for one in whole if one]


@pytest.fixture(autouse=True)
def _functions_are_called_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "FunctionProcess", CalledHere)


@pytest.mark.parametrize("check", READER_SAMPLE_CHECKS, ids=lambda one: one.__name__[6:])
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_reader_bears_it(check: SampleCheck, sample: str, tmp_path: Path) -> None:
    check(SAMPLES[sample], tmp_path)


def test_every_kind_of_reader_has_a_sample() -> None:
    assert {one.reader("x").type for one in SAMPLES.values()} == set(READERS.names())


@dataclass(frozen=True, kw_only=True)
class NaiveReader:
    """Takes whatever looks like a number of all that is there, and waits for whoever it may be."""

    type: ClassVar[str] = "naive"

    location: str
    metric: str = "acc"

    def follow(self, path: str) -> "NaiveFollower":
        return NaiveFollower(path)


class NaiveFollower:
    def __init__(self, path: str) -> None:
        self.path = path

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        del ended, limit_bytes
        try:
            data = Path(self.path).read_bytes()
        except (OSError, MemoryError):
            return Look()
        values = tuple(map(float, re.findall(rb"(?<=acc: )\d+(?:\.\d+)?", data)))
        return Look({"acc": Points(values)})

    def problem(self) -> str:
        return "none"

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (check_sample_is_read_alike_in_any_pieces, "which were never written"),
        (check_sample_is_read_anew_when_rewritten, "were written, but"),
    ],
)
def test_who_breaks_it_is_told(check: SampleCheck, told: str, tmp_path: Path) -> None:
    naive = replace(SAMPLES["local"], reader=lambda path: NaiveReader(location=path), stepped=False)
    with pytest.raises(ContractError, match=told):
        check(naive, tmp_path)
