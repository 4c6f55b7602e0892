"""How a study goes, made up."""

from typing import Any

from automl.show.progress import Progress, RunningTrial
from automl.study.spec import StudySpec


def progress_of(spec: StudySpec, *trials: RunningTrial, **changes: Any) -> Progress:
    """Return how a study goes in which these trials run, with other facts where they are given."""
    facts = {
        "spec": spec,
        "done": 9,
        "total": 20,
        "failed": 1,
        "running": trials,
        "best": None,
        "elapsed_s": 65.0,
        "left_s": 130.0,
    }
    return Progress(**{**facts, **changes})
