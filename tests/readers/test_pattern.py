import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.readers.pattern import Pattern


@pytest.mark.parametrize(
    ("pattern", "line", "values"),
    [
        (r"(\d.\d+)", "0.9085", [0.9085]),
        (r"acc=(\S+)", "acc=1 x acc=2.5e-3", [1.0, 0.0025]),
        (r"acc=(\S+) (\S+)", "acc=1 7", [1.0]),
        (r"loss=(.*)", "loss= 3 ", [3.0]),
        (r"acc=(\S+)", "loss=1", []),
        (r"acc=(\S+)", "acc=50% acc=5,", []),
        (r"(?:acc=(\d+)|none)", "none acc=4", [4.0]),
        (r"(\S+)", "inf -Infinity", [math.inf, -math.inf]),
    ],
)
def test_values_are_the_first_groups_in_order(pattern: str, line: str, values: list[float]) -> None:
    assert Pattern(pattern).values(line) == values


def test_nan_is_a_value() -> None:
    assert [math.isnan(value) for value in Pattern(r"(\S+)").values("nan NaN 1")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("pattern", "line", "unparsed"),
    [
        (r"acc=(\S+)", "acc=1 acc=abc acc=def", "abc"),
        (r"acc=(\S+)", "acc=5%", "5%"),
        (r"(?:acc=(\d+)|none)", "none", "none"),
        (r"acc=(\S*)", "acc= 5", ""),
        (r"acc=(\S+)", "acc=1", None),
    ],
)
def test_the_first_text_that_is_no_number_is_kept(
    pattern: str, line: str, unparsed: str | None
) -> None:
    parser = Pattern(pattern)
    parser.values(line)
    assert parser.unparsed == unparsed


@given(
    st.lists(st.text("a1.-e =\x85\u0661", max_size=12), max_size=8),
    st.sampled_from(
        [r"(\S+)", r"(\d.\d+)", r"(a)?=(\d*)", r"a(?:=(\d+))?", r"^(.*)$", r"(\s*\d+)$"]
    ),
)
def test_many_lines_give_what_each_gives(lines: list[str], pattern: str) -> None:
    one_by_one, together = Pattern(pattern), Pattern(pattern)
    expected = [value for line in lines for value in one_by_one.values(line)]
    assert together.values_of(lines) == expected
    assert together.unparsed == one_by_one.unparsed


def test_matches_tells_numbers_from_none() -> None:
    assert Pattern("acc=(.*)").matches("my acc=abc")
    assert not Pattern("acc=(.*)").matches("loss=1")
