import math
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from automl.study.objective import Direction
from automl.study.ranking.confirmation import confirmed_mean, interval, verdict
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

MAXIMIZE, MINIMIZE = Direction.MAXIMIZE, Direction.MINIMIZE
ANY = st.lists(st.floats() | st.sampled_from([1e308, -1e308]), min_size=2, max_size=5)


def confirmed(trial_id: int, values: Mapping[int, float]) -> Trial:
    results = [
        Result(stage=Stage(seed_number=seed, purpose=Purpose.CONFIRM), value=value)
        for seed, value in values.items()
    ]
    searched = Result(stage=Stage(), value=-1e6)
    return Trial(id=trial_id, params={}, state=TrialState.COMPLETED, results=(searched, *results))


def seeds(*values: float) -> dict[int, float]:
    return dict(enumerate(values, 1))


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9))
def test_the_interval_is_that_of_scipy(values: list[float]) -> None:
    assume(max(values) - min(values) > 1e-3)
    low, high = stats.t.interval(
        0.95, len(values) - 1, loc=sum(values) / len(values), scale=stats.sem(values)
    )
    assert interval(values) == pytest.approx((high - low) / 2, rel=1e-6)
    assert interval([*values, math.nan, math.inf]) == interval(values)


@given(ANY, ANY)
def test_values_of_any_size_have_a_finite_interval_and_a_verdict(
    left: list[float], right: list[float]
) -> None:
    best, default = confirmed(1, seeds(*left)), confirmed(0, seeds(*right))
    assert verdict(best, default, MINIMIZE)
    assert math.isfinite(interval(left) or 0.0)
    assert math.isfinite(confirmed_mean(best) or 0.0)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, math.nan]])
def test_one_value_has_no_interval(values: list[float]) -> None:
    assert interval(values) is None


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert interval([0.5, 0.5]) == 0


def test_only_confirming_launches_with_a_value_make_the_confirmed_mean() -> None:
    assert confirmed_mean(confirmed(0, seeds(0.5, math.nan, 1.0))) == 0.75
    assert confirmed_mean(confirmed(0, {})) is None


@pytest.mark.parametrize(
    ("best", "default", "direction", "sentence"),
    [
        (
            seeds(0.91, 0.93, 0.92, 0.94, 0.90),
            seeds(0.90, 0.91, 0.91, 0.92, 0.89),
            MAXIMIZE,
            "trial 7 is better than the default (trial 0): +0.0140 ± 0.0068 (95 %, 5 seeds)",
        ),
        (
            seeds(0.90, 0.91, 0.91),
            seeds(0.92, 0.93, 0.94),
            MINIMIZE,
            "trial 7 is better than the default (trial 0): -0.023 ± 0.014 (95 %, 3 seeds)",
        ),
        (
            seeds(0.90, 0.91, 0.91),
            seeds(0.92, 0.93, 0.94),
            MAXIMIZE,
            "trial 7 is worse than the default (trial 0): -0.023 ± 0.014 (95 %, 3 seeds)",
        ),
        (
            seeds(120.0, 90.0, 100.0),
            seeds(100.0, 95.0, 101.0),
            MAXIMIZE,
            "trial 7 cannot be told apart from the default (trial 0): +5 ± 33 (95 %, 3 seeds)",
        ),
        (
            seeds(0.5, 0.5),
            seeds(0.25, 0.25),
            MAXIMIZE,
            "trial 7 is better than the default (trial 0): +0.25 ± 0 (95 %, 2 seeds)",
        ),
        (
            seeds(0.3, 0.4),
            seeds(0.2, 0.3),
            MAXIMIZE,
            "trial 7 is better than the default (trial 0): +0.1 ± 0 (95 %, 2 seeds)",
        ),
        (
            seeds(0.5, 0.5),
            seeds(0.5, 0.5),
            MAXIMIZE,
            "trial 7 cannot be told apart from the default (trial 0): +0 ± 0 (95 %, 2 seeds)",
        ),
        (
            {1: 0.9, 2: 0.8, 3: math.nan},
            {2: 0.7, 3: 0.7, 4: 0.7},
            MAXIMIZE,
            "trial 7 cannot be compared with the default (trial 0): seeds in common: 1, needed: 2",
        ),
    ],
    ids=["better", "smaller", "worse", "apart", "no noise", "rounding", "equal", "too few"],
)
def test_sentences(
    best: dict[int, float], default: dict[int, float], direction: Direction, sentence: str
) -> None:
    assert verdict(confirmed(7, best), confirmed(0, default), direction) == sentence


def test_pairs_share_their_seed_whatever_the_order() -> None:
    best, default = seeds(0.5, 0.75, 1.0), {3: 0.75, 1: 0.25, 2: 0.5}
    sentence = verdict(confirmed(7, best), confirmed(0, default), MAXIMIZE)
    assert sentence.endswith(": +0.25 ± 0 (95 %, 3 seeds)")


def test_without_another_trial_to_compare_with() -> None:
    trial = confirmed(7, seeds(0.5, 0.6))
    assert verdict(trial, None, MAXIMIZE) == (
        "trial 7 cannot be compared with a default, as none is known; give yours as the first of "
        "start_with=[...]"
    )
    assert verdict(trial, confirmed(0, {}), MAXIMIZE) == (
        "trial 7 cannot be compared with the default (trial 0), which did not complete and so was "
        "not confirmed"
    )
    assert verdict(trial, trial, MAXIMIZE) == "the best is the default itself (trial 7)"
