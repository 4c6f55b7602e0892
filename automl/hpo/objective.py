"""`objective.create`: one of several metrics that the search improves."""

from automl.brief_errors import ensure_brief_errors
from automl.registry import names_its_options
from automl.study.objective import METRIC, Objective


@names_its_options("objective.create")
def create(
    metric: str = METRIC,
    direction: str = "maximize",
    final: str = "last",
    weight: float | None = None,
) -> Objective:
    """Return an objective, for `objectives=[...]`.

    Args:
        metric: the name of the reader's metric.
        direction: `maximize` or `minimize`.
        final: which of a trial's measurements counts: `last`, `best`, `mean`, `max`, `min` or
            `sum`.
        weight: above 0, for all objectives or none: trials are ranked by the sum of weight times
            value, those to minimize taken as negative. None: compared objective by objective.

    Raises:
        SpecError: a text is unknown, or the weight is not allowed.
    """
    ensure_brief_errors()
    return Objective(
        metric=metric,
        direction=direction,  # type: ignore[arg-type]
        final=final,  # type: ignore[arg-type]
        weight=weight,
    )
