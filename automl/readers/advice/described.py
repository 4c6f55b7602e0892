"""What can be told of a described reader before anything is read."""

from collections.abc import Iterable

from automl.errors import SpecError
from automl.readers.advice.line_breaks import needs_line_break, without_ending
from automl.readers.functions.found import check_found
from automl.readers.functions.reader import FunctionReader
from automl.spelling.spelling import spelled
from automl.study.tasks.reader import LocalReader, Reader


def check_readers(readers: Iterable[Reader], cwd: str) -> None:
    """Check what readers are told to look for.

    Args:
        readers: the readers.
        cwd: the working directory of the commands.

    Raises:
        SpecError: a pattern can never match, or there is no such function.
    """
    for one in readers:
        if isinstance(one, LocalReader):
            _check_lines(one.parser_pattern)
        elif isinstance(one, FunctionReader):
            check_found(one.function, cwd)


def _check_lines(pattern: str) -> None:
    if not needs_line_break(pattern):
        return
    shorter = without_ending(pattern)
    cure = (
        f"leave the line break out: {spelled('parser_pattern', shorter)}"
        if shorter
        else "write it for the line of the number alone; a step on a line before it is read by "
        r"a pattern such as 'Epoch (?P<step>\d+)|acc: (?P<value>\S+)'"
    )
    raise SpecError(
        f"reader: parser_pattern {pattern!r} can never match: it needs a line break, but each line "
        f"is searched by itself, without its ending; {cure}"
    )
