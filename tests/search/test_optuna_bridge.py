import subprocess
import sys
from collections import Counter
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.search.optuna_bridge import IndexAxis, OptunaSampler, axis_of, make_tpe
from automl.search.sampler import Told
from automl.spec.objective import Direction
from automl.spec.parameters import Categorical, Integer, Parameter, Real, value_key
from automl.spec.space import Params, SearchSpace
from automl.spec.trial import TrialState

SPACE = SearchSpace(
    (
        Categorical(name="n", candidates=(30, 10, 20)),
        Real(name="x", min_value=0, max_value=1),
    )
)


def tpe(
    space: SearchSpace = SPACE,
    direction: Direction = Direction.MAXIMIZE,
    startup: int = 3,
) -> OptunaSampler:
    make = make_tpe(initial_trials_num=startup, multivariate=True)
    return OptunaSampler(space, direction, 5, make)


def plan(trial_id: int, params: Params) -> Told:
    return Told(trial_id=trial_id, params=params, state=TrialState.PLANNED)


def end(trial_id: int, params: Params, state: TrialState, value: float | None = None) -> Told:
    return Told(trial_id=trial_id, params=params, state=state, value=value)


def states(sampler: OptunaSampler) -> Counter[str]:
    return Counter(trial.state.name for trial in sampler._study.get_trials(deepcopy=False))


@pytest.mark.parametrize(
    ("candidates", "inner", "kind"),
    [
        ((30, 10.5, -2), (-2, 10.5, 30), "IntDistribution"),
        ((1.0, 1, 0), (0, 1.0, 1), "IntDistribution"),
        ((True, 0, 2), (True, 0, 2), "CategoricalDistribution"),
        (("b", "a"), ("b", "a"), "CategoricalDistribution"),
        ((3, None, 1), (3, None, 1), "CategoricalDistribution"),
        (([2], [1]), ([2], [1]), "CategoricalDistribution"),
    ],
)
def test_a_list_of_numbers_is_a_range_of_places_and_any_other_is_categories(
    candidates: tuple[Any, ...], inner: tuple[Any, ...], kind: str
) -> None:
    axis = IndexAxis.of(Categorical(name="n", candidates=candidates))
    assert [value_key(value) for value in axis.values] == [value_key(value) for value in inner]
    assert type(axis.distribution()).__name__ == kind


@pytest.mark.parametrize(
    "parameter",
    [
        Categorical(name="p", candidates=(1, 1.0, True, "1", None, [1], [1.0], {"a": 1})),
        Categorical(name="p", candidates=(3, 1.0, 1, -2.5, 10**20)),
        Integer(name="p", min_value=-5, max_value=9, step=4),
        Integer(name="p", min_value=1, max_value=7, log=True),
        Real(name="p", min_value=0.1, max_value=1, step=0.1),
        Real(name="p", min_value=-1e9, max_value=1e9, step=12345.678),
        Real(name="p", min_value=2, max_value=2),
    ],
)
def test_every_value_comes_back_from_optuna_with_its_type(parameter: Parameter) -> None:
    axis = axis_of(parameter)
    for index in range(min(parameter.count or 0, 1000)):
        value = parameter.value_at(index)
        inner = axis.inside(value)
        assert axis.distribution()._contains(axis.distribution().to_internal_repr(inner))
        assert value_key(axis.outside(inner)) == value_key(value)


@pytest.mark.parametrize("log", [True, False])
def test_a_range_is_searched_by_magnitude_only_where_that_was_asked(log: Any) -> None:
    whole = axis_of(Integer(name="p", min_value=1, max_value=9, log=log)).distribution()
    real = axis_of(Real(name="p", min_value=1, max_value=9, log=log)).distribution()
    assert [getattr(whole, "log", None), getattr(real, "log", None)] == [log, log]


@given(st.integers(0, 2**63 - 1))
def test_what_floats_round_stays_in_the_range(inner: int) -> None:
    for high in (2**60 - 1, 2**63 - 1):
        parameter = Integer(name="p", min_value=1, max_value=high)
        assert parameter.contains(axis_of(parameter).outside(float(inner)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "parameter",
    [
        Integer(name="p", min_value=0, max_value=2**63),
        Integer(name="p", min_value=-(2**63), max_value=0),
        Integer(name="p", min_value=1, max_value=10**400, log=True),
        Integer(name="p", min_value=0, max_value=10**40, step=3),
        Real(name="p", min_value=-1.7e308, max_value=1.7e308),
    ],
)
def test_a_range_too_wide_for_optuna_is_refused_with_a_way_out(parameter: Parameter) -> None:
    with pytest.raises(SpecError, match=r"'p': its range .* too wide .* algorithm 'random'"):
        tpe(SearchSpace((parameter,)))


@pytest.mark.parametrize(
    "parameter",
    [
        Integer(name="p", min_value=-(2**63) + 1, max_value=2**63 - 1),
        Integer(name="p", min_value=1, max_value=2**63 - 1, log=True),
        Integer(name="p", min_value=0, max_value=10**40, step=10**22),
        Real(name="p", min_value=-8e307, max_value=8e307),
        Real(name="p", min_value=5e-324, max_value=1e308, log=True),
    ],
)
def test_the_widest_ranges_work_without_a_warning(parameter: Parameter) -> None:
    space = SearchSpace((parameter,))
    sampler, history = tpe(space), list[Told]()
    for trial_id in range(12):
        params = sampler.suggest(trial_id, history)
        assert space.contains(params)
        history += [
            plan(trial_id, params),
            end(trial_id, params, TrialState.COMPLETED, float(trial_id % 5)),
        ]


def test_every_end_reaches_optuna() -> None:
    sampler, history = tpe(), list[Told]()
    ends = (TrialState.COMPLETED, TrialState.FAILED, TrialState.PRUNED, TrialState.STOPPED)
    for trial_id, state in enumerate([*ends, None]):
        params = sampler.suggest(trial_id, history)
        history.append(plan(trial_id, params))
        if state:
            value = 0.25 if state is TrialState.COMPLETED else None
            history.append(end(trial_id, params, state, value))
    sampler.suggest(5, history)
    # Trial 4 still runs, and the sixth was only asked for.
    assert states(sampler) == {"COMPLETE": 1, "FAIL": 3, "RUNNING": 2}
    assert sampler._study.best_value == 0.25


def test_a_completed_trial_is_told_with_its_own_values() -> None:
    sampler = tpe()
    history = [
        plan(7, {"n": 30, "x": 0.25}),
        plan(8, {"n": 10, "x": 0.75}),
        end(8, {"n": 10, "x": 0.75}, TrialState.COMPLETED, -1.5),
        end(7, {"n": 30, "x": 0.25}, TrialState.COMPLETED, 2.5),
    ]
    sampler.suggest(9, history)
    told = [(trial.params, trial.value) for trial in sampler._study.get_trials()[:2]]
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
    sampler = tpe()
    history = [plan(0, params), end(0, params, TrialState.COMPLETED, 9.0)]
    sampler.suggest(1, history)
    assert states(sampler) == {"RUNNING": 1}


def test_proposals_that_were_not_taken_do_not_seem_to_run() -> None:
    sampler = tpe()
    asked = [sampler.suggest(0, []) for _ in range(5)]
    assert len({params["x"] for params in asked}) == 5
    assert states(sampler) == {"FAIL": 4, "RUNNING": 1}
    sampler.suggest(1, [plan(0, asked[2])])
    # The third was taken, though the fifth was the last to be asked for; trial 1 is asked for.
    running = [
        trial.params["x"] for trial in sampler._study.get_trials() if trial.state.name == "RUNNING"
    ]
    assert states(sampler) == {"FAIL": 5, "RUNNING": 2}
    assert running[0] == asked[2]["x"]


def test_the_last_proposal_is_taken_over_when_it_is_planned() -> None:
    sampler = tpe()
    params = sampler.suggest(0, [])
    sampler.suggest(1, [plan(0, params)])
    assert states(sampler) == {"RUNNING": 2}


def test_a_trial_that_was_tried_again_counts_with_its_new_value() -> None:
    params: Params = {"n": 10, "x": 0.5}
    history = [
        plan(0, params),
        end(0, params, TrialState.FAILED),
        end(0, params, TrialState.COMPLETED, 1.0),
    ]
    sampler = tpe()
    sampler.suggest(1, history)
    assert states(sampler) == {"FAIL": 1, "COMPLETE": 1, "RUNNING": 1}


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
        history += [
            plan(trial_id, params),
            end(trial_id, params, TrialState.COMPLETED, params["x"]),  # type: ignore[arg-type]
        ]


@pytest.mark.parametrize(("direction", "sign"), [(Direction.MAXIMIZE, -1), (Direction.MINIMIZE, 1)])
def test_it_learns_where_the_good_values_are(direction: Direction, sign: int) -> None:
    sampler, history, distances = tpe(direction=direction, startup=10), list[Told](), list[float]()
    for trial_id in range(50):
        params: dict[str, Any] = sampler.suggest(trial_id, history)
        distances.append(abs(params["x"] - 0.8) + abs(params["n"] - 20) / 10)
        history += [
            plan(trial_id, params),
            end(trial_id, params, TrialState.COMPLETED, sign * distances[-1]),
        ]
    assert median(distances[-20:]) < median(distances[:10]) / 2


def test_optuna_is_loaded_only_by_the_samplers_that_need_it() -> None:
    code = (
        "import sys\n"
        "from automl.search.algorithms import Problem, make_sampler\n"
        "from automl.spec.objective import Direction\n"
        "from automl.spec.parameters import Real\n"
        "from automl.spec.space import SearchSpace\n"
        "from automl.spec.study import Algorithm\n"
        "space = SearchSpace((Real(name='x', min_value=0, max_value=1),))\n"
        "problem = Problem(space=space, direction=Direction.MAXIMIZE, seed=1)\n"
        "make_sampler(Algorithm(type='random'), problem, 5).suggest(0, [])\n"
        "print('optuna' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
