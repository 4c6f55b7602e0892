import pytest

from automl.errors import SpecError
from automl.search.algorithms import ALGORITHMS, Problem, make_sampler
from automl.search.sampler import Sampler, Told
from automl.spec.objective import Direction
from automl.spec.parameters import Integer, Real
from automl.spec.space import SearchSpace
from automl.spec.study import Algorithm
from automl.spec.trial import TrialState

GRID = SearchSpace(
    (Integer(name="a", min_value=1, max_value=3), Integer(name="b", min_value=1, max_value=4))
)
RANGE = SearchSpace((Real(name="x", min_value=0, max_value=1),))


def sampler_of(
    type_name: str, space: SearchSpace, max_trials: int, seed: int = 1, **options: object
) -> Sampler:
    problem = Problem(space=space, direction=Direction.MAXIMIZE, seed=seed)
    return make_sampler(Algorithm(type=type_name, options=options), problem, max_trials)


def proposals(sampler: Sampler, history: list[Told], count: int) -> list[tuple[object, ...]]:
    values = []
    for _ in range(count):
        trial_id = len(history)
        params = sampler.suggest(trial_id, history)
        assert params is not None
        values.append(tuple(params.values()))
        history.append(Told(trial_id=trial_id, params=params, state=TrialState.PLANNED))
    return values


IN_ORDER = [(a, b) for a in range(1, 4) for b in range(1, 5)]


@pytest.mark.parametrize("max_trials", [5, 12, 100])
def test_a_grid_goes_on_in_its_order_after_a_restart(max_trials: int) -> None:
    history: list[Told] = []
    first = proposals(sampler_of("grid", GRID, max_trials), history, 5)
    second = proposals(sampler_of("grid", GRID, max_trials), history, 7)
    assert first + second == IN_ORDER


def test_a_long_walk_finds_its_place_again_after_a_restart() -> None:
    space = SearchSpace((Integer(name="a", min_value=0, max_value=99),))
    history: list[Told] = []
    proposals(sampler_of("grid", space, 100), history, 60)
    assert proposals(sampler_of("grid", space, 100), history, 40) == [(n,) for n in range(60, 100)]
    walk = proposals(sampler_of("random", space, 100), history := [], 60)
    walk += proposals(sampler_of("random", space, 100), history, 40)
    assert walk == proposals(sampler_of("random", space, 100), [], 100)


@pytest.mark.parametrize("type_name", ["random", "tpe"])
def test_a_limit_that_covers_the_space_has_it_walked_in_the_same_order_by_all(
    type_name: str,
) -> None:
    history: list[Told] = []
    values = proposals(sampler_of(type_name, GRID, 12), history, 6)
    values += proposals(sampler_of(type_name, GRID, 12), history, 6)
    assert sorted(values) == IN_ORDER
    assert values != IN_ORDER
    assert values == proposals(sampler_of("random", GRID, 12), [], 12)


def test_another_algorithm_goes_on_with_what_is_left() -> None:
    history: list[Told] = []
    values = proposals(sampler_of("grid", GRID, 4), history, 4)
    values += proposals(sampler_of("tpe", GRID, 8, initial_trials_num=2), history, 4)
    values += proposals(sampler_of("random", GRID, 100), history, 2)
    values += proposals(sampler_of("random", GRID, 11), history, 2)
    assert sorted(values) == IN_ORDER


@pytest.mark.parametrize("type_name", ["random", "tpe"])
def test_the_seed_decides_the_proposals(type_name: str) -> None:
    runs = [proposals(sampler_of(type_name, RANGE, 5, seed), [], 5) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]
    assert len(set(runs[0])) == 5


def test_unknown_algorithms_and_options_are_refused() -> None:
    assert ALGORITHMS.names() == ["grid", "random", "tpe"]
    with pytest.raises(SpecError, match="known types: grid, random, tpe"):
        sampler_of("gird", GRID, 5)
    with pytest.raises(SpecError, match="known options: initial_trials_num, multivariate"):
        sampler_of("tpe", GRID, 5, n_startup_trials=5)
    with pytest.raises(SpecError, match="initial_trials_num must be a whole number of at least 1"):
        sampler_of("tpe", GRID, 5, initial_trials_num=0)


def test_a_wrong_option_is_refused_even_when_the_space_is_simply_walked() -> None:
    with pytest.raises(SpecError, match="has no option"):
        sampler_of("random", GRID, 100, seed_=5)


def test_a_grid_of_a_range_is_refused() -> None:
    with pytest.raises(SpecError, match="'x' is a Real without step"):
        sampler_of("grid", RANGE, 5)
