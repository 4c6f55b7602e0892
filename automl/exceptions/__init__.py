"""What may be raised or warned of, by Optuna's names."""

from typing import TYPE_CHECKING, Any

from automl.functions.names.given import given

if TYPE_CHECKING:
    from automl.functions.names.errors import DuplicatedStudyError as DuplicatedStudyError
    from automl.functions.names.errors import ExperimentalWarning as ExperimentalWarning
    from automl.functions.names.errors import OptunaError as OptunaError
    from automl.inside.pruned import TrialPruned as TrialPruned

__all__ = [
    "DuplicatedStudyError",
    "ExperimentalWarning",
    "OptunaError",
    "TrialPruned",
]

_PLACES = {
    "DuplicatedStudyError": "functions.names.errors",
    "ExperimentalWarning": "functions.names.errors",
    "OptunaError": "functions.names.errors",
    "TrialPruned": "inside.pruned",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    return given(__name__, name, _PLACES)


def __dir__() -> list[str]:
    return list(__all__)
