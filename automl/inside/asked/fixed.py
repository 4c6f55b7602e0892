"""The parameters of a trial by ranges that are given as objects, Optuna's or ours."""

from collections.abc import Mapping
from typing import Any

from automl.inside.drawing import Draws


def checked(ranges: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever a user gives
    """Return ranges by name, none where nothing is given.

    Raises:
        TypeError: there is something else.
    """
    given = {} if ranges is None else ranges
    if not isinstance(given, Mapping):
        raise TypeError(f"fixed_distributions must be a dictionary of ranges, got {given!r}")
    for name, one in given.items():
        if not getattr(one, "choices", ()) and not (hasattr(one, "low") and hasattr(one, "high")):
            raise TypeError(
                f"fixed_distributions: {name!r} needs a range such as FloatDistribution(0, 1), got "
                f"{one!r}"
            )
    return given


def suggest_fixed(trial: Draws, ranges: Mapping[str, Any]) -> None:
    """Ask for each name, with its range.

    Args:
        trial: whose values they are.
        ranges: objects with `choices`, or with `low` and `high`, maybe `log` and `step`, by name.
    """
    for name, one in ranges.items():
        _suggest(trial, name, one)


def _suggest(trial: Draws, name: str, given: Any) -> None:  # noqa: ANN401 - of any library
    if choices := getattr(given, "choices", ()):
        trial.suggest_categorical(name, choices)
        return
    step, log = getattr(given, "step", None), bool(getattr(given, "log", False))
    if isinstance(given.low, int):
        trial.suggest_int(name, given.low, given.high, step=step or 1, log=log)
    else:
        trial.suggest_float(name, given.low, given.high, step=step, log=log)
