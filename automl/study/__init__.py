"""What a study is; by Optuna's names, what makes and runs one."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from automl.functions.create import create_study as create_study
    from automl.functions.create import delete_study as delete_study
    from automl.functions.create import load_study as load_study
    from automl.functions.names.enums import StudyDirection as StudyDirection
    from automl.functions.names.max_trials import MaxTrialsCallback as MaxTrialsCallback
    from automl.functions.stored import StudySummary as StudySummary
    from automl.functions.stored import get_all_study_names as get_all_study_names
    from automl.functions.stored import get_all_study_summaries as get_all_study_summaries
    from automl.functions.study import Study as Study

__all__ = [
    "MaxTrialsCallback",
    "Study",
    "StudyDirection",
    "StudySummary",
    "create_study",
    "delete_study",
    "get_all_study_names",
    "get_all_study_summaries",
    "load_study",
]

_PLACES = {
    "MaxTrialsCallback": "functions.names.max_trials",
    "Study": "functions.study",
    "StudyDirection": "functions.names.enums",
    "StudySummary": "functions.stored",
    "create_study": "functions.create",
    "delete_study": "functions.create",
    "get_all_study_names": "functions.stored",
    "get_all_study_summaries": "functions.stored",
    "load_study": "functions.create",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    # Only for scripts that ask: what is of this room is below the doors.
    from automl.functions.names.given import given  # noqa: PLC0415

    return given(__name__, name, _PLACES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
