import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.show.lines import (
    duration_text,
    float_texts,
    one_line,
    params_text,
    ranked,
    short,
    value_text,
)
from automl.space.parameters import ParamValue
from automl.study.objective import Objective, Objectives
from automl.study.trial import Result, Stage, Trial


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


def test_only_floats_are_cut_for_the_eye() -> None:
    params = {
        "lr": 0.0035252026651556656,
        "n": 10**9,
        "on": True,
        "name": "0.123456789",
        "tiny": 1e-12,
    }
    assert short(params) == {**params, "lr": 0.0035252}


def test_what_was_computed_is_shown_without_noise_in_its_last_digits() -> None:
    printed = Trial(id=0, params={}, value=0.734471333333)
    stages = [Result(stage=Stage(seed_number=number), value=0.7) for number in range(2)]
    mean = dataclasses.replace(printed, results=tuple(stages))
    weighted = Objectives((Objective(metric="a", weight=1.0), Objective(metric="b", weight=1.0)))
    assert ranked(printed, Objectives()) == 0.734471333333
    assert ranked(mean, Objectives()) == 0.734471
    assert ranked(printed, weighted) == 0.734471
    assert ranked(Trial(id=1, params={}), weighted) is None
