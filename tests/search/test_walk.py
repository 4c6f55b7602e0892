from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.search.own.walk import GridSampler, ShuffledWalk
from automl.space.parameters import Categorical, Integer, Normal, Real
from automl.space.space import SearchSpace, combination_key
from automl.testing.samplers import SAMPLER_SPACES


def whole_numbers(size: int) -> SearchSpace:
    return SearchSpace((Integer(name="x", min_value=0, max_value=size - 1),))


def walked(sampler: GridSampler | ShuffledWalk, count: int) -> list[Any]:
    return [sampler.suggest(trial_id, []) for trial_id in range(count)]


def test_a_grid_is_walked_in_the_given_order_with_the_last_parameter_fastest() -> None:
    space = SearchSpace(
        (
            Categorical(name="a", candidates=("z", 1, "b")),
            Real(name="b", min_value=0.1, max_value=0.2, step=0.1),
        )
    )
    pairs = [("z", 0.1), ("z", 0.2), (1, 0.1), (1, 0.2), ("b", 0.1), ("b", 0.2)]
    assert walked(GridSampler(space, 3), 8) == [{"a": a, "b": b} for a, b in pairs] + [None] * 2


@given(st.integers(1, 300), st.integers())
def test_a_shuffled_walk_meets_every_index_once(size: int, seed: int) -> None:
    met = walked(ShuffledWalk(whole_numbers(size), seed), size + 2)
    assert met[size:] == [None, None]
    assert sorted(params["x"] for params in met[:size]) == list(range(size))


def test_the_seed_decides_the_order_of_a_shuffled_walk() -> None:
    orders = [
        tuple(params["x"] for params in walked(ShuffledWalk(whole_numbers(50), seed), 50))
        for seed in (1, 1, 2)
    ]
    assert orders[0] == orders[1] != orders[2]
    assert list(orders[0]) != sorted(orders[0])


def test_a_huge_space_is_walked_without_a_list_of_it() -> None:
    met = walked(ShuffledWalk(whole_numbers(10**40), 1), 100)
    assert len({params["x"] for params in met}) == 100
    assert not any(right["x"] == left["x"] + 1 for left, right in pairwise(met))


@pytest.mark.parametrize("sampler", [GridSampler, ShuffledWalk])
def test_what_cannot_be_counted_cannot_be_walked(sampler: Any) -> None:
    space = SearchSpace((*whole_numbers(3), Real(name="lr", min_value=0, max_value=1)))
    with pytest.raises(SpecError, match=r"'lr' is a Real without step; give step=, or use another"):
        sampler(space, 1)


@pytest.mark.parametrize("sampler", [GridSampler, ShuffledWalk])
@pytest.mark.parametrize(
    "space",
    [space for space in SAMPLER_SPACES.values() if space.size is not None],
    ids=[name for name, space in SAMPLER_SPACES.items() if space.size is not None],
)
def test_every_allowed_combination_is_met_once(sampler: Any, space: SearchSpace) -> None:
    size = space.size or 0
    met = walked(sampler(space, 5), size + 1)
    assert met.pop() is None
    assert sorted(map(combination_key, met)) == sorted(map(combination_key, space.combinations()))


def test_a_shuffled_walk_mixes_what_rules_leave() -> None:
    space = SearchSpace((Integer(name="x", min_value=0, max_value=99),), ["x % 2 == 0"])
    orders = [tuple(one["x"] for one in walked(ShuffledWalk(space, seed), 50)) for seed in (1, 2)]
    assert all(sorted(order) == list(range(0, 100, 2)) for order in orders)
    assert len({*orders, tuple(range(0, 100, 2))}) == 3
    # Not a walk by a step: what conditions leave has no even pattern that it could cross.
    assert all(len({(b - a) % 100 for a, b in pairwise(order)}) > 10 for order in orders)


def test_a_grid_that_is_not_counted_is_walked_and_a_shuffled_one_refused() -> None:
    wide = [Integer(name=name, min_value=1, max_value=1000) for name in "ab"]
    space = SearchSpace(wide, ["a > 1"])
    assert space.size is None
    assert walked(GridSampler(space, 1), 2) == [{"a": 2, "b": 1}, {"a": 2, "b": 2}]
    with pytest.raises(SpecError, match=r"more than 50000 and not counted, .* use algorithm 'rand"):
        ShuffledWalk(space, 1)


def test_the_kind_that_cannot_be_walked_is_named() -> None:
    space = SearchSpace((Normal(name="x", mean=0, std=1),))
    with pytest.raises(SpecError, match="'x' is a Normal without step; give step="):
        GridSampler(space, 1)
