"""`algorithm.create`: what proposes values."""

from typing import Any

from automl.search.algorithms import ALGORITHMS
from automl.spec.study import Algorithm


def create(type: str, **options: Any) -> Algorithm:  # noqa: A002, ANN401 - the script's words
    """Return the choice of a search algorithm.

    Args:
        type: `tpe` (initial_trials_num=10, multivariate=True), `random` or `grid`.
        **options: as the type has them.

    Raises:
        SpecError: the type or an option is unknown.
    """
    ALGORITHMS.create(type, options)
    return Algorithm(type=type, options=options)
