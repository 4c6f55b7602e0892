"""`AutoTuner.create_tuner`: a study from one dictionary."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import AutoTuner, hyperparam, reader, task

DATA: dict[str, Any] = {
    "hyperparams": [
        {"type": "Categorical", "name": "x", "candidates": [3, 1, 2]},
        {"type": "Integer", "name": "y", "min_value": 0, "max_value": 9, "step": 3},
    ],
    "tasks": [
        {"type": "BashTask", "cmd": ["true"]},
        {
            "type": "BashTask",
            "cmd": ["echo", "{{ trial.param.x }}{{ trial.param.y }}"],
            "metric_reader": {
                "type": "local_reader",
                "location": "{{ trial.dir }}/stdout.log",
                "parser_pattern": r"(\d+)",
            },
        },
    ],
    "algorithm": {"type": "grid"},
    "earlystop": {"type": "small_is_better", "threshold": 16},
    "environment": {"mode": "local", "name": "dictionary", "direction": "minimize"},
}

Change = Callable[[dict[str, Any]], object]


def test_every_key_reaches_the_study(folder: Path) -> None:
    tuner = AutoTuner.create_tuner(DATA, max_parallel=1, max_trial_num=12)
    table = tuner.fit()
    assert (folder / "automl_studies" / "dictionary").is_dir()
    # The grid begins with 3 and 0; 30, 33, 36, 39, 10 is the first of at most 16.
    assert [int(trial.value or 0) for trial in tuner.trials] == [30, 33, 36, 39, 10]
    assert table["results", "metric"].tolist() == [10.0, 30.0, 33.0, 36.0, 39.0]


def test_a_dictionary_is_the_same_study_as_the_script(folder: Path) -> None:
    del folder
    AutoTuner.create_tuner(DATA, max_parallel=1, max_trial_num=1).fit()
    metric = reader.create(**DATA["tasks"][1]["metric_reader"])
    tuner = AutoTuner(
        hyperparams=[hyperparam.create(**one) for one in DATA["hyperparams"]],
        task_list=[
            task.create(type="BashTask", cmd=["true"]),
            task.create(type="BashTask", cmd=DATA["tasks"][1]["cmd"], metric_reader=metric),
        ],
        max_parallel=1,
        max_trial_num=2,
        name="dictionary",
        direction="minimize",
        algorithm="grid",
    )
    tuner.fit()
    assert [trial.params for trial in tuner.trials] == [{"x": 3, "y": 0}, {"x": 3, "y": 3}]
    assert tuner.trials[0].attempts == 1


def test_the_least_that_is_needed_is_enough(folder: Path) -> None:
    del folder
    least = {key: DATA[key] for key in ("hyperparams", "tasks")}
    tuner = AutoTuner.create_tuner(least, max_parallel=1, max_trial_num=1)
    assert "max_trial_num=1" in repr(tuner)


def test_what_create_returned_may_stand_in_place_of_a_dictionary(folder: Path) -> None:
    del folder
    made = {
        **DATA,
        "hyperparams": [hyperparam.create(**one) for one in DATA["hyperparams"]],
        "tasks": [
            {
                **DATA["tasks"][1],
                "metric_reader": reader.create(**DATA["tasks"][1]["metric_reader"]),
            }
        ],
    }
    assert "['x', 'y']" in repr(AutoTuner.create_tuner(made, max_parallel=1, max_trial_num=1))


def test_the_dictionary_is_not_changed(folder: Path) -> None:
    del folder
    before = copy.deepcopy(DATA)
    AutoTuner.create_tuner(DATA, max_parallel=1, max_trial_num=1)
    assert before == DATA


def _set(*path: Any) -> Change:
    """Return what sets the value `path[-1]` at the place that the other items name."""

    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for key in path[:-2]:
            place = place[key]
        place[path[-2]] = path[-1]

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            _set("hyperparameters", []),
            (
                "create_tuner: unknown key 'hyperparameters' (did you mean 'hyperparams'?); known: "
                "hyperparams, tasks, objectives, algorithm, pruner, budget, earlystop, environment"
            ),
        ),
        (lambda data: data.pop("tasks"), "the key 'tasks' is missing"),
        (lambda data: data.pop("hyperparams"), "the key 'hyperparams' is missing"),
        (_set("hyperparams", {"x": 1}), "hyperparams must be a list, got {'x': 1}"),
        (_set("tasks", "echo"), "tasks must be a list, got 'echo'"),
        (_set("tasks", ["echo"]), "tasks[0] is 'echo'; give it task.create(...)"),
        (lambda data: data["hyperparams"][0].pop("type"), "has no 'type'"),
        (_set("hyperparams", 0, 1, 2), "the key 1 is no string"),
        (_set("hyperparams", 1, "type", "Int"), "hyperparam type 'Int' is unknown"),
        (_set("hyperparams", 1, "max", 5), "hyperparam type 'Integer' has no option 'max'"),
        (
            _set("tasks", 1, "metric_reader", "type", "localreader"),
            "reader type 'localreader' is unknown (did you mean 'local_reader'?)",
        ),
        (_set("tasks", 1, "metric_reader", {"location": "x"}), "has no 'type'"),
        (_set("tasks", 1, "reader", None), "task type 'BashTask' has no option 'reader'"),
        (
            _set("algorithm", "type", "gird"),
            "algorithm type 'gird' is unknown (did you mean 'grid'",
        ),
        (
            _set("budget", {"name": "epochs", "max": 9}),
            "create_tuner: budget: the key 'min' is missing; known: name, min, max",
        ),
        (_set("earlystop", {"type": "small_is_better"}), "give a threshold or a max_runtime"),
        (_set("environment", "local"), "environment must be a dictionary, got 'local'"),
        (
            _set("environment", "directon", "minimize"),
            "environment: unknown key 'directon' (did you mean 'direction'?)",
        ),
        (_set("environment", "final", "first"), "final='first' is unknown"),
    ],
)
def test_a_wrong_dictionary_is_refused(change: Change, told: str, nothing_starts: Path) -> None:
    del nothing_starts
    data = copy.deepcopy(DATA)
    change(data)
    with pytest.raises(SpecError, match=re.escape(told)):
        AutoTuner.create_tuner(data, max_parallel=1, max_trial_num=1)


def test_what_is_no_dictionary_is_refused(nothing_starts: Path) -> None:
    del nothing_starts
    text: Any = json.dumps(DATA)
    with pytest.raises(SpecError, match="create_tuner needs a dictionary"):
        AutoTuner.create_tuner(text, max_parallel=1, max_trial_num=1)
