"""Orion's marks on command lines and in configs, and its experiments."""

import json
from typing import Any

import pytest
from foreign_samples import ORION_LINE, Read, Refused


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        ("uniform(0, 1)", {"type": "Real", "min_value": 0.0, "max_value": 1.0}),
        ("uniform(-1, 1)", {"type": "Real", "min_value": -1.0, "max_value": 1.0}),
        (
            "uniform(1, 10, discrete=True)",
            {"type": "Integer", "min_value": 1, "max_value": 10},
        ),
        ("loguniform(1e-5, 1)", {"type": "Real", "min_value": 1e-5, "max_value": 1.0, "log": True}),
        (
            "loguniform(1, 8, discrete=True)",
            {"type": "Integer", "min_value": 1, "max_value": 8, "log": True},
        ),
        ("normal(0, 2)", {"type": "Normal", "mean": 0.0, "std": 2.0}),
        ("gaussian(5, 2, discrete=True)", {"type": "Normal", "mean": 5.0, "std": 2.0, "step": 1}),
        ("choices(['a', 1])", {"type": "Categorical", "candidates": ["a", 1]}),
        ("choices('a', 'b')", {"type": "Categorical", "candidates": ["a", "b"]}),
        ("choices([adam, sgd])", {"type": "Categorical", "candidates": ["adam", "sgd"]}),
        ("choices({'a': 0.2, 'b': 0.8})", {"type": "Categorical", "candidates": ["a", "b"]}),
    ],
)
def test_each_prior_has_its_parameter(read: Read, prior: str, expected: dict[str, Any]) -> None:
    found = read(json.dumps({"space": {"x": prior}}))
    assert found.kind == "orion"
    (made,) = found.converted.study["hyperparams"]
    assert repr(made) == repr({"type": expected.pop("type"), "name": "x", **expected})


def test_a_command_line_is_a_whole_study(read: Read) -> None:
    found = read(ORION_LINE, "hunt.sh")
    assert found.kind == "orion"
    study = dict(found.converted.study)
    assert [one["name"] for one in study.pop("hyperparams")] == ["lr", "w", "opt"]
    assert study == {
        "budget": {"name": "epochs", "min": 1, "max": 27, "factor": 3},
        "name": "exp",
        "max_trial_num": 20,
        "objectives": [{"metric": "objective", "direction": "minimize"}],
        "task_list": [
            {
                "type": "BashTask",
                "cmd": [
                    *("python3", "train.py", "--data", "mnist", "--lr={{ trial.param.lr }}"),
                    *("-w", "{{ trial.param.w }}", "--opt={{ trial.param.opt }}"),
                    *("--epochs={{ trial.budget }}", "HEAD~1"),
                ],
            }
        ],
    }
    assert (
        "orion's option --enable-evc has no counterpart, and is left out" in found.converted.notes
    )
    assert any("default_value of w is left out" in note for note in found.converted.notes)


def test_a_command_without_orion_before_it(read: Read) -> None:
    text = "./train --lr~'uniform(0, 1)' x~normal'(0, 1)'\n"
    found = read(text, "line.txt").converted.study
    assert found["task_list"][0]["cmd"] == [
        "./train",
        "--lr={{ trial.param.lr }}",
        "{{ trial.param.x }}",
    ]


def test_a_script_has_other_lines_templates_and_variables(read: Read) -> None:
    text = """#!/bin/bash
#SBATCH --mem=4GB
module load cuda

orion hunt -n my-exp -c orion.yaml --exp-max-trials=7 --exp-max-broken 3 \\
    ./train.sh --data $DATA --out {exp.working_dir}/{trial.id} \\
    'orion~loguniform(1e-5, 1.0)'
echo done
"""
    found = read(text, "job.sh").converted
    assert found.study["env_from"] == ["DATA"]
    assert found.study["task_list"][0]["cmd"] == [
        *("./train.sh", "--data", "${DATA}", "--out", "{{ study.dir }}/{{ trial.id }}"),
        "{{ trial.param.orion }}",
    ]
    assert (found.study["max_trial_num"], found.study["fail_fast"]) == (7, 3)
    assert "what else the script does, 2 lines, has no counterpart, and is left out" in found.notes
    assert "orion's option -c orion.yaml has no counterpart, and is left out" in found.notes


def test_an_experiment_has_a_space_and_an_algorithm(read: Read) -> None:
    text = """
experiment:
  name: my exp
  space:
    lr: loguniform(1e-5, 1.0, default_value=0.1)
    net: {width: 'uniform(8, 64, discrete=True, default_value=32)'}
    epochs: fidelity(1, 16, 4)
  algorithm: {asha: {seed: 1, num_rungs: 5}}
  max_trials: 30
  n_workers: 4
  max_broken: 3
"""
    found = read(text, "orion.yaml").converted
    assert {name: value for name, value in found.study.items() if name != "hyperparams"} == {
        "budget": {"name": "epochs", "min": 1, "max": 16, "factor": 4},
        "start_with": [{"lr": 0.1, "net.width": 32}],
        "name": "my-exp",
        "max_trial_num": 30,
        "max_parallel": 4,
        "fail_fast": 3,
        "algorithm": "random",
        "seed": 1,
    }
    assert [one.words[0] for one in found.arguments] == ["--lr", "--net.width", "--epochs"]
    assert "algorithm.num_rungs has no counterpart, and is left out" in found.notes


def test_marks_in_a_config_are_changes_of_it(read: Read) -> None:
    data = {"lr": "orion~loguniform(1e-5, 1)", "net": {"layers": ["orion~uniform(1, 2)", 3]}}
    found = read(json.dumps(data)).converted
    assert found.changes == {
        "lr": "{{ trial.param.lr }}",
        "net.layers[0]": "{{ trial.param['net.layers[0]'] }}",
    }
    assert found.arguments == ()


@pytest.mark.parametrize(
    ("prior", "told"),
    [
        ("unifrom(0, 1)", "the prior 'unifrom' is unknown (did you mean 'uniform'?); known: unifo"),
        ("uniform(0)", "uniform takes low, high, got [0]"),
        ("uniform(0, 'a')", "uniform takes low, high, got [0, 'a']"),
        ("uniform(0, 1, discret=True)", "there is no option discret= (did you mean 'discrete'?)"),
        ("uniform(0, 1, shape=3)", "shape has no counterpart; write a parameter for each number"),
        ("uniform(0, 1", "is no prior such as uniform(0, 1)"),
        ("fidelity(1)", "fidelity takes low, high and base, got [1]"),
        ("uniform(1, 0)", "min_value 1.0 is above max_value 0.0"),
        ("choices([f(1)])", "'f(1)' is no plain value"),
    ],
)
def test_mistakes_are_told_with_their_place(refused: Refused, prior: str, told: str) -> None:
    data = {"space": {"ok": "uniform(0, 1)", "x": prior}}
    message = refused(json.dumps(data, indent=1))
    assert told in message
    assert message.startswith("space.json, line 4, column 3: ")


def test_what_is_no_command_line_is_told(refused: Refused) -> None:
    assert "no command line: No closing quotation" in refused("./a --x~'uniform(0, 1)", "a.txt")
    assert "this is no command line; of configs" in refused("lr = lr~uniform(0,1)\n", "a.conf")
    assert "branched has no counterpart" in refused("./a --x~'uniform(0,1)' --y~-", "a.txt")
