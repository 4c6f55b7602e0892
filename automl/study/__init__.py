"""What a study is; by Optuna's names, what makes and runs one."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from automl.functions.create import create_study as create_study
    from automl.functions.names.enums import StudyDirection as StudyDirection
    from automl.functions.names.max_trials import MaxTrialsCallback as MaxTrialsCallback
    from automl.functions.study import Study as Study

__all__ = [
    "MaxTrialsCallback",
    "Study",
    "StudyDirection",
    "create_study",
]

_PLACES = {
    "MaxTrialsCallback": "functions.names.max_trials",
    "Study": "functions.study",
    "StudyDirection": "functions.names.enums",
    "create_study": "functions.create",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    # Only for scripts that ask: what is of this room is below the doors.
    from automl.functions.names.given import given  # noqa: PLC0415

    return given(__name__, name, _PLACES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
