"""`reader.create`: where the metric appears."""

from typing import Any

from automl.registry import Registry
from automl.study.task import LocalReader

READERS: Registry[LocalReader] = Registry("reader", {"local_reader": LocalReader})


def create(type: str, **options: Any) -> LocalReader:  # noqa: A002, ANN401 - the script's words
    """Return a reader of a trial's metric.

    Args:
        type: `local_reader`: a file at `location`, searched for `parser_pattern` line by line;
            `metric` names what is read.
        **options: as the type has them.

    Raises:
        SpecError: the type or an option is unknown, or the pattern is not usable.
    """
    return READERS.create(type, options)
