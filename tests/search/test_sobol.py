import pytest

from automl.search.own.sobol import SobolSampler
from automl.space.conditions import condition_of
from automl.space.parameters import Categorical, Constant, Integer, Real
from automl.space.space import SearchSpace, combination_key

UNIT = SearchSpace(tuple(Real(name=name, min_value=0, max_value=1) for name in "abc"))


def test_any_trial_may_be_asked_for_first() -> None:
    in_order = [SobolSampler(UNIT, 1).suggest(trial_id, []) for trial_id in range(5)]
    sampler = SobolSampler(UNIT, 1)
    assert [sampler.suggest(trial_id, []) for trial_id in (4, 0, 3, 1, 2)] == [
        in_order[trial_id] for trial_id in (4, 0, 3, 1, 2)
    ]
    assert in_order != [SobolSampler(UNIT, 2).suggest(trial_id, []) for trial_id in range(5)]


@pytest.mark.parametrize("seed", range(4))
def test_every_eighth_of_each_parameter_gets_two_of_sixteen_points(seed: int) -> None:
    sampler = SobolSampler(UNIT, seed)
    points = [sampler.suggest(trial_id, []) for trial_id in range(16)]
    for name in UNIT.names:
        eighths = sorted(int(8 * float(str(point[name]))) for point in points)
        assert eighths == sorted([*range(8), *range(8)])


def test_what_is_forbidden_or_repeated_is_passed_over() -> None:
    space = SearchSpace(
        (Integer(name="a", min_value=0, max_value=5), Integer(name="b", min_value=0, max_value=5)),
        rules=("a < b",),
    )
    assert space.size == 15
    sampler = SobolSampler(space, 1)
    points = [sampler.suggest(trial_id, []) for trial_id in range(15)]
    assert len(set(map(combination_key, points))) == 15
    assert all(map(space.contains, points))
    # Nothing is left; what comes then is of no use, but it is no endless search.
    assert sampler.suggest(15, []).keys() == {"a", "b"}


def test_conditional_parameters_have_a_coordinate_of_their_own() -> None:
    space = SearchSpace(
        (
            Constant(name="c", value=1),
            Categorical(name="opt", candidates=("sgd", "adam")),
            Real(name="m", min_value=0, max_value=1, when=condition_of("m", {"opt": "sgd"})),
            Real(name="lr", min_value=0, max_value=1),
        )
    )
    sampler = SobolSampler(space, 1)
    points = [sampler.suggest(trial_id, []) for trial_id in range(32)]
    assert all(map(space.contains, points))
    assert len([point for point in points if "m" in point]) == 16


def test_a_space_of_constants_has_one_point() -> None:
    space = SearchSpace((Constant(name="c", value=1),))
    assert SobolSampler(space, 1).suggest(0, []) == {"c": 1}
