import json
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.study.constraint import parse_constraint

NUMBERS = st.floats(-1e6, 1e6)


@given(NUMBERS, NUMBERS)
def test_a_comparison_fails_by_the_difference(left: float, right: float) -> None:
    finals = {"a": left, "b": right}
    assert parse_constraint("a <= b").violation(finals) == max(left - right, 0)
    assert parse_constraint("b >= a").violation(finals) == max(left - right, 0)
    assert parse_constraint("a == b").violation(finals) == abs(left - right)


def test_a_metric_is_named_as_it_is_written() -> None:
    constraint = parse_constraint("latency_µs <= 20")
    assert constraint.names == ("latency_µs",)
    assert constraint.violation({"latency_µs": 21.0}) == 1


@given(NUMBERS, NUMBERS, st.sampled_from(["<=", "<", ">=", ">", "=="]))
def test_it_fails_by_nothing_exactly_when_it_holds(left: float, right: float, sign: str) -> None:
    holds = {
        "<=": left <= right,
        "<": left < right,
        ">=": left >= right,
        ">": left > right,
        "==": left == right,
    }
    violation = parse_constraint(f"a {sign} b").violation({"a": left, "b": right})
    assert (violation == 0) == holds[sign]
    assert violation >= 0


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("x <= 2", 3),
        ("x <= 2 and y >= 4", 6),
        ("7 <= x <= 9", 2),
        ("2 * x + y <= 10", 1),
        ("(x <= 4 and y > 0) and max(x, y) <= 3", 3),
        ("x < 6 and y <= 1", 0),
    ],
)
def test_what_fails_is_added(text: str, amount: float) -> None:
    assert parse_constraint(text).violation({"x": 5, "y": 1}) == amount


def test_names_are_those_of_all_comparisons() -> None:
    assert parse_constraint("b + a <= 3 and 1 <= c <= b").names == ("b", "a", "c")


@pytest.mark.parametrize(
    ("text", "finals"),
    [
        ("x <= 2", {}),
        ("x <= 2", {"x": math.nan}),
        ("x <= 2", {"x": -math.inf}),
        ("1 / x <= 2", {"x": 0.0}),
        ("x * y <= 2", {"x": 1e200, "y": 1e200}),
        ("(x > 1) <= 2", {"x": 0.0}),
        ("x <= 2 and y <= 2", {"x": 1.0}),
        ("x <= y", {"x": sys.float_info.max, "y": -sys.float_info.max}),
    ],
)
def test_without_a_value_it_fails_by_the_largest_float(text: str, finals: dict[str, float]) -> None:
    violation = parse_constraint(text).violation(finals)
    assert violation == sys.float_info.max
    assert json.loads(json.dumps(violation)) == violation


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", r"constraint: 'x' is no comparison; allowed are <=, <, >=, >, == between"),
        ("x + 1", "'x \\+ 1' is no comparison"),
        ("x <= 1 or y <= 1", "'x <= 1 or y <= 1' is no comparison"),
        ("x <= 1 and not y <= 1", "'not y <= 1' is no comparison"),
        ("x != 1", "'x != 1' is no comparison"),
        ("1 <= 2", "constraint '1 <= 2' names no metric; write one such as"),
        ("x <= ", "constraint 'x <=' cannot be read"),
        ("x.real <= 1", "constraint 'x.real <= 1'"),
        ("", "constraint must be a text"),
    ],
)
def test_other_texts_are_refused(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=f"^.*{message}"):
        parse_constraint(text)
