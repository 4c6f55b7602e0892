import dataclasses
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.report.lines import (
    duration_text,
    float_texts,
    one_line,
    params_text,
    trial_line,
    value_text,
)
from automl.spec.launch import Exit
from automl.spec.parameters import ParamValue
from automl.spec.trial import Trial, TrialState

MakeTrial = Callable[..., Trial]
PARAMS = {"d": 2, "lr": 0.32, "n": 50, "s": 2}


def failed(**more: Any) -> Trial:
    return Trial(id=4, params=PARAMS, state=TrialState.FAILED, **{"duration_s": 0.31, **more})


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0.0 s"),
        (0.31, "0.3 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (12, "12 s"),
        (59.6, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3599.7, "1 h 00 min"),
        (11_040, "3 h 04 min"),
        (86_399.9, "1 d 00 h"),
        (183_600, "2 d 03 h"),
        (math.inf, "unknown"),
        (math.nan, "unknown"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@settings(deadline=None)
@given(st.text())
def test_any_text_becomes_one_printable_line(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1


@settings(deadline=None)
@given(st.lists(st.floats()))
def test_floats_read_back_as_they_were(values: list[float]) -> None:
    for value, text in zip(values, float_texts(values), strict=True):
        assert float(text) == value or math.isnan(value)


def test_short_floats_have_the_same_number_of_decimals() -> None:
    assert float_texts([0.9085, 0.916, math.nan]) == ["0.9085", "0.9160", "nan"]
    assert float_texts([0.1234567, 0.5]) == ["0.1234567", "0.5"]
    assert float_texts([1e-7, 0.5]) == ["1e-07", "0.5"]


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(st.text()), st.dictionaries(st.text(), st.text())))
def test_any_value_is_one_printable_line(value: ParamValue) -> None:
    assert value_text(value).isprintable()


def test_parameters_with_spaces_are_quoted() -> None:
    params = {"a": "x y", "b": "x", "c": "1\n2", "d": True, "odd\nname": 1.0}
    assert params_text(params) == r"a='x y' b=x c='1\n2' d=True odd\nname=1.0"


def test_completed_line_names_the_best(completed: MakeTrial) -> None:
    trial = completed(7, 0.9085, **PARAMS)
    expected = "trial 7 completed: 0.9085 in 2.1 s (best 0.9160, trial 3); d=2 lr=0.32 n=50 s=2"
    assert trial_line(trial, completed(3, 0.916)) == expected
    assert "0.9085 in 2.1 s (best so far); d=2" in trial_line(trial, trial)
    assert "0.9085 in 2.1 s; d=2" in trial_line(trial, None)


def test_completed_line_says_that_a_constraint_is_broken(completed: MakeTrial) -> None:
    trial = dataclasses.replace(completed(7, 0.95, d=2), violation=3.0)
    assert trial_line(trial, completed(3, 0.916)) == (
        "trial 7 completed: 0.950 in 2.1 s, breaks a constraint (best 0.916, trial 3); d=2"
    )


def test_failed_line_names_the_exit_once() -> None:
    params = "; d=2 lr=0.32 n=50 s=2"
    exit_1 = Exit(code=1)
    expected = f"trial 4 failed after 0.3 s: exit code 1: no such file{params}"
    assert trial_line(failed(reason="no such file", exit=exit_1), None) == expected
    assert trial_line(failed(reason="exit code 1: no such file", exit=exit_1), None) == expected
    killed = trial_line(failed(exit=Exit(code=-9)), None)
    assert killed.endswith(f"0.3 s: killed by SIGKILL{params}")
    silent = trial_line(failed(reason="no\nmetric", exit=Exit(code=0)), None)
    assert silent.endswith(rf"0.3 s: no\nmetric{params}")
    assert trial_line(failed(duration_s=None), None) == f"trial 4 failed: no reason known{params}"


def test_other_ends(completed: MakeTrial) -> None:
    pruned = dataclasses.replace(
        completed(5, 0.5, d=2), state=TrialState.PRUNED, reason="stopped early (median): 0.5"
    )
    assert trial_line(pruned, completed(3, 0.916)) == (
        "trial 5 stopped early (median): 0.5; 0.500 in 2.1 s (best 0.916, trial 3); d=2"
    )
    stopped = dataclasses.replace(pruned, state=TrialState.STOPPED, value=None, reason="")
    assert trial_line(stopped, None) == "trial 5 stopped after 2.1 s; d=2"
