"""Words of programs and users as comments of a YAML file, which end with their line."""

import shlex
import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 100


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
    lines = textwrap.wrap(shown, width, break_long_words=False, break_on_hyphens=False) or [""]
    yield f"{begin}{lead}{lines[0]}".rstrip()
    for line in lines[1:]:
        yield f"{begin}{' ' * len(lead)}{line}"


def line_of(words: Sequence[str], most: int = 200) -> str:
    """Return words as a line for a shell, for people."""
    return plain(shlex.join(words), most)
