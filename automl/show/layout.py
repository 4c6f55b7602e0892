"""Columns of text, side by side below the name of their group."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SHORTEST_CUT = 20
"""Columns of the terminal below which no reason is cut."""

_GAP = "  "
_DOTS = "..."
_NUMBER = re.compile(r"(-?\d+)(\.\d*)?(e[-+]?\d+)?")


@dataclass(slots=True, kw_only=True)
class Column:
    """One column, its cells as text.

    Attributes:
        group: what stands once above this column and its neighbours of the same group.
        name: its own heading.
        cells: one line each.
        left: whether cells begin at the left; otherwise their decimal points are below each other.
        may_cut: whether cells may be cut to fit the terminal, where possible before `: ` or ` (`.
        width: columns of the terminal that it takes.
    """

    group: str
    name: str
    cells: list[str]
    left: bool
    may_cut: bool = False
    width: int = field(init=False)

    def __post_init__(self) -> None:
        if not self.left:
            self.cells = _aligned(self.cells)
        self.width = max(map(cell_width, [self.name, *self.cells]))

    def fitted(self, text: str) -> str:
        """Return `text` filled with spaces to the width of this column."""
        space = " " * (self.width - cell_width(text))
        return text + space if self.left else space + text


def layout(rows: Sequence[str], columns: Sequence[Column], width: int) -> list[str]:
    """Return two lines of headings and a line for each row.

    Args:
        rows: what stands before the first column, one for each row.
        columns: at least one; those that may be cut are changed.
        width: cells are cut where they may be to keep lines this short, but not below 20 columns.
    """
    margin = max(map(len, rows), default=1)
    _widen(columns)
    for column in columns:
        if column.may_cut:
            others = margin + len(_GAP) + _span(columns) - column.width
            room = max(width - others, SHORTEST_CUT)
            column.cells = [_cut(cell, room) for cell in column.cells]
            column.width = max(map(cell_width, [column.name, *column.cells]))
    _widen(columns)
    lines = [
        " " * margin + _group_line(columns),
        " " * margin + _side_by_side(column.fitted(column.name) for column in columns),
    ]
    for number, row in enumerate(rows):
        cells = _side_by_side(column.fitted(column.cells[number]) for column in columns)
        lines.append(row.ljust(margin) + cells)
    return [line.rstrip() for line in lines]


def least_width(rows: Sequence[str], columns: Sequence[Column]) -> int:
    """Return how many columns of the terminal a table takes once its reasons are cut."""
    names = itertools.groupby(columns, key=_group)
    groups = [(group, list(members)) for group, members in names]
    spans = [
        max(len(group), sum(map(_least, members)) + len(_GAP) * (len(members) - 1))
        for group, members in groups
    ]
    return max(map(len, rows), default=1) + sum(spans) + len(_GAP) * len(spans)


def cell_width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def shortened(text: str, width: int) -> str:
    """Return a text in at most so many columns: its beginning and its end, where it is longer.

    >>> shortened("/data/sets/images/train-17.csv", 20), shortened("adam", 20)
    ('/data/se...in-17.csv', 'adam')
    """
    if cell_width(text) <= width:
        return text
    room = max(width - len(_DOTS), 2)
    head = _first(text, room // 2)
    tail = _first(text[::-1], room - cell_width(head))[::-1]
    return f"{head}{_DOTS}{tail}"


def _first(text: str, width: int) -> str:
    """Return as much of the beginning of a text as fits."""
    widths = itertools.accumulate(map(_char_width, text))
    return "".join(char for char, taken in zip(text, widths, strict=True) if taken <= width)


def _char_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 1 + (unicodedata.east_asian_width(char) in "WF")


def _aligned(cells: Sequence[str]) -> list[str]:
    """Fill cells up at their end so that the decimal points of numbers are below each other."""
    numbers = [_NUMBER.fullmatch(cell) for cell in cells]
    tails = [len(number[0]) - len(number[1]) if number else 0 for number in numbers]
    longest = max(tails, default=0)
    return [
        cell + " " * (longest - tail) if number else cell
        for cell, number, tail in zip(cells, numbers, tails, strict=True)
    ]


def _least(column: Column) -> int:
    return min(column.width, SHORTEST_CUT) if column.may_cut else column.width


def _widen(columns: Sequence[Column]) -> None:
    """Make each group as wide as its name."""
    for _, group in itertools.groupby(columns, key=_group):
        members = list(group)
        members[0].width += max(0, len(members[0].group) - _span(members))


def _group(column: Column) -> str:
    return column.group


def _span(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + len(_GAP) * (len(columns) - 1)


def _group_line(columns: Sequence[Column]) -> str:
    groups = itertools.groupby(columns, key=_group)
    return _side_by_side(name.ljust(_span(list(members))) for name, members in groups)


def _side_by_side(texts: Iterable[str]) -> str:
    return "".join(_GAP + text for text in texts)


def _cut(text: str, width: int) -> str:
    """Return what fits of a text: if that is possible, all that stands before its details."""
    if cell_width(text) <= width:
        return text
    for detail in (": ", " ("):
        head = text.partition(detail)[0]
        if cell_width(head) <= width and head.count("(") == head.count(")"):
            return head
    while cell_width(text) > width - len(_DOTS):
        text = text[:-1]
    return text + _DOTS
