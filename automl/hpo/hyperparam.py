"""`hyperparam.create`: what is tuned."""

from typing import Any

from automl.brief_errors import ensure_brief_errors
from automl.space.kinds.registry import PARAMETERS
from automl.space.parameters import SpaceItem

__all__ = ["PARAMETERS", "create"]


def create(type: str, **options: Any) -> SpaceItem:  # noqa: A002, ANN401 - the script's words
    """Return a parameter of the search space.

    Args:
        type: what kind of parameter, with its options:
            `Categorical` (name, candidates): one of a list of any JSON values;
            `Integer` (name, min_value, max_value, log, step): a whole number of a range;
            `Real` (the same): a number of a range;
            `Normal` (name, mean, std, step): a number around a mean;
            `LogNormal` (the same): a positive number, whose logarithm is around a mean;
            `Flag` (name, on, off): a word of the command, or none: True or False;
            `Constant` (name, value): the same value in every trial;
            `Linked` (names, candidates): several parameters that are drawn as one;
            `Choice` (name, options): one of several labels, each with parameters of its own;
            and the kinds that installed packages add (docs/contributing/parameter.md).
        **options: as the type has them. Every type takes `when` as well: a condition on
            parameters listed earlier, `{'opt': 'sgd'}`, `{'opt': ['sgd', 'adam']}` or
            `"opt == 'sgd' and depth > 2"`. Where it does not hold, a trial has no such parameter.

    Raises:
        SpecError: the type or an option is unknown, or a value is not allowed.
    """
    ensure_brief_errors()
    return PARAMETERS.create(type, options)
