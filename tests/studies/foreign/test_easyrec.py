"""Lists of parameters of EasyRec and PAI."""

import json
from typing import Any

import pytest
from foreign_samples import Read, Refused


def test_the_kinds_are_those_of_our_own_door(read: Read) -> None:
    found = read(
        json.dumps(
            [
                {"type": "Categorical", "name": "batch", "candidates": ["16", 32]},
                {"type": "Integer", "name": "steps", "min_value": 1, "max_value": 6.0},
                {"type": "Real", "name": "lr", "min": 0.001, "max": 1, "log": True},
                {"type": "float", "name": "drop", "minValue": 0, "maxValue": 1},
            ]
        )
    )
    assert found.kind == "easyrec"
    batch, steps, lr, drop = found.converted.study["hyperparams"]
    assert batch["candidates"] == ["16", 32]
    assert repr(steps) == repr({"type": "Integer", "name": "steps", "min_value": 1, "max_value": 6})
    assert (lr["min_value"], lr["max_value"], lr["log"]) == (0.001, 1, True)
    assert drop["type"] == "Real"
    assert [one.words[0] for one in found.converted.arguments] == [
        "--batch",
        "--steps",
        "--lr",
        "--drop",
    ]


def test_paths_in_a_config_are_told_as_edits_of_it(read: Read) -> None:
    one = {"type": "Categorical", "candidates": [1]}
    names = ["data_config.batch_size", "feature_configs[input_names[0]=a].embedding_dim"]
    found = read(json.dumps({"hyperparams": [{**one, "name": name} for name in names]})).converted
    (argument,) = found.arguments
    assert argument.names == tuple(names)
    assert argument.words[0] == "--edit_config_json"
    assert f"'{names[0]}': trial.param['{names[0]}']" in argument.words[1]
    assert "--edit_config_json" in found.notes[0]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([{"type": "Categoric", "name": "a"}], "type 'Categoric' is unknown (did you mean 'Categ"),
        ([{"type": "Real", "name": "a", "min": 1}], "needs max_value"),
        ([{"type": "Real", "name": "a", "lower": 1}], "has no option 'lower'"),
        ([{"type": "Flag", "name": "a", "on": "-a"}, 3], "[1] must be a dictionary, got 3"),
        ([{"type": "Flag", "name": "a", "on": "-a"}, {"name": "b"}], "'type' is missing"),
        (
            [{"type": "Categorical", "name": "a", "candidates": [1]}] * 2,
            "the parameter 'a' is there twice",
        ),
    ],
)
def test_mistakes_are_told_with_their_place(refused: Refused, data: Any, told: str) -> None:
    message = refused(json.dumps(data, indent=1))
    assert told in message
    assert "space.json, line " in message
