"""All combinations of lists of values, of which none is made before it is asked for."""

import copy
import itertools
import pickle
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import automl
from automl.errors import SpecError
from automl.inside.models.grid import Grid

ARTICLE = {
    "lr": [0.001, 0.0005],
    "loss": ["mean_squared_error"],
    "act_in": ["relu", "swish", "tanh"],
    "act_out": ["tanh", "sigmoid"],
}


def listed(values: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(values, one, strict=True)) for one in itertools.product(*values.values())]


VALUES = st.dictionaries(
    st.text("abc", min_size=1),
    st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True),
    min_size=1,
    max_size=4,
)
BOUND = st.none() | st.integers(-300, 300)


def test_the_grid_of_the_article_is_walked_as_nested_loops() -> None:
    grid = automl.grid(ARTICLE)
    expected = [
        {"lr": lr, "loss": loss, "act_in": act_in, "act_out": act_out}
        for lr in ARTICLE["lr"]
        for loss in ARTICLE["loss"]
        for act_in in ARTICLE["act_in"]
        for act_out in ARTICLE["act_out"]
    ]
    assert (len(grid), list(grid)) == (12, expected)
    assert grid == expected
    assert expected == grid
    assert [list(one) for one in grid] == [list(ARTICLE)] * 12


@given(values=VALUES, start=BOUND, stop=BOUND, step=st.integers(-5, 5).filter(bool), at=st.data())
def test_it_is_the_sequence_of_its_combinations(
    values: dict[str, list[Any]], start: int | None, stop: int | None, step: int, at: Any
) -> None:
    grid, whole = automl.grid(values), listed(values)
    part, expected = grid[start:stop:step], whole[start:stop:step]
    for one, other in ((grid, whole), (part, expected)):
        assert (len(one), list(one), bool(one)) == (len(other), other, bool(other))
        assert one == other
        assert list(reversed(one)) == other[::-1]
        assert eval(repr(one)) == one  # noqa: S307 - what it prints as
        assert pickle.loads(pickle.dumps(one)) == copy.copy(one) == one  # noqa: S301
    combination = at.draw(st.sampled_from(whole))
    assert (combination in part, part.count(combination)) == (
        combination in expected,
        expected.count(combination),
    )
    place = whole.index(combination)
    assert grid.index(combination) == place
    assert grid[place] == grid[place - len(whole)] == combination
    assert part[0:2] == expected[0:2]


def test_a_huge_one_is_never_listed() -> None:
    tracemalloc.start()
    grid = automl.grid({f"p{place}": range(10) for place in range(9)})
    assert len(grid) == 10**9
    assert grid[123_456_789] == {f"p{place}": place + 1 for place in range(9)}
    assert grid[-1] == dict.fromkeys(grid.names, 9)
    assert grid.index(grid[987_654_321]) == 987_654_321
    assert dict.fromkeys(grid.names, 10) not in grid
    assert list(itertools.islice(grid[::-1], 1)) == [grid[-1]]
    assert len(grid[5::1000]) == 10**6
    assert grid == automl.grid({f"p{place}": range(10) for place in range(9)})
    assert grid != grid[1:]
    assert "p8" in repr(grid)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    beyond = automl.grid({f"p{place}": range(10) for place in range(30)})
    assert (beyond.size, beyond[10**29]["p0"]) == (10**30, 1)
    assert beyond


def test_combinations_are_the_callers_own() -> None:
    grid = automl.grid({"layers": [[64, 32], (16,)], "act": ["relu"]})
    grid[0]["act"] = "changed"
    assert grid[0] == {"layers": [64, 32], "act": "relu"}
    assert grid[1]["layers"] == (16,)


def test_values_of_arrays_are_pythons_own_and_objects_stay() -> None:
    grid = automl.grid({"lr": np.linspace(0, 1, 3), "make": [int, Grid], "on": [True, 1, 1.0]})
    assert [type(one) for one in grid.choices("lr")] == [float] * 3
    assert grid[-1] == {"lr": 1.0, "make": Grid, "on": 1.0}
    assert "np." not in repr(grid)
    assert len(automl.grid({"w": [np.zeros(2), np.zeros(2)]})) == 2


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "a list of values for each name"),
        ([("a", [1])], "a list of values for each name"),
        ({"lr": 0.1}, r"'lr' must be a list of values, got 0.1; of one value, give \[value\]"),
        ({"act": "relu"}, "'act' must be a list of values, got 'relu'"),
        ({"act": {"relu": 1}}, "'act' must be a list of values"),
        ({"act": {"relu"}}, "'act' must be a list, as a set has no order"),
        ({"lr": (one for one in [1])}, "'lr' must be a list of values"),
        ({"lr": None}, "'lr' must be a list of values, got None"),
        ({"lr": int}, "'lr' must be a list of values"),
        ({"lr": []}, "'lr' has no values"),
        ({"lr": [0.1, 0.2, 0.1]}, "'lr' has 0.1 twice"),
        ({"n": [[1], [2], [1]]}, r"'n' has \[1\] twice"),
        ({1: [1]}, "a name must be a text, got 1"),
        ({"": [1]}, "a name must be a text"),
    ],
)
def test_what_is_no_grid_is_refused(values: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        automl.grid(values)


@pytest.mark.parametrize(
    ("ask", "error", "told"),
    [
        (lambda grid: grid[12], IndexError, "no combination 12: the grid has 12"),
        (lambda grid: grid[-13], IndexError, "no combination -13"),
        (lambda grid: grid["lr"], TypeError, "integer"),
        (lambda grid: grid.index({"lr": 1}), ValueError, "not in the grid"),
        (hash, TypeError, "unhashable"),
    ],
)
def test_what_it_has_not_is_told(
    ask: Callable[[Grid], Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        ask(automl.grid(ARTICLE))


@pytest.mark.parametrize("other", [None, 12, "grid", [{}], ["lr"] * 12, tuple(listed(ARTICLE))])
def test_it_is_no_other_thing(other: object) -> None:
    assert automl.grid(ARTICLE) != other
    assert other not in automl.grid(ARTICLE)
