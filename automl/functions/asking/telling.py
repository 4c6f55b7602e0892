"""What `tell` is given, by Optuna's rules: a value that makes no sense fails the trial."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from automl.functions.names.enums import TrialState
from automl.inside.calling.numbers import as_number
from automl.inside.outcome import COMPLETED, FAILED, PRUNED, CallOutcome

SAID = "its program told that it failed"
"""Why a trial failed of which nothing else is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a trial ended.

    Attributes:
        outcome: how.
        numbers: what it is ranked by, by name, if it is complete.
        warning: what makes no sense of what was given, else empty.
    """

    outcome: CallOutcome
    numbers: Mapping[str, float] = field(default_factory=dict)
    warning: str = ""


def told_by(values: Any, state: Any, names: Sequence[str]) -> Told:  # noqa: ANN401 - as users give it
    """Return how a trial ended.

    Args:
        values: a number, or a list of as many as there are names; None without.
        state: a state of a trial that has ended; None where the values tell it.
        names: what the numbers are called.

    Raises:
        ValueError: state and values contradict each other, or the state is none of an end.
    """
    ended = next((one for one in (*_STATES, TrialState.COMPLETE) if one == state), None)
    if state is not None and ended is None:
        raise ValueError(f"Cannot tell with state {state}.")
    if ended in _STATES:
        if values is not None:
            raise ValueError(
                "Values were told. Values cannot be specified when state is TrialState.PRUNED or "
                "TrialState.FAIL."
            )
        return Told(outcome=_STATES[ended])
    if ended is not None and values is None:
        raise ValueError(
            "No values were told. Values are required when state is TrialState.COMPLETE."
        )
    numbers, problem = _numbers(values, len(names))
    if not problem:
        named = dict(zip(names, numbers, strict=True))
        return Told(outcome=CallOutcome(COMPLETED), numbers=named)
    if ended is not None:
        raise ValueError(problem)
    return Told(outcome=CallOutcome(FAILED, message=problem), warning=problem)


_STATES = {
    TrialState.PRUNED: CallOutcome(PRUNED),
    TrialState.FAIL: CallOutcome(FAILED, message=SAID),
}
"""The ends that have no values."""


def _numbers(values: Any, count: int) -> tuple[list[float], str]:  # noqa: ANN401
    """Return the numbers that were given, and what is wrong with them if something is."""
    several = isinstance(values, Sequence) and not isinstance(values, str | bytes)
    given, found, problems = [*values] if several else [values], [], []
    for one in given:
        try:
            number = as_number("the value", one)
        except TypeError:
            problems.append(f"The value {one!r} could not be cast to float")
            continue
        if not math.isfinite(number):
            problems.append(f"The value {number} is not acceptable")
        found.append(number)
    if not problems and len(given) != count:
        told = f"The number of the values {len(given)} did not match the number of the objectives"
        problems = [f"{told} {count}"]
    return found, "; ".join(problems)
