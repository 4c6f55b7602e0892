"""`earlystop.create`: what ends the whole study."""

from typing import Any

from automl.errors import SpecError
from automl.registry import Registry
from automl.study.durations import parse_duration
from automl.study.limits import EarlyStop
from automl.study.objective import Direction


def _large_is_better(
    threshold: float | None = None, max_runtime: float | str | None = None
) -> EarlyStop:
    return _early_stop(Direction.MAXIMIZE, threshold, max_runtime)


def _small_is_better(
    threshold: float | None = None, max_runtime: float | str | None = None
) -> EarlyStop:
    return _early_stop(Direction.MINIMIZE, threshold, max_runtime)


EARLY_STOPS: Registry[EarlyStop] = Registry(
    "earlystop", {"large_is_better": _large_is_better, "small_is_better": _small_is_better}
)


def create(type: str, **options: Any) -> EarlyStop:  # noqa: A002, ANN401 - the script's words
    """Return what ends a study before its limits do.

    Args:
        type: `large_is_better` or `small_is_better`.
        **options: `threshold`, a value that is good enough; `max_runtime`, seconds or a text
            such as '8h'. At least one of them.

    Raises:
        SpecError: the type or an option is unknown, or neither option is given.
    """
    return EARLY_STOPS.create(type, options)


def _early_stop(
    direction: Direction, threshold: float | None, max_runtime: float | str | None
) -> EarlyStop:
    if threshold is None and max_runtime is None:
        raise SpecError("earlystop: give threshold= or max_runtime=, or both")
    if threshold is not None and (
        isinstance(threshold, bool) or not isinstance(threshold, int | float)
    ):
        raise SpecError(f"earlystop: threshold must be a number, got {threshold!r}")
    return EarlyStop(
        direction=direction,
        threshold=None if threshold is None else float(threshold),
        max_runtime_s=None if max_runtime is None else parse_duration("max_runtime", max_runtime),
    )
