"""The lines of a help text, without what terminals make of it: colours, boxes, overstriking."""

import re
from itertools import islice

MOST_LINES, MOST_CHARS = 5000, 2000
_TAB = 8
_CONTROL = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])"
    r"|[\x00-\x07\x0b-\x1a\x1c-\x1f\x7f]"
)
_OVERSTRUCK = re.compile(r".\x08")
_BOXED_TITLE = re.compile(r"\s*[\u256d\u250c]\u2500+ (?P<title>[\w ,/-]+?) \u2500+[\u256e\u2510]")
_BOX = re.compile(r"[\u2500-\u257f]+")


def plain_lines(text: str) -> list[str]:
    r"""Return the lines as a person sees them, at most so many and so long as a person reads.

    >>> plain_lines("\x1b[1m--lr\x1b[0m FLOAT\n\u2502 --amp  on \u2502\n\t-x")
    ['--lr FLOAT', '  --amp  on', '        -x']
    """
    return [_plain(line[: 2 * MOST_CHARS]) for line in islice(_split(text), MOST_LINES)]


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n", MOST_LINES)


def _plain(line: str) -> str:
    if "\x1b" in line or not line.isprintable():
        line = _CONTROL.sub("", _OVERSTRUCK.sub("", line))
    if title := _BOXED_TITLE.match(line):
        return f"{title['title']}:"
    boxed = _BOX.sub(lambda found: " " * len(found[0]), line)
    return boxed.expandtabs(_TAB)[:MOST_CHARS].rstrip()


def indent_of(line: str) -> int:
    """Return how many blanks a line begins with."""
    return len(line) - len(line.lstrip())
