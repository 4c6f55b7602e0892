"""Patterns for several lines, of which a line by itself has no match."""

import re

import pytest

from automl.errors import SpecError
from automl.readers.advice.described import check_readers
from automl.readers.advice.line_breaks import (
    matches_across,
    needs_line_break,
    without_ending,
)
from automl.study.tasks.reader import LocalReader


def reader(pattern: str, location: str = "{{ trial.dir }}/stdout.log") -> LocalReader:
    return LocalReader(location=location, parser_pattern=pattern)


@pytest.mark.parametrize(
    ("pattern", "shorter"),
    [
        (r"acc: (\S+)\n", r"acc: (\S+)"),
        (r"acc: (\S+)\r\n", r"acc: (\S+)"),
        ("acc: (\\S+)\n", r"acc: (\S+)"),
        (r"Results:\n(\S+)", ""),
        (r"Results:[\r\n]+(\S+)", ""),
        (r"(?:a|b)(?:\n|\r\n)(\d)", ""),
        (r"(\d)(?=\n)", ""),
        (r"(\d\n)", ""),
        (r"(?:x\n){2}(\d)", ""),
        (r"(?>\n)(\d)", ""),
    ],
)
def test_a_pattern_that_needs_a_line_break_is_refused_before_the_start(
    pattern: str, shorter: str
) -> None:
    assert needs_line_break(pattern)
    assert without_ending(pattern) == shorter
    with pytest.raises(SpecError, match="can never match") as told:
        check_readers([reader(pattern)], "/")
    assert (f"parser_pattern={shorter!r}" in str(told.value)) == bool(shorter)


@pytest.mark.parametrize(
    "pattern",
    [
        r"acc: (\S+)$",
        r"(\S+)\n?",
        r"(\S+)\s*",
        r"(?s)a.*(\d)",
        r"[^\n]*(\d)",
        r"(?:\n|a)(\d)",
        r"(\d)(?!\n)",
    ],
)
def test_a_pattern_that_may_match_a_line_is_taken(pattern: str) -> None:
    check_readers([reader(pattern)], "/")


def test_a_match_over_lines_is_seen() -> None:
    assert matches_across(r"(?s)Results:.*acc=(\S+)", ["Results:", "acc=1"])
    assert matches_across(r"Results:\s+acc=(\S+)", ["Results:", "acc=1"])
    assert not matches_across(r"acc=(\S+)", ["Results:", "acc=1"])
    assert not matches_across(r"(a+)+$", ["a" * 40 + "b", "c"])
    assert re.compile(r"(?s)a.b").search("a\nb")
