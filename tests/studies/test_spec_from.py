"""`spec_from` is pure and total: any plain data gives a study or an error with a place."""

import builtins
import copy
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.studies.given.place import keyword_of
from automl.studies.keywords import KEYWORDS
from automl.studies.spec_from import described, spec_from
from automl.study.objective import Direction, Final, Objective, Objectives
from automl.study.spec import Algorithm, PrunerSpec, StudySpec

BASE = "/work"

WHOLE: dict[str, Any] = {
    "hyperparams": [
        {"type": "Categorical", "name": "opt", "candidates": ["sgd", "adam", 3, None]},
        {"type": "Real", "name": "rate", "min_value": 0.01, "max_value": 1.0, "when": "opt == 'a'"},
        {"type": "Integer", "name": "n", "min_value": 1, "max_value": 9, "step": 2},
        {"type": "Linked", "names": ["w", "d"], "candidates": [[1, 2], [3, 4]]},
        {
            "type": "Choice",
            "name": "model",
            "options": {"svm": [{"type": "LogNormal", "name": "c", "mean": 0, "std": 1}], "no": []},
            "when": {"opt": ["sgd"]},
        },
    ],
    "task_list": [
        {
            "type": "BashTask",
            "cmd": ["./train", 3],
            "files": [
                {"base": "c.json", "set": {"a": 1}, "name": "c", "format": "json"},
                {
                    "base": "d.yaml",
                    "dest": "{{ trial.id }}.yaml",
                    "set": {"a.b": [1]},
                    "create": True,
                },
            ],
            "metric_reader": [
                {"type": "local_reader", "location": "a", "parser_pattern": "(.)"},
                {
                    "type": "local_reader",
                    "location": "b",
                    "parser_pattern": "(.)",
                    "metric": "ms",
                },
            ],
            "cleanup": "rm x",
        },
        {"type": "LocalAdapterTask", "param_file": "p{{ trial.id }}", "custom": {"a": [1]}},
    ],
    "max_parallel": 4,
    "max_trial_num": 20,
    "objectives": [{"metric": "ms", "direction": "minimize", "final": "best"}],
    "constraints": ["ms <= 20"],
    "rules": ["n * w < 20"],
    "algorithm": {"type": "tpe", "initial_trials_num": 5},
    "start_with": [{"opt": 3, "n": 1, "w": 1, "d": 2}],
    "pruner": {"type": "patient", "wraps": "median", "patience": 2},
    "earlystop": {"type": "small_is_better", "threshold": 1, "max_runtime": "1h"},
    "workspace": {
        "type": "link",
        "folder": "{{ trial.dir }}/w",
        "ignore": ["a"],
        "keep": ["b"],
        "max_size": "1G",
    },
    "env": {"A": 1},
    "secret_env": ["B"],
    **{
        name: next(row.example for row in KEYWORDS if row.name == name)
        for name in (
            *("mode", "name", "user_id", "study_dir", "cwd", "repeats", "confirm"),
            *("confirm_seeds", "seed", "fresh", "fail_fast", "grace", "max_runtime"),
            *("trial_timeout", "no_progress_timeout", "max_retries", "memory_per_trial"),
            *("gpus", "gpus_per_trial", "cpus_per_trial", "nice", "detach", "warm_start"),
            *("keep", "artifacts", "on_end"),
        )
    },
}

LEAST: dict[str, Any] = {
    name: copy.deepcopy(WHOLE[name]) for name in ("max_parallel", "max_trial_num")
} | {
    "hyperparams": [{"type": "Categorical", "name": "x", "candidates": [1, 2]}],
    "task_list": [
        {
            "type": "BashTask",
            "cmd": "train",
            "metric_reader": {"type": "local_reader", "location": "a", "parser_pattern": "(.)"},
        }
    ],
}

WORDS = st.sampled_from(
    ["type", "name", "Real", "Choice", "options", "opt", "n", "x > 0", "(", "3x", "8h", "auto"]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-2, 3)
    | st.floats()
    | st.text(max_size=5)
    | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | WORDS, inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the way to every value in plain data."""
    yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))


PLACES = list(places(WHOLE))[1:]


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data: Any = copy.deepcopy(WHOLE)
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return data  # type: ignore[no-any-return]


def told(data: Any) -> SpecError | StudySpec:
    """Return what comes of a description, which must be a study or an error with a place."""
    found = made(data)
    if isinstance(found, SpecError):
        assert found.place
        root = keyword_of(found.place)
        # An unknown key is its own place, whatever signs are in it.
        assert any(one in str(found) for one in (root, repr(root), repr(found.place)))
    return found


def made(data: Any) -> SpecError | StudySpec:
    try:
        return spec_from(data, BASE)
    except SpecError as error:
        return error


def test_the_whole_description_is_right() -> None:
    assert isinstance(told(WHOLE), StudySpec)
    assert isinstance(told(LEAST), StudySpec)
    left_out = {row.name for row in KEYWORDS} - set(WHOLE)
    assert left_out == {"direction", "final", "early_stopping", "budget", "function"}


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLACES), JSON)
def test_any_value_in_any_place_gives_a_study_or_an_error_with_a_place(
    path: tuple[Any, ...], value: Any
) -> None:
    told(changed(path, value))


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(JSON | st.dictionaries(st.sampled_from([row.name for row in KEYWORDS]), JSON))
def test_any_data_at_all_gives_a_study_or_an_error_with_a_place(data: Any) -> None:
    told(data)


DEEP: Any = []
for _ in range(5000):
    DEEP = [DEEP]
ROUND: list[Any] = []
ROUND.append(ROUND)
ODD = {
    "deep": DEEP,
    "round": ROUND,
    "long": 10**9999,
    "large": 10**400,
    "infinite": float("inf"),
    "nan": float("nan"),
    "half a character": "\ud800",
    "keys": {1: {2: 3}},
    "many": "(" * 999,
    "minus": "-" * 990 + "1 > 0",
    "repeated": "(a{99999999999})",
    "nine": "9" * 400,
    "nine times": "9" * 400 + "x",
    "nine G": "9" * 400 + "G",
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_data_in_any_place_is_told_of(odd: str) -> None:
    told(ODD[odd])
    for path in PLACES:
        told(changed(path, ODD[odd]))


@pytest.mark.parametrize(
    ("path", "value", "place", "message"),
    [
        (
            ("hyperparams", 2, "min_value"),
            "x",
            "hyperparams[2].min_value",
            "must be a whole number",
        ),
        (("hyperparams", 2, "min_value"), 99, "hyperparams[2].min_value", "is above max_value"),
        (("hyperparams", 0, "candidates"), [], "hyperparams[0].candidates", "is empty"),
        (("hyperparams", 1, "type"), "Rael", "hyperparams[1].type", "did you mean 'Real'"),
        (("hyperparams", 1), {"name": "x"}, "hyperparams[1].type", "has no 'type'"),
        (("hyperparams", 1), {"type": "Real"}, "hyperparams[1].name", "needs name="),
        (("hyperparams", 1, "min"), 3, "hyperparams[1].min", "has no option 'min'"),
        (("hyperparams", 1, "when"), {"no": 1}, "hyperparams", "when asks for 'no'"),
        (
            ("hyperparams", 4, "options", "svm", 0, "std"),
            -1,
            "hyperparams[4].options.svm[0].std",
            "std must be above 0",
        ),
        (("hyperparams", 4, "options", "svm"), [3], "hyperparams[4]", "3 of option 'svm'"),
        (("hyperparams", 4, "options"), 3, "hyperparams[4].options", "must be a dict of labels"),
        (("task_list", 0, "cmd"), [None], "task_list[0].cmd", "each word of cmd"),
        (
            ("task_list", 0, "metric_reader", 1, "parser_pattern"),
            "(",
            "task_list[0].metric_reader[1].parser_pattern",
            "does not compile",
        ),
        (("task_list", 0, "metric_reader"), 3, "task_list[0].metric_reader", "reader.create"),
        (("task_list", 0), "train", "task_list[0]", "give it task.create"),
        (("objectives", 0, "direction"), "min", "objectives[0].direction", "allowed: maximize"),
        (("objectives", 0, "weights"), 3, "objectives[0].weights", "unknown key 'weights'"),
        (("constraints", 0), "ms", "constraints", "'ms' is no comparison"),
        (("constraints", 0), 3, "constraints[0]", "give it a text"),
        (("rules",), ["z > 2"], "rules", "the name 'z' is unknown"),
        (("algorithm",), "randm", "algorithm.type", "did you mean 'random'"),
        (("algorithm", "initial_trials_num"), 0, "algorithm.initial_trials_num", "at least 1"),
        (("pruner", "patience"), 0, "pruner.patience", "at least 1"),
        (("earlystop", "threshold"), "x", "earlystop.threshold", "must be a number"),
        (("start_with", 0, "n"), 2, "start_with", "start_with[0]"),
        (("gpus",), 0, "gpus", "must be 'auto' or a list"),
        (("gpus_per_trial",), 1.5, "gpus_per_trial", "must be a whole number of GPUs"),
        (("trial_timeout",), "0.5x", "trial_timeout", "give a factor above 1"),
        (("env", "A"), [1], "env", "'A' has a value of type list"),
        (("env", "A B"), "x", "env", "cannot be exported"),
        (("secret_env",), ["A"], "secret_env", "both have 'A'"),
        (("cwd",), 3, "cwd", "must be the path of a folder, got 3"),
        (("workspace", "type"), "cpy", "workspace.type", "did you mean 'copy'"),
        (("workspace", "max_size"), "x", "workspace.max_size", "a number of bytes above 0"),
        (("workspace",), 3, "workspace", "must be one of 'copy', 'link', 'folder'"),
        (("cwd",), "{{ trial.dir }}", "cwd", "cwd has placeholders, and workspace has folder"),
        (("task_list", 0, "files", 1, "dest"), 3, "task_list[0].files[1].dest", "be a path"),
        (("task_list", 0, "files", 0, "sett"), 3, "task_list[0].files[0]", "unknown key 'sett'"),
        (("task_list", 1, "custom"), 3, "task_list[1].custom", "must be a dictionary"),
        (("early_stopping",), True, "pruner", "are both given"),
        (("direction",), "minimize", "objectives", "are both given"),
        (("name",), "a/b", "name", "must be a plain folder name"),
    ],
)
def test_an_error_names_the_place(path: Any, value: Any, place: str, message: str) -> None:
    found = told(changed(path, value))
    assert isinstance(found, SpecError)
    assert (found.place, message in str(found)) == (place, True), str(found)


def test_a_place_stands_once_at_the_beginning_of_a_message() -> None:
    assert str(told(changed(("hyperparams", 2, "min_value"), "x"))).startswith(
        "hyperparams[2].min_value: parameter 'n': min_value must be a whole number"
    )
    assert str(told(changed(("max_parallel",), 0))).startswith("max_parallel must be")


def test_early_stopping_is_the_pruner_both() -> None:
    assert spec_from(LEAST, BASE).pruner is None
    assert spec_from({**LEAST, "early_stopping": True}, BASE).pruner == PrunerSpec(type="both")
    assert spec_from({**LEAST, "pruner": "median"}, BASE).pruner == PrunerSpec(type="median")
    assert spec_from({**LEAST, "algorithm": "gp"}, BASE).algorithm == Algorithm(type="gp")


def test_one_objective_needs_no_list() -> None:
    only = Objective(direction=Direction.MINIMIZE, final=Final.BEST)
    data = {**LEAST, "direction": "minimize", "final": "best", "constraints": ["metric <= 2"]}
    assert spec_from(data, BASE).objectives == Objectives((only,), ("metric <= 2",))


def test_paths_count_from_the_base() -> None:
    assert spec_from({**LEAST, "cwd": "../a"}, "/x/y").cwd == "/x/a"
    assert spec_from(LEAST, "/x/y").cwd == "/x/y"
    assert spec_from({**LEAST, "cwd": "/z"}, "/x/y").cwd == "/z"
    assert described(LEAST, "/x").study_dir == "/x/automl_studies"
    assert described({**LEAST, "study_dir": Path("s")}, "/x").study_dir == "/x/s"


def test_a_list_and_a_tuple_are_the_same() -> None:
    perturb = {"type": "pbt", "perturb": (0.5, 2)}
    data = {**LEAST, "algorithm": perturb, "budget": {"name": "e", "min": 1, "max": 9}}
    assert spec_from(data, BASE) == spec_from(json.loads(json.dumps(data)), BASE)


def test_nothing_is_read_written_or_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    spec_from(WHOLE, BASE)  # what is imported lazily is there from now on
    handlers = [*logging.getLogger().handlers, *logging.getLogger("automl").handlers]

    def refused(*args: object, **options: object) -> Any:
        raise AssertionError(f"{args} {options}")

    with monkeypatch.context() as patch:
        for name in ("getcwd", "stat", "lstat", "open", "listdir", "scandir", "access", "mkdir"):
            patch.setattr(os, name, refused)
        patch.setattr(builtins, "open", refused)
        patch.setattr("importlib.util.find_spec", refused)
        patch.setattr("importlib.import_module", refused)
        found = [
            spec_from({**data, **change}, BASE)
            for data in (WHOLE, LEAST)
            for change in ({"algorithm": "gp"}, {"algorithm": "no.such:Sampler"}, {"name": None})
        ]
        wilcoxon = spec_from({**LEAST, "pruner": "wilcoxon"}, BASE)
    assert [one.algorithm.type for one in found[:2]] == ["gp", "no.such:Sampler"]
    assert wilcoxon.pruner == PrunerSpec(type="wilcoxon")
    assert found[-1].name == "study"
    assert handlers == [*logging.getLogger().handlers, *logging.getLogger("automl").handlers]


def test_a_description_is_not_changed() -> None:
    before = copy.deepcopy(WHOLE)
    spec_from(WHOLE, BASE)
    assert before == WHOLE


def test_a_start_with_of_a_script_is_that_of_a_file() -> None:
    pairs = [{"type": "Categorical", "name": "pair", "candidates": [[1, 2], [3, 4]]}]
    spec = spec_from({**LEAST, "hyperparams": pairs, "start_with": [{"pair": (1, 2)}]}, BASE)
    assert spec.start_with == ({"pair": [1, 2]},)


def test_tasks_have_two_names_and_the_place_has_the_one_that_was_given() -> None:
    named = {name: value for name, value in LEAST.items() if name != "task_list"}
    assert spec_from({**named, "tasks": LEAST["task_list"]}, BASE) == spec_from(LEAST, BASE)
    with pytest.raises(SpecError, match=r"^tasks\[0\] is 3; give it task.create"):
        spec_from({**named, "tasks": [3]}, BASE)
    with pytest.raises(SpecError, match=r"no option 'tasks' \(did you mean 'task_list'\?\)"):
        spec_from({**LEAST, "tasks": LEAST["task_list"]}, BASE)
