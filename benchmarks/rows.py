"""One measured figure beside the one to hold."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

DASH = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table.

    Attributes:
        what: what was measured, in a few words.
        measured: the figure, None where it could not be measured here.
        unit: `x` for a ratio, or a unit such as `ms`.
        spread: lowest and highest of the repeats, None without repeats.
        at_most: the figure to hold, None where nothing is asked of it.
        below: the figure itself is too much already.
        note: what it was compared with, or why it was not measured.
    """

    what: str
    measured: float | None
    unit: str
    spread: tuple[float, float] | None = None
    at_most: float | None = None
    below: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return `ok`, `short`, or a dash where there is nothing to hold or to compare."""
        if self.measured is None or self.at_most is None:
            return DASH
        held = self.measured < self.at_most or (self.measured == self.at_most and not self.below)
        return "ok" if held else "short"


class Unavailable(Exception):  # noqa: N818 - a state of the machine, not a mistake
    """Something that a measure needs is missing here; the message names it."""


def row(
    what: str,
    values: Sequence[float],
    unit: str,
    *,
    at_most: float | None = None,
    below: bool = False,
    note: str = "",
) -> Row:
    """Return the row of repeated values: their median, and their spread if there are several."""
    return Row(
        what=what,
        measured=statistics.median(values),
        unit=unit,
        spread=(min(values), max(values)) if len(values) > 1 else None,
        at_most=at_most,
        below=below,
        note=note,
    )


def ratio_row(
    what: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    at_most: float | None = None,
    note: str = "",
) -> Row:
    """Return the ratio of the medians; its spread is that of the pairs, which ran in turn."""
    pairs = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Row(
        what=what,
        measured=statistics.median(ours) / statistics.median(theirs),
        unit="x",
        spread=(min(pairs), max(pairs)) if len(pairs) > 1 else None,
        at_most=at_most,
        note=note,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of `values` that at least `share` of them do not exceed.

    Args:
        values: at least one.
        share: above 0 and at most 1.
    """
    ranked = sorted(values)
    place = -(-len(ranked) * share // 1)
    return ranked[max(0, int(place) - 1)]
