"""Every kind keeps the contract, whatever its options; and each check finds what breaks it."""

import dataclasses
from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.space.kinds.kind import Kind
from automl.space.kinds.registry import PARAMETERS
from automl.space.parameter import Span
from automl.space.parameters import (
    Categorical,
    Constant,
    Flag,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    Real,
    value_key,
)
from automl.testing import PARAMETER_CHECKS, SAMPLER_SPACES, ContractError

Check = Callable[[Parameter], None]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0"), max_size=3),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6)


def lists_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=1, max_size=5, unique_by=value_key)


@st.composite
def ranges(draw: st.DrawFn) -> Parameter:
    low, width = draw(st.integers(-(10**20), 10**20)), draw(st.integers(0, 10**20))
    if draw(st.booleans()):
        step = draw(st.none() | st.integers(1, 10**6))
        return Integer(name="p", min_value=low, max_value=low + width, step=step)
    steps = draw(st.none() | st.integers(1, 1000))
    start = draw(st.floats(-1e3, 1e3))
    if steps is None:
        return Real(name="p", min_value=start, max_value=start + draw(st.floats(1e-3, 1e6)))
    step = draw(st.sampled_from([0.1, 0.25, 3.0]))
    return Real(name="p", min_value=start, max_value=start + steps * step, step=step)


@st.composite
def magnitudes(draw: st.DrawFn) -> Parameter:
    if draw(st.booleans()):
        low, width = draw(st.integers(1, 10**6)), draw(st.integers(0, 10**9))
        step = draw(st.none() | st.integers(1, 100))
        return Integer(name="p", min_value=low, max_value=low + width, log=True, step=step)
    low = draw(st.floats(1e-9, 1e3))
    step = draw(st.none() | st.sampled_from([low, low / 3]))
    high = low * draw(st.floats(1.1, 1e9))
    return Real(name="p", min_value=low, max_value=high, log=True, step=step)


@st.composite
def bells(draw: st.DrawFn) -> Parameter:
    mean, std = draw(st.floats(-5, 5)), draw(st.floats(0.01, 2))
    step = draw(st.none() | st.sampled_from([1, 3, 0.5, 0.25]))
    return draw(st.sampled_from([Normal, LogNormal]))(name="p", mean=mean, std=std, step=step)


ANY: dict[str, st.SearchStrategy[Parameter]] = {
    "lists": lists_of(JSON).map(lambda values: Categorical(name="p", candidates=tuple(values))),
    "numbers": lists_of(NUMBERS).map(lambda all_: Categorical(name="p", candidates=tuple(all_))),
    "linked": lists_of(st.lists(JSON, min_size=2, max_size=2)).map(
        lambda values: Linked(names=("p", "q"), candidates=tuple(values))
    ),
    "constants": JSON.map(lambda value: Constant(name="p", value=value)),
    "flags": st.sampled_from([None, "--no-p"]).map(lambda off: Flag(name="p", on="--p", off=off)),
    "ranges": ranges(),
    "magnitudes": magnitudes(),
    "bells": bells(),
}


@pytest.mark.parametrize("check", PARAMETER_CHECKS)
@pytest.mark.parametrize("parameters", ANY.values(), ids=ANY)
@settings(max_examples=25)
@given(data=st.data())
def test_every_kind_keeps_the_contract(
    check: Check, parameters: st.SearchStrategy[Parameter], data: st.DataObject
) -> None:
    check(data.draw(parameters))


EVERY = [
    pytest.param(parameter, id=f"{space}-{parameter.name}")
    for space, items in SAMPLER_SPACES.items()
    for parameter in items
]


@pytest.mark.parametrize("check", PARAMETER_CHECKS)
@pytest.mark.parametrize("parameter", EVERY)
def test_the_parameters_of_the_sampler_spaces_keep_it(check: Check, parameter: Parameter) -> None:
    check(parameter)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Three(Kind):
    """The values 1, 2 and 3, or what a test makes of them."""

    name: str = "x"
    when: Any = None
    values: tuple[Any, ...] = (1, 2, 3)

    @property
    def allowed(self) -> str:
        return "1, 2 or 3"

    @property
    def count(self) -> int | None:
        return len(self.values)

    def value_at(self, index: int) -> Any:
        return self.values[index]

    def contains(self, value: Any) -> bool:
        return any(type(value) is type(one) and value == one for one in self.values)

    def options(self) -> dict[str, Any]:
        return {"name": self.name, "values": list(self.values)}

    def __post_init__(self) -> None:
        Kind.__post_init__(self)
        object.__setattr__(self, "values", tuple(self.values))


def broken(**members: Any) -> Any:
    """Return a parameter that differs from what is right in some members."""
    kind = dataclasses.dataclass(frozen=True, kw_only=True)(type("Three", (Three,), members))
    PARAMETERS._factories["Three"] = kind
    return kind()


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PARAMETERS._factories, "Three", Three)


@pytest.mark.parametrize("check", PARAMETER_CHECKS)
def test_the_usual_answers_keep_it(check: Check) -> None:
    check(Three())


PLACES, VALUES = cycle((0, 1, 2)), cycle((1, 2, 3))

BREACHES: dict[str, tuple[str, dict[str, Any]]] = {
    "says nothing": ("says_what_it_is", {"allowed": property(lambda _: " ")}),
    "no word of its values": ("says_what_it_is", {"allowed": None}),
    "another name": ("says_what_it_is", {"names": property(lambda _: ("y",))}),
    "no value": ("says_what_it_is", {"count": property(lambda _: 0)}),
    "neither count nor range": ("says_what_it_is", {"count": property(lambda _: None)}),
    "a range upside down": ("says_what_it_is", {"span": property(lambda _: Span(low=2, high=1))}),
    "other numbers": ("counts_its_values", {"index_of": lambda _, value: 3 - value}),
    "a value twice": (
        "counts_its_values",
        {"value_at": lambda *_: 2, "index_of": lambda *_: next(PLACES)},
    ),
    "a value not its own": ("counts_its_values", {"value_at": lambda _, index: index}),
    "a range beyond its values": (
        "counts_its_values",
        {"span": property(lambda _: Span(low=1, high=4, whole=True))},
    ),
    "True for 1": ("keeps_types", {"contains": lambda _, value: value in (1, 2, 3)}),
    "no bool": ("keeps_types", {"contains": lambda _, value: value in (1, 2, 3) or None}),
    "shares of others": ("has_shares", {"share_of": lambda *_: 0.5}),
    "shares beyond 1": ("has_shares", {"share_of": lambda _, value: value / 2}),
    "values that fall": (
        "has_shares",
        {
            "quantile": lambda _, share: 3 - min(int(share * 3), 2),
            "share_of": lambda _, value: (3.5 - value) / 3,
        },
    ),
    "draws of others": ("draws", {"draw": lambda _, rng: rng.random()}),
    "draws of its own": ("draws", {"draw": lambda *_: next(VALUES)}),
    "moves away": ("moves", {"moved": lambda _, value, factor: value * factor}),
    "stays": ("moves", {"moved": lambda _, value, __: value}),
    "moves by 1": ("moves", {"moved": lambda *_: 2}),
    "forgets an option": ("describes_itself", {"options": lambda _: {"name": "y"}}),
    "no JSON": ("describes_itself", {"options": lambda _: {"name": {"x"}}}),
    "another kind": ("describes_itself", {"options": lambda _: {"nome": "x"}}),
    "is not read": ("is_read_from_tables", {"contains": lambda _, value: value in (1, 3)}),
}


@pytest.mark.parametrize(("check", "members"), BREACHES.values(), ids=BREACHES)
def test_a_breach_is_found(check: str, members: dict[str, Any]) -> None:
    checks = {one.__name__: one for one in PARAMETER_CHECKS}
    with pytest.raises(ContractError):
        checks[f"check_parameter_{check}"](broken(**members))


def test_a_kind_that_forgets_a_member_is_told_which() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Silent(Kind):
        name: str = "x"
        when: Any = None

    with pytest.raises(ContractError, match="does not say allowed, contains, count, value_at"):
        PARAMETER_CHECKS[0](Silent())  # type: ignore[arg-type]
