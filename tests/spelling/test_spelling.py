"""Keywords in messages, as scripts, command lines and study files spell them."""

import ast
import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from automl.cli.spellings.beside import Beside
from automl.cli.spellings.command_line import CommandLine
from automl.cli.spellings.study_file import StudyFileText
from automl.spelling.script import MAKERS, Script
from automl.spelling.spelling import (
    OPEN,
    Spelling,
    spelled,
    spelled_by,
    spelled_part,
    spelled_retry,
)
from automl.studies.keywords import KEYWORDS, NAMES

SCRIPT, LINE = Script(), CommandLine()
YAML, JSON, TOML = (Beside(StudyFileText(one)) for one in (".yaml", ".json", ".toml"))
BESIDE_A_SCRIPT = Beside(Script())

PACKAGE = Path(__file__).parents[2] / "automl"


@pytest.mark.parametrize(
    ("keyword", "value", "written"),
    [
        ("fresh", True, ("fresh=True", "--fresh", "--fresh", "--fresh", "--fresh")),
        (
            "max_trial_num",
            40,
            (
                "max_trial_num=40",
                "--max-trial-num 40",
                "max_trial_num: 40",
                '"max_trial_num": 40',
                "max_trial_num = 40",
            ),
        ),
        (
            "name",
            "a b",
            ("name='a b'", "--name 'a b'", "name: a b", '"name": "a b"', 'name = "a b"'),
        ),
        ("name", OPEN, ("name=...", "--name NAME", "name: ...", '"name": ...', "name = ...")),
        ("gpus", [0, 1], ("gpus=[0, 1]", "--gpus 0,1", "gpus: [0, 1]", '"gpus": [0, 1]', None)),
        (
            "secret_env",
            ["KEY", "B"],
            (
                "secret_env=['KEY', 'B']",
                "--secret-env KEY --secret-env B",
                "secret_env: [KEY, B]",
                '"secret_env": ["KEY", "B"]',
                'secret_env = ["KEY", "B"]',
            ),
        ),
        (
            "budget",
            {"name": "epochs", "min": 5, "max": 60},
            (
                "budget=budget.create(name='epochs', min=5, max=60)",
                "--budget epochs=5..60",
                "budget: {name: epochs, min: 5, max: 60}",
                '"budget": {"name": "epochs", "min": 5, "max": 60}',
                'budget = {name = "epochs", min = 5, max = 60}',
            ),
        ),
        (
            "budget",
            {"name": OPEN, "min": OPEN, "max": OPEN},
            (
                "budget=budget.create(name=..., min=..., max=...)",
                "--budget NAME=LOW..HIGH",
                "budget: {name: ..., min: ..., max: ...}",
                None,
                None,
            ),
        ),
        (
            "objectives",
            [{"metric": "acc"}],
            (
                "objectives=[objective.create(metric='acc')]",
                "--maximize or --minimize acc",
                "objectives: [{metric: acc}]",
                '"objectives": [{"metric": "acc"}]',
                'objectives = [{metric = "acc"}]',
            ),
        ),
        (
            "parser_pattern",
            "acc=(\\S+)",
            (
                "parser_pattern='acc=(\\\\S+)'",
                "--pattern 'acc=(\\S+)'",
                "parser_pattern: acc=(\\S+)",
                '"parser_pattern": "acc=(\\\\S+)"',
                "parser_pattern = 'acc=(\\S+)'",
            ),
        ),
        ("mode", "yes", ("mode='yes'", "--mode yes", "mode: 'yes'", '"mode": "yes"', None)),
        ("log", True, ("log=True", ":log", "log: true", '"log": true', "log = true")),
        ("step", 0.1, ("step=0.1", ":step=0.1", "step: 0.1", '"step": 0.1', "step = 0.1")),
        (
            "env",
            {"LC_ALL": "C"},
            (
                "env={'LC_ALL': 'C'}",
                "--env LC_ALL=C",
                "env: {LC_ALL: C}",
                None,
                'env = {LC_ALL = "C"}',
            ),
        ),
        (
            "start_with",
            [{"lr": 0.1, "opt": "sgd"}],
            (
                "start_with=[{'lr': 0.1, 'opt': 'sgd'}]",
                "--start-with lr=0.1,opt=sgd",
                "start_with: [{lr: 0.1, opt: sgd}]",
                None,
                None,
            ),
        ),
    ],
)
def test_each_door_writes_in_its_own_way(
    keyword: str, value: object, written: tuple[str | None, ...]
) -> None:
    doors = (SCRIPT, LINE, YAML, JSON, TOML)
    found = [door.setting(keyword, value) for door in doors]
    assert found == [one if one is not None else found[n] for n, one in enumerate(written)]


@pytest.mark.parametrize("name", NAMES)
def test_every_keyword_has_a_name_at_every_door(name: str) -> None:
    assert SCRIPT.name(name) == f"{name}="
    (row,) = [one for one in KEYWORDS if one.name == name]
    if row.spellings and name != "hyperparams":
        assert LINE.name(name) == row.spellings[-1]
        assert LINE.setting(name, OPEN).startswith(row.spellings[-1])
    assert YAML.name(name) == (name if row.kept or not row.spellings else row.spellings[-1])
    # Whatever has an example has a text.
    for door in (SCRIPT, LINE, YAML, JSON, TOML, BESIDE_A_SCRIPT):
        assert door.setting(name, row.example)


def test_parts_are_made_calls_dictionaries_or_options() -> None:
    flag = {"type": "Flag", "name": "amp", "on": "--amp"}
    assert SCRIPT.part("hyperparams", flag) == (
        "hyperparam.create(type='Flag', name='amp', on='--amp')"
    )
    assert LINE.part("hyperparams", flag) == "-p --amp=flag"
    assert LINE.part("hyperparams", {**flag, "on": "-a"}) == "-p amp=flag"
    assert YAML.part("hyperparams", flag) == "{type: Flag, name: amp, on: --amp}"
    assert LINE.part("objectives", {"metric": "a", "direction": "minimize"}) == "--minimize a"
    assert LINE.part("pruner", {"type": "both"}) == "--pruner both"
    for keyword, maker in MAKERS.items():
        assert SCRIPT.part(keyword, {}) == f"{maker}.create(...)"
        assert YAML.part(keyword, {}) == "a dictionary of its options"
        assert LINE.part(keyword, {})


def test_failed_trials_are_run_again_by_a_call_or_a_command() -> None:
    assert spelled_retry("digits") == "tuner.retry_failed() before fit()"
    for door in (LINE, YAML, BESIDE_A_SCRIPT):
        assert door.retry("my study") == "automl retry 'my study' --failed, then this command"


def test_beside_a_script_only_what_tells_of_a_start_is_an_option() -> None:
    assert BESIDE_A_SCRIPT.setting("fresh", value=True) == "--fresh"
    assert BESIDE_A_SCRIPT.setting("max_trial_num", 4) == "max_trial_num=4"
    assert BESIDE_A_SCRIPT.name("study_dir") == "--study-dir"


@pytest.mark.parametrize("door", [LINE, YAML])
def test_a_door_spells_until_it_closes(door: Spelling) -> None:
    with spelled_by(door), spelled_by(BESIDE_A_SCRIPT):
        assert spelled("fresh", value=True) == "--fresh"
        assert spelled_part("objectives") == "objective.create(...)"
    assert spelled("fresh", value=True) == "fresh=True"
    with pytest.raises(KeyError), spelled_by(door):
        raise KeyError
    assert spelled("fresh", value=True) == "fresh=True"


KEYWORD = re.compile(
    r"\b(?:" + "|".join(NAMES) + r"|parser_pattern|location|metric_reader)=(?!=)"
    r"|(?:" + "|".join(MAKERS.values()) + r")\.create\(|retry_failed\(\)"
)
OWN_WORDS = ("cli", "functions", "hpo", "testing", "spelling")
"""What writes for one door alone."""


def _texts(tree: ast.Module) -> list[ast.Constant]:
    """Return the texts of a module that are no documentation."""
    told = {
        id(one.value)
        for node in ast.walk(tree)
        if isinstance(body := getattr(node, "body", None), list)
        for one in body
        if isinstance(one, ast.Expr)
    }
    # `repr` is for whoever debugs a script.
    shown = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in {"__repr__", "shown"}
        for inner in ast.walk(node)
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in told | shown
    ]


def test_no_message_of_the_lower_rooms_is_for_scripts_alone() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {node.value}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in OWN_WORDS
        for node in _texts(ast.parse(path.read_text(encoding="utf-8")))
        if KEYWORD.search(str(node.value))
    ]
    assert found == []


def test_doors_that_are_used_at_once_end_in_any_order() -> None:
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(spelled_by(LINE))
        second.enter_context(spelled_by(YAML))
        first.close()
        assert spelled("fresh", value=True) == YAML.setting("fresh", value=True)
    assert spelled("fresh", value=True) == "fresh=True"
