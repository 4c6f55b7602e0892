import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.search.pruning.rungs import rung_above, rung_below, rung_step

STEPS = st.floats(0, 1e300, allow_nan=False)


def test_whole_numbers_up_to_16_are_rungs_and_then_eight_to_the_octave() -> None:
    assert [rung_step(rung_below(step)) for step in range(17)] == list(range(17))
    above = [rung_step(rung_below(16) + place) for place in range(1, 17)]
    assert above == [18, 20, 22, 24, 26, 28, 30, 32, 36, 40, 44, 48, 52, 56, 60, 64]


@given(st.integers(0, 8000))
def test_a_rung_is_at_its_own_step_and_the_next_one_higher(rung: int) -> None:
    step = rung_step(rung)
    assert step < rung_step(rung + 1)
    assert (rung_below(step), rung_above(step)) == (rung, rung)


@given(STEPS)
def test_each_step_lies_between_its_rungs_close_by(step: float) -> None:
    below, above = rung_step(rung_below(step)), rung_step(rung_above(step))
    assert below <= step <= above
    assert rung_above(step) - rung_below(step) == (below != step)
    if step >= 1 / 1024:
        assert above <= below * 1.125


@given(STEPS, STEPS)
def test_rungs_keep_the_order_of_steps(left: float, right: float) -> None:
    if left <= right:
        assert rung_below(left) <= rung_below(right)
        assert rung_above(left) <= rung_above(right)


@pytest.mark.parametrize("step", [5e-324, 1e-9, 0.0009])
def test_steps_below_the_lowest_rung_are_beyond_0(step: float) -> None:
    assert (rung_below(step), rung_above(step)) == (0, 1)


def test_the_largest_step_has_a_rung_above() -> None:
    assert rung_step(rung_above(1.7976931348623157e308)) == math.inf
