"""How a parameter's own values stand in a plain Optuna study."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from automl.errors import AutomlError
from automl.inside.ranges import CATEGORICAL, INT, Range
from automl.quiet import muted
from automl.search.optuna.library import load_optuna
from automl.space.numbers import is_number
from automl.space.parameter import Parameter, Span, named
from automl.space.values import ParamValue, value_key

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

_MOST_STEPS = 1e6
"""Optuna finds the step of a value to 1e-8 of a step; in floats that holds up to here."""

_EXACT_WHOLE = 2**53
"""Above it Optuna, which counts in floats, cannot tell neighbouring whole numbers apart."""


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """One name of a plain study's parameters.

    Attributes:
        distribution: Optuna's description of the values.
        texts: by `value_key`, the values that are shown as a text instead of as they are.
    """

    distribution: BaseDistribution
    texts: Mapping[str, str] = field(default_factory=dict)

    def shown(self, value: ParamValue) -> Any:  # noqa: ANN401 - whatever Optuna shows
        """Return what stands in the plain study for `value`."""
        return self.texts.get(value_key(value), value) if self.texts else value


def plain_columns(parameter: Parameter) -> dict[str, PlainColumn]:
    """Return the columns of one parameter by name; more than one only for linked parameters.

    - A list of values: categories, with their own values. A list or dict, which Optuna does not
      take, is shown as its JSON text. Where Optuna could not tell two of them apart (1, 1.0 and
      True are equal to it), all are shown so.
    - A range of numbers: a range with its `log` and `step`. The step is left out where Optuna's
      floats are too coarse to count in it, and whole numbers above 2**53 are a range of reals.
    - Numbers around a mean: the range of reals in which they are drawn, without their step.
    - What is not searched, a constant: none, since plots have nothing to show of it.
    - Linked parameters: categories for each of the names. That they go together is not shown.

    Raises:
        AutomlError: whole numbers too large for any float, or values that are neither numbers nor
            countable.
    """
    if not parameter.searched:
        return {}
    if parameter.span is None:
        return {name: _categories(values) for name, values in _listed(parameter).items()}
    try:
        return {parameter.name: PlainColumn(_range(parameter.span))}
    except OverflowError as error:
        raise AutomlError(
            f"parameter {parameter.name!r}: its range is too wide for an Optuna study, which "
            "counts in floats"
        ) from error


def asked_column(asked: Range, value: ParamValue) -> PlainColumn:
    """Return the column of a value that a trial asked for: the range that it named.

    A fixed value may lie outside; then the range reaches as far as the value.
    """
    load_optuna()
    from optuna.distributions import (  # noqa: PLC0415
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )

    if asked.kind == CATEGORICAL:
        return PlainColumn(CategoricalDistribution(asked.choices))
    low, high, step = asked.low, asked.high, asked.step
    if is_number(value) and not asked.contains(value):
        low, high, step = min(low, value), max(high, value), None
    with muted(UserWarning):
        if asked.kind == INT:
            whole = int(step or 1)
            return PlainColumn(IntDistribution(int(low), int(high), log=asked.log, step=whole))
        return PlainColumn(FloatDistribution(low, high, log=asked.log, step=step))


def _listed(parameter: Parameter) -> dict[str, list[ParamValue]]:
    """Return all values of a countable parameter by name."""
    if parameter.count is None:
        raise AutomlError(
            f"parameter {parameter.name!r}: its values are neither numbers nor countable, so that "
            "an Optuna study cannot hold them"
        )
    lines = [named(parameter, parameter.value_at(index)) for index in range(parameter.count)]
    return {name: [line[name] for line in lines] for name in parameter.names}


def _categories(values: Iterable[ParamValue]) -> PlainColumn:
    load_optuna()
    from optuna.distributions import CategoricalDistribution  # noqa: PLC0415

    known = {value_key(value): value for value in values}
    texts = {key: json.dumps(value, ensure_ascii=False) for key, value in known.items()}
    nested = {key: texts[key] for key, value in known.items() if isinstance(value, list | dict)}
    shown: list[Any] = [nested.get(key, value) for key, value in known.items()]
    if len(set(shown)) == len(known):
        return PlainColumn(CategoricalDistribution(shown), nested)
    return PlainColumn(CategoricalDistribution(list(texts.values())), texts)


def _range(span: Span) -> BaseDistribution:
    load_optuna()
    from optuna.distributions import FloatDistribution, IntDistribution  # noqa: PLC0415

    low, high, log, step = span.low, span.high, span.log, span.step
    if not span.even:
        return FloatDistribution(float(low), float(high), log=log)
    if step is not None and not (
        max(abs(low), abs(high)) / step <= _MOST_STEPS and math.isfinite(high + step / 2)
    ):
        step = None
    if not span.whole or max(abs(low), abs(high)) > _EXACT_WHOLE:
        if step is not None:
            return _in_steps(float(low), float(high), float(step))
        return FloatDistribution(float(low), float(high), log=log)
    return IntDistribution(int(low), int(high), log=log, step=int(span.step or 1))


def _in_steps(low: float, high: float, step: float) -> BaseDistribution:
    """Return a range whose last step is `high`.

    Optuna moves the end of a range down to a whole step, counted in the decimals of its floats,
    and warns of it. With half a step more it always ends up where it should.
    """
    load_optuna()
    from optuna.distributions import FloatDistribution  # noqa: PLC0415

    with muted(UserWarning):
        return FloatDistribution(low, high + step / 2, step=step)
