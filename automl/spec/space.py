"""The search space: the ordered parameters of a study."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from automl.errors import SpecError
from automl.spec.parameters import Parameter, ParamValue, value_key

Params: TypeAlias = Mapping[str, ParamValue]
"""The values of one trial by parameter name, in the order of the space."""


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """The parameters of a study, in the order in which the user listed them.

    >>> from automl.spec.parameters import Categorical
    >>> space = SearchSpace((Categorical(name="a", candidates=(1, 2, 3)),))
    >>> space.size
    3
    """

    parameters: tuple[Parameter, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", tuple(self.parameters))
        if not self.parameters:
            raise SpecError("hyperparams is empty; give at least one parameter")
        for parameter in self.parameters:
            if not isinstance(parameter, Parameter):
                raise SpecError(
                    f"hyperparams: {parameter!r} is not a parameter; "
                    "make each with hyperparam.create(...)"
                )
        names = [parameter.name for parameter in self.parameters]
        for name in names:
            if names.count(name) > 1:
                raise SpecError(
                    f"parameter {name!r} is defined {names.count(name)} times; "
                    "every parameter needs its own name"
                )

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameter names in order."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def size(self) -> int | None:
        """The number of combinations, or None where a parameter is not countable."""
        counts = [parameter.count for parameter in self.parameters]
        return None if None in counts else math.prod(count for count in counts if count is not None)

    def combination_at(self, index: int) -> dict[str, ParamValue]:
        """Return combination number `index` of a countable space; the last one turns fastest."""
        values: dict[str, ParamValue] = {}
        for parameter in reversed(self.parameters):
            index, place = divmod(index, parameter.count or 1)
            values[parameter.name] = parameter.value_at(place)
        return {name: values[name] for name in self.names}

    def contains(self, params: Params) -> bool:
        """Tell whether `params` has exactly the names of this space, each with an allowed value."""
        return params.keys() == set(self.names) and all(
            parameter.contains(params[parameter.name]) for parameter in self.parameters
        )


def combination_key(params: Params) -> str:
    """Return a text that two combinations share only when all names, values and types agree.

    >>> combination_key({"b": 1, "a": True}) == combination_key({"a": True, "b": 1})
    True
    >>> combination_key({"a": 1}) == combination_key({"a": 1.0})
    False
    """
    return value_key(dict(params))
