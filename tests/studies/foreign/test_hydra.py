"""Sweeps of Hydra."""

from typing import Any

import pytest
from foreign_samples import Read, Refused

from automl.render.config import yaml_text


def sweeper(read: Read, **keys: Any) -> Any:
    found = read(yaml_text({"hydra": {"sweeper": keys}, "x": 1}), "config.yaml")
    assert found.kind == "hydra"
    return found.converted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5,10", {"type": "Categorical", "candidates": [5, 10]}),
        (
            "mysql, 'a b', null, true, 0.5, [1,2]",
            {"type": "Categorical", "candidates": ["mysql", "a b", None, True, 0.5, [1, 2]]},
        ),
        ('choice(a, "b,c")', {"type": "Categorical", "candidates": ["a", "b,c"]}),
        ("float(choice(1, 2))", {"type": "Categorical", "candidates": [1.0, 2.0]}),
        ("str(1,2)", None),
        ("sort(3,1,2)", {"type": "Categorical", "candidates": [3, 1, 2]}),
        ("shuffle(range(1, 4))", {"type": "Integer", "min_value": 1, "max_value": 3}),
        ("interval(0, 1)", {"type": "Real", "min_value": 0.0, "max_value": 1.0}),
        ("interval(start=0, end=2)", {"type": "Real", "min_value": 0.0, "max_value": 2.0}),
        ("int(interval(1, 5))", {"type": "Integer", "min_value": 1, "max_value": 5}),
        (
            "tag(log, interval(0.001, 1))",
            {"type": "Real", "min_value": 0.001, "max_value": 1.0, "log": True},
        ),
        (
            "int(tag(log, interval(1, 64)))",
            {"type": "Integer", "min_value": 1, "max_value": 64, "log": True},
        ),
        ("range(4)", {"type": "Integer", "min_value": 0, "max_value": 3}),
        ("range(1, 12)", {"type": "Integer", "min_value": 1, "max_value": 11}),
        ("range(1, 10, 3)", {"type": "Integer", "min_value": 1, "max_value": 7, "step": 3}),
        ("range(10, 0, -5)", {"type": "Integer", "min_value": 5, "max_value": 10, "step": 5}),
        (
            "range(0, 1, step=0.1)",
            {"type": "Real", "min_value": 0.0, "max_value": 0.9, "step": 0.1},
        ),
        ("adam", {"type": "Constant", "value": "adam"}),
        (3, {"type": "Constant", "value": 3}),
    ],
)  # fmt: skip
def test_each_form_of_sweep_has_its_parameter(
    read: Read, refused: Refused, text: object, expected: dict[str, Any] | None
) -> None:
    if expected is None:
        told = refused(yaml_text({"hydra": {"sweeper": {"params": {"x": text}}}}), "c.yaml")
        assert "str takes one sweep" in told
        return
    (made,) = sweeper(read, params={"x": text}).study["hyperparams"]
    assert repr(made) == repr({"type": expected.pop("type"), "name": "x", **expected})


def test_values_are_overrides_of_the_command(read: Read) -> None:
    found = sweeper(read, params={"db.timeout": "5,10", "+new": "1,2"})
    argument, folder = found.arguments
    assert folder.words == ("hydra.run.dir='{{ trial.dir }}/hydra'",)
    assert argument.names == ("db.timeout", "+new")
    assert argument.words == ("{{ trial.overrides }}",)


def test_the_basic_sweeper_walks_all_combinations(read: Read) -> None:
    found = sweeper(read, params={"a": "1,2,3", "b": "range(4)"}).study
    assert (found["algorithm"], found["max_trial_num"]) == ("grid", 12)
    assert "algorithm" not in sweeper(read, params={"a": "interval(0, 1)"}).study


def test_the_optuna_sweepers_keywords_are_ours(read: Read) -> None:
    found = sweeper(
        read,
        sampler={"_target_": "optuna.samplers.CmaEsSampler", "seed": 3},
        direction=["minimize", "maximize"],
        n_trials=9,
        n_jobs=2,
        study_name="a b",
        storage="sqlite:///x",
        params={"x": "interval(0, 1)"},
    )
    assert {name: value for name, value in found.study.items() if name != "hyperparams"} == {
        "max_trial_num": 9,
        "max_parallel": 2,
        "name": "a-b",
        "algorithm": "cmaes",
        "seed": 3,
    }
    assert "give --minimize NAME --maximize NAME" in found.notes[0]
    assert "hydra.sweeper.storage has no counterpart, and is left out" in found.notes


def test_the_older_search_space_is_read(read: Read) -> None:
    space = {
        "a": {"type": "float", "low": 0.1, "high": 1, "log": True},
        "b": {"type": "int", "low": 1, "high": 9, "step": 2},
        "c": {"type": "categorical", "choices": [1, "x"]},
        "d": {"type": "float", "low": 0, "high": 1, "step": 0.5},
    }
    made = sweeper(read, search_space=space).study["hyperparams"]
    assert [one["type"] for one in made] == ["Real", "Integer", "Categorical", "Real"]
    assert (made[0]["log"], made[1]["step"], made[3]["step"]) == (True, 2, 0.5)


def test_a_template_of_projects_names_its_metric(read: Read) -> None:
    sampler = {"_target_": "optuna.samplers.TPESampler", "seed": "${seed}"}
    params = {"lr": {"type": "float", "low": 0.1, "high": 1}, "n": "range(1, 3)"}
    sweep = {"direction": "maximize", "n_trials": 3, "sampler": sampler, "params": params}
    data = {"optimized_metric": "val/acc_best", "hydra": {"sweeper": sweep}}
    found = read(yaml_text(data), "hparams.yaml").converted
    assert found.study["objectives"] == [{"metric": "val/acc_best", "direction": "maximize"}]
    assert [one["type"] for one in found.study["hyperparams"]] == ["Real", "Integer"]
    assert "seed" not in found.study
    assert found.notes == (
        "hydra.sweeper.sampler.seed: ${seed} has no counterpart, and is left out",
    )


def test_a_sampler_of_another_config_group_is_left_alone(read: Read) -> None:
    found = sweeper(read, sampler={"seed": 10}, params={"x": "1,2"}).study
    assert found["seed"] == 10
    assert "algorithm" not in found


def test_a_glob_is_left_out_and_told(read: Read) -> None:
    found = sweeper(read, params={"db": "glob(*)", "x": "1,2"})
    assert [one["name"] for one in found.study["hyperparams"]] == ["x"]
    assert found.notes[0].startswith("db: glob(*), which only Hydra can list, has no counterpart")


@pytest.mark.parametrize("form", ["dotted", "group"])
def test_other_places_of_a_sweeper(read: Read, form: str) -> None:
    data: dict[str, Any] = {"hydra.sweeper.params": {"x": "1,2"}}
    if form == "group":
        data = {"_target_": "hydra_plugins.x.OptunaSweeper", "params": {"x": "1,2"}}
    assert read(yaml_text(data), "c.yaml").kind == "hydra"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("chioce(1, 2)", "Hydra has no sweep 'chioce' (did you mean 'choice'?)"),
        ("interval(0)", "numbers are missing"),
        ("interval(a, 1)", "start must be a number, got 'a'"),
        ("interval(0, 1, 2)", "there are too many"),
        ("range(1, 2, 0)", "the step must not be 0"),
        ("range(3, 1)", "there is no value from 3 to before 1"),
        ("range(stop=1, end=2)", "there is no option end="),
        ("int(choice(a, 1))", "int() cannot take 'a'"),
        ("tag(log, interval(0, 1))", "needs min_value > 0"),
    ],
)
def test_mistakes_are_told_with_their_place(refused: Refused, text: str, told: str) -> None:
    data = {"hydra": {"sweeper": {"params": {"ok": "1,2", "lr": text}}}}
    message = refused(yaml_text(data), "config.yaml")
    assert told in message
    assert message.startswith("config.yaml, line 5, column 7: ")


def test_an_unknown_sampler_lists_the_known_ones(refused: Refused) -> None:
    sampler = {"_target_": "optuna.samplers.TPESample"}
    data = {"hydra": {"sweeper": {"sampler": sampler, "params": {"x": "1,2"}}}}
    assert "'TPESample' is unknown (did you mean 'TPESampler'?)" in refused(
        yaml_text(data), "c.yaml"
    )
