"""Spaces and experiments of NNI."""

import json
from pathlib import Path
from typing import Any

import pytest
from foreign_samples import NNI_EXPERIMENT, NNI_SPACE, Read, Refused

from automl.space.parameters import described
from automl.space.space import SearchSpace
from automl.studies.given.trial_parts import PARAMETERS_KIND


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("choice", ["a", 1, 0.5], {"type": "Categorical", "candidates": ["a", 1, 0.5]}),
        ("randint", [2, 9], {"type": "Integer", "min_value": 2, "max_value": 8}),
        ("randint", [9], {"type": "Integer", "min_value": 0, "max_value": 8}),
        ("uniform", [0, 1], {"type": "Real", "min_value": 0.0, "max_value": 1.0}),
        ("loguniform", [0.1, 1], {"type": "Real", "min_value": 0.1, "max_value": 1.0, "log": True}),
        (
            "quniform",
            [0, 10, 2.5],
            {"type": "Real", "min_value": 0.0, "max_value": 10.0, "step": 2.5},
        ),
        ("quniform", [1, 5, 1], {"type": "Integer", "min_value": 1, "max_value": 5}),
        (
            "qloguniform",
            [1, 100, 1],
            {"type": "Integer", "min_value": 1, "max_value": 100, "log": True},
        ),
        ("normal", [0, 1], {"type": "Normal", "mean": 0.0, "std": 1.0}),
        ("qnormal", [0, 1, 0.5], {"type": "Normal", "mean": 0.0, "std": 1.0, "step": 0.5}),
        ("lognormal", [0, 1], {"type": "LogNormal", "mean": 0.0, "std": 1.0}),
        ("qlognormal", [2, 1, 1], {"type": "LogNormal", "mean": 2.0, "std": 1.0, "step": 1}),
    ],
)
def test_each_type_has_its_parameter(
    read: Read, kind: str, value: list[Any], expected: dict[str, Any]
) -> None:
    found = read(json.dumps({"x": {"_type": kind, "_value": value}}))
    assert found.kind == "nni"
    (made,) = found.converted.study["hyperparams"]
    assert repr(made) == repr({"type": expected.pop("type"), "name": "x", **expected})


def test_nested_choices_are_conditions(read: Read) -> None:
    found = read(NNI_SPACE).converted
    space = SearchSpace(PARAMETERS_KIND.read(found.study["hyperparams"], "hyperparams"))
    assert [(one["name"], one.get("when")) for one in map(described, space)] == [
        ("lr", None),
        ("layer0", None),
        ("layer0.Conv.kernel_size", {"layer0": ["Conv"]}),
        ("pool_size", {"layer0": ["Pool"]}),
        ("layer0.Pool.kernel_size", {"layer0": ["Pool"]}),
        ("layer1", None),
        ("layer1.kernel_size", {"layer1": ["Conv"]}),
    ]
    assert [one.sometimes for one in found.arguments] == [
        False,
        False,
        True,
        True,
        True,
        False,
        True,
    ]


def test_an_experiment_is_a_whole_study(read: Read) -> None:
    Path("code").mkdir()
    Path("spaces").mkdir()
    Path("spaces", "search_space.json").write_text(NNI_SPACE)
    study = read(NNI_EXPERIMENT, "config.yml").converted.study
    assert len(study.pop("hyperparams")) == 3
    (task,) = study.pop("task_list")
    assert task["cmd"][:6] == [
        "python3",
        "mnist.py",
        "--epochs",
        "2",
        "--lr",
        "{{ trial.param.lr }}",
    ]
    assert task["metric_reader"]["parser_pattern"] == r"Final result: ([-+\d.eE]+)"
    assert study == {
        "algorithm": "tpe",
        "pruner": {"type": "median", "start_step": 3},
        "objectives": [{"metric": "default", "direction": "minimize"}],
        "seed": 7,
        "name": "my-nni-test",
        "max_trial_num": 5,
        "max_parallel": 2,
        "max_runtime": "1h",
        "gpus": "auto",
        "gpus_per_trial": 1,
        "cwd": "code",
    }


def test_the_older_form_of_an_experiment_is_read(read: Read) -> None:
    text = """
authorName: somebody
experimentName: old
trialConcurrency: 3
maxExecDuration: 2h
maxTrialNum: 7
trainingServicePlatform: local
searchSpacePath: space.json
useAnnotation: false
tuner:
  builtinTunerName: Random
  classArgs: {optimize_mode: maximize}
trial: {command: python3 a.py | tee log, codeDir: ., gpuNum: 0}
"""
    Path("space.json").write_text('{"lr": {"_type": "uniform", "_value": [0, 1]}}')
    found = read(text, "old.yml").converted
    assert found.study["task_list"][0]["cmd"] == "python3 a.py | tee log --lr {{ trial.param.lr }}"
    assert found.study["algorithm"] == "random"
    assert "gpus" not in found.study
    assert (found.study["max_trial_num"], found.study["max_runtime"]) == (7, "2h")
    assert "authorName has no counterpart, and is left out" in found.notes
    assert "'Final result:'" in found.ranked_notes[0]


def test_a_condition_in_a_line_for_the_shell(read: Read) -> None:
    space = {"a": {"_type": "choice", "_value": [{"_name": "x", "b": _one()}, {"_name": "y"}]}}
    text = json.dumps({"searchSpace": space, "trialCommand": "sh -c ./run | tee log"})
    cmd = read(text).converted.study["task_list"][0]["cmd"]
    when = "{% if trial.param.b is defined %}--b {{ trial.param.b }}{% endif %}"
    assert cmd == f"sh -c ./run | tee log --a {{{{ trial.param.a }}}} {when}"


def _one() -> dict[str, Any]:
    return {"_type": "choice", "_value": [1, 2]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"a": {"_type": "chioce",\n"_value": []}}',
            "column 8: _type 'chioce' is unknown",
        ),
        (
            '{"a": {"_type": "uniform",\n"_value": [1]}}',
            "line 2, column 1: uniform takes [low, high]",
        ),
        ('{"a": {"_type": "uniform", "_value": 3}}', "uniform takes [low, high], got 3"),
        ('{"a": {"_type": "uniform"}}', "'_value' is missing; there is: _type"),
        ('{"a": {"_type": "randint", "_value": [1.5, 3]}}', "randint takes whole numbers"),
        ('{"a": {"_type": "choice", "_value": [{"_name": "x"}, {"b": 1}]}}', "'_name' is missing"),
        (
            '{"a": {"_type": "choice", "_value": [{"_name": "x"}, {"_name": "x"}]}}',
            "there twice",
        ),
        (
            '{"a": {"_type": "choice", "_value": [{"_name": "x", "b": {"_type": "no"}}]}}',
            "column 59: _type 'no' is unknown",
        ),
        ('{"a": {"_type": "choice", "_value": [1]}, "b": 3}', "b must be a dictionary, got 3"),
        ('{"searchSpaceFile": "none.json"}', "none.json cannot be read: No such file"),
        (
            '{"searchSpace": {}, "tuner": {"name": "TEP"}}',
            "name 'TEP' is unknown (did you mean 'TPE'?); known: TPE, Random",
        ),
        (
            '{"searchSpace": {}, "tuner": {"name": "TPE", "classArgs": {"optimize_mode": "up"}}}',
            "optimize_mode 'up' is unknown; known: maximize, minimize",
        ),
        ('{"searchSpace": {}, "trialConcurrency": "many"}', "trialConcurrency must be a number"),
    ],
)
def test_mistakes_are_told_with_their_place(refused: Refused, text: str, told: str) -> None:
    assert told in refused(text)


def test_a_mistake_in_the_file_of_the_space_is_told_with_its_line(
    read: Read, refused: Refused
) -> None:
    Path("ss.json").write_text('{\n "lr": {"_type": "uniform", "_value": [1, 2, 3]}\n}')
    told = refused("searchSpaceFile: ss.json\n", "config.yml")
    assert told.startswith("ss.json, line 2, column 29: uniform takes [low, high]")
    assert told.split("\n")[1].strip() == '"lr": {"_type": "uniform", "_value": [1, 2, 3]}'
    assert read
