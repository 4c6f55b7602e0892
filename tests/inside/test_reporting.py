"""`automl.report`: what a script tells of its trial, and what it does elsewhere: nothing."""

import errno
import math
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import automl
from automl.inside import files
from automl.inside.files import REPORTS
from automl.inside.reports import Report, report_in
from automl.inside.scripts import reporting

PROCESSES, EACH = 4, 25


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this process be one of a trial, whose folder is returned."""
    monkeypatch.setenv("AUTOML_TRIAL_DIR", str(tmp_path))
    monkeypatch.setenv("AUTOML_MARK", "5ad3:7")
    monkeypatch.setattr(reporting, "_complained", [])
    return tmp_path


def reports(folder: Path) -> list[Report | None]:
    """Return what was told; a line that is torn is None."""
    path = folder / REPORTS
    return [report_in(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_report_has_what_was_told(trial: Path) -> None:
    automl.report(0.5)
    automl.report(0.25, step=3)
    automl.report(0.125, 3.5, 'val/acc \n\u2028\ud800 "x"')
    assert reports(trial) == [
        Report("", 0.5),
        Report("", 0.25, 3.0),
        Report('val/acc \n\u2028\ud800 "x"', 0.125, 3.5),
    ]


@pytest.mark.parametrize("missing", ["AUTOML_TRIAL_DIR", "AUTOML_MARK"])
def test_outside_of_a_trial_nothing_is_done(
    missing: str, trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    automl.report(0.5, step=1, name="loss")
    # Nothing is looked at, so that nothing waits for a GPU.
    automl.report(object())
    reporting.report_all({"loss": 0.5}, 1)
    assert list(trial.iterdir()) == []


class Tensor:
    """A number of another library, as those of torch and JAX are."""

    shape = (1,)

    def item(self) -> float:
        return 0.5


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        np.float32(0.5),
        np.float16(0.5),
        np.array(0.5),
        np.array([[0.5]]),
        Decimal("0.5"),
        Tensor(),
    ],
)
def test_a_number_of_any_library_is_one(value: Any, trial: Path) -> None:
    automl.report(value, step=np.int64(2))
    assert reports(trial) == [Report("", 0.5, 2.0)]


def test_nan_and_infinity_are_told(trial: Path) -> None:
    for value in (math.nan, math.inf, -math.inf):
        automl.report(value)
    first, second, third = reports(trial)
    assert first is not None
    assert math.isnan(first.value)
    assert [second, third] == [Report("", math.inf), Report("", -math.inf)]


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"value": None}, TypeError, "automl.report: value must be a number, got None"),
        ({"value": "high"}, TypeError, "got 'high' of type str"),
        ({"value": np.zeros(2)}, TypeError, "value must be a number, got array"),
        ({"value": 1, "step": "one"}, TypeError, "automl.report: step must be a number"),
        ({"value": 1, "step": -1}, ValueError, "step must be finite and not negative, got -1"),
        ({"value": 1, "step": math.nan}, ValueError, "step must be finite"),
        ({"value": 1, "name": ""}, TypeError, "name must be a text that is not empty"),
        ({"value": 1, "name": 3}, TypeError, "name must be a text that is not empty, got 3"),
    ],
)
def test_what_cannot_be_told_is_refused(
    given: dict[str, Any], error: type[Exception], told: str, trial: Path
) -> None:
    with pytest.raises(error, match=told):
        automl.report(**given)
    assert reports(trial) == []


def test_of_many_numbers_those_are_told_that_are_some(trial: Path) -> None:
    numbers = {"loss": np.float32(0.5), "note": "0.5", "none": None, "list": [1, 2], 3: 4}
    reporting.report_all(numbers, 2)
    assert reports(trial) == [Report("loss", 0.5, 2.0), Report("3", 4.0, 2.0)]


def told_many(number: int) -> None:
    """Tell many numbers, each line longer than most."""
    for step in range(EACH):
        automl.report(number, step, "x" * 2000)


def run_all(started: list[Any]) -> None:
    for one in started:
        one.start()
    for one in started:
        one.join()


@pytest.mark.parametrize("make", [threading.Thread, multiprocessing.get_context("fork").Process])
def test_lines_of_threads_and_processes_do_not_mix(
    make: Callable[..., Any], trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if make is not threading.Thread:
        monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    run_all([make(target=told_many, args=(number,)) for number in range(PROCESSES)])
    told = reports(trial)
    assert None not in told
    assert sorted((one.value, one.step) for one in told if one) == [
        (float(number), float(step)) for number in range(PROCESSES) for step in range(EACH)
    ]


def test_a_folder_that_is_gone_does_not_end_the_training(
    trial: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTOML_TRIAL_DIR", str(trial / "gone"))
    automl.report(0.5)
    automl.report(0.25)
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("automl: a report could not be written, others may be lost as well: ")
    assert "No such file" in told


@pytest.mark.parametrize("stream", [None, "closed"])
def test_nor_does_standard_error_that_is_gone(
    stream: str | None, trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOML_TRIAL_DIR", str(trial / "gone"))
    with (trial / "log").open("w") as closed:
        pass
    monkeypatch.setattr(sys, "stderr", closed if stream else None)
    automl.report(0.5)


def test_a_full_disk_costs_the_report_alone_that_it_tore(
    trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = os.write, [10]

    def full_after_some_bytes(file: int, data: bytes) -> int:
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, data[: left.pop()])

    automl.report(1)
    with monkeypatch.context() as full:
        full.setattr(files.os, "write", full_after_some_bytes)
        automl.report(2)
    automl.report(3)
    automl.report(4)
    assert [one.value for one in reports(trial) if one] == [1.0, 3.0, 4.0]
