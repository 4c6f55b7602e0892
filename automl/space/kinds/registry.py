"""The kinds of parameter by the names that users give them."""

from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.registry import Registry
from automl.space.parameters import (
    Categorical,
    Choice,
    Constant,
    Flag,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    Real,
    SpaceItem,
    is_parameter,
)

GROUP = "automl.parameters"
"""The group of entry points by which packages add a kind: its class's name to the class."""


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
    return item_from(item)


PARAMETERS: Registry[SpaceItem] = Registry(
    "hyperparam",
    {
        "Categorical": Categorical,
        "Choice": _choice,
        "Constant": Constant,
        "Flag": Flag,
        "Integer": Integer,
        "Linked": Linked,
        "LogNormal": LogNormal,
        "Normal": Normal,
        "Real": Real,
    },
    group=GROUP,
)
"""Each kind of parameter by its name, and the choice between groups of them."""


def item_from(description: Mapping[str, Any]) -> SpaceItem:
    """Return the parameter or choice that a dictionary of its `type` and options describes.

    Raises:
        SpecError: the type or an option is unknown, or a value is not allowed.
    """
    options = {name: value for name, value in description.items() if name != "type"}
    return PARAMETERS.create(description.get("type"), options)


def parameter_from(description: Mapping[str, Any]) -> Parameter:
    """Return the parameter that `described` described.

    Raises:
        SpecError: the kind is unknown, perhaps as its package is not installed here, or is none of
            a single parameter; or a value is not allowed.
    """
    item = item_from(description)
    if not is_parameter(item):
        raise SpecError(f"{item!r} is not one parameter")
    return item
