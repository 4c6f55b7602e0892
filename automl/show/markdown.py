"""The table of results in Markdown, as it is pasted into an issue or a page."""

from collections.abc import Iterable

from automl.show.columns import Columns
from automl.show.lines import one_line
from automl.show.table_text import cell_texts


def markdown_text(columns: Columns) -> str:
    """Return the table in Markdown, with the numbers as a terminal shows them."""
    names = [_cell(name) for _, name in columns]
    cells = [list(map(_cell, cell_texts(*key, typed))) for key, typed in columns.items()]
    lines = [_line(names), _line(["---"] * len(names))]
    return "\n".join([*lines, *map(_line, zip(*cells, strict=True))])


def _cell(text: str) -> str:
    return one_line(text).strip().replace("\\", "\\\\").replace("|", "\\|")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
