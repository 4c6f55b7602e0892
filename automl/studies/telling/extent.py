"""How much of a study's table is printed at its end."""

import shutil
import sys

from automl import streams
from automl.notebook.kernel import is_notebook
from automl.show.fitting import Extent
from automl.show.live.cell import CELL_WIDTH

_LEAST_ROWS = 20
_LINES_BESIDE = 12
"""Lines of a terminal for all that stands above and below the rows of the table."""


def extent_shown() -> Extent:
    """Return how much of the table is printed: what a terminal or a cell takes, else all."""
    if is_notebook():
        return Extent(width=CELL_WIDTH, rows=_LEAST_ROWS, fits=True)
    size = shutil.get_terminal_size()
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if not streams.is_terminal(sys.stdout):
        return Extent(width=size.columns, encoding=encoding)
    rows = max(size.lines - _LINES_BESIDE, _LEAST_ROWS)
    return Extent(width=size.columns, rows=rows, fits=True, encoding=encoding)
