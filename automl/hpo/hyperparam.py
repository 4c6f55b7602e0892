"""`hyperparam.create`: what is tuned."""

from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.registry import Registry
from automl.space.parameters import (
    Categorical,
    Choice,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Real,
    SpaceItem,
)


def _choice(*, name: str, options: Mapping[str, Any], when: Any = None) -> Choice:  # noqa: ANN401 - a condition as users write it
    """Return a choice; parameters in it may be dictionaries, as in a study file."""
    if isinstance(options, Mapping):
        options = {
            label: [_made(name, item) for item in items]
            if isinstance(items, list | tuple)
            else items
            for label, items in options.items()
        }
    return Choice(name=name, options=options, when=when)


def _made(name: str, item: Any) -> Any:  # noqa: ANN401 - a parameter, or what describes one
    if not isinstance(item, Mapping):
        return item
    if "type" not in item or not all(isinstance(option, str) for option in item):
        raise SpecError(
            f"parameter {name!r}: {dict(item)!r} of its options must be a dictionary of texts to "
            "values with a 'type'"
        )
    return create(**item)


PARAMETERS: Registry[SpaceItem] = Registry(
    "hyperparam",
    {
        "Categorical": Categorical,
        "Choice": _choice,
        "Constant": Constant,
        "Integer": Integer,
        "Linked": Linked,
        "LogNormal": LogNormal,
        "Normal": Normal,
        "Real": Real,
    },
)


def create(type: str, **options: Any) -> SpaceItem:  # noqa: A002, ANN401 - the script's words
    """Return a parameter of the search space.

    Args:
        type: what kind of parameter, with its options:
            `Categorical` (name, candidates): one of a list of any JSON values;
            `Integer` (name, min_value, max_value, log, step): a whole number of a range;
            `Real` (the same): a number of a range;
            `Normal` (name, mean, std, step): a number around a mean;
            `LogNormal` (the same): a positive number, whose logarithm is around a mean;
            `Constant` (name, value): the same value in every trial;
            `Linked` (names, candidates): several parameters that are drawn as one;
            `Choice` (name, options): one of several labels, each with parameters of its own.
        **options: as the type has them. Every type takes `when` as well: a condition on
            parameters listed earlier, `{'opt': 'sgd'}`, `{'opt': ['sgd', 'adam']}` or
            `"opt == 'sgd' and depth > 2"`. Where it does not hold, a trial has no such parameter.

    Raises:
        SpecError: the type or an option is unknown, or a value is not allowed.
    """
    return PARAMETERS.create(type, options)
