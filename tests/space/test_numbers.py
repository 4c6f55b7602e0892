"""What counts as a number is written in one place."""

import ast
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import automl
from automl.space.numbers import is_finite, is_number, is_whole

PACKAGE = Path(automl.__file__).parent
MAY_ASK = ("space/numbers.py", "space/formula.py")
"""In a formula a truth value is a number, as it is to Python: `2 * deep + 1`."""


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
        if str(path.relative_to(PACKAGE)) not in MAY_ASK
        for line in _asked(path.read_text("utf-8"))
    ]
    assert found == [], "is_number, is_whole and is_finite of automl.space.numbers say it"
