"""The search space: the ordered parameters of a study, and the rules between them."""

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.space.combinations import numbered
from automl.space.expression import Expression
from automl.space.parameter import named, value_in
from automl.space.parameters import (
    Choice,
    Parameter,
    ParamValue,
    SpaceItem,
    check_conditions,
    described,
    is_parameter,
    value_key,
    with_conditions_read,
)
from automl.space.rules import broken, holds, rules_of
from automl.space.values import Params
from automl.spelling.spelling import spelled, spelled_part

__all__ = ["COUNTED", "Params", "SearchSpace", "combination_key"]

COUNTED = 50_000
"""A space with conditions or rules is counted up to this many combinations."""


@dataclass(frozen=True, init=False)
class SearchSpace:
    """The parameters of a study, in the order in which the user listed them.

    A trial has a value for each parameter that is in use: a parameter whose condition does not
    hold is simply absent, so that two combinations differ only by what a trial can see.

    >>> from automl.space.parameters import Categorical
    >>> space = SearchSpace((Categorical(name="a", candidates=(1, 2, 3)),))
    >>> space.size
    3

    A space may also be learnt while the study runs, from what its trials ask for. Then the
    parameters are those known so far, of which a trial may have any, and others too.

    Args:
        parameters: the parameters and choices; choices are replaced by what they stand for.
        rules: expressions over the parameters, all of which must hold.
        learnt: whether it is learnt; only then there may be no parameter.

    Raises:
        SpecError: a name is used twice, or a condition or rule cannot work.
    """

    # No slots: what is computed once and only if asked for is kept beside the fields.
    parameters: tuple[Parameter, ...]
    rules: tuple[str, ...]
    learnt: bool

    def __init__(
        self, parameters: Iterable[SpaceItem], rules: Sequence[str] = (), *, learnt: bool = False
    ) -> None:
        object.__setattr__(self, "parameters", with_conditions_read(_expanded(parameters)))
        object.__setattr__(self, "learnt", learnt)
        if not self.parameters and not learnt:
            raise SpecError("hyperparams is empty; give at least one parameter")
        _check_names(self.parameters)
        check_conditions(self.parameters)
        read = rules_of(rules, self.names)
        object.__setattr__(self, "rules", tuple(rule.text for rule in read))

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of a trial's parameters in order, those of linked ones each for itself."""
        return tuple(name for parameter in self.parameters for name in parameter.names)

    @cached_property
    def read_rules(self) -> tuple[Expression, ...]:
        """The rules, ready to be computed."""
        return rules_of(self.rules, self.names)

    @cached_property
    def conditional(self) -> bool:
        """Whether a parameter has a condition."""
        return any(parameter.when is not None for parameter in self.parameters)

    @cached_property
    def size(self) -> int | None:
        """The number of combinations, rule breakers left out.

        None where a parameter is not countable, and where conditions or rules would make it
        necessary to count more than `COUNTED`; and while it is learnt.
        """
        if self.learnt:
            return None
        counts = [parameter.count for parameter in self.parameters]
        if None in counts:
            return None
        if not self._counted:
            return math.prod(count for count in counts if count is not None)
        return None if self._numbers is None else len(self._numbers)

    def assemble(self, choose: Callable[[Parameter], ParamValue]) -> dict[str, ParamValue]:
        """Return the values of a trial, asking for one parameter after the other.

        Args:
            choose: gives the value of a parameter, of linked ones the list of values. It is not
                asked for constants, nor for what is not in use given what was chosen before.
        """
        if self._plain:
            return {parameter.name: choose(parameter) for parameter in self.parameters}
        params: dict[str, ParamValue] = {}
        for parameter in self.parameters:
            if parameter.when is not None and not parameter.when.holds(params):
                continue
            value = choose(parameter) if parameter.searched else parameter.value_at(0)
            params.update(named(parameter, value))
        return params

    def chosen(self, params: Params) -> dict[str, ParamValue]:
        """Return what `choose` of `assemble` answered for a trial's values, by parameter name.

        In a learnt space it is what the trial has of the parameters, within their ranges.

        Raises:
            KeyError: a parameter that is in use has no value.
        """
        if self.learnt:
            return {
                one.name: params[one.name]
                for one in self.parameters
                if one.name in params and one.contains(params[one.name])
            }
        answers: dict[str, ParamValue] = {}

        def choose(parameter: Parameter) -> ParamValue:
            answer = value_in(parameter, params)
            answers[parameter.name] = answer
            return answer

        self.assemble(choose)
        return answers

    def allows(self, params: Params) -> bool:
        """Tell whether all rules hold; one that names a parameter not in use does."""
        return all(holds(rule, params) for rule in self.read_rules)

    def contains(self, params: Params) -> bool:
        """Tell whether `params` are a combination of this space.

        They have exactly the names that are in use, each with an allowed value of its own type,
        and keep the rules. All are one of a learnt space.
        """
        if self._plain and not self.learnt:
            return (
                params.keys() == self._name_set
                and all(one.contains(params[one.name]) for one in self.parameters)
                and (not self.rules or self.allows(params))
            )
        return not self.problem(params)

    def problem(self, params: Params) -> str:
        """Return in one line why `params` are no combination of this space, '' if they are one."""
        if self.learnt:
            return ""
        for name in params:
            if name not in self._name_set:
                known = ", ".join(self.names)
                return f"{name!r} is no parameter{did_you_mean(name, self.names)}; known: {known}"
        used: dict[str, ParamValue] = {}
        for parameter in self.parameters:
            problem = self._problem_of(parameter, params, used)
            if problem:
                return problem
        return next((line for rule in self.read_rules if (line := broken(rule, params))), "")

    def combination_at(self, index: int) -> dict[str, ParamValue]:
        """Return combination number `index` of a counted space; the last parameter turns fastest.

        Raises:
            IndexError: the space has not that many combinations, or is not counted.
        """
        if self._counted:
            index = (self._numbers or ())[index]
        places: dict[str, int] = {}
        for parameter in reversed(self.parameters):
            index, places[parameter.name] = divmod(index, parameter.count or 1)
        return self.assemble(lambda parameter: parameter.value_at(places[parameter.name]))

    def combinations(self) -> Iterator[dict[str, ParamValue]]:
        """Return all combinations one by one, in the order of `combination_at`, however many.

        Raises:
            SpecError: a parameter is not countable.
        """
        for parameter in self.parameters:
            if parameter.count is None:
                raise SpecError(
                    f"the values of parameter {parameter.name!r} cannot be counted; "
                    f"give {spelled('step')}"
                )
        for found in numbered(self.parameters, self.read_rules):
            if found is not None:
                yield found[1]

    def draws(self, count: int) -> Iterator[dict[str, ParamValue]]:
        """Return `count` random combinations, the same each time, rule breakers included."""
        rng = random.Random(0)  # noqa: S311 - an estimate, not a secret
        for _ in range(count):
            yield self.assemble(lambda parameter: parameter.quantile(rng.random()))

    @cached_property
    def _name_set(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _plain(self) -> bool:
        """Whether each parameter has one value in every trial, so that the short ways will do."""
        return not self.conditional and all(
            parameter.searched and len(parameter.names) == 1 for parameter in self.parameters
        )

    @cached_property
    def _counted(self) -> bool:
        """Whether the combinations are fewer than the product of the numbers of values."""
        return self.conditional or bool(self.rules)

    @cached_property
    def _numbers(self) -> tuple[int, ...] | None:
        """The allowed combinations by their place in the product, None if they are too many."""
        certain = [one.count or 1 for one in self.parameters if one.when is None]
        if not self.rules and math.prod(certain) > COUNTED:
            return None
        numbers: list[int] = []
        for looked_at, found in enumerate(numbered(self.parameters, self.read_rules)):
            if looked_at > _LOOKED_AT or len(numbers) > COUNTED:
                return None
            if found is not None:
                numbers.append(found[0])
        return tuple(numbers) if len(numbers) <= COUNTED else None

    def _problem_of(self, parameter: Parameter, params: Params, used: dict[str, ParamValue]) -> str:
        """Return what is wrong with the values of one parameter; add those it has to `used`."""
        given = [name for name in parameter.names if name in params]
        if parameter.when is not None and not parameter.when.holds(used):
            return f"{given[0]!r} is used only when {parameter.when}" if given else ""
        for name in parameter.names:
            if name not in given:
                return f"{name!r} has no value; it is {parameter.allowed}"
            used[name] = params[name]
        value = value_in(parameter, params)
        if parameter.contains(value):
            return ""
        return f"{parameter.name}={value!r} is not allowed; it is {parameter.allowed}"


_LOOKED_AT = 4 * COUNTED
"""So many combinations and dead ends are looked at before a space counts as uncounted."""


def described_parameters(space: SearchSpace) -> list[dict[str, Any]]:
    """Return the parameters of a space as plain data."""
    return [described(parameter) for parameter in space.parameters]


def _expanded(items: Iterable[SpaceItem]) -> tuple[Parameter, ...]:
    parameters: list[Parameter] = []
    for item in items:
        if isinstance(item, Choice):
            parameters.extend(item.expanded())
        elif is_parameter(item):
            parameters.append(item)
        else:
            raise SpecError(
                f"hyperparams: {item!r} is not a parameter; make each with "
                f"{spelled_part('hyperparams')}"
            )
    return tuple(parameters)


def _check_names(parameters: tuple[Parameter, ...]) -> None:
    # Of linked parameters the joined name counts as well: it is the name of their axis.
    names = [name for one in parameters for name in {one.name: None, **dict.fromkeys(one.names)}]
    for name in names:
        if names.count(name) > 1:
            raise SpecError(
                f"parameter {name!r} is defined {names.count(name)} times; "
                "every parameter needs its own name"
            )


def combination_key(params: Params) -> str:
    """Return a text that two combinations share only when all names, values and types agree.

    >>> combination_key({"b": 1, "a": True}) == combination_key({"a": True, "b": 1})
    True
    >>> combination_key({"a": 1}) == combination_key({"a": 1.0})
    False
    """
    return value_key(dict(params))
