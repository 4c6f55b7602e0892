"""A study is the same whichever door it came through, and from its own folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import (
    AutoTuner,
    algorithm,
    earlystop,
    hyperparam,
    objective,
    pruner,
    reader,
    task,
)
from automl.render.documents.yaml_reading import yaml_value
from automl.studies.spec_from import spec_from
from automl.studies.study_file.reading import read_study_file
from automl.study.spec import StudySpec

YAML = r"""
name: same
hyperparams:
  - {type: Categorical, name: x, candidates: [3, 1, null, "on", 2020-01-01]}
  - {type: Real, name: rate, min_value: 0.001, max_value: 1, log: true, when: {x: [3, 1]}}
  - type: Choice
    name: model
    options:
      svm: [{type: Integer, name: depth, min_value: 1, max_value: 9, when: x == 3}]
      none: []
task_list:
  - type: BashTask
    cmd: [echo, "{{ trial.param.x }}", 1]
    metric_reader:
      - {type: local_reader, location: "{{ trial.dir }}/stdout.log", parser_pattern: '(\d+)'}
      - type: local_reader
        location: "{{ trial.dir }}/stdout.log"
        parser_pattern: 'ms=(\d+)'
        metric: ms
    cleanup: rm -f x
max_parallel: 1
max_trial_num: 1
objectives: [{metric: metric, direction: minimize, final: best}]
constraints: [ms <= 20]
rules: [x != 2]
algorithm: {type: tpe, initial_trials_num: 4}
pruner: {type: median, startup_trials: 3}
earlystop: {type: small_is_better, threshold: -1, max_runtime: 8h}
start_with: [{x: 1, rate: 1, model: none}]
cwd: .
env: {A: 1}
grace: 1m
trial_timeout: 3x
memory_per_trial: 8G
max_retries: 1
seed: 3
"""

PLACE = "{{ trial.dir }}/stdout.log"


def script() -> dict[str, Any]:
    """Return what a script gives for the same study."""
    depth = hyperparam.create(type="Integer", name="depth", min_value=1, max_value=9, when="x == 3")
    whole = reader.create(type="local_reader", location=PLACE, parser_pattern=r"(\d+)")
    ms = reader.create(type="local_reader", location=PLACE, parser_pattern=r"ms=(\d+)", metric="ms")
    return {
        "hyperparams": [
            hyperparam.create(
                type="Categorical", name="x", candidates=(3, 1, None, "on", "2020-01-01")
            ),
            hyperparam.create(
                type="Real", name="rate", min_value=1e-3, max_value=1, log=True, when={"x": (3, 1)}
            ),
            hyperparam.create(type="Choice", name="model", options={"svm": [depth], "none": ()}),
        ],
        "task_list": [
            task.create(
                type="BashTask",
                cmd=("echo", "{{ trial.param.x }}", 1),
                metric_reader=(whole, ms),
                cleanup="rm -f x",
            )
        ],
        "max_parallel": 1,
        "max_trial_num": 1,
        "name": "same",
        "objectives": (objective.create(direction="minimize", final="best"),),
        "constraints": ("ms <= 20",),
        "rules": ["x != 2"],
        "algorithm": algorithm.create(type="tpe", initial_trials_num=4),
        "pruner": pruner.create(type="median", startup_trials=3),
        "earlystop": earlystop.create(type="small_is_better", threshold=-1, max_runtime="8h"),
        "start_with": [{"x": 1, "rate": 1.0, "model": "none"}],
        "env": {"A": "1"},
        "grace": 60,
        "trial_timeout": "3x",
        "memory_per_trial": 8 * 2**30,
        "max_retries": 1,
        "seed": 3,
    }


def dictionary() -> dict[str, Any]:
    """Return what `create_tuner` takes for the same study."""
    plain = yaml_value(YAML)
    own = ("hyperparams", "objectives", "algorithm", "pruner", "earlystop")
    data = {name: plain.pop(name) for name in own}
    data["tasks"] = plain.pop("task_list")
    limits = {name: plain.pop(name) for name in ("max_parallel", "max_trial_num")}
    return {"data": {**data, "environment": plain}, **limits}


DOORS: dict[str, Callable[[Path], StudySpec]] = {
    "script": lambda _: AutoTuner(**script())._study.spec,
    "dictionary": lambda _: AutoTuner.create_tuner(**dictionary())._study.spec,
    "yaml": lambda folder: spec_from(yaml_value(YAML), str(folder)),
    "json": lambda folder: spec_from(json.loads(json.dumps(yaml_value(YAML))), str(folder)),
    "file": lambda folder: _of_file(folder, folder / "any.yaml"),
}


def _of_file(folder: Path, file: Path) -> StudySpec:
    file.write_text(YAML, encoding="utf-8")
    description, base = read_study_file(file)
    assert base == str(folder)
    return spec_from(description, base)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_gives_the_same_study(door: str, folder: Path) -> None:
    expected = DOORS["yaml"](folder)
    found = DOORS[door](folder)
    assert found == expected
    assert found.identity() == expected.identity()


def test_the_folder_of_a_study_describes_it(folder: Path) -> None:
    tuner = AutoTuner(**script())
    tuner.fit()
    first = folder / "automl_studies" / "same"
    description, base = read_study_file(first / "study.yaml")
    again = spec_from(description, base)
    assert again == tuner._study.spec
    assert again.identity() == tuner._study.spec.identity()


def test_a_study_goes_on_by_the_file_of_its_folder(
    right: Callable[..., dict[str, Any]], folder: Path
) -> None:
    AutoTuner(**right(max_trial_num=1, seed=3)).fit()
    description, base = read_study_file("automl_studies/study/study.yaml")
    assert base == str(folder / "automl_studies" / "study")
    assert description["study_dir"] == str(folder / "automl_studies")
    limits = {name: description.pop(name) for name in ("max_parallel", "max_trial_num")}
    own = {name: description.pop(name) for name in ("hyperparams", "algorithm")}
    data = {**own, "tasks": description.pop("task_list"), "environment": description}
    tuner = AutoTuner.create_tuner(data, **{**limits, "max_trial_num": 2})
    tuner.fit()
    assert [trial.attempts for trial in tuner.trials] == [1, 1]
    assert [path.name for path in (folder / "automl_studies").iterdir()] == ["study"]


def test_the_folder_names_the_study_wherever_it_is(
    right: Callable[..., dict[str, Any]], folder: Path
) -> None:
    AutoTuner(**right()).fit()
    (folder / "automl_studies" / "study").rename(folder / "moved")
    description, _ = read_study_file(folder / "moved" / "study.yaml")
    assert (description["name"], description["study_dir"]) == ("moved", str(folder))


def test_a_file_without_a_name_gives_its_own(folder: Path) -> None:
    (folder / "digits.yaml").write_text("max_parallel: 2\n")
    assert read_study_file("digits.yaml").description == {"name": "digits", "max_parallel": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", r"no\.yaml: line 1, column 6: expected ',' or '\]'"),
        ("a: 1\na: 2\n", r"line 2, column 1: the key 'a' is there twice"),
        ("a: {x: 1, x: 2}\n", r"line 1, column 11: the key 'x' is there twice"),
        ("a: !!python/object:os.system x", "could not determine a constructor"),
        ("? [a]\n: 1\n", "unhashable key|is there|hashable"),
        ("a: \x00", "is not allowed in YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(text: str, message: str, folder: Path) -> None:
    (folder / "no.yaml").write_text(text)
    with pytest.raises(SpecError, match=message) as refused:
        read_study_file("no.yaml")
    assert refused.value.place == "description"
    assert str(folder / "no.yaml") in str(refused.value)


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(SpecError, match=r"gone\.yaml cannot be read: No such file"):
        read_study_file("gone.yaml")
    (folder / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(SpecError, match=r"line 1, column 1: the byte 0xff is no UTF-8"):
        read_study_file("bytes.yaml")


def test_a_description_that_is_no_dictionary_is_told_as_one(folder: Path) -> None:
    (folder / "list.yaml").write_text("- 1\n")
    description, base = read_study_file("list.yaml")
    with pytest.raises(SpecError, match=r"must be a dictionary of keywords, got \[1\]"):
        spec_from(description, base)


def test_the_file_of_an_earlier_release_is_told_as_one() -> None:
    kept = Path(__file__).parents[1] / "journal" / "assets" / "0.1.0" / "rich" / "study.yaml"
    with pytest.raises(SpecError, match=r"form of an earlier release.*script once more"):
        read_study_file(kept)
