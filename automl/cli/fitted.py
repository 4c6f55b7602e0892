"""Text that is not torn within words where a terminal is narrow."""

import shutil
import textwrap
from typing import TextIO

from automl.streams import is_terminal


def fitted(text: str, stream: TextIO | None, head: str = "") -> str:
    """Return text behind a head, broken between words where a terminal ends.

    Elsewhere nothing is broken, so that programs get whole lines; nor is a word anywhere, which
    may be a path.

    Args:
        text: whole lines.
        stream: where it will be shown.
        head: what its first line begins with; the further ones begin below its end.
    """
    if stream is None or not is_terminal(stream):
        return head + text
    columns = max(shutil.get_terminal_size().columns, 2 * len(head))
    below = " " * len(head)
    lines: list[str] = []
    for line in text.split("\n"):
        words = line.lstrip()
        indent = (below if lines else head) + line[: len(line) - len(words)]
        wrapped = textwrap.wrap(
            words,
            width=columns,
            initial_indent=indent,
            subsequent_indent=" " * len(indent),
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += wrapped or [indent.rstrip()]
    return "\n".join(lines)
