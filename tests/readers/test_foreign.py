"""Numbers that a pattern reads in part and that none can read whole."""

import pytest

from automl.readers.numbers.foreign import plain_spelling, remedy
from automl.readers.numbers.group import knows_mark
from automl.readers.pattern import Pattern

SCORE = r"score=([\d.]+)"


@pytest.mark.parametrize(
    ("pattern", "line", "whole", "spelt"),
    [
        (SCORE, "score=0,93", "0,93", "0.93"),
        (SCORE, "score=1,234.5", "1,234.5", "1234.5"),
        (SCORE, "score=1.234,5", "1.234,5", "1234.5"),
        (SCORE, "score=1,234,567", "1,234,567", "1234567"),
        (SCORE, "score=1_0", "1_0", "10"),
        (SCORE, "score=1'234.5", "1'234.5", "1234.5"),
        (SCORE, "score=1 234.5", "1 234.5", "1234.5"),
        (r"score: ([\d.]+)", "score: 12 345", "12 345", "12345"),
        (SCORE, "score=1\u2009234.5", "1\u2009234.5", "1234.5"),
        (SCORE, "score=1\u202f234", "1\u202f234", "1234"),
        (SCORE, "score=1\u00a0234", "1\u00a0234", "1234"),
        (SCORE, "score=1.2D-05", "1.2D-05", "1.2e-05"),
        (SCORE, "score=1.2x10^-5", "1.2x10^-5", "1.2e-5"),
        (SCORE, "score=1.2\u00d710\u207b\u2075", "1.2\u00d710\u207b\u2075", "1.2e-5"),
        (SCORE, "epoch 3, score=93,5%, loss 1", "93,5", "93.5"),
        (SCORE, "score=0,93ms", "0,93", "0.93"),
        (r"(\d\.\d+)", "r2 \u22120.5", "\u22120.5", "-0.5"),
        (r"score=-(\d+)", "score=-0,93", "0,93", "0.93"),
        (r"(\d+)$", "score 0,93", "0,93", "0.93"),
        (r"(?P<step>\d+): ([\d.]+)", "3: 0,93", "0,93", "0.93"),
        (r"(\d{1,3})", "score 0,93", "0,93", "0.93"),
    ],
)
def test_a_number_in_another_form_is_found(pattern: str, line: str, whole: str, spelt: str) -> None:
    told = str(Pattern(pattern).cut_number(line))
    assert f"{whole!r} stands there" in told
    assert f"print it as {spelt}, with" in told
    assert repr(line) in told
    assert plain_spelling(whole) == spelt


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (r"^([^,]*),", "0,93,0.5"),
        (r"^([^,]+)", "1,234"),
        (r"^(\d+),", "1,234"),
        (r"^(\d+)\s*,", "1,234"),
        (r"^(\d+)(?=,)", "1,234"),
        (r"^(\d+)[,;]", "1,234"),
        (r",(\d+)$", "1,234"),
        (r"^[^,]*,([^,]*)", "1,234"),
        (r"^\d+[,;]\s*(\d+)", "1,234"),
        (r"(?:^|,)(\d+)", "1,234"),
        (r"_(\d+)", "1_000"),
    ],
)
def test_columns_that_the_pattern_tells_apart_are_none(pattern: str, line: str) -> None:
    assert Pattern(pattern).cut_number(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-30 12:00:05,123 - INFO - score 0.5",
        "[12:00:05,123] 12:30:15,5",
        "0.5,0.1",
        "3,0.93,0.51",
        "[1,2] [100,200] {1,2}",
        "10,20,30",
        "x=1,y=2",
        "epoch 5 100 200",
        "epoch=3 120 0.5",
        "a1,2 v1_0 model_1_000",
        "score 1, 234",
        "version 1.2.3 of 10.0.0.1",
        "3x10 4 x 100",
        "1 234",
    ],
)
def test_no_false_alarm(line: str) -> None:
    assert Pattern(r"([\d.]+)").cut_number(line) is None
    assert Pattern(r"(\d+\.\d+)").cut_number(line) is None


@pytest.mark.parametrize(
    ("pattern", "knows"),
    [
        (r"loss ([\d.]+), acc", True),
        (r"(\d+) , \d", True),
        (r"x{1,2}(\d+)", False),
        (r"(\d{1,3}).*,", False),
        (r", acc (\d+)", False),
    ],
)
def test_only_a_mark_next_to_the_group_is_known(pattern: str, *, knows: bool) -> None:
    assert knows_mark(pattern, 1, ",") is knows


@pytest.mark.parametrize(("whole", "helps"), [("0,93", True), ("1.234,5", False), ("1,234", False)])
def test_a_locale_is_named_where_it_may_help(whole: str, *, helps: bool) -> None:
    assert ("LC_ALL" in remedy(whole)) == helps
