"""What a terminal would show of what a program wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.readers.text.controls import may_have_controls, shown


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[1;38;5;208mloss\x1b[0m 0.5", "loss 0.5"),
        ("\x9b32mloss", "loss"),
        ("\x1b]8;;file:///a\x07a\x1b]8;;\x07", "a"),
        ("\x1bP1$r0m\x1b\\a\x1b_x\x1b\\b", "ab"),
        ("\x1b]unfinished title", "unfinished title"),
        ("loss\x1b[3C0.5", "loss 0.5"),
        ("loss\x1b[20G0.5", "loss 0.5"),
        ("a\x1b[?25lb\x1b[?25h\x1b=\x1b>\x1b(0c\x07\x0f", "abc"),
        ("0.5\x1b[0", "0.5"),
        ("0.5\x1b", "0.5"),
        ("a\x1b[Kb\x1b[0K", "ab"),
        ("a\x1b[1Ab\x1b[2;1Hc\x1b[2Jd\x1b[2Ke\x1b7f\x1b8g", "a\nb\nc\nd\nef\ng"),
        ("1/2 loss 0.5\x08\x08\x082/2", "1/2 loss 2/2"),
        ("loss 0.5\x08\x08\x08\x08\x08\x08\x08\x08", "loss 0.5"),
        ("\x08\x08a", "a"),
        ("_\x08l_\x08o", "lo"),
        ("é\x08e", "e"),
        ("a\nb\x08c", "a\nc"),
    ],
)
def test_it_is_as_on_a_terminal(text: str, plain: str) -> None:
    assert shown(text) == plain
    assert may_have_controls(text.encode())


@given(st.text("a1\x1b[];m\x08\x07\\K0\n\ufeff\x9b", max_size=20))
def test_nothing_is_left_that_is_taken_out(text: str) -> None:
    plain = shown(text)
    assert not may_have_controls(plain.encode())
    assert shown(plain) == plain
    if not may_have_controls(text.encode()):
        assert plain == text
