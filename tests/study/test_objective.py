import dataclasses
import math
import statistics
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.study.objective import Direction, Final, Objective, Objectives, Summary

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
        Final.SUM: sum(values),
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


@pytest.mark.parametrize("weight", [0, -1.0, math.nan, math.inf, True, "1"])
def test_a_weight_is_a_finite_number_above_0(weight: Any) -> None:
    with pytest.raises(
        SpecError, match=r"^objective 'acc': weight must be a finite number above 0"
    ):
        Objective(metric="acc", weight=weight)


@pytest.mark.parametrize("metric", ["", " ", None, 3])
def test_an_objective_names_its_metric(metric: Any) -> None:
    with pytest.raises(SpecError, match=r"^objective: metric must be the name of a metric, got"):
        Objective(metric=metric)


ACC = Objective(metric="acc")
SIZE = Objective(metric="size", direction=Direction.MINIMIZE)
HEAVY_ACC = Objective(metric="acc", weight=10)
LIGHT_SIZE = Objective(metric="size", direction=Direction.MINIMIZE, weight=0.5)
FINALS = {"acc": 0.9, "size": 4.0, "latency": 7.0}


def test_one_objective_ranks_by_its_own_value() -> None:
    plain = Objectives()
    assert (plain.single, plain.direction, plain.metrics) == (True, Direction.MAXIMIZE, ("metric",))
    small = Objectives((SIZE,))
    assert (small.direction, small.directions) == (Direction.MINIMIZE, (Direction.MINIMIZE,))
    assert (small.score(FINALS), small.values(FINALS)) == (4.0, (4.0,))
    alone = Objectives((LIGHT_SIZE,))
    assert (alone.weighted, alone.direction, alone.score(FINALS)) == (
        False,
        Direction.MINIMIZE,
        4.0,
    )


def test_weights_make_one_value_to_maximize() -> None:
    both = Objectives((HEAVY_ACC, LIGHT_SIZE))
    assert (both.single, both.weighted) == (True, True)
    assert (both.direction, both.directions) == (Direction.MAXIMIZE, (Direction.MAXIMIZE,))
    assert both.score(FINALS) == 10 * 0.9 - 0.5 * 4
    assert both.values(FINALS) == (both.score(FINALS),)
    assert math.isnan(both.score({"acc": 1.0}))


def test_without_weights_every_objective_counts() -> None:
    both = Objectives((ACC, SIZE))
    assert (both.single, both.direction) == (False, Direction.MAXIMIZE)
    assert both.directions == (Direction.MAXIMIZE, Direction.MINIMIZE)
    assert both.score(FINALS) == 0.9
    assert both.values(FINALS) == (0.9, 4.0)
    assert math.isnan(both.values({"acc": 1.0})[1])


def test_constraints_add_their_metrics_and_what_they_fail_by() -> None:
    both = Objectives((ACC, SIZE), ("latency <= 5 and acc >= 0.5", "size < 1"))
    assert both.metrics == ("acc", "size", "latency")
    assert both.violation(FINALS) == 2 + 3
    assert both.broken(FINALS) == both.constraints
    assert both.broken({**FINALS, "size": 0.5}) == both.constraints[:1]
    assert both.violation({"acc": 0.9, "size": 0.5, "latency": 5.0}) == 0
    assert both.violation({}) == both.violation({"acc": 1.0}) == sys.float_info.max
    assert Objectives().violation({}) == 0


def test_which_measurement_of_a_metric_counts() -> None:
    best = Objective(metric="acc", final=Final.BEST)
    objectives = Objectives((best,), ("latency <= 5",))
    assert objectives.reading("acc") is best
    assert objectives.reading("latency") == Objective(metric="latency", final=Final.LAST)


def test_lists_become_tuples() -> None:
    items: Any = [ACC, SIZE]
    constraints: Any = ["acc > 0"]
    assert Objectives(items, constraints) == Objectives((ACC, SIZE), ("acc > 0",))
    assert dataclasses.asdict(Objectives(items, constraints))["constraints"] == ("acc > 0",)


@pytest.mark.parametrize(
    ("items", "constraints", "message"),
    [
        ([], [], "objectives is empty; give at least one objective.create"),
        (["acc"], [], "objectives: 'acc' is no objective; make each with objective.create"),
        ([ACC, SIZE, ACC], [], "objectives: the metric 'acc' is there twice"),
        ([HEAVY_ACC, SIZE], [], "objectives: 'size' without a weight, others with one; give every"),
        ([Objective(metric="interval")], [], "metric 'interval' would have the name of another"),
        ([ACC], ["confirmed <= 1"], "metric 'confirmed' would have the name of another column"),
        (
            [HEAVY_ACC, Objective(metric="score", weight=1)],
            [],
            "metric 'score' would have the name of another column",
        ),
        ([ACC], "latency <= 5", "constraints must be a list of texts, got 'latency <= 5'; write"),
        ([ACC], [3], "constraints must be a list of texts"),
        ([ACC], [["a"]], "constraints must be a list of texts"),
        ([ACC], ["latency"], "constraint: 'latency' is no comparison"),
    ],
)
def test_what_cannot_rank_is_refused(items: Any, constraints: Any, message: str) -> None:
    with pytest.raises(SpecError, match=f"^{message}"):
        Objectives(items, constraints)


def test_score_is_a_metric_like_others_where_nothing_is_summed() -> None:
    assert Objectives((Objective(metric="score"),)).metrics == ("score",)


def test_every_metric_needs_a_reader() -> None:
    objectives = Objectives((ACC,), ("latency <= 5",))
    objectives.check_metrics(["acc", "latency", "other"])
    with pytest.raises(
        SpecError,
        match=r"^a constraint needs the metric 'latency', which no reader reports "
        r"\(did you mean 'latenzy'\?\); reported: acc, latenzy\. Give a reader",
    ):
        objectives.check_metrics({"latenzy", "acc"})
    with pytest.raises(SpecError, match=r"^an objective needs the metric 'acc'.*reported: none"):
        objectives.check_metrics([])
