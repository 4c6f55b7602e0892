"""How a parameter's own values stand in a plain Optuna study."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from automl.errors import AutomlError
from automl.space.parameters import (
    Categorical,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    ParamValue,
    Real,
    value_key,
)

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

    - Categorical: categories, with their own values. A list or dict, which Optuna does not take,
      is shown as its JSON text. Where Optuna could not tell two candidates apart (1, 1.0 and
      True are equal to it), all candidates are shown so.
    - Integer and Real: a range with their `log` and `step`. The step is left out where Optuna's
      floats are too coarse to count in it, and whole numbers above 2**53 are a range of reals.
    - Normal and LogNormal: the range of reals in which they are drawn, with `log` for LogNormal.
    - Constant: none, since plots have nothing to show of it.
    - Linked: categories for each of its names. That they go together is not shown.

    Raises:
        AutomlError: whole numbers too large for any float.
    """
    if isinstance(parameter, Categorical):
        return {parameter.name: _categories(parameter.candidates)}
    if isinstance(parameter, Constant):
        return {}
    if isinstance(parameter, Linked):
        columns = zip(*parameter.candidates, strict=True)
        return {
            name: _categories(values) for name, values in zip(parameter.names, columns, strict=True)
        }
    try:
        return {parameter.name: PlainColumn(_range(parameter))}
    except OverflowError as error:
        raise AutomlError(
            f"parameter {parameter.name!r}: its range is too wide for an Optuna study, which "
            "counts in floats"
        ) from error


def _categories(values: Iterable[ParamValue]) -> PlainColumn:
    from optuna.distributions import CategoricalDistribution  # noqa: PLC0415

    known = {value_key(value): value for value in values}
    texts = {key: json.dumps(value, ensure_ascii=False) for key, value in known.items()}
    nested = {key: texts[key] for key, value in known.items() if isinstance(value, list | dict)}
    shown: list[Any] = [nested.get(key, value) for key, value in known.items()]
    if len(set(shown)) == len(known):
        return PlainColumn(CategoricalDistribution(shown), nested)
    return PlainColumn(CategoricalDistribution(list(texts.values())), texts)


def _range(parameter: Integer | Real | Normal | LogNormal) -> BaseDistribution:
    from optuna.distributions import FloatDistribution, IntDistribution  # noqa: PLC0415

    if isinstance(parameter, Normal | LogNormal):
        low, high = float(parameter.min_value), float(parameter.max_value)
        return FloatDistribution(low, high, log=isinstance(parameter, LogNormal) and low > 0)
    low, high = parameter.min_value, _last(parameter)
    step = parameter.step
    if step is not None and not (
        max(abs(low), abs(high)) / step <= _MOST_STEPS and math.isfinite(high + step / 2)
    ):
        step = None
    if isinstance(parameter, Real) or max(abs(low), abs(high)) > _EXACT_WHOLE:
        if step is not None:
            return _in_steps(float(low), float(high), float(step))
        return FloatDistribution(float(low), float(high), log=parameter.log)
    return IntDistribution(int(low), int(high), log=parameter.log, step=parameter.step or 1)


def _in_steps(low: float, high: float, step: float) -> BaseDistribution:
    """Return a range whose last step is `high`.

    Optuna moves the end of a range down to a whole step, counted in the decimals of its floats,
    and warns of it. With half a step more it always ends up where it should.
    """
    from optuna.distributions import FloatDistribution  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return FloatDistribution(low, high + step / 2, step=step)


def _last(parameter: Integer | Real) -> float:
    """Return the highest value that the steps reach."""
    if parameter.step is None:
        return parameter.max_value
    return parameter.quantile(1.0)
