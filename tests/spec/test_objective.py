import math
import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.spec.objective import Direction, Final, Objective, Summary

NUMBERS = st.floats(-1e100, 1e100)
ALL = [Objective(direction=direction, final=final) for direction in Direction for final in Final]


def summary_of(values: list[float]) -> Summary:
    summary = Summary()
    for value in values:
        summary.add(value)
    return summary


def test_the_last_value_and_the_highest_count_unless_said_otherwise() -> None:
    assert Objective() == Objective(direction=Direction.MAXIMIZE, final=Final.LAST)


def test_texts_become_members() -> None:
    direction: Any = "minimize"
    final: Any = "best"
    objective = Objective(direction=direction, final=final)
    assert objective.direction is Direction.MINIMIZE
    assert objective.final is Final.BEST


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"direction": "minimise"},
            r"direction='minimise' is unknown \(did you mean 'minimize'\?\); allowed: max",
        ),
        ({"direction": None}, r"direction=None is unknown; allowed: maximize, minimize"),
        ({"final": "median"}, r"final='median' is unknown.*; allowed: last, best, mean, max, min"),
        ({"final": 3}, r"final=3 is unknown; allowed: last, best"),
    ],
)
def test_an_unknown_text_lists_the_known(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=f"^{message}"):
        Objective(**options)


@given(NUMBERS, NUMBERS)
def test_better_is_strict_and_the_directions_are_mirror_images(left: float, right: float) -> None:
    assert Direction.MAXIMIZE.better(left, right) == (left > right)
    assert Direction.MINIMIZE.better(left, right) == Direction.MAXIMIZE.better(right, left)
    assert not Direction.MAXIMIZE.better(left, left)


@given(st.lists(NUMBERS, min_size=1))
def test_a_summary_agrees_with_the_list_of_its_values(values: list[float]) -> None:
    summary = summary_of(values)
    expected = {
        Final.LAST: values[-1],
        Final.MAX: max(values),
        Final.MIN: min(values),
        Final.MEAN: sum(values) / len(values),
    }
    for objective in ALL:
        best = max if objective.direction is Direction.MAXIMIZE else min
        assert summary.value(objective) == {**expected, Final.BEST: best(values)}[objective.final]
    assert summary.count == len(values)


def test_the_mean_is_the_mean() -> None:
    values = [0.5, 1.5, 4.0]
    assert summary_of(values).value(Objective(final=Final.MEAN)) == statistics.fmean(values)


@pytest.mark.parametrize("objective", ALL, ids=str)
def test_without_a_measurement_no_number_counts(objective: Objective) -> None:
    assert not math.isfinite(Summary().value(objective))


@pytest.mark.parametrize("objective", ALL, ids=str)
@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_an_odd_value_alone_never_gives_a_number(objective: Objective, odd: float) -> None:
    assert not math.isfinite(summary_of([odd, odd]).value(objective))


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_odd_value_among_others_never_is_highest_or_lowest(odd: float, place: int) -> None:
    values = [1.0, 2.0]
    values.insert(place, odd)
    summary = summary_of(values)
    assert (summary.max, summary.min) == (2.0, 1.0)
    assert summary.value(Objective(final=Final.BEST)) == 2.0
    assert summary.value(Objective(direction=Direction.MINIMIZE, final=Final.BEST)) == 1.0
    assert not math.isfinite(summary.value(Objective(final=Final.MEAN)))
    assert math.isfinite(summary.value(Objective())) == (place != 2)
    assert summary.count == 3
