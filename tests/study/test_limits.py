import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.study.limits import EarlyStop, Limits, whole_number
from automl.study.objective import Direction

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("field", ["max_trials", "max_parallel", "fail_fast"])
@pytest.mark.parametrize("wrong", [0, -1, 1.0, "3", True, math.nan])
def test_counts_are_whole_numbers_of_at_least_one(field: str, wrong: Any) -> None:
    asked = {"max_trials": "max_trial_num"}.get(field, field)
    message = f"{asked} must be a whole number of at least 1, got {wrong!r}"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        Limits(**{"max_trials": 1, field: wrong})


def test_one_of_each_is_enough() -> None:
    limits = Limits(max_trials=1, max_parallel=1, fail_fast=1, grace_s=0)
    assert (limits.max_trials, limits.grace_s) == (1, 0)


def test_pausing_can_be_switched_off_but_a_count_cannot_be_left_out() -> None:
    assert Limits(max_trials=1, fail_fast=None).fail_fast is None
    with pytest.raises(SpecError, match=r"max_trial_num must be .*, got None"):
        Limits(max_trials=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [-0.1, math.inf, math.nan, "5", None, True])
def test_grace_is_a_finite_number_of_seconds(wrong: Any) -> None:
    message = f"grace must be 0 or more seconds, got {wrong!r}"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        Limits(max_trials=1, grace_s=wrong)


@given(st.integers(min_value=1))
def test_every_positive_int_is_a_whole_number(value: int) -> None:
    whole_number("n", value)


# --- early stop


@given(NUMBERS)
def test_the_threshold_itself_is_good_enough_in_both_directions(threshold: float) -> None:
    for direction in Direction:
        assert EarlyStop(direction=direction, threshold=threshold).reached(threshold)


@given(NUMBERS, NUMBERS)
def test_a_value_is_good_enough_on_the_better_side(threshold: float, value: float) -> None:
    up = EarlyStop(direction=Direction.MAXIMIZE, threshold=threshold)
    down = EarlyStop(direction=Direction.MINIMIZE, threshold=threshold)
    assert up.reached(value) == (value >= threshold)
    assert down.reached(value) == (value <= threshold)


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_ends_nothing(direction: Direction, odd: float) -> None:
    assert not EarlyStop(direction=direction, threshold=0.0).reached(odd)


@given(NUMBERS)
def test_without_a_threshold_no_value_ends_the_study(value: float) -> None:
    for direction in Direction:
        assert not EarlyStop(direction=direction, max_runtime_s=1).reached(value)


def test_a_direction_may_be_its_text() -> None:
    direction: Any = "minimize"
    assert EarlyStop(direction=direction, threshold=1).reached(0.5)
    direction = "up"
    with pytest.raises(SpecError, match="direction='up' is unknown; allowed: maximize, minimize"):
        EarlyStop(direction=direction)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, "0.9", True])
def test_a_threshold_is_a_finite_number(wrong: Any) -> None:
    message = f"threshold must be a finite number, got {wrong!r}"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        EarlyStop(direction=Direction.MAXIMIZE, threshold=wrong)


@pytest.mark.parametrize("wrong", [0, -1, math.nan, math.inf, "1h", True])
def test_a_runtime_is_above_zero_seconds(wrong: Any) -> None:
    message = f"max_runtime must be above 0 seconds, got {wrong!r}"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        EarlyStop(direction=Direction.MAXIMIZE, max_runtime_s=wrong)
