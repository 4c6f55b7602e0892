"""When a parameter holds: `when={'opt': 'sgd'}` and `when="opt == 'sgd' and depth > 2"`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.space.expression import Expression
from automl.space.numbers import is_number
from automl.space.values import Params, ParamValue, is_same, json_value


@dataclass(frozen=True, slots=True)
class OneOf:
    """A parameter has one of a few values.

    Args:
        name: the parameter.
        values: the values that do, at least one.
    """

    name: str
    values: tuple[ParamValue, ...]

    def accepts(self, value: ParamValue) -> bool:
        """Tell whether `value` is one of them; numbers compare as numbers: 2 is 2.0, not True."""
        return any(_alike(value, allowed) for allowed in self.values)

    def __str__(self) -> str:
        if len(self.values) == 1:
            return f"{self.name} == {self.values[0]!r}"
        return f"{self.name} in {list(self.values)!r}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of parameters listed earlier, so that a parameter is used at all.

    Args:
        equals: parameters with the values they must have.
        formulas: expressions that must be true.
    """

    equals: tuple[OneOf, ...] = ()
    formulas: tuple[Expression, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that it asks for, in order, each once."""
        asked = [part.name for part in self.equals]
        asked += [name for formula in self.formulas for name in formula.names]
        return tuple(dict.fromkeys(asked))

    def holds(self, params: Params) -> bool:
        """Tell whether it holds; it does not where a parameter that it asks for has no value.

        Nor does it where a formula cannot be computed.
        """
        for part in self.equals:
            if part.name not in params or not part.accepts(params[part.name]):
                return False
        return all(_is_true(formula, params) for formula in self.formulas)

    def reading(self, known: Sequence[str]) -> "Condition":
        """Return the same condition over known names; itself if that makes no difference.

        Raises:
            SpecError: a formula is none over these names.
        """
        formulas = tuple(formula.reading(known) for formula in self.formulas)
        same = all(new is old for new, old in zip(formulas, self.formulas, strict=True))
        return self if same else Condition(self.equals, formulas)

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(self.equals + other.equals, self.formulas + other.formulas)

    def __repr__(self) -> str:
        return repr(self.described())

    def __str__(self) -> str:
        formulas = [formula.text for formula in self.formulas]
        if len(self.equals) + len(formulas) > 1:
            formulas = [f"({text})" for text in formulas]
        return " and ".join([*map(str, self.equals), *formulas])

    def described(self) -> Any:  # noqa: ANN401 - JSON
        """Return it as JSON that `condition_of` reads back: a dict, a text, or a list of these."""
        parts: list[Any] = [{part.name: list(part.values)} for part in self.equals]
        parts += [formula.text for formula in self.formulas]
        return parts[0] if len(parts) == 1 else parts


def condition_of(name: str, given: object) -> Condition | None:
    """Return the condition that a user gave for parameter `name`.

    Args:
        name: the parameter that it is for.
        given: a dict of parameter names to a value or a list of values, all of which must hold;
            an expression; a list of such dicts and expressions, all of which must hold; a
            condition; or None.

    Raises:
        SpecError: it is none of these, or empty.
    """
    if given is None or isinstance(given, Condition):
        return given
    if isinstance(given, str):
        # Which names are no words, and so written oddly, only the whole space knows.
        what = f"parameter {name!r}: when"
        return Condition(formulas=(Expression(given, what, truth=True, known=None),))
    if isinstance(given, Mapping) and given:
        return Condition(equals=tuple(_one_of(name, *item) for item in given.items()))
    if isinstance(given, list | tuple) and given and None not in given:
        both = Condition()
        for part in given:
            both &= condition_of(name, part) or Condition()
        return both
    raise SpecError(
        f"parameter {name!r}: when must be a dict such as {{'opt': 'sgd'}} or an expression such "
        f"as \"opt == 'sgd'\", got {given!r}"
    )


def _one_of(name: str, asked: object, values: object) -> OneOf:
    if not isinstance(asked, str):
        raise SpecError(f"parameter {name!r}: when names {asked!r}; give a parameter's name")
    listed = values if isinstance(values, list | tuple) else [values]
    if not listed:
        raise SpecError(
            f"parameter {name!r}: when has no value for {asked!r}; give one, or a list of some"
        )
    return OneOf(asked, tuple(json_value(name, f"when {asked!r} is", value) for value in listed))


def _alike(left: ParamValue, right: ParamValue) -> bool:
    if type(left) is str or type(right) is str:
        return left == right
    if is_number(left) and is_number(right):
        return left == right
    return is_same(left, right)


def _is_true(formula: Expression, params: Params) -> bool:
    if any(name not in params for name in formula.names):
        return False
    try:
        return bool(formula.evaluate(params))
    except SpecError:
        return False
