"""The table of keywords: each row is whole, and refuses what is not of its kind."""

import inspect
import json
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import AutoTuner, options
from automl.hpo.options import POSITIONAL, Options
from automl.studies.given.keyword import NEEDED, Keyword
from automl.studies.given.place import keyword_of
from automl.studies.keywords import KEYWORDS, NAMES
from automl.studies.reading import check_names, read_keywords
from automl.studies.spec_from import described, spec_from
from automl.study.limits import Limits, TrialLimits
from automl.study.noise import Noise
from automl.study.resources import ResourceSpec

Right = Callable[..., dict[str, Any]]

EXAMPLES = {row.name: row.example for row in KEYWORDS if row.default is NEEDED}
EXAMPLES_OF = {row.name: row.example for row in KEYWORDS}
ROWS = pytest.mark.parametrize("row", KEYWORDS, ids=lambda row: row.name)

ANYTHING = {"user_id"}
"""Keywords that take any value."""

WRONG: dict[str, Any] = {
    "none": None,
    "flag": True,
    "zero": 0,
    "negative": -3,
    "fraction": 1.5,
    "nan": float("nan"),
    "long": 10**9999,
    "text": "no\0such",
    "half a character": "\ud800",
    "bytes": b"x",
    "list": [object()],
    "nested": [[{}]],
    "dictionary": {"a": object()},
    "keys": {1: 2},
    "set": {1},
    "object": object(),
    "type": int,
}


def refusal(make: Callable[..., object], *args: Any) -> SpecError | None:
    """Return the error of what is refused; any other error is one of the test."""
    try:
        make(*args)
    except SpecError as error:
        return error
    return None


@ROWS
def test_a_value_of_a_wrong_type_is_refused_by_name(row: Keyword) -> None:
    refused = []
    for kind, value in WRONG.items():
        error = refusal(described, {**EXAMPLES, row.name: value}, "/work")
        if error:
            refused.append(kind)
            assert keyword_of(error.place) == row.name, kind
            assert row.name in str(error), kind
    if row.name not in ANYTHING:
        assert {"bytes", "set", "object", "type", "keys", "long"} <= set(refused)
    if row.name not in ANYTHING | {"warm_start"}:
        assert "nested" in refused


@ROWS
def test_a_script_is_told_of_it_in_the_same_way(row: Keyword, right: Right, folder: Path) -> None:
    for kind, value in WRONG.items():
        given = right(**{row.name: value})
        error = refusal(lambda given=given: AutoTuner(**given))
        if error:
            assert keyword_of(error.place) == row.name, kind
            assert row.name in str(error), kind
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("gpus", 0), ("cwd", 3), ("study_dir", 5), ("gpus", [[]]), ("cwd", b"x"), ("detach", 3)],
)
def test_what_once_was_a_raw_error_names_its_keyword(
    keyword: str, value: Any, right: Right, folder: Path
) -> None:
    with pytest.raises(SpecError, match=f"^{keyword} "):
        AutoTuner(**right(**{keyword: value}))
    assert list(folder.iterdir()) == []


@ROWS
def test_a_row_is_whole(row: Keyword) -> None:
    assert row.help.endswith(".")
    assert "\n" not in row.help
    assert row.kind.words
    assert json.loads(json.dumps(row.example)) == row.example
    assert row.example != row.default or row.name == "mode"
    if row.default is not NEEDED:
        row.read(row.default, row.name)


@ROWS
def test_the_example_of_a_row_is_allowed(row: Keyword) -> None:
    plain = {**EXAMPLES, row.name: row.example}
    if row.name == "budget":
        plain["task_list"] = json.loads(
            json.dumps(plain["task_list"]).replace("trial.param.rate", "trial.budget")
        )
    if row.name == "function":
        del plain["task_list"]
    if row.name == "keep":
        plain["artifacts"] = EXAMPLES_OF["artifacts"]
    described(plain, "/work")


def test_names_differ_and_those_that_are_needed_come_first() -> None:
    assert len(set(NAMES)) == len(NAMES)
    needed = [row.name for row in KEYWORDS if row.default is NEEDED]
    assert list(NAMES[: len(needed)]) == needed
    assert not {row.also for row in KEYWORDS} & set(NAMES)


def test_the_signature_of_a_tuner_has_every_row() -> None:
    signature = inspect.signature(AutoTuner).parameters
    assert list(signature) == list(NAMES)
    for row in KEYWORDS:
        empty = inspect.Parameter.empty
        assert signature[row.name].default is (empty if row.default is NEEDED else row.default)


def test_type_checkers_are_told_of_every_row() -> None:
    named = typing.get_type_hints(Options)
    wrapped = inspect.signature(inspect.unwrap(AutoTuner.__init__), eval_str=False).parameters
    first = [one for one in wrapped if one not in {"self", "options"}]
    assert [*first, *named] == list(NAMES)
    assert len(first) == POSITIONAL
    shown = {name: wrapped[name].annotation for name in first}
    names = {**vars(typing), **vars(options), "os": __import__("os")}
    for row in KEYWORDS:
        if row.name in shown:
            assert shown[row.name] == row.kind.annotation, row.name
        else:
            annotation = row.kind.annotation
            if row.default is None and "None" not in annotation:
                annotation += " | None"
            assert named[row.name] == eval(annotation, names), row.name  # noqa: S307 - ours


def test_the_help_of_a_tuner_has_every_row() -> None:
    text = inspect.getdoc(AutoTuner) or ""
    assert [row.name for row in KEYWORDS if f"    {row.name}: {row.help}" not in text] == []


def test_an_unknown_keyword_is_refused_with_the_nearest_known_one() -> None:
    told = r"^a study has no option 'max_trials' \(did you mean 'max_trial_num'\?\); known options:"
    with pytest.raises(SpecError, match=told) as refused:
        spec_from({**EXAMPLES, "max_trials": 3}, "/work")
    assert refused.value.place == "max_trials"


def test_a_missing_keyword_is_named() -> None:
    with pytest.raises(SpecError, match=r"^a study needs max_parallel=, max_trial_num=; given:"):
        check_names("a study", ["hyperparams", "task_list"])
    with pytest.raises(SpecError, match=r"AutoTuner needs hyperparams=.*given: max_parallel=$"):
        AutoTuner(max_parallel=3)  # type: ignore[call-arg]


def test_a_call_with_too_many_values_or_one_twice_is_refused() -> None:
    with pytest.raises(SpecError, match=r"takes 6 values without a name.*as in name="):
        AutoTuner([], [], 1, 1, "local", None, "name")  # type: ignore[misc]
    with pytest.raises(SpecError, match="got max_parallel= twice"):
        AutoTuner([], [], 1, max_parallel=1, max_trial_num=1)  # type: ignore[misc]


BOUNDS: dict[str, Callable[[Any], object]] = {
    "max_parallel": lambda value: Limits(max_trials=1, max_parallel=value),
    "max_trial_num": lambda value: Limits(max_trials=value),
    "fail_fast": lambda value: Limits(max_trials=1, fail_fast=value),
    "max_retries": lambda value: TrialLimits(max_retries=value),
    "repeats": lambda value: Noise(repeats=value),
    "confirm": lambda value: Noise(confirm=value),
    "confirm_seeds": lambda value: Noise(confirm_seeds=value),
    "cpus_per_trial": lambda value: ResourceSpec(cpus=value),
    "nice": lambda value: ResourceSpec(nice=value),
}
"""Who else checks the range of a whole number."""


@pytest.mark.parametrize("name", BOUNDS)
def test_the_range_of_a_row_is_that_of_what_it_becomes(name: str) -> None:
    row = next(row for row in KEYWORDS if row.name == name)
    for value in range(-2, 25):
        by_row, by_other = refusal(row.read, value, name), refusal(BOUNDS[name], value)
        assert (by_row is None) == (by_other is None), value


def test_an_empty_key_is_no_keyword() -> None:
    with pytest.raises(SpecError, match="a study has no option ''") as refused:
        read_keywords({"": "one"})
    assert refused.value.place == "['']"
