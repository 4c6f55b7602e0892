"""`reader.create`: where the metric appears."""

from collections.abc import Mapping
from typing import Any, overload

from automl.brief_errors import ensure_brief_errors
from automl.readers.kinds import READERS
from automl.readers.registry import make_reader, make_weighted
from automl.readers.several.metric_dict import METRIC_DICT
from automl.study.tasks.reader import Reader
from automl.study.tasks.weighted import WeightedReaders

__all__ = ["READERS", "create"]


@overload
def create(
    type: str,
    *,
    metric_dict: Mapping[str, float],
    **options: Any,  # noqa: ANN401 - as the type has them
) -> WeightedReaders: ...


@overload
def create(type: str, **options: Any) -> Reader: ...  # noqa: ANN401 - as the type has them


def create(type: str, **options: Any) -> Reader | WeightedReaders:  # noqa: A002 - the script's word
    """Return a reader of a trial's metric.

    Args:
        type: `local_reader`: a file at `location`, searched for `parser_pattern` line by line;
            `metric` names what is read. `stdout_reader`: what the commands print, in which
            `metric` is found by its name. `file_reader`: the same in the file at `location`. Or a
            kind that an installed package has.
        **options: as the type has them. With `metric_dict={"auc": 0.25, "loss": -0.5}` there is
            one reader for each metric, and trials are ranked by the weighted sum; `final` is then
            which of a metric's numbers counts, for all or, as a dictionary, for each. Any option
            may be such a dictionary.

    Raises:
        SpecError: the type or an option is unknown, or the pattern is not usable.
    """
    ensure_brief_errors()
    return make_weighted(type, options) if METRIC_DICT in options else make_reader(type, options)
