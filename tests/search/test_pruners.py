import math
import re
from typing import Any

import pytest
from curve_worlds import all_completed, crossing, curve_of, lines, run
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.search.pruning.pruners import PRUNERS, make_pruner
from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.trial import TrialState

KINDS: list[tuple[str, dict[str, Any]]] = [
    ("asha", {}),
    ("asha", {"start_step": 1, "factor": 2}),
    ("assessor", {"start_step": 0, "moving_avg": 2, "patience": 1, "startup_trials": 1}),
    ("both", {"startup_trials": 2}),
    ("hyperband", {"start_step": 1, "factor": 2}),
    ("median", {"startup_trials": 1, "start_fraction": 0.0}),
    ("patient", {"startup_trials": 1, "patience": 1}),
    ("patient", {"wraps": None, "patience": 2, "min_delta": 0.1}),
    ("percentile", {"startup_trials": 2, "percentile": 40}),
    ("threshold", {"lower": -0.5, "upper": 0.5, "start_step": 2}),
    ("wilcoxon", {"p_threshold": 0.4}),
]

VALUES = st.one_of(st.floats(-1, 1), st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 0.5]))
MOVES = st.lists(
    st.tuples(st.integers(0, 5), st.floats(0, 3), VALUES, st.booleans(), st.integers(0, 3)),
    max_size=60,
)


@pytest.mark.parametrize(("kind", "options"), KINDS, ids=str)
def test_who_measured_nothing_changes_no_answer(kind: str, options: dict[str, Any]) -> None:
    """As a function that only returns its number, beside others of its study that report."""
    curves = {
        one: curve_of((step, one + step / 10) for step in range(9 - one % 2)) for one in range(6)
    }
    ended = dict.fromkeys(range(5), TrialState.COMPLETED)
    answer = make_pruner(kind, options, Direction.MINIMIZE).should_stop(5, curves, ended)
    empty = {7: Curve(), 8: Curve(), 9: Curve()}
    states = {7: TrialState.COMPLETED, 8: TrialState.PRUNED}
    pruner = make_pruner(kind, options, Direction.MINIMIZE)
    assert pruner.should_stop(5, curves | empty, ended | states) == answer
    alone = make_pruner(kind, options, Direction.MINIMIZE)
    assert isinstance(alone.should_stop(5, {5: curves[5]} | empty, states), str)


def test_each_kind_is_tested() -> None:
    assert {kind for kind, _ in KINDS} == set(PRUNERS.names())


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize(("kind", "options"), KINDS, ids=str)
@settings(max_examples=25, deadline=None)
@given(moves=MOVES)
def test_an_answer_follows_from_the_curves_alone(
    kind: str, options: dict[str, Any], direction: Direction, moves: list[Any]
) -> None:
    """Asked often while the curves grow, or once in a new process: the same answer."""
    along = make_pruner(kind, options, direction)
    curves: dict[int, Curve] = {}
    ended: dict[int, TrialState] = {}
    for trial, ahead, value, grid, asks in moves:
        curve = curves.setdefault(trial, Curve())
        last = curve.last_step if len(curve) else 0.0
        curve.append(math.floor(last + ahead) if grid else last + ahead, value)
        if not len(curve):
            del curves[trial]
            continue
        if asks == 0:
            ended[trial] = TrialState.COMPLETED if grid else TrialState.PRUNED
        elif asks > 1:
            answer = along.should_stop(trial, curves, ended)
            assert along.should_stop(trial, curves, ended) == answer
    fresh = make_pruner(kind, options, direction)
    for trial in reversed(curves):
        answer = along.should_stop(trial, curves, ended)
        assert fresh.should_stop(trial, curves, ended) == answer
        assert "\n" not in answer


@pytest.mark.parametrize(("kind", "options"), KINDS, ids=str)
def test_the_directions_are_mirror_images(kind: str, options: dict[str, Any]) -> None:
    up = make_pruner(kind, options, Direction.MAXIMIZE)
    down = make_pruner(kind, options, Direction.MINIMIZE)
    world = [[value - 0.2 for value in curve] for curve in crossing(3, 12)]
    stopped, _ = run(up, world)
    assert stopped
    assert run(down, [[-value for value in curve] for curve in world])[0] == stopped


@pytest.mark.parametrize(("kind", "options"), KINDS, ids=str)
def test_a_new_process_stops_the_same_trials_for_the_same_reasons(
    kind: str, options: dict[str, Any]
) -> None:
    reasons: list[str] = []

    class Checked:
        def __init__(self) -> None:
            self.along = make_pruner(kind, options, Direction.MAXIMIZE)

        def should_stop(
            self, trial_id: int, curves: dict[int, Curve], ended: dict[int, TrialState]
        ) -> str:
            answer = self.along.should_stop(trial_id, curves, ended)
            if answer or len(curves[trial_id]) == len(curves):
                fresh = make_pruner(kind, options, Direction.MAXIMIZE)
                assert fresh.should_stop(trial_id, curves, ended) == answer
                reasons.append(answer)
            return answer

    run(Checked(), [[value - 0.2 for value in curve] for curve in crossing(3, 12)])
    assert any(reasons)


@pytest.mark.parametrize(("kind", "options"), KINDS, ids=str)
def test_nothing_is_stopped_without_anything_to_tell(kind: str, options: dict[str, Any]) -> None:
    alone = {0: curve_of([(1, 0.25)])}
    assert make_pruner(kind, options, Direction.MAXIMIZE).should_stop(0, alone, {}) == ""


@pytest.mark.parametrize("kind", ["both", "median", "percentile", "assessor", "asha", "hyperband"])
def test_a_trial_at_its_end_is_left_to_end(kind: str) -> None:
    curves = {**lines(*[0.9] * 20), 20: lines(0.1)[0]}
    pruner = make_pruner(kind, {}, Direction.MAXIMIZE)
    assert pruner.should_stop(20, curves, all_completed(curves, but=20)) == ""


@pytest.mark.slow
def test_both_spares_the_winner_where_curves_cross_and_the_libraries_median_does_not() -> None:
    """The direction of what was measured, on curves that the rule was not made on."""
    killed = dict.fromkeys(["both", "early"], 0)
    spent = dict.fromkeys(killed, 0.0)
    worlds = [crossing(seed, 40) for seed in range(10)]
    for world in worlds:
        winner = max(range(len(world)), key=lambda trial: world[trial][-1])
        both = make_pruner("both", {}, Direction.MAXIMIZE)
        early = make_pruner("median", {"start_fraction": 0.0}, Direction.MAXIMIZE)
        for name, rule in {"both": both, "early": early}.items():
            stopped, share = run(rule, world)
            killed[name] += winner in stopped
            spent[name] += share / len(worlds)
    assert killed["both"] <= 1
    assert killed["early"] >= 3
    assert spent["early"] < spent["both"] < 0.9


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("medain", {}, "pruner type 'medain' is unknown (did you mean 'median'?)"),
        ("median", {"n_startup_trials": 3}, "has no option 'n_startup_trials' (did you mean 'sta"),
        ("median", {"startup_trials": 0}, "startup_trials must be a whole number of at least 1"),
        ("median", {"start_fraction": 25}, "'median': start_fraction must be a number from 0 to 1"),
        ("median", {"start_step": -1}, "start_step must be a number of at least 0, got -1"),
        ("both", {"factor": math.nan}, "pruner 'both': factor must be a number of at least 1"),
        ("both", {"start_step": 9, "max_step": 9}, "max_step must be above 9, where stopping"),
        ("both", {"max_step": "81"}, "max_step must be a number of at least 0, got '81'"),
        ("percentile", {"percentile": 101}, "percentile must be a number from 0 to 100, got 101"),
        ("asha", {"factor": 1}, "'asha': factor must be a whole number of at least 2, got 1"),
        ("asha", {"start_step": 0}, "the first rung must be above step 0"),
        ("hyperband", {"brackets": 0}, "brackets must be a whole number of at least 1, got 0"),
        ("threshold", {}, "give lower= or upper=, or both"),
        ("threshold", {"lower": math.inf}, "lower must be a number that is finite, got inf"),
        ("threshold", {"lower": 2, "upper": 1}, "lower=2 is above upper=1"),
        ("patient", {"patience": True}, "patience must be a whole number of at least 1, got True"),
        ("patient", {"min_delta": -1}, "min_delta must be a number of at least 0, got -1"),
        ("patient", {"wraps": "mean"}, "pruner type 'mean' is unknown"),
        ("patient", {"factor": 3}, "pruner type 'median' has no option 'factor'"),
        ("patient", {"wraps": None, "factor": 3}, "'factor' belongs to no wrapped pruner"),
        ("wilcoxon", {"p_threshold": 2}, "p_threshold must be a number from 0 to 1, got 2"),
        ("wilcoxon", {"startup_steps": 1}, "startup_steps must be a whole number of at least 2"),
        ("assessor", {"proportion": 1.5}, "proportion must be a number from 0 to 1, got 1.5"),
        ("assessor", {"moving_avg": 0.5}, "moving_avg must be a whole number of at least 1"),
    ],
)
def test_a_wrong_option_is_told_when_the_pruner_is_described(
    kind: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError, match=re.escape(message)):
        PRUNERS.create(kind, options)


def test_the_test_of_wilcoxon_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SpecError, match="pip install scipy"):
        make_pruner("wilcoxon", {}, Direction.MAXIMIZE)
