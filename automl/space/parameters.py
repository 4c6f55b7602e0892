"""All kinds of parameter under one roof, and the choice between groups of them."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.space.conditions import Condition, OneOf, condition_of
from automl.space.expression import meant_instead
from automl.space.kinds.distributions import LogNormal, Normal
from automl.space.kinds.flag import Flag
from automl.space.kinds.listed import Categorical, Constant, Linked
from automl.space.kinds.numeric import Integer, Real
from automl.space.numbers import is_number
from automl.space.parameter import Parameter
from automl.space.values import ParamValue, check_name, shown, value_key
from automl.spelling.spelling import spelled_part

__all__ = [
    "Categorical",
    "Choice",
    "Constant",
    "Flag",
    "Integer",
    "Linked",
    "LogNormal",
    "Normal",
    "ParamValue",
    "Parameter",
    "Real",
    "SpaceItem",
    "check_conditions",
    "described",
    "is_parameter",
    "value_key",
    "with_conditions_read",
]


def is_parameter(item: object) -> TypeGuard[Parameter]:
    """Tell whether an object is a parameter of whatever kind."""
    return isinstance(item, Parameter) and not isinstance(item, type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several labels, each with parameters of its own that hold only for this label.

    >>> step = Real(name="momentum", min_value=0, max_value=1)
    >>> choice = Choice(name="opt", options={"sgd": [step], "adam": []})
    >>> [(parameter.name, str(parameter.when)) for parameter in choice.expanded()]
    [('opt', 'None'), ('momentum', "opt == 'sgd'")]

    Args:
        name: how templates and the table call the label.
        options: labels with their parameters, which may be none, and choices again.
        when: the condition under which it is used at all; always if not given.
    """

    name: str
    options: Mapping[str, "Sequence[Parameter | Choice]"]
    when: Condition | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        object.__setattr__(self, "when", condition_of(self.name, self.when))
        if not isinstance(self.options, Mapping) or not self.options:
            raise SpecError(
                f"parameter {self.name!r}: options must be a dict of labels, each with a list of "
                f"parameters, got {self.options!r}"
            )
        options = {label: self._items(label, items) for label, items in self.options.items()}
        object.__setattr__(self, "options", options)

    __repr__ = shown

    def _items(self, label: object, items: object) -> "tuple[SpaceItem, ...]":
        if not isinstance(label, str):
            raise SpecError(f"parameter {self.name!r}: label {label!r} of options must be a string")
        if not isinstance(items, list | tuple):
            raise SpecError(
                f"parameter {self.name!r}: option {label!r} must be a list of parameters, "
                f"got {items!r}"
            )
        for item in items:
            if not (isinstance(item, Choice) or is_parameter(item)):
                raise SpecError(
                    f"parameter {self.name!r}: {item!r} of option {label!r} is not a parameter; "
                    f"make each with {spelled_part('hyperparams')}"
                )
        return tuple(items)

    def expanded(self) -> Iterator[Parameter]:
        """Return the parameter of the labels, then those of the options with their condition."""
        yield Categorical(name=self.name, candidates=tuple(self.options), when=self.when)
        for label, items in self.options.items():
            condition = Condition(equals=(OneOf(self.name, (label,)),))
            for item in items:
                held = condition if item.when is None else condition & item.when
                narrowed: Any = dataclasses.replace(item, when=held)  # type: ignore[type-var]
                if isinstance(narrowed, Choice):
                    yield from narrowed.expanded()
                else:
                    yield narrowed


SpaceItem: TypeAlias = Parameter | Choice
"""What a user may list as `hyperparams`."""


def described(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter as JSON: its type and options, as `hyperparam.create` takes them."""
    when = {} if parameter.when is None else {"when": parameter.when.described()}
    return {"type": type(parameter).__name__, **parameter.options(), **when}


def with_conditions_read(parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return parameters whose conditions know which names there are.

    Raises:
        SpecError: a condition is no formula over these names.
    """
    names = [name for parameter in parameters for name in parameter.names]
    read: list[Any] = []
    for one in parameters:
        when = None if one.when is None else one.when.reading(names)
        read.append(one if when is one.when else dataclasses.replace(one, when=when))  # type: ignore[type-var]
    return tuple(read)


def check_conditions(parameters: tuple[Parameter, ...]) -> None:
    """Check that conditions ask for parameters listed earlier, and for values that these can have.

    Raises:
        SpecError: a condition could never hold, or names what is not there.
    """
    every = [name for parameter in parameters for name in parameter.names]
    earlier: dict[str, Parameter] = {}
    for parameter in parameters:
        if parameter.when is not None:
            for name in parameter.when.names:
                _check_known(parameter, parameter.when, name, list(earlier), every)
            for part in parameter.when.equals:
                _check_possible(parameter, part, earlier[part.name])
        earlier.update(dict.fromkeys(parameter.names, parameter))


def _check_known(
    parameter: Parameter, when: Condition, name: str, earlier: list[str], every: list[str]
) -> None:
    if name in earlier:
        return
    if name in every:
        problem = "which must be listed before it"
    elif any(name in formula.names for formula in when.formulas):
        problem = f"which is no parameter{meant_instead(name, earlier)}"
    else:
        problem = f"which is no parameter{did_you_mean(name, earlier)}"
    raise SpecError(
        f"parameter {parameter.name!r}: when asks for {name!r}, {problem}; "
        f"listed before it: {', '.join(earlier) or 'none'}"
    )


def _check_possible(parameter: Parameter, part: OneOf, asked: Parameter) -> None:
    for value in part.values:
        if not _can_be(asked, part.name, value):
            raise SpecError(
                f"parameter {parameter.name!r}: when asks for {part.name} == {value!r}, which "
                f"never holds; {part.name} is {asked.allowed}"
            )


def _can_be(parameter: Parameter, name: str, value: ParamValue) -> bool:
    """Tell whether a parameter of the trial can have a value, numbers compared as numbers."""
    accepted = OneOf(name, (value,))
    if len(parameter.names) > 1:
        place = parameter.names.index(name)
        lists: Any = map(parameter.value_at, range(parameter.count or 0))
        return any(accepted.accepts(values[place]) for values in lists)
    return any(
        accepted.accepts(other) and parameter.contains(other)
        for other in (value, *(_as_numbers(value) if is_number(value) else ()))
    )


def _as_numbers(value: float) -> Iterator[int | float]:
    """Return a number as the other type, where that can hold it."""
    try:
        yield int(value)
        yield float(value)
    except OverflowError:
        return
