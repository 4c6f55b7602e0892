import inspect

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
