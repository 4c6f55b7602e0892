import inspect
from typing import Any

import pytest

from automl import errors
from automl.errors import AutomlError, SpecError
from automl.space.space import SearchSpace

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


def raised_in(file: str, code: str) -> AutomlError:
    """Return an error that code raises, which is in a file of that name."""
    names = {"fail": fails_within, "SpecError": SpecError}
    with pytest.raises(AutomlError) as caught:
        exec(compile(code, file, "exec"), names)  # noqa: S102
    return caught.value


def fails_within() -> None:
    make_space(())


def make_space(items: tuple[()]) -> None:
    SearchSpace(items)


@pytest.mark.parametrize(
    "file",
    ["/tmp/ipykernel_7/812.py", "<ipython-input-3-1a2b>"],  # noqa: S108
)
def test_a_cell_that_fails_shows_its_line_alone(file: str) -> None:
    error = raised_in(file, "x = 1\nraise SpecError('lr is wrong', place='lr')\n")
    lines = error._render_traceback_()
    assert lines[0] == "Traceback (most recent call last):"
    assert "  In the cell, line 2, in <module>" in lines
    assert lines[-1] == "automl.errors.SpecError: lr is wrong"


def test_frames_of_automl_are_shown_to_nobody() -> None:
    error = raised_in("/tmp/ipykernel_7/812.py", "fail()\n")  # noqa: S108
    text = "\n".join(error._render_traceback_())
    assert "in make_space" in text
    assert "automl/space" not in text


def test_an_error_that_no_line_of_the_user_raised_is_shown_whole() -> None:
    assert AutomlError("lost")._render_traceback_() == ["automl.errors.AutomlError: lost"]
