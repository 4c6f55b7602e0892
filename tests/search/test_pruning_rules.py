"""What each rule stops, and how it says so."""

import math
import re
from typing import Any

import optuna
import pytest
from curve_worlds import all_completed, crossing, curve_of, lines

from automl.search.pruning.pruners import make_pruner
from automl.search.pruning.quantile import percentile
from automl.search.pruning.window import Window
from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.trial import TrialState

UP, DOWN = Direction.MAXIMIZE, Direction.MINIMIZE
ALL = {"start_fraction": 0.0, "startup_trials": 1}


def asked(
    kind: str,
    options: dict[str, Any],
    others: dict[int, Curve],
    own: Curve,
    direction: Direction = UP,
) -> str:
    """Return the answer for a last trial beside others that completed."""
    trial = len(others)
    curves = {**others, trial: own}
    return make_pruner(kind, options, direction).should_stop(
        trial, curves, all_completed(curves, but=trial)
    )


def flat(value: float, steps: int) -> Curve:
    return lines(value, steps=steps)[0]


def test_the_median_is_of_the_completed_at_the_same_rung() -> None:
    others = lines(0.5, 0.8, 0.9)
    below = "median: 0.7 at step 4 is below 0.8, the median of 3 trials"
    assert asked("median", ALL, others, flat(0.7, 4)) == below
    assert asked("median", ALL, others, flat(0.8, 4)) == ""
    above = "median: 0.85 at step 4 is above 0.8, the median of 3 trials"
    assert asked("median", ALL, others, flat(0.85, 4), DOWN) == above


def test_running_and_stopped_trials_do_not_count_as_completed() -> None:
    curves = lines(0.9, 0.9, 0.1)
    median = make_pruner("median", ALL, UP)
    assert median.should_stop(2, curves, {0: TrialState.PRUNED, 1: TrialState.STOPPED}) == ""


def test_the_best_so_far_counts_for_the_trial_asked_about() -> None:
    assert asked("median", ALL, lines(0.5), curve_of([(1, 0.6), (2, 0.1)])) == ""


def test_slow_and_fast_loggers_are_compared_at_the_same_step() -> None:
    rising = {0: curve_of((step, step / 100) for step in range(5, 101, 5))}
    own = curve_of((step, step / 100 + 0.01) for step in range(2, 43, 2))
    assert asked("median", ALL, rising, own) == ""
    own = curve_of((step, step / 100 - 0.03) for step in range(2, 43, 2))
    why = "median: 0.37 at step 40 is below 0.4, the median of 1 trials"
    assert asked("median", ALL, rising, own) == why


def test_nothing_is_stopped_before_a_quarter_of_the_curve_or_few_completed() -> None:
    others = lines(*[0.9] * 5, steps=40)
    assert asked("median", {}, others, flat(0.1, 9)) == ""
    assert asked("median", {}, others, flat(0.1, 10)) != ""
    assert asked("median", {"start_step": 20}, others, flat(0.1, 19)) == ""
    assert asked("median", {"start_step": 3}, others, flat(0.1, 3)) != ""
    assert asked("median", {"max_step": 80}, others, flat(0.1, 19)) == ""
    assert asked("median", {}, lines(*[0.9] * 4, steps=40), flat(0.1, 30)) == ""


def test_a_trial_without_a_finite_value_is_stopped() -> None:
    own = curve_of([(1, math.nan), (2, math.inf)])
    assert asked("median", ALL, lines(0.5), own) == "median: no finite value until step 2"
    assert asked("both", ALL, lines(0.5), own) == "both: no finite value until step 2"


def test_percentile_keeps_its_share() -> None:
    others = lines(*[place / 10 for place in range(1, 11)])
    assert asked("percentile", ALL, others, flat(0.33, 4)) == ""
    why = "percentile: 0.32 at step 4 is below 0.325, what 75 % had there of 10 trials"
    assert asked("percentile", ALL, others, flat(0.32, 4)) == why
    why = "percentile: 0.7 at step 4 is below 0.775, what 25 % had there of 10 trials"
    assert asked("percentile", {**ALL, "percentile": 25.0}, others, flat(0.7, 4)) == why


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 1.0), (50, 2.5), (75, 3.25), (100, 4.0), (90, 3.7)]
)
def test_percentiles_lie_on_straight_lines(percent: float, value: float) -> None:
    assert percentile([3.0, 1.0, 4.0, 2.0], percent) == pytest.approx(value)


def test_both_spares_what_could_still_catch_up() -> None:
    late = {trial: curve_of((s, 0.1 * s + trial / 100) for s in range(1, 11)) for trial in range(8)}
    assert asked("both", {}, late, flat(0.35, 4)) == ""
    assert asked("median", {}, late, flat(0.35, 4)) != ""
    early = lines(*[0.5 + trial / 100 for trial in range(8)])
    assert asked("both", {}, early, flat(0.52, 4)) == (
        "both: 0.52 at step 4 is below 0.535, the median of 8 trials, "
        "and the 8 most similar gained too little to reach 0.57"
    )


def test_both_looks_at_similar_trials_and_gives_them_a_margin() -> None:
    options = {"startup_trials": 1, "factor": 1.0}
    ends = [(0.1, 0.2), (0.5, 0.55), (0.55, 0.58), (0.6, 0.6), (0.6, 0.6)]
    others = {
        trial: curve_of((step, low if step < 9 else high) for step in range(1, 11))
        for trial, (low, high) in enumerate(ends)
    }
    # A quarter of five is two: those that gained 0.05 and 0.03.
    assert "the 2 most similar" in asked("both", options, others, flat(0.51, 5))
    assert asked("both", {**options, "factor": 2.0}, others, flat(0.51, 5)) == ""


def test_asha_lets_the_best_third_pass_a_rung() -> None:
    options = {"start_step": 3}
    others = lines(0.1, 0.2, 0.3, 0.4, 0.5)
    why = "asha: 0.35 at step 3 is not among the best 2 of 6 trials"
    assert asked("asha", options, others, flat(0.35, 3)) == why
    assert asked("asha", options, others, flat(0.4, 3)) == ""
    assert asked("asha", options, others, flat(0.1, 2)) == ""
    assert asked("asha", options, others, curve_of([(3, math.nan)])) == (
        "asha: nan at step 3 is not finite"
    )


def test_asha_does_not_take_a_promotion_back_for_a_later_trial() -> None:
    curves = lines(0.1, 0.9, 0.9, steps=4)
    asha = make_pruner("asha", {"start_step": 3}, UP)
    assert asha.should_stop(0, curves, {}) == ""
    assert asha.should_stop(2, lines(0.9, 0.9, 0.1, steps=4), {}) != ""


def test_asha_has_its_first_rung_at_a_ninth_and_none_near_the_end() -> None:
    others = lines(*[0.9] * 3, steps=90)
    stopped = [step for step in range(1, 91) if asked("asha", {}, others, flat(0.1, step))]
    assert stopped == list(range(10, 90))
    late = curve_of((step, 0.95 if step < 60 else 0.1) for step in range(1, 90))
    assert asked("asha", {"start_step": 60}, others, late) == ""


def test_a_ladder_ends_whatever_steps_a_program_prints() -> None:
    others = {0: curve_of([(0, 0.5)]), 1: curve_of([(0, 0.5)]), 2: curve_of([(1e300, 0.5)])}
    assert asked("asha", {}, others, curve_of([(0, 0.5), (1e299, 0.4)])) == ""
    assert asked("asha", {"start_step": 1}, others, curve_of([(0, 0.5), (1e299, 0.4)])) == ""


def test_asha_answers_as_optuna_does_when_trials_come_one_after_the_other() -> None:
    world = crossing(5, 30)
    rule = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize", pruner=rule)
    ours = make_pruner("asha", {"start_step": 1, "max_step": 1000}, UP)
    curves: dict[int, Curve] = {}
    ended: dict[int, TrialState] = {}
    for number, values in enumerate(world):
        trial = study.ask()
        curves[number] = Curve()
        for step, value in enumerate(values, 1):
            trial.report(value, step)
            curves[number].append(step, value)
            # Optuna judges a rung once; here the answer stands until the next one.
            stops = bool(ours.should_stop(number, curves, ended))
            assert trial.should_prune() == stops
            if stops:
                ended[number] = TrialState.PRUNED
                break
        study.tell(trial, values[step - 1])
    assert 10 < len(ended) < len(world)


def test_brackets_of_hyperband_begin_one_rung_higher() -> None:
    others = lines(*[0.9] * 40, steps=80)
    rule = make_pruner("hyperband", {"start_step": 3, "max_step": 81}, UP)
    first: list[int] = []
    for step in (3, 9, 27):
        curves = {**others, **{trial: flat(0.1, step) for trial in range(20, 40)}}
        ended = all_completed({trial: others[trial] for trial in range(20)})
        first.append(sum(rule.should_stop(trial, curves, ended) != "" for trial in range(20, 40)))
    assert 0 < first[0] < first[1] < first[2] == 20


def test_threshold_looks_at_the_newest_value() -> None:
    bounds = {"lower": 0.2, "upper": 0.8, "start_step": 2}
    assert asked("threshold", bounds, {}, curve_of([(1, 0.9)])) == ""
    assert asked("threshold", bounds, {}, curve_of([(1, 0.9), (2, 0.8)])) == ""
    for value, why in [(0.9, "0.9 at step 2 is above 0.8"), (0.1, "0.1 at step 2 is below 0.2")]:
        assert asked("threshold", bounds, {}, curve_of([(2, value)])) == f"threshold: {why}"
    not_a_number = asked("threshold", bounds, {}, curve_of([(2, math.nan)]))
    assert not_a_number == "threshold: nan at step 2 is not a number"


def test_patience_ends_without_an_improvement() -> None:
    alone = {"wraps": None, "patience": 2, "min_delta": 0.1}
    why = "patient: no better than 0.5 in the last 2 measurements"
    assert asked("patient", alone, {}, curve_of(enumerate([0.1, 0.5, 0.55, 0.6]))) == why
    assert asked("patient", alone, {}, curve_of(enumerate([0.1, 0.5, 0.55, 0.7]))) == ""
    assert asked("patient", alone, {}, curve_of(enumerate([0.5, 0.5]))) == ""
    assert asked("patient", alone, {}, curve_of(enumerate([0.5, math.nan, 0.5]))) == ""
    assert asked("patient", alone, {}, curve_of(enumerate([0.5, 0.45, 0.5])), DOWN) == why


def test_patience_waits_for_the_rule_that_it_wraps() -> None:
    options = {"patience": 2, **ALL}
    assert asked("patient", options, lines(0.4), flat(0.5, 4)) == ""
    assert asked("patient", options, lines(0.6), flat(0.5, 4)) == (
        "patient: no better than 0.5 in the last 2 measurements; "
        "median: 0.5 at step 4 is below 0.6, the median of 1 trials"
    )


def test_wilcoxon_compares_fold_by_fold_with_the_best_mean() -> None:
    folds = [0.9, 0.5, 0.8, 0.6, 0.7, 0.9, 0.5, 0.8]
    others = {
        0: curve_of(enumerate(value - 0.3 for value in folds)),
        1: curve_of(enumerate(folds)),
        2: curve_of([(0, 0.99)]),
    }
    worse = curve_of(enumerate(value - 0.02 for value in folds[:5]))
    why = "wilcoxon: 0.68 on 5 steps is below 0.7 of trial 1 on the same steps, p < 0.1"
    assert asked("wilcoxon", {}, others, worse) == why
    assert asked("wilcoxon", {}, others, curve_of(enumerate(folds[:5]))) == ""
    assert asked("wilcoxon", {"startup_steps": 6}, others, worse) == ""
    whole = curve_of(enumerate(value - 0.02 for value in folds))
    assert asked("wilcoxon", {}, others, whole) == ""
    assert asked("wilcoxon", {}, others, curve_of([(0, math.nan), (1, 0.1), (2, 0.1)])) == ""


def test_the_assessor_stops_what_stays_among_the_worst() -> None:
    options = {"start_step": 2, "moving_avg": 2, "proportion": 0.25, "patience": 3}
    others = lines(0.5, 0.6, 0.7, 0.8, 0.9)
    why = (
        "assessor: 0.4, the average of 2, at step 4 is in the worst 25% of 6 trials, "
        "3 rungs in a row"
    )
    assert asked("assessor", options, others, flat(0.4, 4)) == why
    assert asked("assessor", options, others, flat(0.4, 3)) == ""
    assert asked("assessor", options, others, flat(0.55, 4)) == ""
    once_better = curve_of([(1, 0.4), (2, 0.4), (3, 0.8), (4, 0.4)])
    assert asked("assessor", options, others, once_better) == ""
    assert asked("assessor", options, lines(*[0.5] * 5), flat(0.5, 4)) == ""
    assert asked("assessor", options, lines(*[0.5] * 4), flat(0.4, 4)) == ""


def test_the_assessor_compares_with_running_trials_too() -> None:
    options = {"start_step": 1, "patience": 1, "startup_trials": 3, "moving_avg": 1}
    curves = lines(0.1, 0.5, 0.5, 0.5)
    curves[0] = flat(0.1, 4)
    assert make_pruner("assessor", options, UP).should_stop(0, curves, {}) != ""
    curves[0] = curve_of([(1, 0.5), (2, math.nan)])
    assert re.match(
        "assessor: nan,", make_pruner("assessor", options, UP).should_stop(0, curves, {})
    )


def test_a_window_opens_at_a_share_of_what_is_expected() -> None:
    completed = [flat(0, 10), flat(0, 20), flat(0, 100)]
    window = Window(start_fraction=0.25)
    assert (window.length(completed), window.start(completed)) == (20, 5)
    assert (window.length([]), window.start([])) == (None, None)
    assert not window.holds(flat(0, 9), [])
    assert [window.holds(flat(0, step), completed) for step in (4, 5, 99, 100)] == [
        False,
        True,
        True,
        False,
    ]
    assert Window(start_fraction=0.25, max_step=80).start(completed) == 20
    assert Window(start_fraction=0.25, start_step=3).start([]) == 3
