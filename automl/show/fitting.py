"""Which columns of a table are shown: those that tell something, as many as the terminal takes."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from automl.show.columns import Key
from automl.show.layout import Column, least_width, shortened

Importance: TypeAlias = Callable[[], Mapping[str, float]]
"""Tells how much each parameter matters, by name; what it leaves out, nobody knows."""

_LONGEST_VALUES = (48, 32, 24, 16)
"""To these widths long values and names are cut in turn, before any column is left out."""

FURTHER_SHOWN = 12
"""So many metrics that do not rank are printed at the most; who wants others asks for them."""

_KEPT_PARAMS = 2
"""So many parameters, the most important ones, stay longer than reasons and further results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of a table is shown.

    Attributes:
        width: columns of the terminal.
        rows: how many rows at the most; None for all.
        fits: whether long values are cut, and columns are left out, so that lines fit the width;
            else many columns make longer lines.
        encoding: that of the stream; letters that it lacks are shown as escapes.
    """

    width: int = 80
    rows: int | None = None
    fits: bool = False
    encoding: str = "utf-8"


def fitted(
    rows: Sequence[str],
    columns: Mapping[Key, Column],
    width: int,
    importance: Importance,
    further: Collection[Key] = (),
) -> dict[Key, Column]:
    """Return the columns that fit so many columns of the terminal, in their order.

    Long values are cut first. Then columns are left out: metrics that do not rank, the last ones
    first, then the parameters that matter least, then the reason and other results, at last all
    parameters. The first result and the trial's id stay.

    Args:
        rows: what stands before the first column, one for each row.
        columns: all there are.
        width: columns of the terminal.
        importance: asked only where a parameter must be left out.
        further: the columns of metrics that do not rank.
    """
    kept = dict(columns)
    for longest in _LONGEST_VALUES:
        if least_width(rows, list(kept.values())) <= width:
            return kept
        kept = _all_cut(kept, longest)
    for key in [key for key in columns if key in further][::-1]:
        if least_width(rows, list(kept.values())) <= width:
            return kept
        del kept[key]
    if least_width(rows, list(kept.values())) > width:
        for key in _least_needed_first(kept, importance()):
            del kept[key]
            if least_width(rows, list(kept.values())) <= width:
                break
    return kept


def _least_needed_first(columns: Mapping[Key, Column], shares: Mapping[str, float]) -> list[Key]:
    params = [key for key in columns if key[0] == "params"]
    # Sorting keeps the order of those that nobody knows anything of.
    params.sort(key=lambda key: -shares.get(key[1], 0.0))
    results = [key for key in columns if key[0] == "results"][1:]
    metadata = [key for key in columns if key[0] == "metadata" and key[1] != "id"]
    further = [*results, *metadata]
    return [*params[_KEPT_PARAMS:][::-1], *further[::-1], *params[:_KEPT_PARAMS][::-1]]


def _all_cut(columns: Mapping[Key, Column], longest: int) -> dict[Key, Column]:
    """Return the columns with names and texts cut, but names that would then be alike."""
    heads = Counter(shortened(column.name, longest) for column in columns.values())
    return {
        key: _cut(column, longest, named=heads[shortened(column.name, longest)] == 1)
        for key, column in columns.items()
    }


def _cut(column: Column, longest: int, *, named: bool) -> Column:
    """Return a column whose texts are cut, and its name; numbers are short, reasons cut later."""
    cells = column.cells
    if column.left and not column.may_cut:
        cells = [shortened(cell, longest) for cell in cells]
    return Column(
        group=column.group,
        name=shortened(column.name, longest) if named else column.name,
        cells=cells,
        left=column.left,
        may_cut=column.may_cut,
    )
