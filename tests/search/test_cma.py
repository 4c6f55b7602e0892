from statistics import median
from typing import Any

import pytest

from automl.search.own.cma import CmaSampler
from automl.search.sampler import Told
from automl.space.parameters import Categorical, Constant, Integer, Real
from automl.space.space import Params, SearchSpace
from automl.study.objective import Direction
from automl.study.trial import TrialState

SPACE = SearchSpace(
    (
        Real(name="x", min_value=-1, max_value=3),
        Constant(name="data", value="d"),
        Categorical(name="n", candidates=(1000, 10, 1, 100)),
        Integer(name="i", min_value=1, max_value=1000, log=True),
    )
)
UP, DOWN = Direction.MAXIMIZE, Direction.MINIMIZE


def loss(params: Params) -> float:
    p: Any = params
    place = [1, 10, 100, 1000].index(p["n"])
    return float(abs(p["x"] - 2) + abs(place - 2) + abs(p["i"] - 30) / 100)


def told(trial_id: int, params: Params, state: TrialState, value: float | None = None) -> Told:
    return Told(trial_id=trial_id, params=params, state=state, value=value)


def plan(trial_id: int, params: Params) -> Told:
    return told(trial_id, params, TrialState.PLANNED)


@pytest.mark.parametrize(("direction", "sign"), [(UP, -1), (DOWN, 1)])
def test_it_closes_in_on_the_best_with_trials_in_parallel(direction: Direction, sign: int) -> None:
    sampler, history, losses = CmaSampler(SPACE, direction, 3), list[Told](), list[float]()
    running: list[tuple[int, Params]] = []
    for trial_id in range(120):
        params = sampler.suggest(trial_id, history)
        assert SPACE.contains(params)
        history.append(plan(trial_id, params))
        losses.append(loss(params))
        running.append((trial_id, params))
        if len(running) == 8:
            ended, values = running.pop(3)
            history.append(told(ended, values, TrialState.COMPLETED, sign * losses[ended]))
    assert median(losses[-30:]) < median(losses[:30]) / 3


def test_it_is_computed_anew_from_the_history() -> None:
    going_on, history = CmaSampler(SPACE, DOWN, 3, 4), list[Told]()
    for trial_id in range(30):
        restarted = CmaSampler(SPACE, DOWN, 3, 4)
        params = going_on.suggest(trial_id, history)
        assert restarted.suggest(trial_id, list(history)) == params
        state = TrialState.FAILED if trial_id % 5 == 2 else TrialState.COMPLETED
        value = None if state is TrialState.FAILED else loss(params)
        history += [plan(trial_id, params), told(trial_id, params, state, value)]
        # A later end changes a generation only until it is complete.
        history.append(told(trial_id // 2, params, TrialState.COMPLETED, float(trial_id)))
    assert going_on._generation > 3


def test_asked_again_it_draws_again() -> None:
    sampler = CmaSampler(SPACE, DOWN, 3)
    assert sampler.suggest(0, [])["x"] != sampler.suggest(0, [])["x"]


def test_it_starts_around_the_best_of_an_earlier_study() -> None:
    known: Params = {"x": -0.9, "data": "d", "n": 1, "i": 900}
    other: Params = {**known, "x": 2.9}
    history = []
    for trial_id, params, value in ((-1, known, 1.0), (-2, other, 5.0)):
        history += [plan(trial_id, params), told(trial_id, params, TrialState.COMPLETED, value)]
    for direction, near in ((DOWN, -0.9), (UP, 2.9)):
        sampler = CmaSampler(SPACE, direction, 3)
        asked: list[Any] = [sampler.suggest(trial_id, history)["x"] for trial_id in range(20)]
        assert abs(median(asked) - near) < 1


def test_what_breaks_constraints_is_worse_than_any_other() -> None:
    sampler, history, asked = CmaSampler(SPACE, UP, 3), list[Told](), list[Any]()
    for trial_id in range(80):
        params: Any = sampler.suggest(trial_id, history)
        asked.append(params["x"])
        ended = Told(
            trial_id=trial_id,
            params=params,
            state=TrialState.COMPLETED,
            value=params["x"],
            violation=max(0.0, params["x"]),
        )
        history += [plan(trial_id, params), ended]
    assert median(asked[-20:]) < 0.2 < median(asked[:20])


def test_once_converged_it_starts_anew_with_more() -> None:
    sampler, history = CmaSampler(SPACE, DOWN, 3, 4), list[Told]()
    size = sampler._current().population_size
    params: Params = {"x": 1.0, "data": "d", "n": 10, "i": 31}
    trial_id = 0
    while sampler._restarts == 0:
        assert trial_id < 2000
        history += [plan(trial_id, params), told(trial_id, params, TrialState.COMPLETED, 1.0)]
        sampler.suggest(trial_id + 1, history)
        trial_id += 1
    assert sampler._current().population_size == 2 * size


def test_trials_of_another_space_do_not_count() -> None:
    alien: Params = {"x": 9.0, "data": "d", "n": 10, "i": 31}
    history = [plan(0, alien), told(0, alien, TrialState.COMPLETED, 1.0)]
    assert CmaSampler(SPACE, DOWN, 3).suggest(1, history) == CmaSampler(SPACE, DOWN, 3).suggest(
        1, [plan(7, alien), plan(8, alien)]
    )
