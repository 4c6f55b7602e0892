"""Optuna's errors and warnings, for code that names them."""

from automl.errors import AutomlError, SpecError

OptunaError = AutomlError
"""What all errors are that automl raises itself."""


class DuplicatedStudyError(SpecError):
    """A study of that name was created in this process before."""


class StudyNotFoundError(SpecError, KeyError):
    """There is no study of that name; a KeyError, as in Optuna."""

    def __str__(self) -> str:
        # That of KeyError puts it in quotes.
        return str(self.args[0])


class ExperimentalWarning(UserWarning):
    """Optuna's warning of what may change, for code that mutes it; automl never gives it."""
