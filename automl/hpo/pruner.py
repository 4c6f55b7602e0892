"""`pruner.create`: what stops running trials."""

from typing import Any

from automl.brief_errors import ensure_brief_errors
from automl.search.pruning.pruners import PRUNERS
from automl.study.spec import PrunerSpec


def create(type: str, **options: Any) -> PrunerSpec:  # noqa: A002, ANN401 - the script's words
    """Return the choice of a rule that stops trials by their curves.

    Args:
        type: `both` (what `early_stopping=True` means), `median`, `percentile`, `asha`,
            `hyperband`, `threshold`, `patient`, `wilcoxon` or `assessor`.
        **options: as the type has them.

    Raises:
        SpecError: the type or an option is unknown, or an option's value is not allowed.
    """
    PRUNERS.create(type, options)
    ensure_brief_errors()
    return PrunerSpec(type=type, options=options)
