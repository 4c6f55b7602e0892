"""Failures that all have one value are told apart from failures by chance."""

from typing import Any

import pytest

from automl.space.parameters import Categorical, Flag, Integer, Linked, Parameter, Real
from automl.space.space import SearchSpace
from automl.study.ranking.shared_failures import FailureCounts, shared_failures
from automl.study.trial import Trial, TrialState

FAILED, COMPLETED, PRUNED = TrialState.FAILED, TrialState.COMPLETED, TrialState.PRUNED
WORDS = Categorical(name="nesterov", candidates=("", "--nesterov"))


def trials(failed: list[Any], others: list[Any], name: str = "nesterov") -> list[Trial]:
    ended = [(FAILED, value) for value in failed] + [(COMPLETED, value) for value in others]
    return [
        Trial(id=number, state=state, params=value if isinstance(value, dict) else {name: value})
        for number, (state, value) in enumerate(ended)
    ]


def told(parameter: Parameter, failed: list[Any], others: list[Any]) -> str:
    return shared_failures(trials(failed, others, parameter.name), SearchSpace((parameter,)))


def test_all_failures_share_one_value() -> None:
    assert told(WORDS, [""] * 9, ["--nesterov"] * 11) == (
        "all 9 trials with nesterov='' failed, and none of the 11 others did; the first was trial 0"
    )


@pytest.mark.parametrize(
    ("parameter", "bad", "good"),
    [
        (Flag(name="f", on="--f"), False, [True]),
        (Integer(name="depth", min_value=1, max_value=5), 5, [1, 2, 3, 4]),
        (Categorical(name="c", candidates=(1, 1.0, True, None)), 1, [1.0, True, None]),
        (Categorical(name="c", candidates=([1], [2])), [2], [[1]]),
        (Real(name="x", min_value=0, max_value=1, step=0.5), 0.0, [0.5, 1.0]),
    ],
)
def test_of_any_kind_with_few_values(parameter: Parameter, bad: Any, good: list[Any]) -> None:
    text = told(parameter, [bad] * 4, good * 6)
    assert text.startswith(f"all 4 trials with {parameter.name}={bad!r} failed, and none of the")


@pytest.mark.parametrize(
    ("failed", "others"),
    [
        ([], []),
        ([""] * 2, ["--nesterov"] * 50),  # too few
        ([""] * 3, ["--nesterov"] * 3),  # one in 20 by chance
        ([""] * 9, []),  # nobody knows of the others
        ([""] * 9, ["", *["--nesterov"] * 11]),  # one of them did not fail
        (["", "--nesterov"] * 5, ["--nesterov"] * 3),
    ],
)
def test_what_may_be_chance_is_not_told(failed: list[str], others: list[str]) -> None:
    assert told(WORDS, failed, others) == ""


def test_a_few_other_failures_do_not_hide_it() -> None:
    text = told(WORDS, ["", "--nesterov"] + [""] * 9, ["--nesterov"] * 9)
    assert text.startswith("all 10 trials with nesterov='' failed, and 1 of the 10 others did;")


def test_several_values_of_a_parameter_are_told_together() -> None:
    parameter = Integer(name="depth", min_value=1, max_value=4)
    text = told(parameter, [4] * 3 + [3] * 4, [1] * 5 + [2] * 5)
    assert text.startswith("all 7 trials with depth=4 or 3 failed, and none of the 10 others")


def test_the_parameter_that_tells_most_is_named() -> None:
    space = SearchSpace(
        (
            Categorical(name="opt", candidates=("sgd", "adam")),
            Categorical(name="momentum", candidates=(0, 0.9), when={"opt": "sgd"}),
            Flag(name="f", on="--f"),
        )
    )
    bad = [{"opt": "sgd", "momentum": at, "f": f} for at in (0, 0.9) for f in (True, False)] * 2
    good = [{"opt": "adam", "f": f} for f in (True, False)] * 4
    assert shared_failures(trials(bad, good), space).startswith("all 8 trials with opt='sgd'")


def test_linked_parameters_are_looked_at_each_for_itself() -> None:
    linked = Linked(names=("a", "b"), candidates=([1, "x"], [2, "x"], [1, "y"]))
    text = shared_failures(
        trials([{"a": 1, "b": "y"}] * 5, [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}] * 3),
        SearchSpace((linked,)),
    )
    assert text.startswith("all 5 trials with b='y' failed")


def test_a_wide_range_and_a_long_value_are_no_trouble() -> None:
    wide = Real(name="nesterov", min_value=0, max_value=1)
    assert told(wide, [0.5] * 9, [0.25] * 9) == ""
    long = Categorical(name="c", candidates=("x" * 500, "y"))
    assert len(told(long, ["x" * 500] * 9, ["y"] * 9)) < 200


def test_pruned_trials_ran_well_and_stopped_ones_say_nothing() -> None:
    space = SearchSpace((WORDS,))
    ended = trials([""] * 5, [])
    for number in range(5, 10):
        ended.append(Trial(id=number, state=PRUNED, params={"nesterov": "--nesterov"}))
    ended.append(Trial(id=10, state=TrialState.STOPPED, params={"nesterov": ""}))
    assert shared_failures(ended, space).startswith("all 5 trials with nesterov=''")


def test_a_trial_that_is_launched_again_is_taken_back() -> None:
    counts = FailureCounts(SearchSpace((WORDS,)))
    ended = trials([""] * 5, ["--nesterov"] * 5)
    for trial in ended:
        counts.add(trial)
    assert counts.text()
    for trial in ended[:3]:
        counts.add(trial, by=-1)
    assert counts.text() == ""
