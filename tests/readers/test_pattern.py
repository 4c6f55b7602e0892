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
        (r"acc=(\S+)", "acc=50% acc=5/6, acc=7,", [50.0, 7.0]),
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
        (r"acc=(\S+)", "acc=5%", None),
        (r"acc=(\S+)", "acc=5/6", "5/6"),
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
    st.lists(st.text("a1.-e =_%,\x85\u0661", max_size=12), max_size=8),
    st.sampled_from(
        [r"(\S+)", r"(\d.\d+)", r"(a)?=(\d*)", r"a(?:=(\d+))?", r"^(.*)$", r"(\s*\d+)$"]
    ),
)
def test_many_lines_give_what_each_gives(lines: list[str], pattern: str) -> None:
    one_by_one, together = Pattern(pattern), Pattern(pattern)
    expected = [value for line in lines for value in one_by_one.values(line)]
    assert together.values_of(lines) == expected
    assert together.state == one_by_one.state


def test_matches_tells_numbers_from_none() -> None:
    assert Pattern("acc=(.*)").matches("my acc=abc")
    assert not Pattern("acc=(.*)").matches("loss=1")


STEP = r"epoch (?P<step>\S+): (\S+)"
APART = r"Epoch (?P<step>\d+)|acc: (?P<value>\S+)"


@pytest.mark.parametrize(
    ("pattern", "lines", "values", "steps"),
    [
        (STEP, ["epoch 1: 0.5", "no", "epoch 7: 0.6 epoch 9: 1"], [0.5, 0.6, 1.0], [1.0, 7.0, 9.0]),
        (r"(\S+) @(?P<step>\d+)", ["0.5 @3"], [0.5], [3.0]),
        (r"(a)(?P<value>\d) @(?P<step>\d)", ["a5 @3"], [5.0], [3.0]),
        (STEP, ["epoch [4]: 0.5,", "epoch 5/9: 0.6"], [0.5, 0.6], [4.0, 4.0]),
        (STEP, ["epoch x: 0.5", "epoch 2: 0.6", "epoch x: 0.7"], [0.5, 0.6, 0.7], [None, 2, 2]),
        (APART, ["acc: 0.1", "Epoch 3", "acc: 0.2", "acc: 0.3"], [0.1, 0.2, 0.3], [None, 3, 3]),
    ],
)
def test_a_number_has_the_step_read_last(
    pattern: str, lines: list[str], values: list[float], steps: list[float | None]
) -> None:
    found, their_steps = Pattern(pattern).points_of(lines)
    assert found == values
    assert [None if math.isnan(step) else step for step in their_steps] == steps


def test_a_match_with_a_step_alone_is_no_number_gone_wrong() -> None:
    parser = Pattern(APART)
    assert parser.points_of(["Epoch 3", "acc: bad"]) == ([], [])
    assert parser.unparsed == "bad"


def test_another_file_begins_without_a_step() -> None:
    parser = Pattern(APART)
    parser.points_of(["Epoch 3", "acc: 1"])
    parser.forget()
    assert math.isnan(parser.points_of(["acc: 1"])[1][0])


def test_a_value_is_found_by_its_name_without_a_step() -> None:
    parser = Pattern(r"(\w+)=(?P<value>\S+)")
    assert (parser.values_of(["acc=0.5"]), parser.has_steps) == ([0.5], False)


@given(
    st.lists(st.text("E1.-e n:\u0661", max_size=12), max_size=8),
    st.sampled_from([r"(?P<step>\d)(\S+)", r"E(?P<step>.)|:(?P<value>.*)", r"(.)(?P<step>-)?"]),
)
def test_many_lines_give_the_points_that_each_gives(lines: list[str], pattern: str) -> None:
    one_by_one, together = Pattern(pattern), Pattern(pattern)
    each = [one_by_one.points_of([line]) for line in lines]
    expected = tuple([point for points in each for point in points[kind]] for kind in (0, 1))
    assert str(together.points_of(lines)) == str(expected)
    assert together.unparsed == one_by_one.unparsed
