"""The contract of a kind of parameter, as checks that anyone can run against their own.

With pytest:

    @pytest.mark.parametrize("check", PARAMETER_CHECKS)
    def test_my_kind(check):
        check(MyKind(name="x", ...))

Each check takes one parameter and raises ContractError. The kind must be known by its name: by
an entry point of `automl.parameters`, or by `PARAMETERS.add`.
"""

import dataclasses
import itertools
import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from automl.space.cells import read_back
from automl.space.conditions import Condition
from automl.space.kinds.registry import parameter_from
from automl.space.numbers import is_number, is_whole
from automl.space.parameter import Parameter, Values, named, value_in
from automl.space.parameters import described
from automl.space.values import ParamValue, is_same, value_key
from automl.testing.contract import ContractError, demand

SAMPLES = 33
"""About how many values of a parameter are looked at."""

SHARES = tuple(number / (SAMPLES - 1) for number in range(SAMPLES))

EXACT = 10**6
"""Up to so many values, floats tell the shares of all of them apart."""

CLOSE = 1e-6
"""What part of a range a value without steps may move by, from value to share and back."""

FACTORS = (0.5, 0.8, 1.25, 2.0)

STRANGERS: tuple[ParamValue, ...] = (
    None, True, 0, 1, -1, 10**400, 0.0, 1.0, -0.5, math.nan, math.inf, "", "x", "1", "\ud800",
    [], [1], [[]], {}, {"a": 1},
)  # fmt: skip
"""Values of every type, of which a parameter contains few or none."""


def check_parameter_says_what_it_is(parameter: Parameter) -> None:
    """It is a frozen dataclass with names, a line that says its values, and a range if uncounted.

    Raises:
        ContractError: it does not keep this.
    """
    missing = [name for name in _MEMBERS if not hasattr(parameter, name)]
    demand(not missing, f"{type(parameter)!r} does not say {', '.join(missing)}")
    params: Any = getattr(type(parameter), "__dataclass_params__", None)
    demand(params is not None and params.frozen, f"{type(parameter)!r} is no frozen dataclass")
    names = parameter.names
    demand(names and all(isinstance(name, str) and name for name in names), f"names are {names!r}")
    alone = len(names) == 1
    demand(not alone or names[0] == parameter.name, f"name {parameter.name!r}, names {names!r}")
    allowed = parameter.allowed
    line = isinstance(allowed, str) and allowed.strip() and "\n" not in allowed
    demand(line, f"allowed is no line of text: {allowed!r}")
    count, span = parameter.count, parameter.span
    demand(count is None or (is_whole(count) and count > 0), f"count is {count!r}")
    demand(count is not None or span is not None, "count is None, and span is None too")
    demand(span is None or span.low <= span.high, f"span is {span!r}")


def check_parameter_counts_its_values(parameter: Parameter) -> None:
    """`value_at` and `index_of` are inverse over all of `count`, no value comes twice.

    The values of a range of numbers begin and end with its bounds.

    Raises:
        ContractError: it does not keep this.
    """
    count = parameter.count
    if count is None:
        return
    places = _places(count)
    values = [parameter.value_at(place) for place in places]
    for place, value in zip(places, values, strict=True):
        found = parameter.index_of(value)
        demand(found == place, f"value number {place}, {value!r}, has index {found}")
        demand(parameter.contains(value), f"does not contain its value number {place}, {value!r}")
    demand(len(set(map(value_key, values))) == len(values), f"a value comes twice: {values!r}")
    span, rising = parameter.span, parameter.in_order()
    if span is not None:
        ends = [rising.value_at(0), rising.value_at(count - 1)]
        demand(ends == [span.low, span.high], f"the range {span!r} has the ends {ends!r}")


def check_parameter_keeps_types(parameter: Parameter) -> None:
    """It contains its values and nothing that looks alike: 1, 1.0, True and '1' are four values.

    Raises:
        ContractError: it does not keep this.
    """
    own = _values(parameter)
    for value in own:
        demand(parameter.contains(value), f"does not contain its own value {value!r}")
    if parameter.count is None or parameter.count > SAMPLES:
        known = None
    else:
        known = {value_key(parameter.value_at(place)) for place in range(parameter.count)}
    for value in (*STRANGERS, *itertools.chain.from_iterable(map(_alike, own))):
        answer = parameter.contains(value)
        demand(type(answer) is bool, f"contains({value!r}) gives {answer!r}")
        if known is not None:
            right = value_key(value) in known
            demand(answer == right, f"contains({value!r}) gives {answer}, not one of its values")
        elif answer:
            demand(
                type(value) in {type(each) for each in own},
                f"contains {value!r}, of another type than {own[0]!r}",
            )


def check_parameter_has_shares(parameter: Parameter) -> None:
    """`quantile` and `share_of` are inverse, and a rising share gives rising values if ordered.

    Raises:
        ContractError: it does not keep this.
    """
    rising = parameter.in_order()
    demand(rising.count == parameter.count, f"in_order() has {rising.count} values")
    demand(rising.names == parameter.names, f"in_order() has the names {rising.names}")
    values = [rising.quantile(share) for share in SHARES]
    for value in values:
        demand(parameter.contains(value), f"quantile gives {value!r}, which is not contained")
        share = rising.share_of(value)
        demand(0 <= share <= 1, f"share_of({value!r}) is {share!r}")
        again = rising.quantile(share)
        demand(_close(parameter, value, again), f"{value!r} has share {share}, of {again!r}")
    if parameter.ordered:
        shares = [rising.share_of(value) for value in values]
        demand(shares == sorted(shares), f"values of rising shares have the shares {shares}")
        for left, right in itertools.pairwise(_rising(rising)):
            fine = rising.share_of(left) <= rising.share_of(right)
            demand(fine, f"{left!r} comes before {right!r}, but has a greater share")


def check_parameter_draws(parameter: Parameter) -> None:
    """`draw` gives values of its own, the same for the same generator.

    Raises:
        ContractError: it does not keep this.
    """
    first, second = (random.Random(1) for _ in range(2))  # noqa: S311 - compared with each other
    for _ in range(SAMPLES):
        value, again = parameter.draw(first), parameter.draw(second)
        demand(parameter.contains(value), f"drew {value!r}, which is not contained")
        demand(is_same(value, again), f"drew {value!r} and {again!r} by the same generator")


def check_parameter_moves(parameter: Parameter) -> None:
    """`moved` gives another of its values, or the same; a factor of 1 leaves any as it is.

    Raises:
        ContractError: it does not keep this.
    """
    for value in _values(parameter):
        for factor in FACTORS:
            near = parameter.moved(value, factor)
            demand(parameter.contains(near), f"moved({value!r}, {factor}) gives {near!r}")
        same = parameter.moved(value, 1.0)
        demand(is_same(same, value), f"moved({value!r}, 1.0) gives {same!r}")
    if parameter.ordered and parameter.count is not None and parameter.count > 1:
        rising = parameter.in_order()
        low, high = rising.value_at(0), rising.value_at(parameter.count - 1)
        ways = [parameter.moved(end, factor) for end in (low, high) for factor in FACTORS]
        demand(any(not is_same(one, low) for one in ways[:4]), f"nothing moves {low!r} up or down")
        demand(any(not is_same(one, high) for one in ways[4:]), f"nothing moves {high!r}")


def check_parameter_describes_itself(parameter: Parameter) -> None:
    """What `described` says of it, written as JSON and read again, makes an equal parameter.

    Raises:
        ContractError: it does not keep this.
    """
    held = dataclasses.replace(parameter, when=_WHEN)  # type: ignore[type-var]
    demand(isinstance(held.when, Condition), f"when={_WHEN!r} is kept as {held.when!r}")
    for one in (parameter, held):
        try:
            text = json.dumps(described(one), allow_nan=False)
            again = parameter_from(json.loads(text))
        except (TypeError, ValueError) as error:
            raise ContractError(f"{described(one)!r} is not read back: {error}") from error
        demand(again == one, f"{text} describes {one!r}, but makes {again!r}")
        demand(again.when == one.when, f"{text} makes one with the condition {again.when}")


def check_parameter_is_read_from_tables(parameter: Parameter) -> None:
    """A table cell with one of its values, as itself or as text, is read back as this value.

    A text that may be two values is refused, never taken for the wrong one.

    Raises:
        ContractError: it does not keep this.
    """
    for value in _values(parameter):
        cells = list(named(parameter, value).values())
        demand(is_same(value_in(parameter, named(parameter, value)), value), f"loses {value!r}")
        written = [cell if isinstance(cell, str) else json.dumps(cell) for cell in cells]
        for line in (cells, written):
            try:
                again = read_back(parameter, line)
            except ValueError as error:
                if " may be " in str(error):
                    continue
                raise ContractError(f"a table with {line!r} is not read back: {error}") from error
            demand(is_same(again, value), f"a table with {line!r} is read back as {again!r}")


PARAMETER_CHECKS: tuple[Callable[[Parameter], None], ...] = (
    check_parameter_says_what_it_is,
    check_parameter_counts_its_values,
    check_parameter_keeps_types,
    check_parameter_has_shares,
    check_parameter_draws,
    check_parameter_moves,
    check_parameter_describes_itself,
    check_parameter_is_read_from_tables,
)
"""All checks; each takes a parameter, and raises ContractError."""

_WHEN = "other > 1"
_FIELDS = {"name", "when"}
_MEMBERS = sorted(
    name
    for part in (Values, Parameter)
    for name in vars(part)
    if not name.startswith("_") and name not in _FIELDS
)


def _places(count: int) -> list[int]:
    """Return some places of `count`, both ends among them."""
    if count <= SAMPLES:
        return list(range(count))
    ends = [0, 1, count - 2, count - 1]
    return sorted({*ends, *(number * count // SAMPLES for number in range(SAMPLES))})


def _values(parameter: Parameter) -> Sequence[ParamValue]:
    """Return some of the values, those at the ends among them, in no certain order."""
    if parameter.count is not None:
        return [parameter.value_at(place) for place in _places(parameter.count)]
    return [parameter.quantile(share) for share in SHARES]


def _rising(rising: Parameter) -> Sequence[ParamValue]:
    if rising.count is None:
        return [rising.quantile(share) for share in SHARES]
    return [rising.value_at(place) for place in _places(rising.count)]


def _alike(value: ParamValue) -> Iterator[ParamValue]:
    """Yield values that are equal to `value`, or look like it, but have another type."""
    yield str(value)
    yield [value]
    if is_number(value):
        yield bool(value)
        if isinstance(value, float) and value.is_integer():
            yield int(value)
        elif is_whole(value) and abs(value) < 2**53:
            yield float(value)


def _close(parameter: Parameter, value: ParamValue, again: ParamValue) -> bool:
    """Tell whether a value came back through its share, as well as floats can tell."""
    span = parameter.span
    if span is None or (parameter.count is not None and parameter.count <= EXACT):
        return is_same(value, again)
    if not is_number(value) or not is_number(again):
        return False
    return abs(again / 2 - value / 2) <= CLOSE * (span.high / 2 - span.low / 2)
