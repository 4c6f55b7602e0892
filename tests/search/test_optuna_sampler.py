import math
import subprocess
import sys
from collections import Counter
from statistics import median
from typing import Any

import optuna
import pytest
from optuna.trial import FrozenTrial

from automl.search.optuna.makers import (
    SWITCH_AT,
    SteadyState,
    make_evolution,
    make_mixture,
    make_tpe,
)
from automl.search.optuna.sampler import Manner, OptunaSampler
from automl.search.sampler import Told
from automl.search.shown import with_failures_pruned
from automl.space.conditions import condition_of
from automl.space.parameters import Categorical, Constant, Integer, Parameter, Real
from automl.space.space import Params, SearchSpace
from automl.study.objective import Direction
from automl.study.trial import TrialState

SPACE = SearchSpace(
    (
        Categorical(name="n", candidates=(30, 10, 20)),
        Real(name="x", min_value=0, max_value=1),
    )
)
UP, DOWN = Direction.MAXIMIZE, Direction.MINIMIZE


def tpe(
    space: SearchSpace = SPACE,
    *directions: Direction,
    startup: int = 3,
    constrained: bool = False,
) -> OptunaSampler:
    make = make_tpe(initial_trials_num=startup, multivariate=True)
    manner = Manner(make=make, looks=with_failures_pruned)
    return OptunaSampler(space, directions or (UP,), 5, manner, constrained=constrained)


def plan(trial_id: int, params: Params) -> Told:
    return Told(trial_id=trial_id, params=params, state=TrialState.PLANNED)


def end(
    trial_id: int, params: Params, state: TrialState, value: float | None = None, **more: Any
) -> Told:
    return Told(trial_id=trial_id, params=params, state=state, value=value, **more)


def done(trial_id: int, params: Params, value: float, **more: Any) -> list[Told]:
    ended = end(trial_id, params, TrialState.COMPLETED, value, **more)
    return [plan(trial_id, params), ended]


def shown(sampler: OptunaSampler, history: list[Told]) -> list[FrozenTrial]:
    sampler.suggest(99, history)
    return sampler._trials


def states(trials: list[FrozenTrial]) -> Counter[str]:
    return Counter(trial.state.name for trial in trials)


@pytest.mark.parametrize(
    "parameter",
    [
        Integer(name="p", min_value=-(2**63) + 1, max_value=2**63 - 1),
        Integer(name="p", min_value=1, max_value=2**63 - 1, log=True),
        Integer(name="p", min_value=0, max_value=10**40, step=10**22),
        Real(name="p", min_value=-8e307, max_value=8e307),
        Real(name="p", min_value=5e-324, max_value=1e308, log=True),
        Integer(name="p", min_value=2**62, max_value=2**62 + 9),
        Integer(name="p", min_value=2**62, max_value=2**62 + 9999),
        Integer(name="p", min_value=2**62, max_value=2**62 + 9999, log=True),
        Real(name="p", min_value=1e17, max_value=1e17 + 64, log=True),
        Real(name="p", min_value=1, max_value=math.nextafter(1, 2)),
    ],
)
def test_the_widest_and_the_narrowest_ranges_work_without_a_warning(parameter: Parameter) -> None:
    space = SearchSpace((parameter,))
    sampler, history = tpe(space), list[Told]()
    for trial_id in range(12):
        params = sampler.suggest(trial_id, history)
        assert space.contains(params)
        history += done(trial_id, params, float(trial_id % 5))


def test_neighbours_that_optunas_floats_cannot_tell_apart_are_all_found() -> None:
    space = SearchSpace((Integer(name="p", min_value=2**62, max_value=2**62 + 9),))
    sampler = tpe(space, startup=1000)
    found = {sampler.suggest(trial_id, [])["p"] for trial_id in range(200)}
    assert found == set(range(2**62, 2**62 + 10))


def test_the_users_own_optuna_keeps_its_log() -> None:
    before = optuna.logging.get_verbosity()
    try:
        optuna.logging.set_verbosity(optuna.logging.DEBUG)
        tpe(SearchSpace((Integer(name="n", min_value=0, max_value=9),))).suggest(0, [])
        assert optuna.logging.get_verbosity() == optuna.logging.DEBUG
    finally:
        optuna.logging.set_verbosity(before)


def test_every_end_reaches_tpe_in_its_own_way() -> None:
    params = [{"n": 10, "x": trial_id / 10} for trial_id in range(6)]
    history = [plan(trial_id, each) for trial_id, each in enumerate(params)]
    history += [
        end(0, params[0], TrialState.COMPLETED, 0.25),
        end(1, params[1], TrialState.FAILED),
        end(2, params[2], TrialState.PRUNED, 0.5, reached=3.0),
        end(3, params[3], TrialState.STOPPED),
        end(4, params[4], TrialState.PRUNED),
    ]
    trials = shown(tpe(), history)
    assert states(trials) == {"COMPLETE": 1, "PRUNED": 2, "RUNNING": 1}
    assert [trial.params["x"] for trial in trials] == [0.0, 0.1, 0.2, 0.5]
    assert trials[0].value == 0.25
    assert [trial.intermediate_values for trial in trials[1:3]] == [{}, {3.0: 0.5}]


def test_a_completed_trial_is_told_with_its_own_values() -> None:
    history = [
        plan(7, {"n": 30, "x": 0.25}),
        plan(8, {"n": 10, "x": 0.75}),
        end(8, {"n": 10, "x": 0.75}, TrialState.COMPLETED, -1.5),
        end(7, {"n": 30, "x": 0.25}, TrialState.COMPLETED, 2.5),
    ]
    told = [(trial.params, trial.value) for trial in shown(tpe(), history)]
    # 30 is the third of the three numbers in order, 10 the first.
    assert told == [({"n": 2, "x": 0.25}, 2.5), ({"n": 0, "x": 0.75}, -1.5)]


@pytest.mark.parametrize(
    "params",
    [
        {"n": 40, "x": 0.5},
        {"n": 10.0, "x": 0.5},
        {"n": 10, "x": 2.0},
        {"n": 10},
        {"m": 10, "x": 0.5},
    ],
)
def test_trials_from_outside_of_the_changed_space_are_not_told(params: Params) -> None:
    assert shown(tpe(), done(0, params, 9.0)) == []


def test_proposals_that_were_not_taken_do_not_seem_to_run() -> None:
    sampler = tpe()
    asked = [sampler.suggest(0, []) for _ in range(5)]
    assert len({params["x"] for params in asked}) == 5
    running = shown(sampler, [plan(0, asked[2])])
    assert [trial.params["x"] for trial in running] == [asked[2]["x"]]


def test_a_trial_that_is_told_again_counts_with_its_last_end_alone() -> None:
    params: Params = {"n": 10, "x": 0.5}
    history = [
        plan(0, params),
        end(0, params, TrialState.FAILED),
        plan(0, params),
        end(0, params, TrialState.PRUNED, 0.5, reached=1.0),
        end(0, params, TrialState.COMPLETED, 1.0),
    ]
    sampler = tpe()
    assert states(shown(sampler, history[:2])) == {}
    assert states(shown(sampler, history[:4])) == {"PRUNED": 1}
    trials = shown(sampler, history)
    assert [(trial.state.name, trial.value) for trial in trials] == [("COMPLETE", 1.0)]


def test_constraints_reach_optuna() -> None:
    history = [
        *done(0, {"n": 10, "x": 0.1}, 1.0),
        *done(1, {"n": 10, "x": 0.2}, 9.0, violation=2.5),
    ]
    assert [trial.constraints for trial in shown(tpe(constrained=True), history)] == [
        {"violation": 0.0},
        {"violation": 2.5},
    ]
    assert [trial.constraints for trial in shown(tpe(), history)] == [{}, {}]


def test_what_breaks_constraints_is_avoided() -> None:
    sampler, history = tpe(constrained=True, startup=10), list[Told]()
    asked = []
    for trial_id in range(40):
        params: dict[str, Any] = sampler.suggest(trial_id, history)
        asked.append(params["x"])
        # Better the higher, but nothing above 0.3 is allowed.
        history += done(trial_id, params, params["x"], violation=max(0.0, params["x"] - 0.3))
    assert median(asked[-15:]) < 0.4 < median(asked[:10])


def test_several_objectives_are_told_with_all_values() -> None:
    history = done(0, {"n": 10, "x": 0.1}, 1.0, values=(1.0, 7.0))
    trials = shown(tpe(SPACE, UP, DOWN), history)
    assert [trial.values for trial in trials] == [[1.0, 7.0]]


def test_only_what_is_in_use_is_asked_and_told() -> None:
    space = SearchSpace(
        (
            Constant(name="data", value="d"),
            Categorical(name="opt", candidates=("sgd", "adam")),
            Real(
                name="momentum",
                min_value=0,
                max_value=1,
                when=condition_of("momentum", {"opt": "sgd"}),
            ),
        )
    )
    history = [
        *done(0, {"data": "d", "opt": "sgd", "momentum": 0.5}, 1.0),
        *done(1, {"data": "d", "opt": "adam"}, 2.0),
    ]
    sampler = tpe(space)
    assert [set(trial.params) for trial in shown(sampler, history)] == [
        {"opt", "momentum"},
        {"opt"},
    ]
    asked = [sampler.suggest(trial_id, history) for trial_id in range(2, 12)]
    assert {tuple(params) for params in asked} == {("data", "opt", "momentum"), ("data", "opt")}


def test_a_suggestion_is_the_same_after_any_number_of_restarts_and_useless_questions() -> None:
    history: list[Told] = []
    going_on = tpe()
    for trial_id in range(12):
        restarted = tpe()
        curious = tpe()
        if history:
            curious.suggest(trial_id, history[:-1])
            curious.suggest(trial_id, history[:-1])
        params = going_on.suggest(trial_id, history)
        assert restarted.suggest(trial_id, list(history)) == params
        assert curious.suggest(trial_id, history) == params
        history += done(trial_id, params, params["x"])  # type: ignore[arg-type]


@pytest.mark.parametrize(("direction", "sign"), [(UP, -1), (DOWN, 1)])
def test_it_learns_where_the_good_values_are(direction: Direction, sign: int) -> None:
    make = make_mixture(initial_trials_num=10, multivariate=True)
    sampler = OptunaSampler(SPACE, [direction], 5, Manner(make=make, looks=with_failures_pruned))
    history, distances = list[Told](), list[float]()
    for trial_id in range(120):
        params: dict[str, Any] = sampler.suggest(trial_id, history)
        distances.append(abs(params["x"] - 0.8) + abs(params["n"] - 20) / 10)
        history += done(trial_id, params, sign * distances[-1])
    assert median(distances[-20:]) < median(distances[:10]) / 2


@pytest.mark.parametrize("variant", ["II", "III"])
def test_a_population_gets_better(variant: str) -> None:
    space = SearchSpace(tuple(Real(name=name, min_value=0, max_value=1) for name in "abcd"))
    manner = Manner(
        make=make_evolution(population_size=10, variant=variant), marks=SteadyState(10, variant)
    )
    sampler, history, distances = OptunaSampler(space, [DOWN], 5, manner), list[Told](), []
    for trial_id in range(80):
        params: dict[str, Any] = sampler.suggest(trial_id, history)
        distances.append(sum(abs(value - 0.8) for value in params.values()))
        history += done(trial_id, params, distances[-1])
    assert median(distances[-20:]) < median(distances[:10]) / 2


@pytest.mark.parametrize("known", [SWITCH_AT - 1, SWITCH_AT])
def test_the_mixture_becomes_independent_in_time(known: int) -> None:
    sampler = tpe()
    make = make_mixture(initial_trials_num=10, multivariate=True)
    history = [plan(trial_id, {"n": 10, "x": trial_id / 200}) for trial_id in range(known)]
    sampler._known.read(history)
    assert make(1, sampler._known)._multivariate is (known < SWITCH_AT)  # type: ignore[attr-defined]


def test_optuna_is_loaded_only_by_what_needs_it_and_only_then() -> None:
    code = (
        "import sys\n"
        "from automl.search.algorithms import Problem, make_proposer\n"
        "from automl.study.objective import Direction\n"
        "from automl.space.parameters import Real\n"
        "from automl.space.space import SearchSpace\n"
        "from automl.study.spec import Algorithm\n"
        "space = SearchSpace((Real(name='x', min_value=0, max_value=1),))\n"
        "problem = Problem(space=space, directions=(Direction.MAXIMIZE,), seed=1, max_trials=5,\n"
        "    max_parallel=1)\n"
        "make_proposer(Algorithm(type='random'), problem).proposer.propose(0, [])\n"
        "make_proposer(Algorithm(type='tpe'), problem)\n"
        "from automl.search.pruning.pruners import make_pruner\n"
        "for kind in ('both', 'median', 'percentile'):\n"
        "    make_pruner(kind, {}, Direction.MAXIMIZE)\n"
        "print([name for name in ('optuna', 'scipy', 'numpy', 'cmaes') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
