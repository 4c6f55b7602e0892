"""Text on narrow terminals is broken between words."""

import io
from typing import TextIO

import pytest

from automl.cli import fitted as module
from automl.cli.fitted import fitted


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> TextIO:
    """A stream that seems to be a terminal of 20 columns."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setattr(module, "is_terminal", lambda _: True)
    return io.StringIO()


def test_words_are_whole_and_long_ones_stand_out(terminal: TextIO) -> None:
    text = "there is no study in /a/very/long/path/to/somewhere; look elsewhere"
    assert fitted(text, terminal).split("\n") == [
        "there is no study in",
        "/a/very/long/path/to/somewhere;",
        "look elsewhere",
    ]
    assert fitted("one-two three-four five-six", terminal) == "one-two three-four\nfive-six"


def test_lines_stay_lines_and_keep_their_indents(terminal: TextIO) -> None:
    assert fitted("a\n\n  do: this and that or what", terminal).split("\n") == [
        "a",
        "",
        "  do: this and that",
        "  or what",
    ]
    assert fitted("a b c d e f g h", terminal, "yes  CPUs   ") == (
        "yes  CPUs   a b c d e f\n            g h"
    )


def test_what_is_no_terminal_gets_whole_lines() -> None:
    text = "word " * 99
    assert fitted(text, io.StringIO(), "head ") == f"head {text}"
    assert fitted(text, None) == text
