"""The source of functions that a notebook's cells define, by which it is seen that one changed."""

import inspect
import sys
import textwrap
from collections.abc import Mapping, Sequence
from types import CodeType
from typing import Any

_PLAIN = (bool, int, float, str, type(None))
_LONGEST = 1000
"""So long a value may be; a longer one is no setting but data."""


def cell_source(codes: Sequence[CodeType]) -> str:
    """Return the source of some code, below the settings of the cells that it uses.

    Args:
        codes: the code, with all that is nested in it behind it; what has no source is left out.
    """
    blocks: list[tuple[str, int, list[str]]] = []
    for code in codes:
        lines, first = _lines(code)
        within = any(
            file == code.co_filename and begin <= first < begin + len(known)
            for file, begin, known in blocks
        )
        if lines and not within:
            blocks.append((code.co_filename, first, lines))
    if not blocks:
        return ""
    settings = _settings(codes, vars(sys.modules["__main__"]))
    texts = [textwrap.dedent("".join(lines)).rstrip() + "\n" for _, _, lines in blocks]
    return "\n\n".join([*filter(None, ["".join(settings)]), *texts])


def has_source(code: CodeType) -> bool:
    """Tell whether the source of some code is known."""
    return bool(_lines(code)[0])


def _lines(code: CodeType) -> tuple[list[str], int]:
    try:
        return inspect.getsourcelines(code)
    except (OSError, TypeError, SyntaxError, IndexError):
        return [], 0


def _settings(codes: Sequence[CodeType], names: Mapping[str, Any]) -> list[str]:
    """Return the numbers, words and so on of the cells that code uses, a line for each."""
    used = {name for code in codes for name in code.co_names if name in names}
    lines = [f"{name} = {names[name]!r}\n" for name in sorted(used) if _is_plain(names[name])]
    return [line for line in lines if len(line) <= _LONGEST]


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return type(value) in _PLAIN
