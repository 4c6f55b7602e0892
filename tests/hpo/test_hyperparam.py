"""What a script or a study file can say of its parameters."""

import re
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import hyperparam
from automl.space.parameters import (
    Categorical,
    Choice,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
)
from automl.space.space import SearchSpace


def test_each_new_kind_of_parameter_is_made() -> None:
    made = [
        hyperparam.create(type="Normal", name="x", mean=0, std=1),
        hyperparam.create(type="LogNormal", name="y", mean=3, std=1, step=1),
        hyperparam.create(type="Constant", name="data", value="digits"),
        hyperparam.create(type="Linked", names=["w", "d"], candidates=[[64, 2], [32, 4]]),
        hyperparam.create(type="Integer", name="n", min_value=1, max_value=2, when="x > 0"),
    ]
    assert made[:4] == [
        Normal(name="x", mean=0, std=1),
        LogNormal(name="y", mean=3, std=1, step=1),
        Constant(name="data", value="digits"),
        Linked(names=("w", "d"), candidates=([64, 2], [32, 4])),
    ]
    assert SearchSpace(made, rules=["n * w < 100"]).names == ("x", "y", "data", "w", "d", "n")


def test_a_choice_of_parameters_and_one_of_dictionaries_are_the_same() -> None:
    rate = hyperparam.create(type="Categorical", name="rate", candidates=[0.1, 0.2])
    inner = hyperparam.create(type="Choice", name="decay", options={"step": [rate], "none": []})
    written = {
        "type": "Choice",
        "name": "decay",
        "options": {
            "step": [{"type": "Categorical", "name": "rate", "candidates": [0.1, 0.2]}],
            "none": [],
        },
    }
    made = [
        hyperparam.create(type="Choice", name="opt", options={"sgd": [decay], "adam": ()})
        for decay in (inner, written)
    ]
    assert made[0] == made[1]
    assert isinstance(made[1], Choice)
    assert [one.name for one in made[1].expanded()] == ["opt", "decay", "rate"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (None, "'opt': options must be a dict of labels"),
        ({"a": "x"}, "'opt': option 'a' must be a list of parameters, got 'x'"),
        ({"a": [{"name": "x"}]}, "'opt': {'name': 'x'} of its options must be a dictionary"),
        ({"a": [{"type": "Integer", 3: 4}]}, "'opt': {'type': 'Integer', 3: 4} of its options"),
        ({"a": [{"type": "Intger"}]}, "type 'Intger' is unknown (did you mean 'Integer'?)"),
        ({"a": [3]}, "'opt': 3 of option 'a' is not a parameter"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(options: Any, message: str) -> None:
    with pytest.raises(SpecError, match=re.escape(message)):
        hyperparam.create(type="Choice", name="opt", options=options)


def test_the_options_of_all_kinds_are_known() -> None:
    kinds = {name: hyperparam.PARAMETERS.options(name) for name in hyperparam.PARAMETERS.names()}
    assert kinds == {
        "Categorical": ["name", "candidates", "when"],
        "Choice": ["name", "options", "when"],
        "Constant": ["name", "value", "when"],
        "Flag": ["name", "on", "off", "when"],
        "Integer": ["name", "min_value", "max_value", "log", "step", "when"],
        "Linked": ["names", "candidates", "when"],
        "LogNormal": ["name", "mean", "std", "step", "when"],
        "Normal": ["name", "mean", "std", "step", "when"],
        "Real": ["name", "min_value", "max_value", "log", "step", "when"],
    }


def test_a_condition_prints_as_it_can_be_written() -> None:
    held = hyperparam.create(type="Categorical", name="c", candidates=[1], when={"opt": "sgd"})
    assert repr(held) == "Categorical(name='c', candidates=(1,), when={'opt': ['sgd']})"
    assert held == Categorical(name="c", candidates=(1,), when=held.when)
    assert isinstance(
        hyperparam.create(type="Integer", name="n", min_value=1, max_value=2, when="c == 1"),
        Integer,
    )
