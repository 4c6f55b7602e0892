import itertools
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.space.parameters import Categorical, Integer, Parameter, Real
from automl.space.space import SearchSpace, combination_key

CANDIDATES = [0, 1, 2, 0.0, 1.0, True, False, None, "1", "", [1], [True], {"a": 1}]


@st.composite
def countable(draw: st.DrawFn, name: str) -> Parameter:
    kind = draw(st.sampled_from(["Categorical", "Integer", "Real"]))
    if kind == "Categorical":
        places = draw(st.lists(st.sampled_from(range(13)), min_size=1, max_size=3, unique=True))
        return Categorical(name=name, candidates=tuple(CANDIDATES[place] for place in places))  # type: ignore[arg-type]
    width = draw(st.integers(0, 3))
    if kind == "Integer":
        step = draw(st.none() | st.integers(1, 3))
        return Integer(name=name, min_value=-2, max_value=width - 2, step=step)
    step_size = draw(st.sampled_from([0.1, 0.7, 1e-5, 2.5]))
    return Real(name=name, min_value=-0.3, max_value=-0.3 + width * step_size, step=step_size)


@st.composite
def spaces(draw: st.DrawFn) -> SearchSpace:
    names = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True))
    return SearchSpace(tuple(draw(countable(name)) for name in names))


@given(spaces())
def test_the_walk_meets_every_combination_once(space: SearchSpace) -> None:
    size = space.size
    assert size is not None
    walk = [space.combination_at(index) for index in range(size)]
    columns = [
        [parameter.value_at(index) for index in range(parameter.count or 0)] for parameter in space
    ]
    # The order of nested loops, the first parameter outermost.
    assert [tuple(params.values()) for params in walk] == list(itertools.product(*columns))
    assert all(tuple(params) == space.names for params in walk)
    assert all(space.contains(params) for params in walk)
    assert len({combination_key(params) for params in walk}) == size


def test_one_uncountable_parameter_makes_the_space_uncountable() -> None:
    real = Real(name="lr", min_value=0, max_value=1)
    assert SearchSpace((Integer(name="n", min_value=1, max_value=9), real)).size is None


def test_a_list_of_parameters_will_do_and_keeps_its_order() -> None:
    parameters: Any = [Integer(name=name, min_value=1, max_value=2) for name in "zax"]
    space = SearchSpace(parameters)
    assert space.names == ("z", "a", "x")
    assert list(space) == parameters


def test_a_space_without_parameters_is_refused() -> None:
    with pytest.raises(SpecError, match="hyperparams is empty; give at least one parameter"):
        SearchSpace(())


def test_a_name_used_twice_is_refused() -> None:
    n, m = (Integer(name=name, min_value=1, max_value=2) for name in "nm")
    with pytest.raises(SpecError, match="parameter 'n' is defined 3 times; every parameter needs"):
        SearchSpace((m, n, n, n))


@pytest.mark.parametrize("wrong", ["n", 3, None, Integer])
def test_what_is_no_parameter_is_refused(wrong: Any) -> None:
    message = f"hyperparams: {wrong!r} is not a parameter; make each with hyperparam.create(...)"
    with pytest.raises(SpecError, match=re.escape(message)):
        SearchSpace((wrong,))


@pytest.mark.parametrize(
    ("params", "inside"),
    [
        ({"n": 1, "k": "a"}, True),
        ({"k": "a", "n": 1}, True),
        ({"n": 1}, False),
        ({"n": 1, "k": "a", "z": 0}, False),
        ({"n": 1, "z": "a"}, False),
        ({"n": 4, "k": "a"}, False),
        ({"n": 1.0, "k": "a"}, False),
        ({"n": True, "k": "a"}, False),
        ({}, False),
    ],
)
def test_a_combination_needs_exactly_the_names_and_an_allowed_value_each(
    params: dict[str, Any], *, inside: bool
) -> None:
    n = Integer(name="n", min_value=1, max_value=3)
    k = Categorical(name="k", candidates=("a", "b"))
    assert SearchSpace((n, k)).contains(params) == inside


VALUES = st.sampled_from(range(len(CANDIDATES))).map(lambda place: CANDIDATES[place])
PARAMS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from("ab"), VALUES)


@given(PARAMS, PARAMS)
@example({"a": 1}, {"a": True})
@example({"a": 1}, {"a": 1.0})
@example({"a": [1]}, {"a": [True]})
@example({"a": None}, {})
def test_two_combinations_share_a_key_exactly_when_all_agrees(
    left: dict[str, Any], right: dict[str, Any]
) -> None:
    # repr tells 1, 1.0 and True apart, at every depth.
    agree = sorted(map(repr, left.items())) == sorted(map(repr, right.items()))
    assert (combination_key(left) == combination_key(right)) == agree


def test_the_order_of_names_is_not_part_of_a_combination() -> None:
    assert combination_key({"a": 1, "b": 2}) == combination_key({"b": 2, "a": 1})
