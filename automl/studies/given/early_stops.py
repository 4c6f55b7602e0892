"""What ends a study early, by the names that users give."""

from automl.errors import SpecError
from automl.registry import Registry
from automl.space.numbers import is_number
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


def _early_stop(
    direction: Direction, threshold: float | None, max_runtime: float | str | None
) -> EarlyStop:
    if threshold is None and max_runtime is None:
        raise SpecError("earlystop: give a threshold or a max_runtime, or both")
    if threshold is not None and not is_number(threshold):
        raise SpecError(f"earlystop: threshold must be a number, got {threshold!r}")
    return EarlyStop(
        direction=direction,
        threshold=None if threshold is None else float(threshold),
        max_runtime_s=None if max_runtime is None else parse_duration("max_runtime", max_runtime),
    )
