"""Where nodes of Python source stand in its text, in characters."""

import ast
import re
from typing import TypeAlias

_LINE_END = re.compile(r"\r\n|\r|\n")

Placed: TypeAlias = ast.expr | ast.stmt | ast.keyword


class Positions:
    """Places in a text by line and byte, as `ast` tells them.

    Args:
        text: the source; the mark of UTF-8 at its beginning belongs to no line.
    """

    def __init__(self, text: str) -> None:
        # Only these end a line for Python; `str.splitlines` knows more of them.
        ends = [found.end() for found in _LINE_END.finditer(text)]
        self._starts = [len(text) - len(text.removeprefix("\ufeff")), *ends]
        self._text = text

    def start(self, node: Placed) -> int:
        """Return the first character of a node."""
        return self._at(node.lineno, node.col_offset)

    def end(self, node: Placed) -> int:
        """Return what follows the last character of a node."""
        return self._at(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def _at(self, line: int, column_bytes: int) -> int:
        start = self._starts[line - 1]
        # A character has a byte or more, so this many are enough.
        before = self._text[start : start + column_bytes]
        if before.isascii():
            return start + column_bytes
        return start + len(before.encode()[:column_bytes].decode())
