import itertools
import math
import statistics
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.space.kinds.distributions import LogNormal, Normal

KINDS = [Normal, LogNormal]
SHARES = [number / 2000 for number in range(2001)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("field", ["mean", "std", "step"])
@pytest.mark.parametrize("wrong", ["1", True, [1], math.nan, math.inf, 10**400])
def test_what_is_no_finite_number_is_refused(kind: Any, field: str, wrong: Any) -> None:
    with pytest.raises(SpecError, match=f"'x': {field} must be (a number|finite), got"):
        kind(name="x", **{"mean": 1, "std": 2, "step": 1, field: wrong})


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_below_zero_is_a_deviation_or_a_step(kind: Any) -> None:
    with pytest.raises(SpecError, match=r"'x': std must be above 0, got 0\.0"):
        kind(name="x", mean=1, std=0)
    with pytest.raises(SpecError, match=r"'x': step must be above 0, got -1"):
        kind(name="x", mean=1, std=1, step=-1)
    with pytest.raises(SpecError, match=r"parameter name ' ' is empty"):
        kind(name=" ", mean=1, std=1)


def test_what_floats_cannot_hold_is_refused() -> None:
    with pytest.raises(SpecError, match=r"reach from -inf to inf, .*; give mean and std nearer"):
        Normal(name="x", mean=0, std=1e308)
    for mean in (-700, 700):
        with pytest.raises(SpecError, match=r"than floats hold; give the logarithm's mean and std"):
            LogNormal(name="x", mean=mean, std=10)
    with pytest.raises(SpecError, match=r"step 1e-05 is too small .* give at least"):
        Normal(name="x", mean=1e15, std=1, step=1e-5)


def test_draws_have_the_mean_and_deviation_that_were_asked_for() -> None:
    draws = [Normal(name="x", mean=3, std=2).quantile(share) for share in SHARES[1:-1]]
    assert statistics.fmean(draws) == pytest.approx(3)
    assert statistics.stdev(draws) == pytest.approx(2, rel=0.01)
    logs = [math.log(LogNormal(name="x", mean=-7, std=2).quantile(share)) for share in SHARES[1:-1]]
    assert statistics.fmean(logs) == pytest.approx(-7)
    assert statistics.stdev(logs) == pytest.approx(2, rel=0.01)


def test_values_end_five_deviations_from_the_mean() -> None:
    normal = Normal(name="x", mean=1, std=0.5)
    assert (normal.quantile(0), normal.quantile(0.5), normal.quantile(1)) == (-1.5, 1.0, 3.5)
    assert (normal.min_value, normal.max_value) == (-1.5, 3.5)
    lognormal = LogNormal(name="x", mean=0, std=1)
    assert lognormal.quantile(0.5) == 1.0
    assert lognormal.quantile(0) == lognormal.min_value == pytest.approx(math.exp(-5))


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (Normal(name="x", mean=0, std=0.05, step=0.1), ["-0.2", "-0.1", "0.0", "0.1", "0.2"]),
        (Normal(name="x", mean=0.3, std=0.02, step=0.1), ["0.2", "0.3", "0.4"]),
        (Normal(name="x", mean=0, std=0.6, step=3), ["-3", "0", "3"]),
        (Normal(name="x", mean=0, std=0.6, step=3.0), ["-3.0", "0.0", "3.0"]),
        (Normal(name="x", mean=0.1, std=0.001, step=7), ["0"]),
        (LogNormal(name="x", mean=0, std=0.2, step=1), ["0", "1", "2", "3"]),
        (LogNormal(name="x", mean=0, std=0.2, step=0.5), ["0.5", "1.0", "1.5", "2.0", "2.5"]),
    ],
)
def test_steps_give_the_multiples_one_would_write(parameter: Any, expected: list[str]) -> None:
    values = [parameter.value_at(index) for index in range(parameter.count)]
    assert [repr(value) for value in values] == expected
    assert {repr(parameter.quantile(share)) for share in SHARES} == set(expected)


def test_the_nearest_multiples_share_out_what_lies_around_them() -> None:
    parameter = Normal(name="x", mean=0, std=1, step=2)
    found = [parameter.quantile(share) for share in SHARES]
    inside = statistics.NormalDist().cdf(1) - statistics.NormalDist().cdf(-1)
    assert found.count(0) / len(found) == pytest.approx(inside, abs=0.002)


@st.composite
def parameters(draw: st.DrawFn) -> Normal | LogNormal:
    kind = draw(st.sampled_from([Normal, LogNormal]))
    step = draw(st.none() | st.integers(1, 9) | st.sampled_from([0.1, 0.7, 1e-3, 2.5]))
    mean = draw(st.integers(-999, 999)) / 100
    std = draw(st.integers(1, 300)) / 100
    return kind(name="x", mean=mean, std=std, step=step)


@given(parameters(), st.floats(0, 1), st.floats(0, 1))
def test_every_draw_is_contained_in_order_and_of_its_type(
    parameter: Normal | LogNormal, left: float, right: float
) -> None:
    drawn = [parameter.quantile(share) for share in sorted([0.0, left, right, 1.0])]
    assert drawn == sorted(drawn)
    for value in drawn:
        assert parameter.contains(value)
        assert type(value) is (int if type(parameter.step) is int else float)
        assert repr(value) != "-0.0"
        if isinstance(parameter, LogNormal):
            assert value > 0 or (value == 0 and parameter.step is not None)


@given(parameters())
def test_the_values_are_counted_ascending_and_contained(parameter: Normal | LogNormal) -> None:
    if parameter.step is None:
        assert parameter.count is None
        return
    assert parameter.count is not None
    assume(parameter.count < 500)
    values = [parameter.value_at(index) for index in range(parameter.count)]
    assert (values[0], values[-1]) == (parameter.min_value, parameter.max_value)
    assert all(parameter.contains(value) for value in values)
    gaps = {Fraction(repr(b)) - Fraction(repr(a)) for a, b in itertools.pairwise(values)}
    assert gaps <= {Fraction(repr(parameter.step))}


@pytest.mark.parametrize("other", [True, "0", None, math.nan, math.inf, [0.0], 99.0, 99])
def test_other_values_are_not_contained(other: Any) -> None:
    for step in (None, 0.5, 1):
        assert not Normal(name="x", mean=0, std=1, step=step).contains(other)


def test_types_and_steps_count() -> None:
    assert not Normal(name="x", mean=0, std=1).contains(1)
    assert not Normal(name="x", mean=0, std=1, step=1).contains(1.0)
    assert not Normal(name="x", mean=0, std=1, step=1.0).contains(1)
    assert not Normal(name="x", mean=0, std=1, step=0.5).contains(0.3)
    assert not LogNormal(name="x", mean=0, std=1).contains(0.0)


def test_the_values_in_words() -> None:
    assert Normal(name="x", mean=0, std=1, step=1).allowed == (
        "a whole number from -5 to 5 in multiples of 1"
    )
    assert (
        Normal(name="x", mean=0, std=1).allowed == "a number with a decimal point from -5.0 to 5.0"
    )


def test_it_prints_as_it_is_made() -> None:
    assert repr(Normal(name="x", mean=0, std=1)) == "Normal(name='x', mean=0.0, std=1.0, step=None)"
