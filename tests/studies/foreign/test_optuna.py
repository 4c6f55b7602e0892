"""Distributions of Optuna, as it writes them itself."""

import json
from typing import Any

import pytest
from foreign_samples import Read, Refused
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
    distribution_to_json,
)

WRITTEN: list[tuple[BaseDistribution, dict[str, Any]]] = [
    (FloatDistribution(0, 1), {"type": "Real", "min_value": 0.0, "max_value": 1.0}),
    (
        FloatDistribution(1e-5, 1, log=True),
        {"type": "Real", "min_value": 1e-5, "max_value": 1.0, "log": True},
    ),
    (
        FloatDistribution(0.5, 2, step=0.5),
        {"type": "Real", "min_value": 0.5, "max_value": 2.0, "step": 0.5},
    ),
    (IntDistribution(1, 8), {"type": "Integer", "min_value": 1, "max_value": 8}),
    (
        IntDistribution(1, 8, log=True),
        {"type": "Integer", "min_value": 1, "max_value": 8, "log": True},
    ),
    (
        IntDistribution(2, 8, step=2),
        {"type": "Integer", "min_value": 2, "max_value": 8, "step": 2},
    ),
    (
        CategoricalDistribution((None, True, 1, 0.5, "a")),
        {"type": "Categorical", "candidates": [None, True, 1, 0.5, "a"]},
    ),
]


@pytest.mark.parametrize(("distribution", "expected"), WRITTEN)
@pytest.mark.parametrize("nested", [False, True], ids=["object", "text"])
def test_what_optuna_writes_is_the_same_here(
    read: Read, distribution: BaseDistribution, expected: dict[str, Any], *, nested: bool
) -> None:
    text = distribution_to_json(distribution)
    found = read(json.dumps({"x": text if nested else json.loads(text)}))
    assert found.kind == "optuna"
    (made,) = found.converted.study["hyperparams"]
    assert repr(made) == repr({"type": expected["type"], "name": "x", **expected})


@pytest.mark.parametrize(
    ("name", "attributes", "expected"),
    [
        ("UniformDistribution", {"low": 0, "high": 1}, {"type": "Real"}),
        ("LogUniformDistribution", {"low": 0.1, "high": 1}, {"type": "Real", "log": True}),
        ("DiscreteUniformDistribution", {"low": 0, "high": 1, "q": 0.5}, {"step": 0.5}),
        ("IntUniformDistribution", {"low": 0, "high": 4, "step": 2}, {"step": 2}),
        ("IntLogUniformDistribution", {"low": 1, "high": 4}, {"type": "Integer", "log": True}),
    ],
)
def test_those_of_earlier_releases_are_known(
    read: Read, name: str, attributes: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = read(json.dumps({"x": {"name": name, "attributes": attributes}})).converted
    (made,) = found.study["hyperparams"]
    assert made.items() >= expected.items()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"x": {"name": "FlaotDistribution"}}',
            "column 8: name 'FlaotDistribution' is unknown (did you mean 'FloatDistribution'?)",
        ),
        (
            '{"x": {"name": "FloatDistribution",\n"attributes": {"low": 1}}}',
            "line 2, column 1: x.attributes: 'high' is missing; there is: low",
        ),
        (
            '{"x": {"name": "FloatDistribution", "attributes": {"low": 1, "high": 0}}}',
            "min_value 1.0 is above max_value 0.0",
        ),
        (
            '{"x": {"name": "IntDistribution", "attributes": {"low": 1, "high": 2.5}}}',
            "high must be a whole number, got 2.5",
        ),
    ],
)
def test_mistakes_are_told_with_their_place(refused: Refused, text: str, told: str) -> None:
    assert told in refused(text)
