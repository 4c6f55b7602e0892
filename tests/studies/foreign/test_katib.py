"""Experiments of Katib."""

import re
from typing import Any

import pytest
from foreign_samples import KATIB_EXPERIMENT, Read, Refused

from automl.render.config import yaml_text
from automl.studies.foreign.katib.metrics import with_name


def experiment(read: Read, **spec: Any) -> Any:
    whole = {
        "objective": {"type": "minimize", "objectiveMetricName": "loss"},
        "parameters": [],
        **spec,
    }
    found = read(yaml_text({"kind": "Experiment", "spec": whole}), "experiment.yaml")
    assert found.kind == "katib"
    return found.converted


def test_an_experiment_is_a_whole_study(read: Read) -> None:
    study = dict(read(KATIB_EXPERIMENT, "experiment.yaml").converted.study)
    (task,) = study.pop("task_list")
    assert task["cmd"] == [
        *("python3", "mnist.py", "--log={{ trial.dir }}/mnist.log"),
        *("--lr={{ trial.param.lr }}", "--layers={{ trial.param.layers }}"),
        "--id={{ study.name }}-{{ trial.id }}",
    ]
    assert [one["metric"] for one in task["metric_reader"]] == ["accuracy", "loss"]
    assert {one["location"] for one in task["metric_reader"]} == {"{{ trial.dir }}/mnist.log"}
    pattern = task["metric_reader"][0]["parser_pattern"]
    found = re.search(
        pattern, "{metricName: loss, metricValue: 1};{metricName: accuracy, metricValue: 0.9}"
    )
    assert found is not None
    assert found["value"] == "0.9"
    assert len(study.pop("hyperparams")) == 2
    assert study == {
        "name": "random-example",
        "algorithm": "random",
        "max_parallel": 2,
        "max_trial_num": 12,
        "fail_fast": 3,
        "pruner": {"type": "median", "startup_trials": 3, "start_step": 4},
        "objectives": [{"metric": "accuracy", "direction": "maximize", "final": "best"}],
        "earlystop": {"type": "large_is_better", "threshold": 0.99},
        "env": {"RATE": "{{ trial.param.lr }}"},
    }


def test_what_has_no_counterpart_is_told(read: Read) -> None:
    notes = read(KATIB_EXPERIMENT, "experiment.yaml").converted.notes
    assert "the image 'mnist:latest': the command runs on this machine" in notes
    assert "resources of the container has no counterpart, and is left out" in notes
    assert any(note.startswith("maxFailedTrialCount: the study pauses when") for note in notes)
    assert "spec.resumePolicy has no counterpart, and is left out" in notes


@pytest.mark.parametrize(
    ("kind", "space", "expected"),
    [
        (
            "double",
            {"min": "0.1", "max": "1"},
            {"type": "Real", "min_value": 0.1, "max_value": 1.0},
        ),
        (
            "double",
            {"min": "0.1", "max": "1", "step": "0.3"},
            {"type": "Real", "min_value": 0.1, "max_value": 1.0, "step": 0.3},
        ),
        (
            "double",
            {"min": 1e-5, "max": 1, "distribution": "logUniform"},
            {"type": "Real", "min_value": 1e-5, "max_value": 1.0, "log": True},
        ),
        (
            "int",
            {"min": "2", "max": "8", "step": "2"},
            {"type": "Integer", "min_value": 2, "max_value": 8, "step": 2},
        ),
        (
            "int",
            {"min": "1", "max": "8", "distribution": "logUniform"},
            {"type": "Integer", "min_value": 1, "max_value": 8, "log": True},
        ),
        ("categorical", {"list": ["a", 1]}, {"type": "Categorical", "candidates": ["a", "1"]}),
        ("discrete", {"list": ["1", "0.5"]}, {"type": "Categorical", "candidates": [1, 0.5]}),
        (
            "double",
            {"min": "0.01", "max": "0.05", "step": "0.01", "distribution": "normal"},
            {"type": "Real", "min_value": 0.01, "max_value": 0.05, "step": 0.01},
        ),
        (
            "int",
            {"min": "32", "max": "64", "distribution": "logNormal"},
            {"type": "Integer", "min_value": 32, "max_value": 64, "log": True},
        ),
        (
            "double",
            {"min": "0", "max": "1", "distribution": "normal"},
            {"type": "Real", "min_value": 0.0, "max_value": 1.0},
        ),
    ],
)
def test_each_type_has_its_parameter(
    read: Read, kind: str, space: dict[str, Any], expected: dict[str, Any]
) -> None:
    one = {"name": "x", "parameterType": kind, "feasibleSpace": space}
    (made,) = experiment(read, parameters=[one]).study["hyperparams"]
    assert repr(made) == repr({"type": expected.pop("type"), "name": "x", **expected})


@pytest.mark.parametrize(
    ("collector", "reader"),
    [
        (None, {"type": "stdout_reader", "metric": "loss"}),
        (
            {"collector": {"kind": "File"}, "source": {"fileSystemPath": {"path": "/a/m.log"}}},
            {"type": "file_reader", "location": "{{ trial.dir }}/m.log", "metric": "loss"},
        ),
        (
            {"source": {"fileSystemPath": {"path": "/a/m.json", "format": "JSON"}}},
            {"type": "json_reader", "location": "{{ trial.dir }}/m.json", "metric": "loss"},
        ),
        (
            {
                "collector": {"kind": "TensorFlowEvent"},
                "source": {"fileSystemPath": {"path": "/t"}},
            },
            {
                "type": "tensorboard_reader",
                "location": "{{ trial.dir }}/t/**/*tfevents*",
                "metric": "loss",
                "tag": "loss",
            },
        ),
    ],
)
def test_a_collector_is_a_reader(
    read: Read, collector: dict[str, Any] | None, reader: dict[str, Any]
) -> None:
    container = {"command": ["./train", "--to", "/a/m.log"]}
    template = {"trialSpec": {"spec": {"containers": [container]}}}
    given = {"metricsCollectorSpec": collector} if collector else {}
    (task,) = experiment(read, trialTemplate=template, **given).study["task_list"]
    assert task["metric_reader"] == reader
    written = "{{ trial.dir }}/m.log" if reader["type"] == "file_reader" else "/a/m.log"
    assert task["cmd"] == ["./train", "--to", written]


def test_the_number_that_counts_is_the_best_or_the_latest(read: Read) -> None:
    objective = {
        "type": "minimize",
        "objectiveMetricName": "loss",
        "metricStrategies": [{"name": "loss", "value": "latest"}],
    }
    found = experiment(read, objective=objective).study
    assert found["objectives"] == [{"metric": "loss", "direction": "minimize", "final": "last"}]
    assert found["max_parallel"] == 3


def test_a_name_takes_the_place_of_the_first_group() -> None:
    assert with_name(r"([\w|(-]+)=(\(?(\d+))", "a.b") == r"(?:a\.b)=(?P<value>\(?(?:\d+))"
    assert with_name(r"((a)|b): ([0-9.]+) (x)", "c") == r"(?:c): (?:[0-9.]+) (?:x)"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("parameterType: double", "parameterType: float", "parameterType 'float' is unknown"),
        (
            "algorithmName: random",
            "algorithmName: randon",
            "algorithmName 'randon' is unknown",
        ),
        ("reference: lr", "reference: rl", "line 29, column 9: reference 'rl' is unknown"),
        ("trialParameters.rate}", "trialParameters.rat}", "trialParameters 'rat' is unknown (did"),
        ("type: maximize", "type: up", "line 5, column 5: type 'up' is unknown; known: minimize, "),
        ('min: "0.01"', 'mim: "0.01"', "there is no key 'mim' (did you mean 'min'?)"),
        ('min: "0.01"', 'min: "one"', "min must be a number, got 'one'"),
        ("(\\\\d+\\\\.?\\\\d*)", "\\\\d+", "must have two groups: name and value"),
        ("kind: File}", "kind: Fiel}", "kind 'Fiel' is unknown (did you mean 'File'?)"),
        ("medianstop", "median", "known: medianstop"),
    ],
)
def test_mistakes_are_told_with_their_place(
    refused: Refused, old: str, new: str, told: str
) -> None:
    assert old in KATIB_EXPERIMENT
    message = refused(KATIB_EXPERIMENT.replace(old, new), "experiment.yaml")
    assert told in message
    assert message.startswith("experiment.yaml, line ")


def test_one_of_several_documents_must_be_chosen(refused: Refused) -> None:
    told = refused("kind: ConfigMap\n---\nkind: Experiment\n", "experiment.yaml")
    assert told.startswith("experiment.yaml, line 2, column 1: here begins another document")
