import enum
import itertools
import json
import math
import re
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.hpo.hyperparam import create
from automl.space.parameters import Categorical, Integer, Parameter, Real, value_key

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.0, -0.0, 1.0, -2.0, 1e-5, 1e300])
    | st.sampled_from(["", "0", "1", "true", "null", "a b", "\u00e9", "\ud800", '"'])
)
JSON = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text("ab", max_size=1), SCALARS)


def same(left: object, right: object) -> bool:
    """Tell whether two JSON values agree in value and type, at every depth."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, float) and isinstance(right, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return left == right


# --- keys of values


@given(JSON, JSON)
@example(1, 1.0)
@example(1, True)  # noqa: FBT003
@example([0], [False])
@example({"a": 1}, {"a": 1.0})
@example("1", 1)
@example("null", None)
@example(0.0, -0.0)
def test_two_values_share_a_key_exactly_when_value_and_type_agree(left: Any, right: Any) -> None:
    assert (value_key(left) == value_key(right)) == same(left, right)


def test_the_order_of_a_dict_is_not_part_of_its_value() -> None:
    assert value_key({"a": 1, "b": 2}) == value_key({"b": 2, "a": 1})


# --- what all kinds refuse


@pytest.mark.parametrize("name", ["", " ", "\t\n"])
def test_an_empty_name_is_refused(name: str) -> None:
    for make in (
        lambda: Categorical(name=name, candidates=(1,)),
        lambda: Integer(name=name, min_value=1, max_value=2),
        lambda: Real(name=name, min_value=1, max_value=2),
    ):
        with pytest.raises(SpecError, match=re.escape(f"parameter name {name!r} is empty; give")):
            make()


def test_a_name_that_is_no_string_is_refused() -> None:
    with pytest.raises(SpecError, match="parameter name must be a string, got 3"):
        Categorical(name=3, candidates=(1,))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [Integer, Real])
def test_ranges_refuse_what_cannot_be_searched(kind: Any) -> None:
    with pytest.raises(SpecError, match=r"'x': min_value 3(\.0)? is above max_value 2(\.0)?; swap"):
        kind(name="x", min_value=3, max_value=2)
    with pytest.raises(SpecError, match=r"'x': step must be above 0, got 0"):
        kind(name="x", min_value=1, max_value=2, step=0)
    with pytest.raises(SpecError, match=r"'x': step must be above 0, got -1"):
        kind(name="x", min_value=1, max_value=2, step=-1)
    with pytest.raises(SpecError, match=r"log=True needs min_value (>= 1|> 0), got 0"):
        kind(name="x", min_value=0, max_value=2, log=True)
    with pytest.raises(SpecError, match=r"log must be True or False, got 'no'"):
        kind(name="x", min_value=1, max_value=2, log="no")


@pytest.mark.parametrize(("kind", "make"), [(Integer, int), (Real, float)])
def test_steps_may_be_searched_by_their_logarithm(kind: Any, make: Any) -> None:
    parameter = kind(name="x", min_value=16, max_value=256, step=16, log=True)
    drawn = [parameter.quantile(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert drawn == [16, 32, 64, 128, 256]
    assert {type(value) for value in drawn} == {make}
    assert [parameter.quantile(parameter.share_of(value)) for value in drawn] == drawn
    assert (parameter.count, parameter.span.log, parameter.span.even) == (16, True, False)
    assert kind(name="x", min_value=3, max_value=3, step=1, log=True).quantile(0.5) == 3


@pytest.mark.parametrize("kind", [Integer, Real])
@pytest.mark.parametrize("field", ["min_value", "max_value", "step"])
@pytest.mark.parametrize("wrong", ["1", True, [1], 1j, math.nan, math.inf])
def test_ranges_refuse_what_is_no_number(kind: Any, field: str, wrong: Any) -> None:
    options = {"min_value": 1, "max_value": 2, "step": 1, field: wrong}
    with pytest.raises(SpecError, match=re.escape(f"'x': {field} must be ")) as caught:
        kind(name="x", **options)
    assert repr(wrong) in str(caught.value)


@pytest.mark.parametrize("field", ["min_value", "max_value"])
def test_bounds_cannot_be_left_out(field: str) -> None:
    for kind in (Integer, Real):
        with pytest.raises(SpecError, match=f"{field} must be .*, got None"):
            kind(name="x", **{"min_value": 1, "max_value": 2, field: None})  # type: ignore[arg-type]


# --- categorical


@pytest.mark.parametrize("wrong", ["abc", b"abc", 3, None, {"a": 1}, {1, 2}, frozenset({1})])
def test_candidates_must_be_a_list(wrong: Any) -> None:
    with pytest.raises(SpecError, match="'x': candidates must be a list of values, got") as caught:
        Categorical(name="x", candidates=wrong)
    assert repr(wrong) in str(caught.value)


def test_no_candidates_are_refused() -> None:
    with pytest.raises(SpecError, match="'x': candidates is empty; give at least one value"):
        Categorical(name="x", candidates=())


@pytest.mark.parametrize("twice", [1, 0.5, "a", None, True, [1, 2], {"a": [1]}])
def test_a_candidate_twice_is_refused(twice: Any) -> None:
    with pytest.raises(SpecError, match=re.escape(f"candidate {twice!r} is listed twice")):
        Categorical(name="x", candidates=("other", twice, twice))


@pytest.mark.parametrize(
    "wrong", [math.nan, math.inf, object(), 1j, b"a", [math.nan], {"a": Decimal(1)}]
)
def test_a_candidate_that_json_cannot_hold_is_refused(wrong: Any) -> None:
    with pytest.raises(SpecError, match=r"cannot be written as JSON .*; allowed: finite numbers"):
        Categorical(name="x", candidates=(wrong,))


@given(st.lists(JSON, min_size=1, max_size=6, unique_by=value_key))
def test_candidates_keep_order_and_type_and_are_contained(values: list[Any]) -> None:
    parameter = Categorical(name="x", candidates=values)  # type: ignore[arg-type]
    assert parameter.count == len(values)
    for index, value in enumerate(values):
        assert same(parameter.value_at(index), value)
        assert parameter.contains(json.loads(json.dumps(value)))


@given(st.lists(JSON, min_size=1, max_size=4, unique_by=value_key), JSON)
@example([[1]], [True])
@example([{"a": 1}], {"a": 1.0})
@example([1], True)  # noqa: FBT003
@example([0.0], -0.0)
def test_only_candidates_are_contained(values: list[Any], other: Any) -> None:
    parameter = Categorical(name="x", candidates=values)  # type: ignore[arg-type]
    assert parameter.contains(other) == any(same(other, value) for value in values)


def test_what_json_cannot_hold_is_not_contained() -> None:
    parameter = Categorical(name="x", candidates=(1, "a"))
    for other in (object(), {1, 2}, math.nan):
        assert not parameter.contains(other)  # type: ignore[arg-type]


def test_generators_ranges_and_arrays_are_lists_too() -> None:
    for given_as in (range(3), iter([0, 1, 2]), np.arange(3), {0: "", 1: "", 2: ""}.keys()):
        candidates: Any = given_as
        parameter = Categorical(name="x", candidates=candidates)
        assert parameter.candidates == (0, 1, 2)
        assert {type(value) for value in parameter.candidates} == {int}


def test_candidates_are_what_they_will_be_when_read_back() -> None:
    class Size(enum.IntEnum):
        BIG = 3

    candidates: Any = ([1, 2], Size.BIG, {"b": [], "a": 1}, Path("a/b"), [np.int64(1)])
    parameter = Categorical(name="x", candidates=candidates)
    found = [repr(value) for value in parameter.candidates]
    assert found == ["[1, 2]", "3", "{'b': [], 'a': 1}", "'a/b'", "[1]"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("a\0b", "candidate 'a\\x00b' has a NUL character, which no program can get"),
        (["x", {"y": "\0"}], "has a NUL character at [1]['y']"),
        (
            (64, 32),
            "candidate (64, 32) is a tuple, which would become a list; give a list, [64, 32]",
        ),
        ([1, (2, (3,))], "has a tuple at [1], which would become a list; give a list, [2, [3]]"),
        ({1, 2}, "is a set, which has no order; give a list"),
        ({"a": [frozenset()]}, "has a set at ['a'][0]"),
        ({1: "a"}, "has the key 1, which is no string; write '1'"),
        ([{"a": {None: 1}}], "has the key None at [0]['a'], which is no string"),
        ({(1, 2): 3}, "has the key (1, 2), which is no string"),
    ],
)
def test_a_candidate_that_would_become_another_is_refused(wrong: Any, message: str) -> None:
    makers = {
        "": lambda: Categorical(name="x", candidates=("other", wrong)),
        "candidates": lambda: create(type="Categorical", name="x", candidates=["other", wrong]),
        "value": lambda: create(type="Constant", name="x", value=wrong),
    }
    for what, make in makers.items():
        with pytest.raises(SpecError) as caught:
            make()
        told = message.replace("candidate", "value") if what == "value" else message
        assert told in str(caught.value)
    with pytest.raises(SpecError, match=r"'x\+y': candidate"):
        create(type="Linked", names=["x", "y"], candidates=[[wrong, 1]])


def test_rows_of_linked_parameters_may_be_tuples() -> None:
    linked = create(type="Linked", names=["x", "y"], candidates=[(1, "a"), (2, "b")])
    assert linked.candidates == ([1, "a"], [2, "b"])  # type: ignore[union-attr]


def test_a_list_that_changes_later_does_not_reach_the_parameter() -> None:
    inner = [1]
    parameter = Categorical(name="x", candidates=(inner,))  # type: ignore[arg-type]
    inner.append(2)
    assert parameter.candidates == ([1],)


@pytest.mark.parametrize(
    ("scalar", "plain"),
    [
        (np.int64(3), 3),
        (np.uint8(200), 200),
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),  # noqa: FBT003
        (np.str_("a"), "a"),
        (np.array([1, 2]), [1, 2]),
    ],
)
def test_numpy_candidates_become_pythons(scalar: Any, plain: Any) -> None:
    parameter = Categorical(name="x", candidates=(scalar,))
    assert same(parameter.value_at(0), plain)
    assert parameter.contains(plain)


# --- numpy bounds


def test_numpy_bounds_become_pythons() -> None:
    low, high, step = np.int32(1), np.int64(9), np.uint8(2)
    whole = Integer(name="x", min_value=low, max_value=high, step=step)  # type: ignore[arg-type]
    assert [type(value) for value in (whole.min_value, whole.max_value, whole.step)] == [int] * 3
    real = Real(name="x", min_value=np.float32(0.5), max_value=high, step=np.float64(0.25))  # type: ignore[arg-type]
    assert [type(value) for value in (real.min_value, real.max_value, real.step)] == [float] * 3
    assert (real.min_value, real.max_value, real.step) == (0.5, 9.0, 0.25)


def test_numpy_floats_are_no_whole_numbers() -> None:
    with pytest.raises(SpecError, match=r"got 2\.0; use type='Real' for fractions"):
        Integer(name="x", min_value=1, max_value=np.float64(2))  # type: ignore[arg-type]


# --- integer


@st.composite
def integers(draw: st.DrawFn) -> Integer:
    low = draw(st.integers(-(10**20), 10**20) | st.integers(-20, 20))
    width = draw(st.integers(0, 60))
    step = draw(st.none() | st.integers(1, 80))
    return Integer(name="x", min_value=low, max_value=low + width, step=step)


@given(integers())
def test_integers_are_those_of_a_range(parameter: Integer) -> None:
    expected = range(parameter.min_value, parameter.max_value + 1, parameter.step or 1)
    assert parameter.count == len(expected)
    assert [parameter.value_at(index) for index in range(parameter.count)] == list(expected)
    around = range(parameter.min_value - 3, parameter.max_value + 4)
    assert [value for value in around if parameter.contains(value)] == list(expected)


@pytest.mark.parametrize("other", [2.0, True, "2", None, [2], 2.5])
def test_an_integer_contains_ints_only(other: Any) -> None:
    assert not Integer(name="x", min_value=0, max_value=5).contains(other)


# --- real


def grid(low: float, high: float, step: float) -> list[float]:
    parameter = Real(name="x", min_value=low, max_value=high, step=step)
    assert parameter.count is not None
    return [parameter.value_at(index) for index in range(parameter.count)]


@pytest.mark.parametrize(
    ("low", "high", "step", "expected"),
    [
        (0.0, 0.3, 0.1, [0.0, 0.1, 0.2, 0.3]),
        (0.1, 0.5, 0.1, [0.1, 0.2, 0.3, 0.4, 0.5]),
        (0.0, 2.0, 0.7, [0.0, 0.7, 1.4]),
        (0.0, 2.1, 0.7, [0.0, 0.7, 1.4, 2.1]),
        (-0.3, 0.3, 0.3, [-0.3, 0.0, 0.3]),
        (0.00001, 0.00004, 1e-5, [1e-05, 2e-05, 3e-05, 4e-05]),
        (1e-7, 4e-7, 1.5e-7, [1e-07, 2.5e-07, 4e-07]),
        (0, 1, 0.25, [0.0, 0.25, 0.5, 0.75, 1.0]),
        (1, 1, 0.5, [1.0]),
        (0, 0.4, 0.5, [0.0]),
        (1e16, 1e16 + 8, 4, [1e16, 1e16 + 4, 1e16 + 8]),
        (-1e308, 1e308, 1e308, [-1e308, 0.0, 1e308]),
    ],
)
def test_a_grid_has_the_values_one_would_write(
    low: float, high: float, step: float, expected: list[float]
) -> None:
    assert [repr(value) for value in grid(low, high, step)] == [repr(value) for value in expected]


def test_a_bound_that_was_computed_may_be_a_hair_off() -> None:
    assert len(grid(0.0, 0.1 * 3 - 1e-16, 0.1)) == 4
    values = grid(0.1 + 0.2, 1.0, 0.1)
    assert len(values) == 8
    assert values[-1] == 1.0


def test_many_steps_are_counted_exactly() -> None:
    assert Real(name="x", min_value=0.1, max_value=1000.1, step=1e-7).count == 10**10 + 1


@st.composite
def decimals(draw: st.DrawFn) -> Real:
    """Return grids as people write them, with few decimals and at most some fifty values."""
    step = draw(st.integers(1, 999)) * Fraction(10) ** draw(st.integers(-9, 4))
    low = draw(st.integers(-999, 999)) * Fraction(10) ** draw(st.integers(-9, 4))
    rest = draw(st.integers(0, 99)) * step / 100
    high = low + draw(st.integers(0, 50)) * step + rest
    assume(step > 2 * Fraction(math.ulp(max(abs(float(low)), abs(float(high))))))
    return Real(name="x", min_value=float(low), max_value=float(high), step=float(step))


@given(decimals())
@example(Real(name="x", min_value=0.0, max_value=7.0, step=0.7))
@example(Real(name="x", min_value=0.0, max_value=0.01, step=1e-5))
def test_a_grid_is_distinct_ascending_contained_and_within_its_bounds(parameter: Real) -> None:
    assert parameter.count is not None
    assert parameter.step is not None
    values = [parameter.value_at(index) for index in range(parameter.count)]
    assert values[0] == parameter.min_value
    assert values[-1] <= parameter.max_value
    assert all(left < right for left, right in itertools.pairwise(values))
    assert all(parameter.contains(value) for value in values)
    assert all(str(value) != "-0.0" for value in values)
    # No further step would fit.
    assert values[-1] + parameter.step * (1 - 1e-6) > parameter.max_value


@given(decimals(), st.floats(0, 1))
def test_only_values_of_the_grid_are_contained(parameter: Real, place: float) -> None:
    assert parameter.count is not None
    values = {parameter.value_at(index) for index in range(parameter.count)}
    width = parameter.max_value - parameter.min_value
    between = parameter.min_value + place * width
    for value in (between, parameter.max_value, math.nextafter(parameter.min_value, math.inf)):
        assert parameter.contains(value) == (value in values)


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300), st.floats(1e-300, 1e300))
def test_any_accepted_grid_contains_its_ends(left: float, right: float, step: float) -> None:
    try:
        parameter = Real(
            name="x", min_value=min(left, right), max_value=max(left, right), step=step
        )
    except SpecError as error:
        assert "too small" in str(error)  # noqa: PT017 - most draws are accepted
        return
    assert parameter.count is not None
    for index in {0, parameter.count // 2, parameter.count - 1}:
        value = parameter.value_at(index)
        assert parameter.min_value <= value <= parameter.max_value
        assert parameter.contains(value)


def test_a_step_that_floats_cannot_tell_apart_is_refused() -> None:
    with pytest.raises(SpecError, match=r"step 0\.5 is too small .*; give at least 4\.0, or no st"):
        Real(name="x", min_value=0, max_value=1e16, step=0.5)


def test_a_number_too_large_for_a_float_is_refused() -> None:
    with pytest.raises(SpecError, match="max_value must be finite"):
        Real(name="x", min_value=0, max_value=10**400)


def test_a_logarithm_that_floats_cannot_raise_again_is_refused() -> None:
    with pytest.raises(SpecError, match=r"'x': log=True needs max_value <= 1\.8e308, .* got 1000"):
        Integer(name="x", min_value=1, max_value=10**309, log=True)


def test_the_last_step_before_the_largest_float_is_that_float() -> None:
    largest = sys.float_info.max
    parameter = Real(name="x", min_value=2.5, max_value=largest, step=(largest - 2.5) / 3)
    assert parameter.quantile(1.0) == largest
    assert parameter.contains(largest)


def test_a_range_without_step_is_not_countable_unless_it_is_one_value() -> None:
    assert Real(name="x", min_value=0, max_value=1).count is None
    single = Real(name="x", min_value=2, max_value=2)
    assert (single.count, single.value_at(0)) == (1, 2.0)


@given(st.floats(-10, 10), st.floats(allow_nan=True))
def test_a_range_without_step_contains_all_floats_between_its_ends(low: float, x: float) -> None:
    parameter = Real(name="x", min_value=low, max_value=low + 5)
    assert parameter.contains(x) == (low <= x <= low + 5)


@pytest.mark.parametrize("other", [1, True, "1.0", None, math.nan, math.inf, [1.0]])
def test_a_real_contains_floats_only(other: Any) -> None:
    assert not Real(name="x", min_value=0, max_value=5).contains(other)
    assert not Real(name="x", min_value=0, max_value=5, step=0.5).contains(other)


@pytest.mark.parametrize(
    "parameter",
    [
        Categorical(name="x", candidates=(1,)),
        Integer(name="x", min_value=1, max_value=2),
        Real(name="x", min_value=1, max_value=2),
    ],
)
def test_a_parameter_is_frozen(parameter: Parameter) -> None:
    with pytest.raises(AttributeError):
        parameter.name = "y"  # type: ignore[misc]
