"""A study is the same from a script, a dictionary, a file and a command line."""

import json
import runpy
import shlex
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automl.cli import main as cli
from automl.cli.verbs import run as verb
from automl.errors import SpecError
from automl.hpo import AutoTuner, algorithm, budget, hyperparam, objective, reader, task
from automl.render.config import yaml_text
from automl.render.documents.yaml_reading import yaml_marks, yaml_value
from automl.studies.next_trials.preview import previewed
from automl.studies.prepared import Prepared
from automl.studies.spec_from import spec_from
from automl.study.spec import StudySpec
from automl.study.tasks.task import BashTask

OUT = "{{ trial.dir }}/stdout.log"
EXAMPLES = Path(__file__).parents[2] / "examples"

LINE = r"""--maximize acc --pattern 'acc=(\S+)' --pattern 'ms=(\S+)' --final best
 -n 7 -j 3 -p --lr=1e-5..1e-1:log -p layers=1..4 -p opt=adam,sgd --name same
 -p 'momentum=0.0..0.99 if opt == "sgd"' -p --amp=flag -p 'w=normal(0, 1)'
 --constraint 'ms <= 20' --rule 'layers * lr <= 0.3' --algorithm tpe
 --set algorithm.initial_trials_num=4 --start-with lr=0.01,layers=2,opt=adam,amp=false,w=0.5
 --budget epochs=1..9 --max-runtime 8h --trial-timeout 3x --memory-per-trial 8G --fail-fast none
 --env A=1 --env B=x=y --gpus-per-trial 0.5 --seed 3 --max-retries 1 --keep best
 --artifact '{{ trial.dir }}/m*' --no-fresh"""


def words() -> list[str]:
    return [*shlex.split(LINE), "--", *COMMAND]


COMMAND = ["echo", "{layers}", "{opt}", "--momentum", "{momentum}", "{w}", "{{ trial.budget }}"]

DICTIONARY: dict[str, Any] = {
    "name": "same",
    "max_trial_num": 7,
    "max_parallel": 3,
    "hyperparams": [
        {"type": "Real", "name": "lr", "min_value": 1e-5, "max_value": 0.1, "log": True},
        {"type": "Integer", "name": "layers", "min_value": 1, "max_value": 4},
        {"type": "Categorical", "name": "opt", "candidates": ["adam", "sgd"]},
        {"type": "Real", "name": "momentum", "min_value": 0.0, "max_value": 0.99,
         "when": 'opt == "sgd"'},
        {"type": "Flag", "name": "amp", "on": "--amp"},
        {"type": "Normal", "name": "w", "mean": 0.0, "std": 1.0},
    ],
    "task_list": [
        {
            "type": "BashTask",
            "cmd": ["echo", "{{ trial.param.layers }}", "{{ trial.param.opt }}", "--momentum",
                    "{{ trial.param.momentum }}", "{{ trial.param.w }}", "{{ trial.budget }}",
                    "--lr", "{{ trial.param.lr }}", "{{ trial.param.amp }}"],
            "metric_reader": [
                {"type": "local_reader", "location": OUT, "parser_pattern": r"acc=(\S+)",
                 "metric": "acc"},
                {"type": "local_reader", "location": OUT, "parser_pattern": r"ms=(\S+)",
                 "metric": "ms"},
            ],
        }
    ],
    "objectives": [
        {"metric": "acc", "direction": "maximize", "final": "best"},
    ],
    "constraints": ["ms <= 20"],
    "rules": ["layers * lr <= 0.3"],
    "algorithm": {"type": "tpe", "initial_trials_num": 4},
    "start_with": [{"lr": 0.01, "layers": 2, "opt": "adam", "amp": False, "w": 0.5}],
    "budget": {"name": "epochs", "min": 1, "max": 9},
    "max_runtime": "8h",
    "trial_timeout": "3x",
    "memory_per_trial": "8G",
    "fail_fast": None,
    "env": {"A": "1", "B": "x=y"},
    "gpus_per_trial": 0.5,
    "seed": 3,
    "max_retries": 1,
    "keep": "best",
    "artifacts": ["{{ trial.dir }}/m*"],
    "fresh": False,
}  # fmt: skip


def script() -> dict[str, Any]:
    made = {
        "hyperparams": [hyperparam.create(**one) for one in DICTIONARY["hyperparams"]],
        "task_list": [
            task.create(
                type="BashTask",
                cmd=DICTIONARY["task_list"][0]["cmd"],
                metric_reader=[
                    reader.create(**one) for one in DICTIONARY["task_list"][0]["metric_reader"]
                ],
            )
        ],
        "objectives": [objective.create(**one) for one in DICTIONARY["objectives"]],
        "algorithm": algorithm.create(**DICTIONARY["algorithm"]),
        "budget": budget.create(**DICTIONARY["budget"]),
    }
    return {**DICTIONARY, **made}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], Prepared]:
    """Return what gives the study of a command line, which is not run."""
    found: list[Prepared] = []

    def keep(study: Prepared) -> int:
        found.append(study)
        return 0

    monkeypatch.setattr(verb, "ran", keep)

    def study_of(line: list[str]) -> Prepared:
        assert cli.main(["run", *line]) == 0
        return found[-1]

    return study_of


@pytest.mark.parametrize("door", ["script", "yaml", "json", "toml", "line", "saved", "saved_away"])
def test_every_door_gives_the_same_study(
    door: str, typed: Callable[[list[str]], Prepared], here: Path
) -> None:
    expected = spec_from(DICTIONARY, str(here))
    found = _by_door(door, typed, here)
    assert found == expected
    assert found.identity() == expected.identity()


def _by_door(door: str, typed: Callable[[list[str]], Prepared], here: Path) -> StudySpec:
    if door == "script":
        return AutoTuner(**script())._study.spec
    if door == "line":
        return typed(words()).spec
    if door == "saved":
        typed([*words()[:-8], "--save", "any.yaml", *words()[-8:]])
        return typed(["any.yaml"]).spec
    if door == "saved_away":
        (here / "sub").mkdir()
        typed([*words()[:-8], "--save", "sub/any.yaml", *words()[-8:]])
        return typed(["sub/any.yaml"]).spec
    file = here / f"any.{door}"
    if door == "yaml":
        file.write_text(yaml_text(DICTIONARY), encoding="utf-8")
    elif door == "json":
        file.write_text(json.dumps(DICTIONARY, indent="\t"), encoding="utf-8")
    else:
        # TOML has no None.
        file.write_text(
            "fail_fast = 5\n" + "\n".join(
                f"{name} = {_toml(value)}" for name, value in DICTIONARY.items()
                if name != "fail_fast"
            ), encoding="utf-8",
        )  # fmt: skip
        return typed([str(file), "--fail-fast", "none"]).spec
    return typed([str(file)]).spec


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + "}"
    return json.dumps(value)


def test_options_override_a_file(typed: Callable[[list[str]], Prepared], here: Path) -> None:
    (here / "any.yaml").write_text(yaml_text(DICTIONARY), encoding="utf-8")
    spec = typed(
        ["any.yaml", "-n", "9", "-p", "layers=2..3", "--no-early-stopping", "--set",
         "env.C=5", "--set", "algorithm.type=random", "--set",
         "algorithm={type: random}"]
    ).spec  # fmt: skip
    assert spec.limits.max_trials == 9
    assert [one.name for one in spec.space.parameters] == ["lr", "layers", "opt", "momentum", "amp",
                                                           "w"]  # fmt: skip
    assert spec.space.parameters[1].count == 2
    assert spec.env["C"] == "5"
    assert spec.algorithm.type == "random"


def test_a_command_replaces_that_of_a_file(
    typed: Callable[[list[str]], Prepared], here: Path
) -> None:
    (here / "any.yaml").write_text(yaml_text(DICTIONARY), encoding="utf-8")
    line = [
        "any.yaml",
        "-p",
        "--width=1..9",
        "--set",
        "start_with=[]",
        "--",
        "ls",
        "{lr}",
        "{{ trial.budget }}",
    ]
    task_of_it = typed(line).spec.tasks[0]
    assert isinstance(task_of_it, BashTask)
    assert task_of_it.cmd == ("ls", "{{ trial.param.lr }}", "{{ trial.budget }}", "--width",
                              "{{ trial.param.width }}")  # fmt: skip
    assert [one.metric for one in task_of_it.readers] == ["acc", "ms"]


def test_the_example_is_the_same_study_as_its_script(
    typed: Callable[[list[str]], Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AutoTuner, "fit", lambda _: None)
    from_file = typed([str(EXAMPLES / "digits.yaml")])
    monkeypatch.chdir(EXAMPLES)
    tuner = runpy.run_path(str(EXAMPLES / "test.py"))["tuner"]
    from_script = tuner._study
    # The runner of tests is the script here.
    assert from_file.spec.name == "test"
    assert from_file.folder.path.parent == from_script.folder.path.parent
    described = [study.spec.describe() for study in (from_file, from_script)]
    assert described[0] == {**described[1], "name": "test"}
    assert from_file.spec.identity() == from_script.spec.identity()


TEXTS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0'\""), min_size=1, max_size=9
)


@given(value=TEXTS, other=TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
def test_any_value_reaches_the_program_as_one_word_by_line_and_file(
    value: str, other: str, typed: Callable[[list[str]], Prepared], here: Path
) -> None:
    if value == other or any(one.strip() != one for one in (value, other)):
        return
    line = ["--maximize", "a", "--pattern", "a(.)", "-n", "1", "--start-with", f"x='{value}'",
            "-p", f"--x='{value}','{other}'"]  # fmt: skip
    (here / "any.yaml").unlink(missing_ok=True)
    studies = [typed([*line, "--save", "any.yaml", "--", "echo"]), typed(["any.yaml"])]
    for study in studies:
        command = previewed(study, 1)[0].command
        assert _last_word(command).removeprefix("--x=") == value


def _last_word(command: str) -> str:
    return shlex.split(command)[-1]


@given(st.one_of(st.text(max_size=40), st.text("[]{}:,-&*!|>'\"#%@ \n\tab1.e", max_size=30)))
def test_any_text_as_a_file_is_read_or_refused(text: str) -> None:
    with suppress(SpecError):
        yaml_value(text)
    yaml_marks(text)
