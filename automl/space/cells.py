"""Values of parameters, read back from the cells of a table."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Iterator, Sequence
from itertools import product

from automl.quiet import muted
from automl.space.numbers import is_whole
from automl.space.parameters import Parameter, ParamValue, value_key


def read_back(parameter: Parameter, cells: Sequence[object]) -> ParamValue:
    """Return the value that the parameter allows and the cells hold.

    A cell of text may be any value as a table writes it: the text itself, JSON, or Python's
    `True`, `None` and lists. What the parameter allows decides; `5` is the text for a list of
    texts, 5 for an Integer and 5.0 for a Real. Only if nothing fits so far, a whole number
    is also taken as a float and the other way round, and an empty cell as None.

    Args:
        parameter: what the value is of.
        cells: one for each of the parameter's names.

    Raises:
        ValueError: nothing or more than one thing fits; the message says which, in one line.
    """
    for loosely in (False, True):
        readings = [_distinct(_readings(cell, loosely=loosely)) for cell in cells]
        choices: Sequence[ParamValue] = (
            readings[0] if len(parameter.names) == 1 else [list(one) for one in product(*readings)]
        )
        fitting = [value for value in choices if parameter.contains(value)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise ValueError(
                f"{parameter.name}: {_short(cells)} may be {' or '.join(map(repr, fitting))}"
            )
    if all(is_missing(cell) for cell in cells):
        raise ValueError(f"{parameter.name}: no value")
    raise ValueError(f"{parameter.name}: {_short(cells)} is not allowed; it is {parameter.allowed}")


def is_missing(cell: object) -> bool:
    """Tell whether a cell is empty: None, NaN in any of pandas' forms, or a blank text."""
    if isinstance(cell, str):
        return not cell.strip()
    if isinstance(cell, float):
        return math.isnan(cell)
    return cell is None or type(cell).__name__ in {"NAType", "NaTType"}


def _readings(cell: object, *, loosely: bool) -> Iterator[ParamValue]:
    """Yield what a cell may mean."""
    if hasattr(cell, "tolist"):  # numpy's numbers and arrays
        cell = cell.tolist()
    parsed = _parsed(cell.strip()) if isinstance(cell, str) else _plain(cell)
    yield from [cell] if isinstance(cell, str) else []
    yield from parsed
    if not loosely:
        return
    if is_missing(cell):
        yield None
    number = _number(cell) if isinstance(cell, str) else cell
    if is_whole(number):
        yield from _plain(_as_float(number))
    elif isinstance(number, float) and math.isfinite(number):
        yield number
        if number.is_integer():
            yield int(number)


def _parsed(text: str) -> list[ParamValue]:
    try:
        return _plain(json.loads(text))
    except (ValueError, RecursionError):
        pass
    if not text.startswith(("[", "(", "{", "True", "False", "None")):
        return []
    try:
        with muted(Warning):  # Python's own, about odd texts in the literal
            return _plain(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return []


def _plain(value: object) -> list[ParamValue]:
    """Return the value as JSON has it, alone in a list; an empty list if JSON has it not."""
    try:
        return [json.loads(json.dumps(value, allow_nan=False))]
    except (TypeError, ValueError, RecursionError):
        return []


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _as_float(number: int) -> float:
    return float(number) if abs(number) <= 2**53 else math.nan


def _distinct(values: Iterator[ParamValue]) -> list[ParamValue]:
    return list({value_key(value): value for value in values}.values())


def _short(cells: Sequence[object]) -> str:
    text = ", ".join(map(repr, cells))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


_SHOWN = 60
