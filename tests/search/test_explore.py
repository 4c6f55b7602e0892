from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.search.own.draw import draw, generator
from automl.search.population.explore import explore, spread
from automl.space.parameters import (
    Categorical,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    ParamValue,
    Real,
)
from automl.space.space import SearchSpace

PARAMETERS: tuple[Parameter, ...] = (
    Categorical(name="rate", candidates=(0.1, 0.01, 1)),
    Categorical(name="kind", candidates=("a", True, None)),
    Integer(name="layers", min_value=1, max_value=9),
    Integer(name="width", min_value=8, max_value=64, step=8),
    Real(name="decay", min_value=1e-6, max_value=1e-2, log=True),
    Real(name="share", min_value=-1.0, max_value=1.0),
    Real(name="tenths", min_value=0.1, max_value=0.95, step=0.1),
    Normal(name="around", mean=0.0, std=2.0),
    LogNormal(name="size", mean=2.0, std=1.0, step=1),
    Linked(names=("left", "right"), candidates=([1, 2], [3, 4])),
    Constant(name="fixed", value="x"),
)
SPACE = SearchSpace(PARAMETERS)
CHANGES = st.sampled_from([(0.8, 1.25), (0.5,), (1.01, 0.99), (1e300, 1e-300), (1,)])


def explored(
    parameter: Parameter, value: ParamValue, *factors: float, resample: float = 0.0
) -> ParamValue:
    space = SearchSpace((parameter,))
    changed = explore(
        space, {parameter.name: value}, generator(0, 0, "test"), perturb=factors, resample=resample
    )
    return changed[parameter.name]


@given(st.integers(), CHANGES, st.sampled_from([0.0, 0.3, 1.0]))
def test_what_comes_out_is_of_the_space(
    seed: int, perturb: tuple[float, ...], resample: float
) -> None:
    rng = generator(seed, 0, "test")
    params = draw(SPACE, rng)
    for _ in range(3):
        params = explore(SPACE, params, rng, perturb=perturb, resample=resample)
        assert SPACE.problem(params) == ""


@given(st.integers())
def test_the_same_seed_changes_alike(seed: int) -> None:
    params = draw(SPACE, generator(seed, 0, "test"))
    first, second = (
        explore(SPACE, params, generator(seed, 0, "test"), perturb=(0.8, 1.25), resample=0.3)
        for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize(
    ("parameter", "value", "factor", "changed"),
    [
        (Real(name="x", min_value=0, max_value=10), 2.0, 1.25, 2.5),
        (Real(name="x", min_value=0, max_value=10), 9.0, 1.25, 10.0),
        (Real(name="x", min_value=-10, max_value=10), -2.0, 1.25, -2.5),
        (Real(name="x", min_value=0, max_value=1, step=0.1), 0.5, 1.25, 0.6),
        (Integer(name="x", min_value=1, max_value=100), 40, 0.8, 32),
        (Integer(name="x", min_value=1, max_value=100), 2, 1.25, 3),
        (Integer(name="x", min_value=1, max_value=100), 2, 0.8, 1),
        (Integer(name="x", min_value=1, max_value=100), 1, 0.8, 1),
        (Integer(name="x", min_value=-9, max_value=9), -2, 1.25, -3),
        (Integer(name="x", min_value=10, max_value=20, step=5), 15, 1.25, 20),
        (Integer(name="x", min_value=0, max_value=9), 0, 1.25, 1),
        (Integer(name="x", min_value=0, max_value=9), 0, 0.8, 0),
        (Real(name="x", min_value=-1, max_value=1, step=0.5), 0.0, 0.8, -0.5),
        pytest.param(
            Integer(name="x", min_value=1, max_value=10**400), 10**399, 0.7, 7 * 10**398, id="huge"
        ),
        (Categorical(name="x", candidates=(16, 64, 32)), 32, 1.25, 64),
        (Categorical(name="x", candidates=(16, 64, 32)), 32, 0.8, 16),
        (Categorical(name="x", candidates=(16, 64, 32)), 64, 1.25, 64),
        (Categorical(name="x", candidates=(16, 64, 32)), 32, 1, 32),
        (Categorical(name="x", candidates=("a", "b")), "a", 1.25, "a"),
        (Categorical(name="x", candidates=(False, True)), True, 0.8, True),
    ],
)
def test_a_value_moves_by_the_factor(
    parameter: Parameter, value: ParamValue, factor: float, changed: ParamValue
) -> None:
    found = explored(parameter, value, factor)
    assert found == changed
    assert type(found) is type(value)


def test_with_certain_resampling_every_value_is_drawn_anew() -> None:
    parameter = Real(name="x", min_value=0, max_value=1)
    space = SearchSpace((parameter,))
    drawn = {
        explore(space, {"x": 0.5}, generator(seed, 0, "test"), perturb=(2,), resample=1.0)["x"]
        for seed in range(20)
    }
    assert len(drawn) == 20
    assert 1.0 not in drawn  # as multiplying would have given


def test_rules_are_kept_and_where_they_cannot_be_nothing_changes() -> None:
    numbers = tuple(Integer(name=name, min_value=1, max_value=50) for name in "ab")
    together = SearchSpace(numbers, rules=("a * b <= 100",))
    for seed in range(30):
        found = explore(
            together,
            {"a": 10, "b": 10},
            generator(seed, 0, "test"),
            perturb=(0.8, 1.25),
            resample=0.1,
        )
        assert together.problem(found) == ""
    stuck = SearchSpace(numbers, rules=("a == 10 and b == 10",))
    params: dict[str, ParamValue] = {"a": 10, "b": 10}
    assert explore(stuck, params, generator(0, 0, "test"), perturb=(2,), resample=0.0) == params


def test_the_first_members_have_one_value_in_each_part_of_a_range() -> None:
    members = [spread(SPACE, 3, place, 8) or {} for place in range(8)]
    shares = sorted((float(str(one["share"])) + 1) / 2 for one in members)
    for part, share in enumerate(shares):
        assert part / 8 <= share <= (part + 1) / 8
    decays = sorted(float(str(one["decay"])) for one in members)
    assert all(above / below < 10**2 for below, above in pairwise(decays))
    assert members != sorted(members, key=lambda one: float(str(one["share"])))
    for one in members:
        assert SPACE.problem(one) == ""


def test_the_first_members_keep_the_rules() -> None:
    numbers = tuple(Integer(name=name, min_value=1, max_value=50) for name in "ab")
    space = SearchSpace(numbers, rules=("a < b",))
    assert all(space.problem(spread(space, 0, place, 8) or {}) == "" for place in range(8))
