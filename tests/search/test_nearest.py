import itertools
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.search.own.nearest import Nearest
from automl.space.conditions import condition_of
from automl.space.parameters import Categorical, Integer
from automl.space.space import Params, SearchSpace, combination_key

SPACE = SearchSpace(
    (
        Integer(name="a", min_value=0, max_value=6),
        Categorical(name="n", candidates=(40, 10, 20)),
        Categorical(name="kind", candidates=("x", "y")),
    )
)
ALL = [SPACE.combination_at(index) for index in range(SPACE.size or 0)]


def rng(seed: int = 1) -> random.Random:
    return random.Random(seed)  # noqa: S311 - decides between equals


def distance(left: Any, right: Any) -> float:
    order = [10, 20, 40]
    numbers = [order.index(params["n"]) for params in (left, right)]
    a = abs(left["a"] - right["a"]) / 6
    return float(a + abs(numbers[0] - numbers[1]) / 2 + (left["kind"] != right["kind"]))


@given(st.integers(0, len(ALL) - 1), st.sets(st.integers(0, len(ALL) - 1), max_size=30))
def test_none_that_is_free_is_nearer(start: int, taken: set[int]) -> None:
    seen = {combination_key(ALL[index]) for index in taken}
    found = Nearest(SPACE).find(ALL[start], lambda p: combination_key(p) not in seen, rng())
    assert found is not None
    free = [params for params in ALL if combination_key(params) not in seen]
    least = min(distance(ALL[start], params) for params in free)
    assert abs(distance(ALL[start], found) - least) < 1e-6


def test_a_full_space_has_none() -> None:
    assert Nearest(SPACE).find(ALL[0], lambda _: False, rng()) is None


def test_conditions_are_passed_and_rules_are_jumped_over() -> None:
    space = SearchSpace(
        (
            Categorical(name="opt", candidates=("sgd", "adam")),
            Integer(name="m", min_value=0, max_value=5, when=condition_of("m", {"opt": "sgd"})),
        ),
        rules=("m == 0 or m == 5",),
    )
    tried: list[Params] = [{"opt": "adam"}]
    nearest = Nearest(space)

    def free(params: Params) -> bool:
        return space.allows(params) and params not in tried

    found = [nearest.find({"opt": "adam"}, free, rng())]
    tried.append({"opt": "sgd", "m": 0})
    found.append(nearest.find({"opt": "adam"}, free, rng()))
    assert found == [{"opt": "sgd", "m": 0}, {"opt": "sgd", "m": 5}]


def test_among_equally_near_ones_chance_decides() -> None:
    space = SearchSpace((Integer(name="a", min_value=0, max_value=10),))
    found = {
        str(Nearest(space).find({"a": 5}, lambda p: p["a"] != 5, rng(seed))) for seed in range(20)
    }
    assert found == {str({"a": 4}), str({"a": 6})}


def test_the_search_ends_in_a_huge_space() -> None:
    space = SearchSpace(tuple(Integer(name=name, min_value=0, max_value=10**9) for name in "abc"))
    looked_at = itertools.count()
    start = dict.fromkeys("abc", 5 * 10**8)
    assert Nearest(space).find(start, lambda _: next(looked_at) < 0, rng()) is None
    assert next(looked_at) == 2000


def test_more_places_than_an_index_can_hold_are_searched() -> None:
    space = SearchSpace((Integer(name="n", min_value=1, max_value=10**30),))
    assert Nearest(space).find({"n": 10**30}, lambda p: p["n"] != 10**30, rng()) == {
        "n": 10**30 - 1
    }


def test_the_search_ends_soon_where_each_combination_has_many_neighbours() -> None:
    words = tuple(f"v{number}" for number in range(40))
    space = SearchSpace(tuple(Categorical(name=name, candidates=words) for name in "abcd"))
    looked_at = itertools.count()
    made = itertools.count()
    nearest = Nearest(space)
    assemble = nearest._assemble

    def counted(chosen: Any) -> Any:
        next(made)
        return assemble(chosen)

    nearest._assemble = counted  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("automl.search.own.nearest.MADE", 1000)
        found = nearest.find(dict.fromkeys("abcd", "v0"), lambda _: next(looked_at) < 0, rng())
    assert found is None
    assert next(made) < 1500
    assert next(looked_at) > 900
