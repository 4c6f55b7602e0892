"""What a pattern costs, by its form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.readers.matching.cost import QUICK_STEPS, cost_of
from automl.readers.numbers.number import NUMBER

LINES = ["epoch 12 loss: 0.345 acc=0.5, and what else is printed in such a line"] * 20


@pytest.mark.parametrize(
    "pattern",
    [
        r"acc: (\S+)",
        r"(\d.\d+)",
        r"(.+)",
        rf"({NUMBER})",
        r"Epoch (?P<step>\d+)|acc: (?P<value>\S+)",
        r"(?<![\w.+-])(\d+)",
        r"acc=(\d{1,3}\.\d{4})",
        r"loss (?:is )?(\d+)\s*",
    ],
)
def test_usual_patterns_are_quick_whatever_the_lines_are(pattern: str) -> None:
    cost = cost_of(pattern)
    assert cost is not None
    assert cost.power == 0


@pytest.mark.parametrize(
    ("pattern", "power"),
    [
        (r"(\d+)%", 1),
        (r"(\S+)$", 1),
        (r"(?i)loss\s*[:=]\s*(\S+)", 1),
        (r"([^,]*),(\d+)$", 1),
        (r"epoch (?P<step>\d+).*acc=([\d.]+)", 2),
        (r"(.*)(.*)x", 2),
        (r"(\d*x)?", 1),
    ],
)
def test_loops_that_are_gone_back_into_count(pattern: str, power: int) -> None:
    cost = cost_of(pattern)
    assert cost is not None
    assert cost.power == power


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a|aa)*b",
        r"(?:\d+\s*)+x",
        r"((?:\w+\.)*)x",
        r"(.)\1",
        r"(a?){20}b",
        "a?" * 20 + "a" * 20 + "(b)",
        r"(?=(a+)+b)(\d)",
        r"(?i:(a+))",
        r"(x",
    ],
)
def test_of_what_may_find_no_end_nothing_is_proved(pattern: str) -> None:
    assert cost_of(pattern) is None


@pytest.mark.parametrize(
    "pattern", [r"epoch (?P<step>\d+).*acc=([\d.]+)", r"(?i)loss\s*[:=]\s*(\S+)", r"(\d+)%"]
)
def test_usual_lines_are_matched_at_once_and_long_ones_are_not(pattern: str) -> None:
    cost = cost_of(pattern)
    assert cost is not None
    assert cost.steps(LINES) <= QUICK_STEPS
    assert cost.steps(["epoch loss " + "1" * 16_000] * 64) > QUICK_STEPS


def test_no_line_costs_nothing() -> None:
    cost = cost_of(r"(\d+)%")
    assert cost is not None
    assert cost.steps([]) == 0


@given(text=st.text("a1 .", max_size=12), times=st.integers(1, 4))
def test_more_lines_cost_more(text: str, times: int) -> None:
    cost = cost_of(r"(\d+)\.\s")
    assert cost is not None
    assert cost.steps([text] * (times + 1)) >= cost.steps([text] * times)
    assert cost.steps([text + text]) >= cost.steps([text])


@pytest.mark.parametrize(
    ("loop", "behind", "apart"),
    [
        (r"\d", r"\.", True),
        (r"\d", "1", False),
        (r"\s", r"\S", True),
        (r"\s", r"\d", True),
        (r"\w", r"\d", False),
        (r"\w", r"\s", True),
        (r"[^,]", ",", True),
        (r"[a-z]", r"[A-Z]", True),
        (r"[a-z]", r"[x-y]", False),
        (r".", r"\n", True),
        (r"\S", r"\W", False),
    ],
)
def test_what_follows_a_loop_may_tell_where_it_ends(loop: str, behind: str, *, apart: bool) -> None:
    # Two loops that both are gone back into cost a power more than those of which one is not.
    cost = cost_of(f"({loop}+){behind}(.*)x")
    assert cost is not None
    assert cost.power == (1 if apart else 2)
    letters = [chr(number) for number in range(0x250)]
    both = [one for one in letters if re.match(loop, one) and re.match(behind, one)]
    assert bool(both) is not apart


def test_without_regard_to_case_letters_of_both_cases_are_the_same() -> None:
    cost = cost_of(r"(?i)([a-z]+)K(.*)x")
    assert cost is not None
    assert cost.power == 2
