"""`automl.report`: tells a number of the trial that this process belongs to."""

import math
import os
import sys
from collections.abc import Mapping
from typing import Any

from automl.inside.calling.numbers import as_number
from automl.inside.marks import MARK_VARIABLE, TRIAL_DIR_VARIABLE
from automl.inside.reports import Report, write_report
from automl.inside.scripts.ranks import speaks

_complained: list[str] = []


def report(value: Any, step: float | None = None, name: str | None = None) -> None:  # noqa: ANN401 - a number of any library
    """Tell a number of this training; outside of a trial, do nothing.

    It is read about once a second, needs no reader, and may be called from any thread or process
    of the trial. Where several processes train together, those of the first one count.

    Args:
        value: the number; an array or tensor that holds one will do. NaN and infinity are told as
            they are.
        step: how far the training is, 0 or more, such as the epoch; the reports are counted if it
            is not given.
        name: what it is called; not needed for the number that the study ranks by, if that is one.

    Raises:
        TypeError: something is not of its kind.
        ValueError: the step is negative, or not finite.
    """
    folder = _reported_to()
    if folder is None:
        return
    number = as_number("automl.report: value", value)
    place = None if step is None else _place(step)
    if name is not None and (not isinstance(name, str) or not name):
        raise TypeError(f"automl.report: name must be a text that is not empty, got {name!r}")
    if speaks():
        _write(folder, Report(name or "", number, place))


def report_all(numbers: Mapping[Any, Any], step: float) -> None:
    """Tell all numbers of a dictionary by their names, and leave out what is none.

    Args:
        numbers: by name.
        step: how far the training is.
    """
    folder = _reported_to()
    if folder is None or not speaks():
        return
    for name, given in numbers.items():
        if isinstance(given, str):
            continue
        try:
            number = as_number(str(name), given)
        except TypeError:
            continue
        _write(folder, Report(str(name), number, step))


def _reported_to() -> str | None:
    """Return the folder of the trial; None for a process that no study has started."""
    # A script that a person runs by hand, trial.sh too, leaves what its trial told alone.
    return os.environ.get(TRIAL_DIR_VARIABLE) if os.environ.get(MARK_VARIABLE) else None


def _place(step: Any) -> float:  # noqa: ANN401 - a number of any library
    place = as_number("automl.report: step", step)
    if not math.isfinite(place) or place < 0:
        raise ValueError(f"automl.report: step must be finite and not negative, got {step!r}")
    return int(place) if place.is_integer() else place


def _write(folder: str, one: Report) -> None:
    """Write a report down; the training goes on where that cannot be done."""
    try:
        write_report(folder, one)
    except OSError as error:
        _complain(f"automl: a report could not be written, others may be lost as well: {error}")


def _complain(text: str) -> None:
    """Say something on standard error, once in a process."""
    if _complained:
        return
    _complained.append(text)
    try:
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - the trial's log
    except (OSError, ValueError, AttributeError):
        return  # It is closed, or the same disk is full.
