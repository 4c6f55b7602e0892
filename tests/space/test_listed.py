from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.space.kinds.listed import Categorical, Constant, Linked


@pytest.mark.parametrize("value", [1, 1.0, True, None, "a", [1, 2], {"a": [1.0]}])
def test_a_constant_is_any_json_value_with_its_type(value: Any) -> None:
    constant = Constant(name="c", value=value)
    assert repr(constant.value_at(0)) == repr(constant.quantile(0.3)) == repr(value)
    assert (constant.count, constant.names) == (1, ("c",))
    others = [other for other in (1, 1.0, True, None, "a") if repr(other) != repr(value)]
    assert constant.contains(value)
    assert not any(constant.contains(other) for other in others)


def test_a_constant_is_what_it_will_be_when_read_back() -> None:
    given_as: Any = [np.int64(1), [np.float64(2)], Path("a")]
    assert repr(Constant(name="c", value=given_as).value) == "[1, [2.0], 'a']"
    for wrong in ({1, 2}, (1, (2,))):
        with pytest.raises(SpecError, match=r"'c': value .* is a (set|tuple), which"):
            Constant(name="c", value=wrong)  # type: ignore[arg-type]


def test_linked_parameters_have_one_axis_and_several_names() -> None:
    linked = Linked(names=["w", "d"], candidates=[(64, 2), [256.0, "x"]])  # type: ignore[arg-type]
    assert (linked.name, linked.names, linked.count) == ("w+d", ("w", "d"), 2)
    assert [linked.value_at(index) for index in range(2)] == [[64, 2], [256.0, "x"]]
    assert linked.contains([64, 2])
    for other in ([64, 2.0], [64, "x"], [64], 64, None, {"w": 64}):
        assert not linked.contains(other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "candidates", "message"),
    [
        ("wd", [[1, 2]], "names must be a list of names, got 'wd'"),
        (3, [[1, 2]], "names must be a list of names, got 3"),
        ((), [[]], "need two names or more"),
        (("w",), [[1]], "need two names or more, all different, got ['w']; for one parameter use"),
        (("w", "w"), [[1, 2]], "need two names or more, all different"),
        (("w", " "), [[1, 2]], "parameter name ' ' is empty"),
        (("w", "d"), [[1, 2], [1]], "candidate [1] must be a list of 2 values, one for each of w"),
        (("w", "d"), [5], "candidate 5 must be a list of 2 values"),
        (("w", "d"), ["ab"], "candidate 'ab' must be a list of 2 values"),
        (("w", "d"), [], "'w+d': candidates is empty"),
        (("w", "d"), [[1, 2], [1, 2]], "'w+d': candidate [1, 2] is listed twice"),
        (("w", "d"), "ab", "'w+d': candidates must be a list of values, got 'ab'"),
    ],
)
def test_linked_parameters_that_cannot_be_are_refused(
    names: Any, candidates: Any, message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        Linked(names=names, candidates=candidates)
    assert message in str(caught.value)


@given(st.integers(1, 9), st.floats(0, 1))
def test_every_candidate_has_an_equal_part_of_the_shares(count: int, share: float) -> None:
    parameters = (
        Categorical(name="c", candidates=tuple(range(count))),
        Linked(names=("a", "b"), candidates=[[number, 0] for number in range(count)]),  # type: ignore[arg-type]
    )
    listed, linked = (one.quantile(share) for one in parameters)
    assert linked == [listed, 0]
    place = Fraction(int(listed), count)  # type: ignore[arg-type]
    assert place <= Fraction(share) <= place + Fraction(1, count) + Fraction(1, 2**53)


def test_long_lists_are_cut_in_words() -> None:
    few, many = (Categorical(name="x", candidates=tuple(range(count))) for count in (3, 23))
    assert few.allowed == "one of 0, 1, 2"
    assert many.allowed.endswith("18, 19, and 3 more")
    assert Constant(name="c", value="a").allowed == "only 'a'"


def test_they_print_as_they_are_made_without_a_condition_they_have_not() -> None:
    assert repr(Constant(name="c", value=1)) == "Constant(name='c', value=1)"
    when: Any = {"k": 2}
    held = Linked(names=("a", "b"), candidates=([1, 2],), when=when)
    assert repr(held) == "Linked(names=('a', 'b'), candidates=([1, 2],), when={'k': [2]})"
