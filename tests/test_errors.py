import inspect
from typing import Any

import pytest

from automl import errors

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("kind", ALL)
def test_one_handler_catches_every_error(kind: type[Exception]) -> None:
    assert issubclass(kind, errors.AutomlError)


@pytest.mark.parametrize("kind", ALL)
def test_the_tree_in_the_docstring_is_complete(kind: type[Exception]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


def test_a_wrong_spec_is_also_a_value_error() -> None:
    assert issubclass(errors.SpecError, ValueError)


def test_a_busy_study_is_a_journal_error() -> None:
    assert issubclass(errors.StudyBusyError, errors.JournalError)


def test_a_long_value_is_cut_and_one_that_cannot_be_written_is_named() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert errors.shown([1]) == "[1]"
    assert errors.shown("x" * 999) == f"'{'x' * 199}..."
    assert errors.shown(deep) == "a list that is too large to be shown"
    assert errors.shown(10**9999) == "a int that is too large to be shown"
    while deep:
        deep = deep[0]  # freed level by level
