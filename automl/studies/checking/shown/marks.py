"""How a number stands out in its line: in colour where there is any, else by plain marks."""

import os
from dataclasses import dataclass
from typing import TextIO

from automl import streams
from automl.readers.sighting import Span

_BOLD, _BOLD_GREEN, _PLAIN = "\x1b[1m", "\x1b[1;32m", "\x1b[0m"
_AROUND = 24
_CUT = "..."


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands before and behind a number.

    Attributes:
        before: the first.
        behind: the second.
        width: how many columns both take.
        head: what stands before the first line of all.
        tail: what stands behind it.
    """

    before: str
    behind: str
    width: int
    head: str = ""
    tail: str = ""


PLAIN = Marks(">>", "<<", 4)
COLOURED = Marks(_BOLD_GREEN, _PLAIN, 0, _BOLD, _PLAIN)


def marks_of(stream: TextIO) -> Marks:
    """Return how numbers stand out on a stream: in colour on a terminal, unless NO_COLOR is set."""
    dumb = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return PLAIN if dumb or not streams.is_terminal(stream) else COLOURED


def marked(line: str, span: Span | None, width: int, marks: Marks = PLAIN) -> str:
    """Return a line with a number marked, cut to a width such that the number stays.

    >>> marked("epoch 3 acc 0.91 done", (12, 16), 40)
    'epoch 3 acc >>0.91<< done'
    >>> marked("acc 0.91" + "x" * 90, (4, 8), 30)
    'acc >>0.91<<xxxxxxxxxxxxxxx...'
    >>> marked("x" * 90 + " acc 0.91", (95, 99), 30)
    '...xxxxxxxxxxxxxx acc >>0.91<<'
    """
    text = line.rstrip()
    start, end = span or (0, 0)
    room = max(width - (marks.width if span else 0), 1)
    if len(text) > room and end + len(_CUT) > room:
        skipped = min(start, max(0, min(end + _AROUND, len(text)) - room + len(_CUT)))
        text = _CUT + text[skipped:]
        start, end = start - skipped + len(_CUT), end - skipped + len(_CUT)
    if len(text) > room:
        text = text[: max(end, room - len(_CUT))] + _CUT
    if span is None:
        return text
    return f"{text[:start]}{marks.before}{text[start:end]}{marks.behind}{text[end:]}"
