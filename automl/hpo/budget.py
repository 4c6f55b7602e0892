"""`budget.create`: how far trials train at first, and how far the best go on."""

from automl.brief_errors import ensure_brief_errors
from automl.registry import names_its_options
from automl.study.budget import Budget


@names_its_options("budget.create")
def create(
    name: str,
    min: float,  # noqa: A002 - the script's words
    max: float,  # noqa: A002 - the same
    factor: float = 3,
    brackets: int = 1,
) -> Budget:
    """Return a budget for `AutoTuner(budget=...)`; commands read it as `{{ trial.budget }}`.

    Args:
        name: what it counts, such as `epochs`.
        min: where trials start, above 0.
        max: the whole budget, above `min`. Whole numbers stay whole.
        factor: of each rung one trial in so many goes on, with so many times the budget.
        brackets: at how many of the lowest rungs trials start; more than 1 is Hyperband.

    Raises:
        SpecError: a value is not allowed.
    """
    ensure_brief_errors()
    return Budget(name=name, min=min, max=max, factor=factor, brackets=brackets)
