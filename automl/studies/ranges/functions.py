"""The field's words: `loguniform(1e-5, 1e-1)`, `choice(adam, sgd)`, `normal(0, 1)`."""

import re
from collections.abc import Callable
from typing import Any

from automl.registry import did_you_mean
from automl.studies.ranges.bounds import Bound, numbers, positive
from automl.studies.ranges.part import Part, mistake, number_of, value_of

_CALL = re.compile(r"(?P<name>[A-Za-z_]\w*)\((?P<inside>.*)\)", re.DOTALL)
_OPEN = re.compile(r"(?P<name>[A-Za-z_]\w*)\(")
_TRUE = {"true": True, "false": False}

Given = tuple[list[Part], dict[str, Part]]
"""What stands between the brackets: values by their order, and by name."""


def is_call(part: Part) -> bool:
    """Tell whether a text is written as a call of a function, rightly or not."""
    return _OPEN.match(part.text) is not None


def call_of(part: Part) -> dict[str, Any]:
    """Return the type and options of the parameter that a call describes.

    Raises:
        SpecError: it is none; the message shows the place.
    """
    begun = _OPEN.match(part.text)
    assert begun is not None  # noqa: S101 - `is_call` was asked
    name = begun["name"]
    make = FUNCTIONS.get(name)
    if make is None:
        near = did_you_mean(name, FUNCTIONS)
        text = "; put it in quotes if it is a text" if not near else ""
        allowed = ", ".join(f"{one}(...)" for one in FUNCTIONS)
        raise mistake(part.between(*begun.span("name")), f"no such word{near}{text}", allowed)
    found = _CALL.fullmatch(part.text)
    if found is None:
        raise mistake(part, "the last character must be the closing ')'")
    return make(part, _given(part.between(*found.span("inside"))))


def _given(inside: Part) -> Given:
    values: list[Part] = []
    named: dict[str, Part] = {}
    if not inside.text.strip():
        return values, named
    for item in inside.items():
        head, equals, _ = item.text.partition("=")
        if equals and head.strip().isidentifier():
            value = item.between(len(head) + 1, len(item.text)).stripped()
            if head.strip() in named:
                raise mistake(item, f"{head.strip()} is given twice")
            named[head.strip()] = value
        else:
            values.append(item)
    return values, named


def _two(
    part: Part, given: Given, names: tuple[str, str], options: tuple[str, ...]
) -> tuple[Bound, Bound, dict[str, Part]]:
    """Return the two numbers that a function needs, and its options."""
    values, named = list(given[0]), dict(given[1])
    values += [named.pop(name) for name in names[len(values) :] if name in named]
    if len(values) != len(names):
        raise mistake(part, f"two values are needed, got {len(values)}", ", ".join(names))
    for name, one in named.items():
        if name not in options:
            near = did_you_mean(name, options)
            raise mistake(one, f"there is no option {name}={near}", ", ".join(options))
    first, second = ((_number(one), one) for one in values)
    return first, second, named


def _number(part: Part) -> int | float:
    number = number_of(part.text)
    if number is None:
        raise mistake(part, f"a number is needed, got {part.text!r}")
    return number


def _is_true(part: Part | None) -> bool:
    if part is None:
        return False
    if part.text.lower() not in _TRUE:
        raise mistake(part, f"True or False is needed, got {part.text!r}")
    return _TRUE[part.text.lower()]


def _uniform(part: Part, given: Given, *, log: bool = False) -> dict[str, Any]:
    low, high, named = _two(part, given, ("low", "high"), ("discrete", "step"))
    return _between(part, (low, high), named, log=log, whole=_is_true(named.get("discrete")))


def _loguniform(part: Part, given: Given) -> dict[str, Any]:
    return _uniform(part, given, log=True)


def _randint(part: Part, given: Given) -> dict[str, Any]:
    low, high, named = _two(part, given, ("low", "high"), ("step",))
    return _between(part, (low, high), named, log=False, whole=True)


def _between(
    part: Part, bounds: tuple[Bound, Bound], named: dict[str, Part], *, log: bool, whole: bool
) -> dict[str, Any]:
    """Return a range; a function has said whether it is of whole numbers."""
    options: dict[str, tuple[Any, Part]] = {}
    if "step" in named:
        options["step"] = (positive(named["step"], "step"), named["step"])
    for number, one in (*bounds, *options.values()):
        if whole and not isinstance(number, int):
            raise mistake(one, f"a whole number is needed, got {number!r}")
    if log:
        options["log"] = (True, part)
    low, high = ((number if whole else float(number), one) for number, one in bounds)
    return numbers(low, high, options)


def _choice(part: Part, given: Given) -> dict[str, Any]:
    values, named = given
    if named:
        name, one = next(iter(named.items()))
        raise mistake(one, f"there is no option {name}=; put a text with '=' in quotes")
    if len(values) == 1 and values[0].text.startswith("[") and values[0].text.endswith("]"):
        values = values[0].between(1, len(values[0].text) - 1).items()
    return listed(part, values)


def _bell(kind: str) -> Callable[[Part, Given], dict[str, Any]]:
    def make(part: Part, given: Given) -> dict[str, Any]:
        mean, std, named = _two(part, given, ("mean", "std"), ("step",))
        if std[0] <= 0:
            raise mistake(std[1], "the standard deviation must be above 0")
        described = {"type": kind, "mean": float(mean[0]), "std": float(std[0])}
        if "step" in named:
            described["step"] = positive(named["step"], "step")
        return described

    return make


def listed(part: Part, items: list[Part]) -> dict[str, Any]:
    """Return the type and options of a parameter with a list of values."""
    values: list[Any] = []
    for item in items:
        if not item.text:
            raise mistake(item, "an item is missing; write '' for an empty text")
        value = value_of(item)
        if any(type(value) is type(one) and value == one for one in values):
            raise mistake(item, f"{item.text} is in the list twice")
        if item.text.startswith("{"):
            raise mistake(item, "a dictionary is no list of values", "a,b,c or choice(a, b, c)")
        values.append(value)
    if not values:
        raise mistake(part, "the list is empty", "a,b,c or choice(a, b, c)")
    return {"type": "Categorical", "candidates": values}


def _flag(part: Part, given: Given) -> dict[str, Any]:
    values, named = given
    if named or not 1 <= len(values) <= 2:  # noqa: PLR2004 - the words for on and for off
        raise mistake(part, "a flag has a word for on, and may have one for off", "flag(--a, --b)")
    words = [str(value_of(one)) for one in values]
    return {"type": "Flag", "on": words[0], **({"off": words[1]} if words[1:] else {})}


FUNCTIONS: dict[str, Callable[[Part, Given], dict[str, Any]]] = {
    "loguniform": _loguniform,
    "uniform": _uniform,
    "randint": _randint,
    "choice": _choice,
    "choices": _choice,
    "normal": _bell("Normal"),
    "lognormal": _bell("LogNormal"),
    "flag": _flag,
}
"""Each word with what makes a description of it."""
