"""`reader.create`: where the metric appears."""

from typing import Any

from automl.brief_errors import ensure_brief_errors
from automl.readers.kinds import READERS
from automl.readers.registry import make_reader
from automl.study.tasks.reader import Reader

__all__ = ["READERS", "create"]


def create(type: str, **options: Any) -> Reader:  # noqa: A002, ANN401 - the script's words
    """Return a reader of a trial's metric.

    Args:
        type: `local_reader`: a file at `location`, searched for `parser_pattern` line by line;
            `metric` names what is read. `stdout_reader`: what the commands print, in which
            `metric` is found by its name. `file_reader`: the same in the file at `location`. Or a
            kind that an installed package has.
        **options: as the type has them.

    Raises:
        SpecError: the type or an option is unknown, or the pattern is not usable.
    """
    ensure_brief_errors()
    return make_reader(type, options)
