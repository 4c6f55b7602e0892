"""Values near a value: the next one above or below, or a multiple of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automl.space.numbers import is_number
from automl.space.values import written

if TYPE_CHECKING:
    from automl.space.parameter import Parameter
    from automl.space.values import ParamValue


def next_place(parameter: Parameter, value: ParamValue, factor: float) -> ParamValue:
    """Return the neighbour above `value` for a factor above 1, below it for one below 1.

    The value stays where it has no such neighbour, and where the order of the values means nothing.
    """
    rising = parameter.in_order()
    if not rising.ordered or rising.count is None:
        return value
    place = rising.index_of(value) + _sign(factor - 1)
    return rising.value_at(min(max(place, 0), rising.count - 1))


def multiplied(parameter: Parameter, value: ParamValue, factor: float) -> ParamValue:
    """Return the number `value * factor`, kept within the bounds and on the steps of a range."""
    span = parameter.span
    if span is None or not is_number(value):
        return value
    if parameter.count is None:
        return min(max(value * factor, span.low), span.high)
    return _on_grid(parameter, parameter.count, value, factor)


def _on_grid(parameter: Parameter, count: int, value: float, factor: float) -> ParamValue:
    """Return the value of the grid nearest to `value * factor`, but a step from `value` at least.

    It is computed exactly: whole numbers may be larger than any float.
    """
    if count == 1:
        return value
    low, next_value = (written(parameter.value_at(at)) for at in (0, 1))  # type: ignore[arg-type]
    step, exact = next_value - low, written(value)
    here, there = round((exact - low) / step), round((exact * written(factor) - low) / step)
    if here == there:
        there += _sign(factor - 1) * (_sign(value) or 1)  # 0 is left as if it were above 0
    return parameter.value_at(min(max(there, 0), count - 1))


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
