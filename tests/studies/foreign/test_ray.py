"""Spaces of LibCity, Ray Tune and RecBole."""

import json
import math
from typing import Any

import pytest
from foreign_samples import Read, Refused

TUTORIAL = """{
    "learning_rate": {
        "type": "choice",
        "list": [0.01, 0.005, 0.001]
    },
    "max_epoch": {
        "type": "randint",
        "lower": 2,
        "upper": 10
    }
    "hidden_size": {
    \t"type": "choice",
    \t"list": [50, 100, 200, 500]
    },
    "dropout": {
    \t"type": "uniform",
    \t"lower": 0.1,
    \t"upper": 0.6
    }
}
"""
"""The file of LibCity's tutorial as it is printed there."""


def test_the_tutorials_missing_comma_is_told_with_its_line(refused: Refused) -> None:
    told, line, mark = refused(TUTORIAL).split("\n")
    missing = "a comma is missing here, before '\"hidden_size\"' in line 11"
    assert told == f"space.json, line 10, column 6: this is no JSON: {missing}"
    assert (line, mark) == ("        }", "         ^")


def test_the_tutorials_file_with_the_comma_is_read(read: Read) -> None:
    found = read(TUTORIAL.replace('}\n    "hidden', '},\n    "hidden'))
    assert found.kind == "ray"
    assert found.converted.study == {
        "hyperparams": [
            {"type": "Categorical", "name": "learning_rate", "candidates": [0.01, 0.005, 0.001]},
            {"type": "Integer", "name": "max_epoch", "min_value": 2, "max_value": 9},
            {"type": "Categorical", "name": "hidden_size", "candidates": [50, 100, 200, 500]},
            {"type": "Real", "name": "dropout", "min_value": 0.1, "max_value": 0.6},
        ],
        "objectives": [{"metric": "val_loss", "direction": "minimize"}],
    }
    assert found.converted.notes == ()
    first = found.converted.arguments[0]
    assert first.words == ("--learning_rate", "{{ trial.param.learning_rate }}")


@pytest.mark.parametrize(
    ("given", "expected", "note"),
    [
        ({"type": "uniform", "lower": 0, "upper": 1}, ("Real", 0.0, 1.0), ""),
        ({"type": "loguniform", "lower": 1e-4, "upper": 1}, ("Real", 1e-4, 1.0, {"log": True}), ""),
        (
            {"type": "quniform", "lower": 0, "upper": 1, "q": 0.25},
            ("Real", 0.0, 1.0, {"step": 0.25}),
            "as likely as the others",
        ),
        (
            {"type": "quniform", "lower": 0.1, "upper": 1, "q": 0.25},
            ("Real", 0.25, 1.0, {"step": 0.25}),
            "multiples of 0.25, 0.25 to 1.0",
        ),
        (
            {"type": "quniform", "lower": 2, "upper": 10, "q": 2},
            ("Integer", 2, 10, {"step": 2}),
            "x: whole numbers, as its bounds and step are: 2, not 2.0",
        ),
        (
            {"type": "qloguniform", "lower": 1, "upper": 64, "q": 1},
            ("Integer", 1, 64, {"log": True}),
            "whole numbers",
        ),
        (
            {"type": "qloguniform", "lower": 0.001, "upper": 1, "q": 0.001},
            ("Real", 0.001, 1.0, {"log": True, "step": 0.001}),
            "",
        ),
        (
            {"type": "qloguniform", "lower": 0, "upper": 64, "q": 16},
            ("Integer", 0, 64, {"step": 16}),
            "searched evenly: 0 has no logarithm",
        ),
        ({"type": "randint", "upper": 10}, ("Integer", 0, 9), ""),
        ({"type": "randint", "lower": 2, "upper": 10.0}, ("Integer", 2, 9), ""),
        ({"type": "lograndint", "lower": 1, "upper": 65}, ("Integer", 1, 64, {"log": True}), ""),
        (
            {"type": "qrandint", "lower": 16, "upper": 64, "q": 16},
            ("Integer", 16, 64, {"step": 16}),
            "as likely",
        ),
    ],
)
def test_a_range_has_the_same_values(
    read: Read, given: dict[str, Any], expected: tuple[Any, ...], note: str
) -> None:
    found = read(json.dumps({"x": given})).converted
    kind, low, high, *more = expected
    described = {"type": kind, "name": "x", "min_value": low, "max_value": high}
    assert found.study["hyperparams"] == [described | (more[0] if more else {})]
    assert [type(value) for value in found.study["hyperparams"][0].values()] == [
        type(value) for value in (described | (more[0] if more else {})).values()
    ]
    assert (note in " ".join(found.notes)) if note else not found.notes


def test_normal_values_keep_mean_deviation_and_step(read: Read) -> None:
    text = '{"a": {"type": "randn", "mean": 1, "sd": 2}, "b": {"type": "qrandn", "sd": 2, "q": 1}}'
    plain, stepped = read(text).converted.study["hyperparams"]
    assert plain == {"type": "Normal", "name": "a", "mean": 1.0, "std": 2.0}
    assert stepped == {"type": "Normal", "name": "b", "mean": 0.0, "std": 2.0, "step": 1}
    assert type(stepped["step"]) is int


def test_a_space_of_nothing_but_grid_search_is_walked(read: Read) -> None:
    grid = {"type": "grid_search", "list": [1, 2]}
    whole = read(json.dumps({"a": grid, "fixed": 3})).converted
    assert (whole.study["algorithm"], whole.study["max_trial_num"]) == ("grid", 2)
    assert whole.study["hyperparams"][1] == {"type": "Constant", "name": "fixed", "value": 3}
    mixed = read(json.dumps({"a": grid, "b": {"type": "choice", "list": [1]}})).converted
    assert "algorithm" not in mixed.study
    assert "a: grid_search is one of a list like the others" in mixed.notes[0]


def test_a_value_that_is_listed_twice_is_one_value(read: Read) -> None:
    found = read('{"a": {"type": "choice", "list": [1, 1.0, 1, "1"]}}').converted
    assert found.study["hyperparams"][0]["candidates"] == [1, 1.0, "1"]
    assert "listed twice" in found.notes[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": {\n "type": "unifrom"}}', "line 2, column 2: type 'unifrom' is unknown (did you"),
        ('{"a": {"type": "uniform", "lower": 1}}', "column 2: a: 'upper' is missing; there is: ty"),
        (
            '{"a": {"type": "uniform",\n"lower": "x", "upper": 1}}',
            "line 2, column 1: a: lower must",
        ),
        ('{"a": {"type": "randint", "lower": 2, "upper": 2}}', "the upper bound is excluded"),
        ('{"a": {"type": "uniform", "lower": 2, "upper": 1}}', "min_value 2.0 is above max_value"),
        ('{"a": {"type": "loguniform", "lower": 0, "upper": 1}}', "needs min_value > 0"),
        ('{"a": {"type": "quniform", "lower": 1, "upper": 2, "q": 0}}', "step must be above 0"),
        (
            '{"a": {"type": "quniform", "lower": 1.1, "upper": 1.9, "q": 1}}',
            "no multiple of 1 lies",
        ),
        ('{"a": {"type": "choice", "list": []}}', "candidates is empty"),
        ('{"a": {"type": "choice", "list": 3}}', "a: list must be a list, got 3"),
        (
            '{"a": {"type": "choice", "list": [1]}, "a": {"type": "x"}}',
            "the key 'a' is there twice",
        ),
        (
            '{"a": {"type": "choice", "list": [1 2]}}',
            "column 36: this is no JSON: a comma is missing here, before '2'",
        ),
        ("{'a': 1}", "line 1, column 2: this is no JSON"),
        ("", "line 1, column 1: this is no JSON"),
        (
            '{"a": {"type": "x"}\n\n',
            "line 1, column 20: this is no JSON: the file ends here, too ea",
        ),
        ("[]", "is the space of no known tool"),
        ('{"hyperparams": [], "max_trial_num": 3}', "is a study's file of automl; run it as it is"),
    ],
)
def test_mistakes_are_told_with_their_place(refused: Refused, text: str, told: str) -> None:
    message = refused(text)
    assert told in message
    assert message.startswith("space.json")


def test_a_text_has_one_parameter_a_line(read: Read) -> None:
    text = (
        "learning_rate loguniform[-5, 0]\n\n# a comment\nbatch choice [16,32]\n"
        "size choice ['[64,64]', '[128]']\ndrop uniform 0.1,0.5\nlayers quniform (1, 4, 1)\n"
    )
    found = read(text, "hyper.txt")
    assert found.kind == "libcity"
    rate, batch, size, drop, layers = found.converted.study["hyperparams"]
    assert rate == {
        "type": "Real",
        "name": "learning_rate",
        "min_value": math.exp(-5),
        "max_value": 1.0,
        "log": True,
    }
    assert batch["candidates"] == [16, 32]
    assert size["candidates"] == ["[64,64]", "[128]"]
    assert (drop["min_value"], drop["max_value"]) == (0.1, 0.5)
    assert layers == {"type": "Integer", "name": "layers", "min_value": 1, "max_value": 4}
    assert "exponents of e: from 0.00674 to 1" in found.converted.notes[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a choice [1]\nb logunifrom -5,0", "line 2, column 1: type 'logunifrom' is unknown (did"),
        (
            "a choice [1]\nb uniform 1",
            "line 2, column 1: uniform takes 2 numbers (low, high), got",
        ),
        ("a choice [1]\nb uniform", "line 2, column 1: a line is a name, a type and its values"),
        ("a choice [1, x]", "choice takes a list such as [0.1, 'adam'], got '[1, x]'"),
        ("a choice 5", "choice takes a list"),
        ("a loguniform 1,1000", "exp(1000) is more than a float holds"),
        ("a choice [1]\na choice [2]", "line 2, column 1: the parameter 'a' is there twice"),
    ],
)
def test_mistakes_in_a_text_are_told_with_their_line(
    refused: Refused, text: str, told: str
) -> None:
    message = refused(text, "hyper.txt")
    assert told in message
    assert text.rsplit("\n", maxsplit=1)[-1] in message


def test_libcitys_kind_takes_its_json_too(read: Read) -> None:
    space = '{"a": {"type": "choice", "list": [1]}}'
    assert read(space, kind="libcity").converted == read(space, kind="ray").converted
    assert read(space, "space").kind == "ray"
