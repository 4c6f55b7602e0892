"""Sweeps of W&B."""

import math
from typing import Any

import pytest
from foreign_samples import WANDB_SWEEP, Read, Refused

from automl.render.config import yaml_text

X, B = "{{ trial.param.x }}", "{{ trial.param.b }}"


def sweep(read: Read, **keys: Any) -> Any:
    given = {"method": "random", "parameters": {"x": {"values": [1, 2]}}, **keys}
    found = read(yaml_text(given), "sweep.yaml")
    assert found.kind == "wandb"
    return found.converted


def test_a_sweep_is_a_whole_study(read: Read) -> None:
    study = sweep_study = read(WANDB_SWEEP, "sweep.yaml").converted.study
    assert [one["name"] for one in study["hyperparams"]] == ["lr", "epochs", "amp", "net.width"]
    assert {name: value for name, value in sweep_study.items() if name != "hyperparams"} == {
        "algorithm": "tpe",
        "name": "my-sweep",
        "max_trial_num": 6,
        "pruner": {"type": "hyperband", "factor": 2, "brackets": 1, "start_step": 2},
        "objectives": [{"metric": "val_loss", "direction": "minimize"}],
        "earlystop": {"type": "small_is_better", "threshold": 0.1},
        "task_list": [
            {
                "type": "BashTask",
                "cmd": [
                    *("python", "train.py", "--data=${DATA}", "--lr={{ trial.param.lr }}"),
                    *("--epochs={{ trial.param.epochs }}", "{{ trial.param.amp }}"),
                    "--net.width={{ trial.param['net.width'] }}",
                ],
                "metric_reader": {"type": "stdout_reader", "metric": "val_loss"},
            }
        ],
        "env_from": ["DATA"],
    }


def test_what_has_no_counterpart_is_told(read: Read) -> None:
    notes = read(WANDB_SWEEP, "sweep.yaml").converted.notes
    assert "project has no counterpart, and is left out" in notes
    assert any(note.startswith("bayes becomes tpe: its Gaussian process") for note in notes)
    assert any(note.startswith("nested parameters have names with dots") for note in notes)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"value": None}, {"type": "Constant", "value": None}),
        ({"values": [1, "a"]}, {"type": "Categorical", "candidates": [1, "a"]}),
        ({"min": 1, "max": 5}, {"type": "Integer", "min_value": 1, "max_value": 5}),
        ({"min": 0, "max": 0.5}, {"type": "Real", "min_value": 0.0, "max_value": 0.5}),
        (
            {"distribution": "uniform", "min": 0, "max": 2},
            {"type": "Real", "min_value": 0.0, "max_value": 2.0},
        ),
        (
            {"distribution": "log_uniform", "min": -2, "max": 0},
            {"type": "Real", "min_value": math.exp(-2), "max_value": 1.0, "log": True},
        ),
        (
            {"distribution": "inv_log_uniform", "min": 0, "max": 2},
            {"type": "Real", "min_value": math.exp(-2), "max_value": 1.0, "log": True},
        ),
        (
            {"distribution": "log_uniform_values", "min": 0.1, "max": 1},
            {"type": "Real", "min_value": 0.1, "max_value": 1.0, "log": True},
        ),
        (
            {"distribution": "inv_log_uniform_values", "min": 0.1, "max": 1},
            {"type": "Real", "min_value": 0.1, "max_value": 1.0, "log": True},
        ),
        (
            {"distribution": "q_uniform", "min": 0.5, "max": 9, "q": 2},
            {"type": "Integer", "min_value": 2, "max_value": 8, "step": 2},
        ),
        (
            {"distribution": "q_uniform", "min": 0, "max": 1, "q": 0.25},
            {"type": "Real", "min_value": 0.0, "max_value": 1.0, "step": 0.25},
        ),
        (
            {"distribution": "q_log_uniform", "min": 0, "max": 3},
            {"type": "Integer", "min_value": 1, "max_value": 20, "log": True},
        ),
        ({"distribution": "normal"}, {"type": "Normal", "mean": 0.0, "std": 1.0}),
        (
            {"distribution": "q_normal", "mu": 8, "sigma": 2},
            {"type": "Normal", "mean": 8.0, "std": 2.0, "step": 1},
        ),
        ({"distribution": "log_normal", "mu": 1}, {"type": "LogNormal", "mean": 1.0, "std": 1.0}),
        (
            {"distribution": "q_log_normal", "mu": 1, "q": 0.5},
            {"type": "LogNormal", "mean": 1.0, "std": 1.0, "step": 0.5},
        ),
        (
            {"distribution": "beta", "a": 2, "b": 5},
            {"type": "Real", "min_value": 0.0, "max_value": 1.0},
        ),
    ],
)
def test_each_distribution_has_its_parameter(
    read: Read, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    (made,) = sweep(read, parameters={"x": given}).study["hyperparams"]
    assert repr(made) == repr({"type": expected.pop("type"), "name": "x", **expected})


@pytest.mark.parametrize(
    ("macros", "words"),
    [
        (None, ["python", "a.py", f"--x={X}", f"--b={B}"]),
        (["${program}", "${args_no_hyphens}"], ["a.py", f"x={X}", f"b={B}"]),
        (["${program}", "${args_no_boolean_flags}"], ["a.py", f"--x={X}", B]),
        (["${args_json}"], ["{{ {'x': trial.param.x, 'b': trial.param.b} }}"]),
        (["${program}", "-f", "${args_json_file}"], ["a.py", "-f", "{{ trial.params_file }}"]),
        (["${env}", "A=1", "${interpreter}", "-c", 3], ["env", "A=1", "python", "-c", "3"]),
        (["run", "${envvar:HOME}/x", "$HOME"], ["run", "${HOME}/x", "$HOME"]),
    ],
)
def test_macros_are_words(read: Read, macros: list[Any] | None, words: list[str]) -> None:
    parameters = {"x": {"values": [1, 2]}, "b": {"values": [True, False]}}
    given = {"program": "a.py", "parameters": parameters}
    found = sweep(read, **given, **({"command": macros} if macros else {}))
    assert found.study["task_list"][0]["cmd"] == words
    flags = macros is not None and "${args_no_boolean_flags}" in macros
    assert found.study["hyperparams"][1]["type"] == ("Flag" if flags else "Categorical")


def test_nested_parameters_are_nested_in_json(read: Read) -> None:
    parameters = {
        "a": {"parameters": {"b": {"parameters": {"c": {"value": 1}}}}},
        "d": {"value": 2},
    }
    found = sweep(read, program="p", command=["${args_json}"], parameters=parameters)
    (word,) = found.study["task_list"][0]["cmd"]
    assert word == "{{ {'a': {'b': {'c': trial.param['a.b.c']}}, 'd': trial.param.d} }}"


def test_a_grid_has_as_many_trials_as_combinations(read: Read) -> None:
    parameters = {"x": {"values": [1, 2, 3]}, "n": {"min": 1, "max": 4}}
    assert sweep(read, method="grid", parameters=parameters).study["max_trial_num"] == 12
    limited = sweep(read, method="grid", parameters=parameters, run_cap=5).study
    assert limited["max_trial_num"] == 5
    assert "max_trial_num" not in sweep(read).study


def test_rungs_from_the_top_down(read: Read) -> None:
    early = {"type": "hyperband", "max_iter": 27, "s": 2, "strict": True}
    found = sweep(read, early_terminate=early)
    assert found.study["pruner"] == {
        "type": "hyperband",
        "factor": 3,
        "brackets": 1,
        "start_step": 3.0,
        "max_step": 27,
    }
    assert "early_terminate: strict has no counterpart, and is left out" in found.notes


def test_without_a_program_the_options_are_those_of_wandb(read: Read) -> None:
    found = sweep(read)
    assert "task_list" not in found.study
    assert found.arguments[0].words == ("--x={{ trial.param.x }}",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("method: bayse\nparameters: {}", "line 1, column 1: method 'bayse' is unknown (did you"),
        ("parameters: {}\nprogram: a", "'method' is missing"),
        (
            "method: grid\nparameters: {x: {mim: 1}}",
            "column 18: parameters.x: there is no key",
        ),
        ("method: grid\nparameters: {x: {min: 1}}", "parameters.x: 'max' is missing"),
        ("method: grid\nparameters: {x: 3}", "parameters.x must be a dictionary, got 3"),
        (
            "method: grid\nparameters:\n  x:\n    distribution: unifrom\n    min: 1",
            "line 4, column 5: distribution 'unifrom' is unknown (did you mean 'uniform'?)",
        ),
        (
            "method: grid\nparameters: {x: {value: 1}}\ncommand: [a, '${arg}']",
            "line 3, column 1: the macro '${arg}' is unknown (did you mean '${args}'?)",
        ),
        (
            "method: grid\nparameters: {x: {value: 1}}\nmetric: {name: a, goal: up}",
            "goal 'up' is unknown; known: minimize, maximize",
        ),
        (
            "method: grid\nparameters: {x: {value: 1}}\nearly_terminate: {type: median}",
            "type 'median' is unknown; known: hyperband",
        ),
        ("method: grid\nparameters: {x: {values: [1}}", "line 2, column 28: "),
    ],
)
def test_mistakes_are_told_with_their_place(refused: Refused, text: str, told: str) -> None:
    message = refused(text, "sweep.yaml")
    assert told in message
    assert message.startswith("sweep.yaml")
