"""The priors of Orion: `uniform(0, 1)`, `loguniform(1e-5, 1e-1)`, `choices(['a', 'b'])`."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.space.numbers import is_number
from automl.studies.foreign import distributions as of
from automl.studies.foreign.distributions import Distribution

_OPTIONS = ("discrete", "precision", "default_value", "shape")
_PRECISION = "precision has no counterpart: values have all their digits"


@dataclass(frozen=True, slots=True)
class Prior:
    """What a prior says.

    Attributes:
        made: the parameter that it becomes; None for a fidelity.
        budget: of a fidelity: least, whole and factor.
        default: the user's own value; None where there is none.
    """

    made: Distribution | None = None
    budget: dict[str, Any] | None = None
    default: Any = None


@dataclass(frozen=True, slots=True)
class _Call:
    name: str
    values: list[Any]
    options: dict[str, Any]


def is_prior(text: str) -> bool:
    """Tell whether a text is written as a prior, rightly or not."""
    return any(text.startswith(f"{name}(") for name in PRIORS) or text.startswith("fidelity(")


def prior_of(text: str) -> Prior:
    """Return what a prior says.

    Raises:
        SpecError: it is not as Orion has it.
    """
    call = _call(text)
    if call.name == "fidelity":
        return Prior(budget=_budget(call))
    if call.name not in PRIORS:
        known = [*PRIORS, "fidelity"]
        near = did_you_mean(call.name, known)
        raise SpecError(f"the prior {call.name!r} is unknown{near}; known: {', '.join(known)}")
    for option in call.options:
        if option not in _OPTIONS:
            near = did_you_mean(option, _OPTIONS)
            raise SpecError(f"{call.name}: there is no option {option}={near}")
    if call.options.get("shape") not in {None, 1}:
        raise SpecError(f"{call.name}: shape has no counterpart; write a parameter for each number")
    made = PRIORS[call.name](call)
    if call.options.get("precision") is not None:
        made = made.noting(_PRECISION)
    return Prior(made, default=call.options.get("default_value"))


def _call(text: str) -> _Call:
    """Return what stands between the brackets; a bare word is a text."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SpecError(f"{text!r} is no prior such as uniform(0, 1)") from error
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise SpecError(f"{text!r} is no prior such as uniform(0, 1)")
    options = {str(one.arg): _value(one.value) for one in tree.keywords}
    return _Call(tree.func.id, [_value(one) for one in tree.args], options)


def _value(node: ast.expr) -> Any:  # noqa: ANN401 - plain data
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(one) for one in node.elts]
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise SpecError(f"{ast.unparse(node)!r} is no plain value") from None


def _numbers(call: _Call, *names: str) -> list[float]:
    given = dict(zip(names, call.values, strict=False))
    numbers = list(given.values())
    right = all(map(is_number, numbers))
    if len(call.values) != len(names) or not right:
        raise SpecError(f"{call.name} takes {', '.join(names)}, got {call.values}")
    return numbers


def _uniform(call: _Call, *, log: bool = False) -> Distribution:
    low, high = _numbers(call, "low", "high")
    if call.options.get("discrete"):
        return of.integer(int(low), int(high), log=log)
    return of.real(low, high, log=log)


def _loguniform(call: _Call) -> Distribution:
    return _uniform(call, log=True)


def _normal(call: _Call) -> Distribution:
    mean, std = _numbers(call, "loc", "scale")
    return of.bell(mean, std, 1 if call.options.get("discrete") else None)


def _choices(call: _Call) -> Distribution:
    values = call.values
    if len(values) == 1 and isinstance(values[0], dict):
        note = "probabilities have no counterpart: all values are as likely"
        return of.listed(list(values[0])).noting(note)
    if len(values) == 1 and isinstance(values[0], list):
        values = values[0]
    return of.listed(values)


def _budget(call: _Call) -> dict[str, Any]:
    names = ("low", "high", "base")
    given = dict(zip(names, call.values, strict=False)) | call.options
    if not {"low", "high"} <= given.keys() <= set(names) or len(call.values) > len(names):
        raise SpecError(f"fidelity takes low, high and base, got {call.values}")
    budget = {"min": given["low"], "max": given["high"]}
    base = given.get("base", 2)
    return {**budget, "factor": base} if base >= 2 else budget  # noqa: PLR2004 - a rung is more


PRIORS: dict[str, Callable[[_Call], Distribution]] = {
    "uniform": _uniform,
    "loguniform": _loguniform,
    "reciprocal": _loguniform,
    "normal": _normal,
    "gaussian": _normal,
    "norm": _normal,
    "choices": _choices,
}
"""Each prior with what makes a parameter of it."""
