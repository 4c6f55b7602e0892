"""Which line of what a failed program printed tells why it failed."""

import re
from collections.abc import Iterator, Sequence

_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]")
"""Colours and the like, which a terminal does not show."""

_HEADER = re.compile(r"Traceback \(most recent call last\):$")
_FRAME = re.compile(r"\s+File \".*\", line \d+(?:, in .+)?$")
_IGNORED = re.compile(r"Exception ignored in|--- Logging error ---")
_IN_GROUP = re.compile(r"\s*(?:\| |\+[-+ ])")

_CRASH = re.compile(
    r"(?:^|\d\s+|: )(?:Killed|Segmentation fault|Bus error|Illegal instruction|Aborted"
    r"|Floating point exception|Trace/breakpoint trap)\b|^Fatal Python error: "
)
_NAMED = r"(?:\w+[.:]+)*\w*(?:Error|Exception|Interrupt)"

_TELLS = (
    rf"^{_NAMED}(?::(?!:)|$)",
    rf"^(?:Caused by: |Unhandled exception|Uncaught |Exception in thread |{_NAMED} in )",
    r"^(?:Error|ERROR|error|FATAL|fatal|panic)\b",
    r"\b[Ee]rror: |\b(?:ERROR|FATAL|CRITICAL)\b[\]:|) -]",
    r"\bpanicked at\b|^terminate called|Assertion .*failed",
    r"command not found|: not found$|No such file or directory|Permission denied|out of memory",
)
_TELLING = re.compile("|".join((*_TELLS, _CRASH.pattern)))

_METRIC = re.compile(r"[:=]\s*(?:[-+]?\.?\d[\d.]*(?:e[-+]?\d+)?\s*%?|nan|[-+]?inf)$", re.IGNORECASE)
"""How a line ends that tells a number, were it that of an error."""


def error_line(lines: Sequence[str]) -> str:
    """Return the line that tells why a program failed, empty if none does.

    That is the exception of the last traceback of Python, whatever was printed behind it: notes,
    the rest of a message, the advice of a tool. Else it is the first line that speaks of an error
    or a crash. A line that only announces another, with a colon at its end, has that one behind it.

    >>> error_line(["Traceback (most recent call last):", "  File ...", "OSError: gone", "bye"])
    'OSError: gone'
    >>> error_line(["usage: train [--lr LR]", "train: error: argument --lr: no number"])
    'train: error: argument --lr: no number'
    >>> error_line(["error: 0.25", "done"])
    ''

    Args:
        lines: the last lines that it printed, oldest first.
    """
    plain = [_CONTROL.sub("", line).rstrip() for line in lines]
    at = _last_exception(plain)
    # A program may survive an exception that it shows, and die later.
    at = _first(_CRASH if at >= 0 else _TELLING, plain, at + 1, at)
    return _with_what_it_announces(plain, at) if at >= 0 else ""


def _first(pattern: re.Pattern[str], lines: Sequence[str], begin: int, otherwise: int) -> int:
    """Return the place of the first line that matches and tells no number, from a place on."""
    places = range(begin, len(lines))
    return next(
        (at for at in places if pattern.search(lines[at]) and not _METRIC.search(lines[at])),
        otherwise,
    )


def _last_exception(lines: Sequence[str]) -> int:
    """Return the place of the exception that ended a Python program, -1 without one.

    Exceptions that the interpreter ignored, or met while it logged, ended nothing.
    """
    found = -1
    for at, ignored in _tracebacks(lines):
        if not ignored or found < 0:
            found = at
    return found


def _tracebacks(lines: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """Give the place of each traceback's exception, and whether it was ignored."""
    prefix, inside, ignored, mark = "", False, False, -2
    for at, line in enumerate(lines):
        header = _HEADER.search(line)
        if _IGNORED.search(line):
            mark = at
        elif header:
            # Tools put a rank or a process in front of each line; a group draws a frame.
            prefix, inside, ignored = line[: header.start()], True, mark == at - 1
            prefix = "" if _IN_GROUP.match(prefix) else prefix.removesuffix("Exception Group ")
        elif _FRAME.match(_without(prefix, line)):
            inside = True
        elif inside and _ends_traceback(_without(prefix, line)):
            yield at, ignored
            prefix, inside, ignored = "", False, False


def _without(prefix: str, line: str) -> str:
    """Return a line without what stands in front of each line of its traceback."""
    return _bare(line.removeprefix(prefix))


def _ends_traceback(line: str) -> bool:
    return re.match(r"[^\W\d][\w.]*(?::|$)", line) is not None


def _with_what_it_announces(lines: Sequence[str], at: int) -> str:
    line = _bare(lines[at]).strip()
    behind = [one for one in (_bare(each).strip() for each in lines[at + 1 :]) if one]
    if line.endswith(("sub-exception)", "sub-exceptions)")):
        line, behind = f"{line}:", [one for one in behind if _ends_traceback(one)]
    announces = line.endswith(":") or line.startswith("terminate called")
    return " ".join([line, *behind[:announces]])


def _bare(line: str) -> str:
    return _IN_GROUP.sub("", line, count=1)
