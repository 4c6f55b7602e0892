"""What an objective returns, as numbers."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from automl.inside.calling.numbers import as_number, returned_numbers


class Odd:
    """Cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "given", [0.5, np.float32(0.5), np.array(0.5), Decimal("0.5"), "0.5", [0.5]]
)
def test_a_number_of_any_library_is_one(given: Any) -> None:
    assert returned_numbers(given, ["value"]) == [0.5]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "returned nothing; it must return a number"),
        ("hello", "got 'hello' of type str"),
        ({}, "got {} of type dict"),
        (Odd(), "something that cannot be shown of type Odd"),
        (float("nan"), "must be a finite number, got nan"),
        (float("-inf"), "must be a finite number, got -inf"),
        ((1, 2), "must be a number, got"),
        (10**400, "must be a number, got"),
        (1j, "must be a number, got 1j"),
    ],
)
def test_what_is_no_number_is_refused(given: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told.replace("(", r"\(")):
        returned_numbers(given, ["value"])


def test_several_numbers_come_in_the_order_of_their_names() -> None:
    assert returned_numbers((1, 2.5), ["loss", "time"]) == [1.0, 2.5]


@pytest.mark.parametrize("given", [1.0, (1,), (1, 2, 3), "12", {"loss": 1, "time": 2}, None])
def test_another_count_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match=r"must return 2 numbers \(loss, time\)"):
        returned_numbers(given, ["loss", "time"])


def test_the_name_of_what_is_no_number_is_told() -> None:
    with pytest.raises(TypeError, match="'time' of what the function returns must be a number"):
        returned_numbers((1, "slow"), ["loss", "time"])


def test_true_counts_as_a_number_as_it_does_in_python() -> None:
    assert as_number("value", True) == 1.0  # noqa: FBT003
