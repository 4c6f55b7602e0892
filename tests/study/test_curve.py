import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.study.ranking.curve import Curve

STEPS = st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=12)


def curve_of(*points: tuple[float, float]) -> Curve:
    curve = Curve()
    for step, value in points:
        curve.append(step, value)
    return curve


def test_a_value_is_known_where_the_curve_has_been() -> None:
    curve = curve_of((2, 0.1), (4, 0.2))
    assert [curve.at(step) for step in (1, 2, 3, 4, 4.5)] == [None, 0.1, 0.1, 0.2, None]
    assert (len(curve), curve.last_step, curve.last) == (2, 4.0, 0.2)
    assert Curve().at(0) is None


def test_the_last_step_may_be_told_again_and_none_before_it() -> None:
    curve = curve_of((1, 0.1), (2, 0.2), (2, 0.3), (1, 9.0), (3, 0.4))
    assert repr(curve) == "Curve({1.0: 0.1, 2.0: 0.3, 3.0: 0.4})"
    assert curve.changes == 4


@pytest.mark.parametrize("step", [-1.0, math.nan, math.inf, -math.inf])
def test_a_step_that_is_no_place_is_left_out(step: float) -> None:
    assert len(curve_of((step, 0.5))) == 0
    assert len(curve_of((1, 0.5), (step, 0.6))) == 1


def test_a_moving_average_is_of_the_values_there_are() -> None:
    curve = curve_of((1, 1.0), (2, 2.0), (3, 6.0), (4, math.inf))
    assert [curve.mean_until(step, 2) for step in (0.5, 1, 2.5, 3)] == [None, 1.0, 1.5, 4.0]
    assert math.isnan(curve.mean_until(4, 2) or 0.0)
    assert curve.mean_until(5, 2) is None
    assert curve_of((1, 1e308), (2, 1.5e308)).mean_until(2, 2) == 1.25e308


@given(STEPS, st.floats(0, 1e6))
def test_what_was_known_stays_so(steps: list[float], at: float) -> None:
    curve = Curve()
    known = None
    for number, step in enumerate(steps):
        curve.append(step, number)
        if known is not None:
            assert curve.at(at) == known
        # The value of the last step itself may still be replaced.
        known = curve.at(at) if curve.last_step > at else None
