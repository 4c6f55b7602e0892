"""The parameters of a sweep, by their `distribution`, or by what else they have."""

from collections.abc import Callable
from typing import Any

from automl.studies.foreign import distributions as of
from automl.studies.foreign.distributions import Distribution
from automl.studies.foreign.entry import Entry

KEYS = (
    *("value", "values", "distribution", "probabilities", "min", "max", "mu", "sigma", "q"),
    *("a", "b", "parameters"),
)
"""What W&B knows of a parameter."""


def distribution_of(entry: Entry) -> Distribution:
    """Return what a parameter of a sweep becomes.

    Raises:
        SpecError: it is not as W&B has it.
    """
    entry.refuse_others(KEYS)
    return DISTRIBUTIONS[_named(entry)](entry)


def _named(entry: Entry) -> str:
    """Return the distribution, W&B's default for what there is without one."""
    if entry.data.get("distribution") is not None:
        return entry.choice("distribution", DISTRIBUTIONS)
    if "value" in entry.data:
        return "constant"
    if "values" in entry.data:
        return "categorical"
    bounds = entry.number("min"), entry.number("max")
    return "int_uniform" if all(type(one) is int for one in bounds) else "uniform"


def _constant(entry: Entry) -> Distribution:
    return of.constant(entry.data["value"] if "value" in entry.data else entry.get("value"))


def _categorical(entry: Entry) -> Distribution:
    made = of.listed(entry.listed("values"))
    if entry.data.get("probabilities") is None:
        return made
    return made.noting("probabilities have no counterpart: all values are as likely")


def _int_uniform(entry: Entry) -> Distribution:
    return of.integer(entry.whole("min"), entry.whole("max"))


def _uniform(entry: Entry) -> Distribution:
    return of.real(*_bounds(entry))


def _log_uniform_values(entry: Entry) -> Distribution:
    return of.real(*_bounds(entry), log=True)


def _log_uniform(entry: Entry) -> Distribution:
    return _exponents(of.exponents(*_bounds(entry)))


def _inv_log_uniform(entry: Entry) -> Distribution:
    # log(1 / x) lies evenly between the bounds, and so does the logarithm of x.
    low, high = _bounds(entry)
    return _exponents(of.exponents(-high, -low))


def _exponents(made: Distribution) -> Distribution:
    low, high = made.described["min_value"], made.described["max_value"]
    return made.noting(f"the bounds are exponents of e: from {low:.3g} to {high:.3g}")


def _q_uniform(entry: Entry) -> Distribution:
    return _rounded(entry, *_bounds(entry))


def _q_log_uniform_values(entry: Entry) -> Distribution:
    return _rounded(entry, *_bounds(entry), log=True)


def _q_log_uniform(entry: Entry) -> Distribution:
    made = of.exponents(*_bounds(entry)).described
    return _rounded(entry, made["min_value"], made["max_value"], log=True)


def _rounded(entry: Entry, low: float, high: float, *, log: bool = False) -> Distribution:
    step = entry.number("q", 1)
    # W&B gives whole numbers for a whole step, whatever the bounds are.
    return of.rounded(low, high, step, log=log, whole=type(step) is int)


def _bell(*, log: bool, stepped: bool) -> Callable[[Entry], Distribution]:
    def make(entry: Entry) -> Distribution:
        step = entry.number("q", 1) if stepped else None
        return of.bell(entry.number("mu", 0), entry.number("sigma", 1), step, log=log)

    return make


def _beta(entry: Entry) -> Distribution:
    a, b = entry.number("a", 1), entry.number("b", 1)
    note = f"beta({a}, {b}) has no counterpart: evenly from 0 to 1"
    if "q" not in entry.data:
        return of.real(0, 1).noting(note)
    return of.rounded(0, 1, entry.number("q")).noting(note)


def _bounds(entry: Entry) -> tuple[Any, Any]:
    return entry.number("min"), entry.number("max")


DISTRIBUTIONS: dict[str, Callable[[Entry], Distribution]] = {
    "constant": _constant,
    "categorical": _categorical,
    "categorical_w_probabilities": _categorical,
    "int_uniform": _int_uniform,
    "uniform": _uniform,
    "q_uniform": _q_uniform,
    "log_uniform": _log_uniform,
    "log_uniform_values": _log_uniform_values,
    "q_log_uniform": _q_log_uniform,
    "q_log_uniform_values": _q_log_uniform_values,
    "inv_log_uniform": _inv_log_uniform,
    "inv_log_uniform_values": _log_uniform_values,
    "normal": _bell(log=False, stepped=False),
    "q_normal": _bell(log=False, stepped=True),
    "log_normal": _bell(log=True, stepped=False),
    "q_log_normal": _bell(log=True, stepped=True),
    "beta": _beta,
    "q_beta": _beta,
}
"""Each distribution with what makes a parameter of it."""
