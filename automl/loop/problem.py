"""What the search of a study is made for."""

from automl.search.algorithms import Problem
from automl.study.spec import StudySpec


def problem_of(spec: StudySpec, seed: int, max_trials: int) -> Problem:
    """Return what the search of a study is made for."""
    return Problem(
        space=spec.space,
        directions=spec.objectives.directions,
        seed=seed,
        max_trials=max_trials,
        max_parallel=spec.limits.max_parallel,
        budget=spec.budget,
        start_with=spec.start_with,
        constrained=bool(spec.objectives.constraints),
    )
