"""The parameters of a trial by ranges that are given as objects, Optuna's or ours."""

from collections.abc import Mapping
from typing import Any

from automl.inside.drawing import Draws
from automl.inside.ranges import (
    CATEGORICAL,
    INT,
    Range,
    categorical_range,
    float_range,
    int_range,
)


def checked(ranges: Any) -> Mapping[str, Range]:  # noqa: ANN401 - whatever a user gives
    """Return ranges by name, none where nothing is given.

    Args:
        ranges: objects with `choices`, or with `low` and `high`, maybe `log` and `step`, by name.

    Raises:
        TypeError: there is something else.
        ValueError: an object holds no range, such as one whose `low` is above its `high`.
    """
    given = {} if ranges is None else ranges
    if not isinstance(given, Mapping):
        raise TypeError(f"fixed_distributions must be a dictionary of ranges, got {given!r}")
    return {name: _checked(name, one) for name, one in given.items()}


def suggest_fixed(trial: Draws, ranges: Mapping[str, Range]) -> None:
    """Ask for each name, with its range.

    Args:
        trial: whose values they are.
        ranges: what `checked` returned.
    """
    for name, one in ranges.items():
        if one.kind == CATEGORICAL:
            trial.suggest_categorical(name, one.choices)
        elif one.kind == INT:
            trial.suggest_int(
                name, int(one.low), int(one.high), step=int(one.step or 1), log=one.log
            )
        else:
            trial.suggest_float(name, one.low, one.high, step=one.step, log=one.log)


def _checked(name: Any, given: Any) -> Range:  # noqa: ANN401 - whatever a user gives
    if not isinstance(name, str):
        raise TypeError(f"fixed_distributions: the name of a parameter is a text, got {name!r}")
    if not getattr(given, "choices", ()) and not (hasattr(given, "low") and hasattr(given, "high")):
        raise TypeError(
            f"fixed_distributions: {name!r} needs a range such as FloatDistribution(0, 1), got "
            f"{given!r}"
        )
    try:
        return _range(given)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"fixed_distributions: {name!r}: {error}") from error


def _range(given: Any) -> Range:  # noqa: ANN401 - of any library
    if choices := getattr(given, "choices", ()):
        return categorical_range(list(choices))
    step, log = getattr(given, "step", None), bool(getattr(given, "log", False))
    if isinstance(given.low, int):
        return int_range(given.low, given.high, step=step or 1, log=log)
    return float_range(given.low, given.high, step=step, log=log)
