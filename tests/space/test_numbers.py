"""What counts as a number is written in one place."""

import ast
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import automl
from automl.errors import SpecError
from automl.space.numbers import is_finite, is_number, is_whole, whole_number

PACKAGE = Path(automl.__file__).parent
MAY_ASK = ("space/numbers.py", "space/formula.py", "inside/")
"""In a formula a truth value is a number, as it is to Python: `2 * deep + 1`. `inside/` is for
processes of trials, which import nothing else of automl."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, (True, True, True)),
        pytest.param(-(10**400), (True, True, True), id="huge"),
        (1.0, (True, False, True)),
        (math.nan, (True, False, False)),
        (math.inf, (True, False, False)),
        (True, (False, False, False)),
        (False, (False, False, False)),
        ("1", (False, False, False)),
        (None, (False, False, False)),
        (1j, (False, False, False)),
        ([1], (False, False, False)),
    ],
)
def test_numbers_are_ints_and_floats_without_truth_values(
    value: Any, expected: tuple[bool, bool, bool]
) -> None:
    assert (is_number(value), is_whole(value), is_finite(value)) == expected


def _asked(source: str) -> Iterator[int]:
    """Yield the lines that ask for an int or a float, and for nothing else."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
            kinds = {one.id for one in ast.walk(node.args[1]) if isinstance(one, ast.Name)}
            if kinds == {"int", "float"}:
                yield node.lineno


def test_no_other_module_asks_for_numbers_by_itself() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not str(path.relative_to(PACKAGE)).startswith(MAY_ASK)
        for line in _asked(path.read_text("utf-8"))
    ]
    assert found == [], "is_number, is_whole and is_finite of automl.space.numbers say it"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (-1, "n must be a whole number of 0 or more, got -1"),
        (True, "n must be a whole number of 0 or more, got True"),
        (1.0, "n must be a whole number of 0 or more, got 1.0"),
        pytest.param(
            -(10**9999), "n must be a whole number of 0 or more, got a int that is too", id="huge"
        ),
        ("1" * 999, f"n must be a whole number of 0 or more, got '{'1' * 199}..."),
    ],
)
def test_what_is_no_whole_number_is_told_however_long_it_is(value: Any, told: str) -> None:
    with pytest.raises(SpecError) as caught:
        whole_number("n", value, 0)
    assert str(caught.value).startswith(told)


def test_a_whole_number_has_the_limits_that_are_asked_for() -> None:
    assert [whole_number("n", value, 2, 4) for value in (2, 3, 4)] == [2, 3, 4]
    for value in (1, 5):
        with pytest.raises(SpecError, match=r"^n must be a whole number from 2 to 4, got .: so$"):
            whole_number("n", value, 2, 4, why=": so")


def test_the_limits_of_whole_numbers_are_told_in_one_place() -> None:
    told = "a whole number of at least"
    found = [path for path in PACKAGE.rglob("*.py") if told in path.read_text("utf-8")]
    assert [path.relative_to(PACKAGE).as_posix() for path in found] == ["space/numbers.py"]
