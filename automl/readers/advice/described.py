"""What can be told of a described reader before anything is read."""

import re
from collections.abc import Iterable

from automl.errors import SpecError
from automl.readers.advice.line_breaks import needs_line_break, without_ending
from automl.spelling.spelling import spelled
from automl.study.tasks.reader import LocalReader, Reader

_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<<.*?>>", re.DOTALL)


def check_readers(readers: Iterable[Reader]) -> list[str]:
    """Check what local readers are told to look for, and where.

    Returns:
        what to warn of.

    Raises:
        SpecError: a pattern can never match.
    """
    local = [one for one in readers if isinstance(one, LocalReader)]
    for one in local:
        _check_lines(one.parser_pattern)
    return [_starred(one.location) for one in local if "*" in _TEMPLATE.sub("", one.location)]


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


def _starred(location: str) -> str:
    return (
        f"location {location!r} is the path of one file, in which * stands for nothing else: name "
        "the file that the command writes"
    )
