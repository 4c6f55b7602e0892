"""Calls as they are sent to processes that have their function."""

import json
import marshal
from pathlib import Path
from typing import Any

import pytest

from automl.inside.calling.given import LARGEST_CHARS, Given, call_in, plain_call
from automl.inside.calling.words import Call, Target
from automl.inside.trial import Trial

TARGET = Target("objective", script="train.py")
FLOAT = {"kind": "float", "low": 0.0, "high": 1.0, "log": False, "step": None}


def sent(call: Call, given: Given | None) -> tuple[Call, Given | None]:
    return call_in(marshal.loads(marshal.dumps(plain_call(call, given))), TARGET)  # noqa: S302


@pytest.mark.parametrize("budget", [None, 9, 0.5])
@pytest.mark.parametrize("folder", ["/study/trials/3", "/odd \udcff/3"])
def test_a_call_arrives_as_it_was_sent(budget: float | None, folder: str) -> None:
    call = Call(TARGET, folder, 3, 17, ("loss", "odd name"), budget, 0, "/c")
    again, given = sent(call, Given("{}", ranges=True))
    assert again == call
    assert type(again.budget) is type(call.budget)
    assert given == Given("{}", ranges=True)


def test_many_values_are_left_to_the_file() -> None:
    call = Call(TARGET, "/t", 3, 17, ("loss",))
    assert sent(call, Given(" " * (LARGEST_CHARS + 1), ranges=True)) == (call, None)
    assert sent(call, None) == (call, None)


@pytest.mark.parametrize(
    ("name", "ranges", "values"),
    [
        ("proposed.json", True, {"x": {"value": 0.25, "range": FLOAT}}),
        ("proposed.json", True, {}),
        ("params.json", False, {"x": 0.25}),
        ("params.json", False, {}),
    ],
)
def test_a_trial_is_alike_by_file_and_by_what_was_sent(
    tmp_path: Path, name: str, values: dict[str, Any], *, ranges: bool
) -> None:
    text = json.dumps(values)
    (tmp_path / name).write_text(text)
    call = Call(TARGET, str(tmp_path), 3, 17, ("loss",))
    by_file, by_order = Trial(call), Trial(call, Given(text, ranges))
    assert by_file.suggest_float("x", 0, 1) == by_order.suggest_float("x", 0, 1)
    assert by_file.params == by_order.params
