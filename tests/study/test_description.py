import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import JournalError
from automl.space.parameters import (
    Categorical,
    Choice,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Real,
    described,
)
from automl.space.space import SearchSpace
from automl.study.description import objectives_from, space_from
from automl.study.objective import Objective, Objectives

NAMES = [f"p{place}" for place in range(6)]
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | TEXT,
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)
CANDIDATES = st.lists(JSON, min_size=1, max_size=4, unique_by=json.dumps).map(tuple)


def parameters(name: Any) -> Any:
    whole = st.tuples(st.integers(1, 50), st.integers(0, 50))
    step = st.none() | st.just(2)
    return st.one_of(
        CANDIDATES.map(lambda values: Categorical(name=name, candidates=values)),
        st.builds(
            lambda ends, step: Integer(
                name=name, min_value=ends[0], max_value=sum(ends), step=step, log=step is None
            ),
            whole,
            step,
        ),
        st.builds(
            lambda ends, step: Real(
                name=name, min_value=ends[0], max_value=sum(ends), step=step, log=step is None
            ),
            whole,
            step,
        ),
        st.builds(
            lambda mean, step: Normal(name=name, mean=mean, std=2, step=step),
            st.integers(-5, 5),
            st.sampled_from([None, 1, 0.5]),
        ),
        st.integers(-5, 5).map(lambda mean: LogNormal(name=name, mean=mean, std=0.5)),
        JSON.map(lambda value: Constant(name=name, value=value)),
        CANDIDATES.map(
            lambda values: Linked(
                names=(name, f"{name} too"), candidates=[[value, 1] for value in values]
            )
        ),
    )


@st.composite
def spaces(draw: Any) -> Any:
    first = Categorical(name="first", candidates=("a", "b", "c"))
    number = Integer(name="number", min_value=0, max_value=9)
    more = [draw(parameters(name)) for name in NAMES[: draw(st.integers(0, 4))]]
    choice = Choice(
        name="choice",
        options={"on": more, "off": [], "other": [Real(name="r", min_value=0, max_value=1)]},
        when=draw(st.sampled_from([None, {"first": ["a", "b"]}, "first == 'a' and number > 2"])),
    )
    rules = draw(st.sampled_from([(), ("number <= 7",), ("number < 5 or first == 'a'",)]))
    return SearchSpace((first, number, choice), rules=rules)


def as_kept(space: Any) -> Any:
    """Return what the journal keeps of a space."""
    kept = {
        "hyperparams": [described(parameter) for parameter in space.parameters],
        "rules": list(space.rules),
    }
    return json.loads(json.dumps(kept))


@given(space=spaces())
def test_a_space_is_read_back_as_it_was(space: Any) -> None:
    assert space_from(as_kept(space)) == space


@given(space=spaces(), seed=st.integers(0, 99))
def test_a_space_that_was_read_back_draws_and_allows_the_same(space: Any, seed: Any) -> None:
    back = space_from(as_kept(space))
    share = (seed % 10) / 10
    drawn = space.assemble(lambda parameter: parameter.quantile(share))
    assert back.assemble(lambda parameter: parameter.quantile(share)) == drawn
    assert back.contains(drawn) == space.contains(drawn)


def test_a_description_of_an_earlier_release_has_no_rules() -> None:
    kept = {"hyperparams": [{"type": "Categorical", "name": "a", "candidates": [1, 2]}]}
    assert space_from(kept) == SearchSpace((Categorical(name="a", candidates=(1, 2)),))


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"hyperparams": []},
        {"hyperparams": [{"type": "Spiral", "name": "a"}]},
        {"hyperparams": [{"name": "a"}]},
        {"hyperparams": ["a"]},
        {"hyperparams": [{"type": "Integer", "name": "a", "min_value": 2, "max_value": 1}]},
        {"hyperparams": [{"type": "Integer", "name": "a", "lowest": 2}]},
    ],
)
def test_a_damaged_space_is_refused(kept: Any) -> None:
    with pytest.raises(JournalError, match="journal describes the space"):
        space_from(kept)


@pytest.mark.parametrize(
    ("kept", "objectives"),
    [
        ({}, Objectives()),
        (
            {"direction": "minimize", "final": "best"},
            Objectives((Objective(direction="minimize", final="best"),)),
        ),
        (
            {
                "direction": "maximize",
                "final": "last",
                "objectives": [
                    {"metric": "acc", "direction": "maximize", "final": "last", "weight": None},
                    {"metric": "ms", "direction": "minimize", "final": "min", "weight": None},
                ],
                "constraints": ["ms <= 20"],
            },
            Objectives(
                (
                    Objective(metric="acc"),
                    Objective(metric="ms", direction="minimize", final="min"),
                ),
                ("ms <= 20",),
            ),
        ),
    ],
)
def test_objectives_are_read_back(kept: Any, objectives: Any) -> None:
    assert objectives_from(kept) == objectives


@pytest.mark.parametrize(
    "kept", [{"direction": "sideways"}, {"objectives": []}, {"objectives": [{"worth": 1}]}]
)
def test_damaged_objectives_are_refused(kept: Any) -> None:
    with pytest.raises(JournalError, match="journal describes the objectives"):
        objectives_from(kept)
