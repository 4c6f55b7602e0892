"""`low..high`, with `:log` or `:step=0.1`: a range of numbers."""

import re
from typing import Any

from automl.registry import did_you_mean
from automl.studies.ranges.part import Part, mistake, number_of

ALLOWED = "LOW..HIGH as in 1e-5..1e-1, then :log and :step=0.1 if you like"
Bound = tuple[int | float, Part]
"""A number and where it stands."""

_RANGE = re.compile(r"(?P<low>[^:,'\"(]*?)\.\.(?P<high>[^:]*)(?P<options>(?::.*)?)", re.DOTALL)
_OPTIONS = ("log", "step")


def is_range(part: Part) -> bool:
    """Tell whether a text is written as a range, rightly or not."""
    found = _RANGE.fullmatch(part.text)
    return found is not None and ("/" not in part.text)


def range_of(part: Part) -> dict[str, Any]:
    """Return the type and options of the parameter that a range describes.

    Raises:
        SpecError: it is none; the message shows the place.
    """
    found = _RANGE.fullmatch(part.text)
    assert found is not None  # noqa: S101 - `is_range` was asked
    low_part, high_part = (part.between(*found.span(name)).stripped() for name in ("low", "high"))
    low, high = _bound(low_part, "lower"), _bound(high_part, "upper")
    options = _options(part.between(*found.span("options")))
    described = numbers((low, low_part), (high, high_part), options)
    if (described["type"], low, high) == ("Integer", 0, 1) and "step" not in described:
        ways = "0.0..1.0 for all numbers between, 0,1 for the two"
        raise mistake(part, "this can be read in two ways", ways)
    return described


def numbers(
    low: Bound,
    high: Bound,
    options: dict[str, tuple[Any, Part]],
) -> dict[str, Any]:
    """Return the type and options of a range between two bounds, each with its place."""
    if low[0] >= high[0]:
        told = f"the upper bound must be above the lower one, {low[0]!r}"
        raise mistake(high[1], told, ALLOWED)
    step, log = options.get("step"), options.get("log")
    if log is not None and low[0] <= 0:
        raise mistake(low[1], "with log, the lower bound must be above 0")
    bounds = (low[0], high[0], *(() if step is None else (step[0],)))
    whole = all(isinstance(one, int) for one in bounds)
    make = int if whole else float
    described: dict[str, Any] = {
        "type": "Integer" if whole else "Real",
        "min_value": make(low[0]),
        "max_value": make(high[0]),
    }
    if step is not None:
        described["step"] = make(step[0])
    if log is not None:
        described["log"] = True
    return described


def positive(part: Part, what: str) -> int | float:
    """Return a number above 0."""
    number = number_of(part.text)
    if number is None or number <= 0:
        raise mistake(part, f"{what} must be a number above 0", ALLOWED)
    return number


def _bound(part: Part, which: str) -> int | float:
    number = number_of(part.text)
    if number is None or part.text.startswith("."):
        found = f"got {part.text!r}" if part.text else "there is nothing"
        raise mistake(part, f"the {which} bound must be a number, {found}", ALLOWED)
    return number


def _options(part: Part) -> dict[str, tuple[Any, Part]]:
    found: dict[str, tuple[Any, Part]] = {}
    at = 1
    for text in part.text.split(":")[1:]:
        one = part.between(at, at + len(text))
        at += len(text) + 1
        name, equals, _ = text.partition("=")
        value = one.between(len(name) + len(equals), len(text)).stripped()
        name = name.strip()
        if name in found:
            raise mistake(one, f"{name} is given twice")
        if name == "log" and not equals:
            found[name] = (True, one)
        elif name == "step" and equals:
            found[name] = (positive(value, "step"), value)
        else:
            near = did_you_mean(name, _OPTIONS)
            raise mistake(one, f"there is no {text!r} of a range{near}", ":log, :step=NUMBER")
    return found
