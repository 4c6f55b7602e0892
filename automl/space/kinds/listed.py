"""Parameters whose values are listed: one of a list, a fixed one, several as one."""

import dataclasses
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from automl.errors import SpecError
from automl.space.conditions import Condition, condition_of
from automl.space.kinds.kind import Kind
from automl.space.numbers import is_number
from automl.space.values import (
    ParamValue,
    check_name,
    is_same,
    own_value,
    share_to_index,
    shown,
    value_key,
)
from automl.spelling.spelling import spelled


class _Listed(Kind):
    """What parameters with a list of values share."""

    __slots__ = ()
    candidates: tuple[ParamValue, ...]
    _indices: Mapping[str, int]

    @property
    def count(self) -> int:
        """The number of candidates."""
        return len(self.candidates)

    @property
    def allowed(self) -> str:
        """The candidates in words."""
        more = len(self.candidates) - _SHOWN
        listed = ", ".join(map(repr, self.candidates[:_SHOWN]))
        return f"one of {listed}" + (f", and {more} more" if more > 0 else "")

    def value_at(self, index: int) -> ParamValue:
        """Return the candidate number `index`, from 0, in the given order."""
        return self.candidates[index]

    def index_of(self, value: ParamValue) -> int:
        """Return the number of a candidate; KeyError where it is none."""
        return self._indices[value_key(value)]

    def quantile(self, share: float) -> ParamValue:
        """Return the candidate at `share`, in [0, 1], of the list: each has an equal part."""
        return self.candidates[share_to_index(share, len(self.candidates))]

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is a candidate, type included, within lists and dicts too."""
        return _is_listed(value, self.candidates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorical(_Listed):
    """A parameter that takes one of a fixed list; grid search walks it in the given order.

    Args:
        name: how templates and the table call it.
        candidates: the values, at least one, none twice. Each is a value that JSON has; numpy's
            numbers become Python's, and paths texts.
        when: the condition under which it is used; always if not given.
    """

    name: str
    candidates: tuple[ParamValue, ...]
    when: Condition | None = None
    _indices: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        Kind.__post_init__(self)
        _set_candidates(self, self.candidates)

    __repr__ = shown

    @property
    def ordered(self) -> bool:
        """Whether neighbouring candidates are alike: in a list of nothing but numbers."""
        return all(map(is_number, self.candidates))

    def in_order(self) -> "Categorical":
        """Return numbers in rising order, any other list as it is."""
        if not self.ordered:
            return self
        rising = tuple(sorted(self.candidates))  # type: ignore[type-var]
        return dataclasses.replace(self, candidates=rising)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Kind):
    """A parameter that has the same value in every trial; no algorithm sees it.

    Args:
        name: how templates and the table call it.
        value: any JSON value.
        when: the condition under which it is used; always if not given.
    """

    name: str
    value: ParamValue
    when: Condition | None = None

    def __post_init__(self) -> None:
        Kind.__post_init__(self)
        object.__setattr__(self, "value", own_value(self.name, "value", self.value))

    __repr__ = shown

    @property
    def searched(self) -> bool:
        """Whether algorithms choose its value: they do not."""
        return False

    @property
    def ordered(self) -> bool:
        """Whether neighbouring values are alike: there are none."""
        return False

    @property
    def count(self) -> int:
        """The number of values: 1."""
        return 1

    @property
    def allowed(self) -> str:
        """The value in words."""
        return f"only {self.value!r}"

    def value_at(self, index: int) -> ParamValue:
        """Return the value; `index` can only be 0."""
        return (self.value,)[index]

    def index_of(self, value: ParamValue) -> int:
        """Return 0, the number of the only value."""
        del value
        return 0

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is the value, type included."""
        return is_same(value, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(_Listed):
    """Several parameters that are drawn as one: each candidate has a value for each of them.

    >>> linked = Linked(names=("width", "depth"), candidates=([64, 2], [256, 4]))
    >>> linked.name, linked.value_at(1)
    ('width+depth', [256, 4])

    Args:
        names: how templates and the table call them; at least two. Joined by `+` they are `name`.
        candidates: lists with one value per name, in the order of the names; none twice.
        when: the condition under which they are used; always if not given.
    """

    names: tuple[str, ...] = field()  # in place of the usual answer
    candidates: tuple[list[ParamValue], ...]
    when: Condition | None = None
    name: str = field(init=False, compare=False)
    _indices: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.names, str) or not isinstance(self.names, Sequence):
            raise SpecError(f"linked parameters: names must be a list of names, got {self.names!r}")
        object.__setattr__(self, "names", tuple(self.names))
        for name in self.names:
            check_name(name)
        if len(set(self.names)) != len(self.names) or len(self.names) == 1 or not self.names:
            raise SpecError(
                f"linked parameters need two names or more, all different, got {list(self.names)}; "
                f"for one parameter use {spelled('type', 'Categorical')}"
            )
        object.__setattr__(self, "name", "+".join(self.names))
        object.__setattr__(self, "when", condition_of(self.name, self.when))
        _set_candidates(self, self.candidates)
        for candidate in self.candidates:
            if not isinstance(candidate, list) or len(candidate) != len(self.names):
                raise SpecError(
                    f"linked parameters {self.name!r}: candidate {candidate!r} must be a list of "
                    f"{len(self.names)} values, one for each of {', '.join(self.names)}"
                )

    __repr__ = shown

    @property
    def ordered(self) -> bool:
        """Whether neighbouring candidates are alike: lists of values have no order."""
        return False

    def draw(self, rng: random.Random) -> ParamValue:
        """Return a random candidate."""
        # By a share, not by a number: a study that goes on proposes what it would have before.
        return self.quantile(rng.random())


_SHOWN = 20

_SIMPLE = frozenset({bool, int, str})
"""Types whose values are the same when they are equal; floats are not, as 0.0 == -0.0."""


def _set_candidates(parameter: Categorical | Linked, given: object) -> None:
    """Keep checked candidates, and where each of them stands."""
    candidates = _candidates(parameter.name, given, rows=isinstance(parameter, Linked))
    indices = {value_key(value): index for index, value in enumerate(candidates)}
    object.__setattr__(parameter, "candidates", candidates)
    object.__setattr__(parameter, "_indices", indices)


def _candidates(name: str, given: object, *, rows: bool) -> tuple[ParamValue, ...]:
    # The order counts, for a grid and when the study goes on: a set has none that lasts.
    if isinstance(given, str | bytes | set | frozenset | Mapping) or not isinstance(
        given, Iterable
    ):
        raise SpecError(f"parameter {name!r}: candidates must be a list of values, got {given!r}")
    # A row of linked values is none itself, so that it may be a tuple as well.
    listed = [list(one) if rows and isinstance(one, tuple) else one for one in given]
    values = [own_value(name, "candidate", value) for value in listed]
    if not values:
        raise SpecError(f"parameter {name!r}: candidates is empty; give at least one value")
    seen = set()
    for value in values:
        key = value_key(value)
        if key in seen:
            raise SpecError(
                f"parameter {name!r}: candidate {value!r} is listed twice; list it once"
            )
        seen.add(key)
    return tuple(values)


def _is_listed(value: ParamValue, candidates: Iterable[ParamValue]) -> bool:
    kind = type(value)
    if kind in _SIMPLE:  # asked for every trial of a study, so the short way first
        return any(type(candidate) is kind and candidate == value for candidate in candidates)
    try:
        key = value_key(value)
    except (TypeError, ValueError):
        return False
    return any(key == value_key(candidate) for candidate in candidates)
