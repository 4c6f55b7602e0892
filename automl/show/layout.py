"""Columns of text, side by side below the name of their group."""

import itertools
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_SHORTEST_CUT = 20
_GAP = "  "


@dataclass(slots=True, kw_only=True)
class Column:
    """One column, its cells as text.

    Attributes:
        group: what stands once above this column and its neighbours of the same group.
        name: its own heading.
        cells: one line each.
        left: whether cells begin at the left; otherwise they end at the right.
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
            room = max(width - others, _SHORTEST_CUT)
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


def cell_width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


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
    while cell_width(text) > width - 3:
        text = text[:-1]
    return text + "..."
