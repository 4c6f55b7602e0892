"""Words of programs and users as comments of a YAML file, which end with their line."""

import re
import shlex
import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 100
_PLACEHOLDER = re.compile(r"\{\{ [^{}]* \}\}")
_NO_BREAK = "\0"
"""Stands for a blank where no line may end."""


def plain(text: str, most: int = 80) -> str:
    r"""Return a text in one line, without what a file cannot show, and not too long.

    >>> plain("the\n rate\x07"), plain("a" * 9, 5)
    ('the rate?', 'aa...')
    """
    one_line = " ".join(text.split())
    shown = "".join(char if char.isprintable() else "?" for char in one_line)
    return shown if len(shown) <= most else f"{shown[: most - 3]}..."


def comment(text: str, indent: int = 0, lead: str = "") -> Iterator[str]:
    """Give a text as lines of a comment.

    Args:
        text: one paragraph.
        indent: how many blanks stand before it.
        lead: what its first line begins with; the others are as far in.
    """
    shown = plain(text, most=10_000)
    begin = f"{' ' * indent}# "
    width = WIDTH - len(begin) - len(lead)
    whole = _PLACEHOLDER.sub(lambda found: found[0].replace(" ", _NO_BREAK), shown)
    wrapped = textwrap.wrap(whole, width, break_long_words=False, break_on_hyphens=False) or [""]
    lines = [line.replace(_NO_BREAK, " ") for line in wrapped]
    yield f"{begin}{lead}{lines[0]}".rstrip()
    for line in lines[1:]:
        yield f"{begin}{' ' * len(lead)}{line}"


def line_of(words: Sequence[str], most: int = 200) -> str:
    """Return words as a line for a shell, for people."""
    return plain(shlex.join(words), most)
