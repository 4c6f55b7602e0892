import re
import shlex

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from automl.cli.spellings.command_line import CommandLine
from automl.cli.spellings.study_file import StudyFileText
from automl.readers.numbers.cut import find_cut
from automl.readers.numbers.group import find_group
from automl.readers.numbers.number import NUMBER
from automl.readers.pattern import Pattern
from automl.spelling.spelling import spelled_by

MANUAL = r"(\d.\d+)"


@pytest.mark.parametrize(
    ("pattern", "line", "read", "whole"),
    [
        (MANUAL, "1.2e-05", "1.2", "1.2e-05"),
        (MANUAL, "loss: 1.2E+5,", "1.2", "1.2E+5"),
        (MANUAL, "12.5", "2.5", "12.5"),
        (MANUAL, "ends with 12.5.", "2.5", "12.5"),
        (MANUAL, "took 12.5ms", "2.5", "12.5"),
        (MANUAL, "val12.5", "2.5", "12.5"),
        (MANUAL, "12.5%", "2.5", "12.5"),
        (MANUAL, "r2=-0.25", "0.25", "-0.25"),
        (r"-?(\d\.\d+)", "r2 -0.25", "0.25", "-0.25"),
        (MANUAL, "[-0.5, 0.5]", "0.5", "-0.5"),
        (MANUAL, "x .555", "555", ".555"),
        (r".*(\d+\.\d+)", "acc 12.5", "2.5", "12.5"),
        (r"acc: (\d+)", "acc: 0.91", "0", "0.91"),
        (r"(\d+\.\d{2})", "0.9085", "0.90", "0.9085"),
        (r"(.\d.\d)", "acc  1.25", "1.2", "1.25"),
    ],
)
def test_a_number_read_in_part_is_found(pattern: str, line: str, read: str, whole: str) -> None:
    cut = Pattern(pattern).cut_number(line)
    assert cut is not None
    assert (cut.read, cut.whole) == (read, whole)
    assert line[cut.start : cut.start + len(whole)] == whole
    matches = [match[1] for match in re.finditer(cut.better, line)]
    assert whole in matches
    assert Pattern(cut.better).cut_number(line) is None


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MANUAL, "0.9085"),
        (MANUAL, "accuracy is 0.9085."),
        (MANUAL, "2020-08-07 00:25:02,123 INFO 0.9085"),
        (r"(\d+\.\d+)", "version 1.2.3"),
        (r"(\d+)", "on 2020-08-07T00:25:02Z at 10.0.0.1"),
        (MANUAL, "              precision    recall  f1-score   support"),
        (MANUAL, "           0       1.00      0.99      0.99        88"),
        (MANUAL, "    accuracy                           0.97       899"),
        (MANUAL, "[[87  0  0  0  1  0  0  0  0  0]"),
        (MANUAL, "lr-0.5 epoch-3"),
        (r"(\d+)", "epoch-3 of f1-12"),
        (MANUAL, "f(x)-0.5 [INFO]-0.5"),
        (MANUAL, "between 0.1-0.5"),
        (MANUAL, "model.123 a1b22c33 0x1f2e3"),
        (MANUAL, "+0.5"),
        (r"(\d+\.\d\d)", "0.5000"),
        (r"loss: -(\d\.\d+)", "loss: -0.25"),
        (r"epoch (\d+)", "epoch 5."),
        (r"(\S+)", "nan -inf 0.5 word"),
        (r"acc(: \d+)?", "acc"),
        (MANUAL, "1" + "0" * 100 + "e"),
        (r"(\d)", "1" * 200),
    ],
)
def test_no_false_alarm(pattern: str, line: str) -> None:
    assert Pattern(pattern).cut_number(line) is None


@pytest.mark.parametrize(
    ("pattern", "line", "better"),
    [
        (r"acc: (\d.\d+)\S* end", "acc: 1.2e-05 end", rf"acc: ({NUMBER})\S* end"),
        (r"(?i)ACC: (?P<v>\d.\d+)", "acc: 1.2e-05", rf"(?i)ACC: (?P<v>{NUMBER})"),
        (r"acc.*(\d+\.\d+)", "acc 12.5", rf"acc.*(?<![\w.+-])({NUMBER})"),
        (r"acc (\d.\d+)e", "acc 1.2e-05", rf"({NUMBER})"),
        (r"((\d).\d+).*\2", "acc 1.2e-01", rf"({NUMBER})"),
        (r"(?x) # :(" + "\n" + r" (\d.\d+)", "acc:1.2e-05", rf"({NUMBER})"),
        (r"(?x) acc: # (really)" + "\n" + r" (\d.\d+)", "acc:1.2e-05", rf"({NUMBER})"),
    ],
)
def test_the_better_pattern_keeps_the_rest_where_that_works(
    pattern: str, line: str, better: str
) -> None:
    cut = Pattern(pattern).cut_number(line)
    assert cut is not None
    assert cut.better == better


def test_the_warning_shows_line_and_better_pattern() -> None:
    text = str(Pattern(MANUAL).cut_number("epoch 3 loss 1.2e-05"))
    assert "\n" not in text
    assert "'epoch 3 loss 1.2e-05'" in text
    assert f"use parser_pattern={f'({NUMBER})'!r}." in text
    assert "reads 2 numbers in this line" in text
    assert "numbers in this line" not in str(Pattern(MANUAL).cut_number("12.5"))


def test_the_better_pattern_may_be_pasted_into_a_command_line() -> None:
    with spelled_by(CommandLine()):
        text = str(Pattern(MANUAL).cut_number("12.5e3"))
    [option] = re.findall(r"use (--pattern '.*?')\.", text)
    assert shlex.split(option) == ["--pattern", f"({NUMBER})"]


def test_the_better_pattern_may_be_pasted_into_a_file() -> None:
    with spelled_by(StudyFileText(".yaml")):
        text = str(Pattern(MANUAL).cut_number("12.5e3"))
    [line] = re.findall(r"use (parser_pattern: .*)\.$", text)
    assert yaml.safe_load(line) == {"parser_pattern": f"({NUMBER})"}


def test_the_warning_shows_the_right_part_of_a_long_line() -> None:
    text = str(Pattern(r"acc (\d.\d+)").cut_number("word " * 1000 + "acc 1.2e-05" + " word" * 1000))
    assert "acc 1.2e-05 word" in text
    assert len(text) < 600


@pytest.mark.parametrize(
    ("pattern", "group", "text"),
    [
        (r"(a)", 1, "(a)"),
        (r"\(x (?:y) [(] []()] (?=z)(?P<n>a(b)[)]\)) (c)", 1, r"(?P<n>a(b)[)]\))"),
        (r"\(x (?:y) [(] []()] (?=z)(?P<n>a(b)[)]\)) (c)", 2, "(b)"),
        (r"\(x (?:y) [(] []()] (?=z)(?P<n>a(b)[)]\)) (c)", 3, "(c)"),
        (r"(?P<a>x)(?P=a)", 1, "(?P<a>x)"),
        (r"(?P<a>x)(?P=a)", 2, None),
        (r"\(a\)", 1, None),
    ],
)
def test_a_group_is_found_by_its_number(pattern: str, group: int, text: str | None) -> None:
    span = find_group(pattern, group)
    assert (pattern[slice(*span)] if span else None) == text


def test_the_better_pattern_keeps_the_group_of_the_step() -> None:
    cut = Pattern(r"epoch (?P<step>\d+) acc (\d.\d+)").cut_number("epoch 3 acc 1.2e-05")
    assert cut is not None
    assert (cut.read, cut.whole) == ("1.2", "1.2e-05")
    assert cut.better == rf"epoch (?P<step>\d+) acc ({NUMBER})"


@given(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([" ", "=", ": ", "[", "|"])
)
def test_every_float_is_read_whole_by_the_general_number(value: float, before: str) -> None:
    line = f"epoch{before}{value!r}"
    assert Pattern(f"({NUMBER})").values(line) == [value]
    assert Pattern(f"({NUMBER})").cut_number(line) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_manuals_pattern_reads_right_or_warns(value: float) -> None:
    line = f"acc: {value!r}"
    pattern = Pattern(MANUAL)
    values = pattern.values(line)
    assert not values or values == [value] or pattern.cut_number(line) is not None


def test_advice_is_not_waited_for() -> None:
    # A pattern made for it would go through the digits for years.
    line = "11.5x " + "1" * 16_000
    cut = find_cut(r"(\d)x", line, 3, 4)
    assert cut is not None
    assert cut.whole == "11.5"
    assert str(cut)
