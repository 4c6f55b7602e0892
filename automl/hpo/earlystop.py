"""`earlystop.create`: what ends the whole study."""

from typing import Any

from automl.brief_errors import ensure_brief_errors
from automl.studies.given.early_stops import EARLY_STOPS
from automl.study.limits import EarlyStop

__all__ = ["EARLY_STOPS", "create"]


def create(type: str, **options: Any) -> EarlyStop:  # noqa: A002, ANN401 - the script's words
    """Return what ends a study before its limits do.

    Args:
        type: `large_is_better` or `small_is_better`.
        **options: `threshold`, a value that is good enough; `max_runtime`, seconds or a text
            such as '8h'. At least one of them.

    Raises:
        SpecError: the type or an option is unknown, or neither option is given.
    """
    ensure_brief_errors()
    return EARLY_STOPS.create(type, options)
