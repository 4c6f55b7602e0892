"""The words of the command that calls a function."""

import pytest

from automl.inside.calling.words import Call, Target, call_of

TARGETS = [
    Target("objective", script="train.py"),
    Target("objective", module="pkg.train", path=("/lib one", "/lib two")),
    Target("<lambda>", script="train.py", pickled="/study/functions/ab.pkl"),
    Target("objective", script="train.py", arguments=("--", "-m", "{{ odd }}", "")),
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"budget": 9, "from_budget": 3, "checkpoint": "/c"},
        {"budget": 0.5, "from_budget": 0},
        {"budget": 1e-07, "from_budget": 0},
    ],
)
def test_a_call_is_read_as_it_was_written(target: Target, how: dict[str, float]) -> None:
    call = Call(target, "/study/trials/3", 3, 17, ("loss", "odd name"), **how)
    again = call_of(list(call.words()))
    assert again == call
    assert type(again.budget) is type(call.budget)


@pytest.mark.parametrize("words", [[], ["--function"], ["--function", "f", "--dir", "/d"]])
def test_words_of_somebody_else_are_refused(words: list[str]) -> None:
    with pytest.raises((ValueError, KeyError)):
        call_of(words)
