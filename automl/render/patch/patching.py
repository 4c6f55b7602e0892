"""Other values for paths of a config file, checked by reading what was written."""

from collections.abc import Mapping
from typing import Any

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.chosen import chosen
from automl.render.patch.compared import differences, value_at, with_value
from automl.render.patch.patcher import Patcher, Steps

_ELSE = "choose another value, or put a placeholder into the file itself and give no paths"


def patch(patcher: Patcher, text: str, changes: Mapping[str, Any], *, create: bool = False) -> str:
    """Return the text of a file with other values at paths; all other data stays what it is.

    Args:
        patcher: the format of the file.
        text: all of the file.
        changes: path to value, which is text, a number, True, False, None, a list or a dictionary;
            of what a path means several, each gets the value.
        create: keys that are not there are made, else they are an error.

    Raises:
        SpecError: the text is not of the format, there is no such path, a value is set twice, or
            the format cannot keep one.
    """
    try:
        return _patched(patcher, text, changes, create=create)
    except RecursionError:
        raise SpecError("it is nested too deeply") from None


def _patched(patcher: Patcher, text: str, changes: Mapping[str, Any], *, create: bool) -> str:
    data = patcher.data(text)
    values = _values(data, changes, create=create)
    expected = data
    for steps, value in values.items():
        before = value_at(data, steps)
        expected = with_value(expected, steps, _as_read(patcher, steps, value, before))
    there = {steps: value for steps, value in values.items() if _depth(data, steps) == len(steps)}
    result = patcher.patched(text, there) if there else text
    missing = {steps: value for steps, value in values.items() if steps not in there}
    result = _with_missing(patcher, result, missing)
    _check(patcher, result, expected)
    return result


def _with_missing(patcher: Patcher, text: str, missing: Mapping[Steps, Any]) -> str:
    """Return a text with values that were not there, each as soon as it can be made.

    What an anchor of YAML's shares gets a key only after those that have it from there.
    """
    while missing:
        refused: dict[Steps, SpecError] = {}
        for steps, value in missing.items():
            try:
                text = _made(patcher, text, steps, value)
            except SpecError as error:
                refused[steps] = error
        if len(refused) == len(missing):
            raise next(iter(refused.values()))
        missing = {steps: missing[steps] for steps in refused}
    return text


def _values(data: object, changes: Mapping[str, Any], *, create: bool) -> dict[Steps, Any]:
    by: dict[Steps, str] = {}
    for path in changes:
        # A later path may go on from what an earlier one makes.
        for steps in chosen(path, data, create=create):
            if _depth(data, steps) < len(steps):
                data = with_value(data, steps, None)
            if steps in by:
                raise SpecError(
                    f"{path_text(steps)!r} is set twice, by {by[steps]!r} and by {path!r}; "
                    "set it once"
                )
            by[steps] = path
    for steps in by:
        for end in range(len(steps)):
            if steps[:end] in by:
                outer, inner = path_text(steps[:end]) or "the whole file", path_text(steps)
                raise SpecError(f"{outer!r} is set, and so is a part of it, {inner!r}; set one")
    return {steps: changes[path] for steps, path in by.items()}


def _as_read(patcher: Patcher, steps: Steps, value: object, before: object) -> object:
    try:
        return patcher.as_read(value, before)
    except SpecError as error:
        raise SpecError(f"{path_text(steps)!r}: {error}") from error


def _depth(data: Any, steps: Steps) -> int:  # noqa: ANN401 - any data
    """Return how many steps of a path are there."""
    for depth, step in enumerate(steps):
        if isinstance(step, str):
            if not isinstance(data, dict) or step not in data:
                return depth
        elif not isinstance(data, list) or step >= len(data):
            return depth
        data = data[step]
    return len(steps)


def _made(patcher: Patcher, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
    """Return a text with a value that was not there, and with all that has to be around it."""
    data = patcher.data(text)
    depth = _depth(data, steps)
    around = data
    for step in steps[:depth]:
        around = around[step]
    if isinstance(around, list) and steps[depth] != len(around):
        raise SpecError(f"{path_text(steps)!r} comes after what could not be made")
    if around is None:
        return patcher.patched(text, {steps[:depth]: _around(value, steps[depth:])})
    return patcher.added(text, steps[: depth + 1], _around(value, steps[depth + 1 :]))


def _around(value: object, steps: Steps) -> object:
    for step in reversed(steps):
        value = {step: value} if isinstance(step, str) else [value]
    return value


def _check(patcher: Patcher, text: str, expected: object) -> None:
    """Raise SpecError unless a program reads from a text what it should."""
    try:
        found = patcher.data(text)
    except SpecError as error:
        raise SpecError(f"this format cannot keep such a value there: {error}; {_ELSE}") from error
    for steps in differences(found, expected):
        place = path_text(steps) or "the whole file"
        raise SpecError(
            f"this format cannot keep such a value: {place!r} would become another; {_ELSE}"
        )
