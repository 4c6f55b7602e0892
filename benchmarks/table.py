"""The measured rows as text, Markdown and JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.machine import Machine
from benchmarks.rows import DASH, Row

HEADS = ("what", "measured", "lowest..highest", "figure", "verdict", "beside it")


def text_table(machine: Machine, rows: Sequence[Row]) -> str:
    """Return the table in columns for a terminal."""
    lines = [HEADS, *map(_cells, rows)]
    widths = [max(len(cells[place]) for cells in lines) for place in range(len(HEADS))]
    body = [
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for cells in lines
    ]
    return "\n".join([machine.line(), "", body[0], "-" * len(body[0]), *body[1:]])


def markdown_table(machine: Machine, rows: Sequence[Row]) -> str:
    """Return the table for a page of the docs."""
    rule = "|---" * len(HEADS) + "|"
    body = ["| " + " | ".join(cells) + " |" for cells in (HEADS, *map(_cells, rows))]
    return "\n".join([machine.line(), "", body[0], rule, *body[1:]])


def json_text(machine: Machine, rows: Sequence[Row]) -> str:
    """Return the table for programs: `machine`, and `rows` with their verdicts."""
    told = [{**asdict(one), "verdict": one.verdict} for one in rows]
    return json.dumps({"machine": asdict(machine), "rows": told}, indent=2) + "\n"


def number_text(value: float | None, unit: str) -> str:
    """Return a figure with about three digits and its unit; ratios have two decimals.

    >>> number_text(2.0, "x"), number_text(0.31234, "%"), number_text(1234.5, "MB/s")
    ('2.00x', '0.312%', '1234 MB/s')
    """
    if value is None:
        return DASH
    if unit == "x":
        return f"{value:.2f}x"
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004
    return text + (unit if unit == "%" else f" {unit}")


def _cells(one: Row) -> tuple[str, ...]:
    low_high = (
        DASH
        if one.spread is None
        else f"{number_text(one.spread[0], one.unit)}..{number_text(one.spread[1], one.unit)}"
    )
    figure = (
        DASH
        if one.at_most is None
        else (f"{'<' if one.below else '<='} {number_text(one.at_most, one.unit)}")
    )
    return (
        one.what,
        number_text(one.measured, one.unit),
        low_high,
        figure,
        one.verdict,
        one.note or DASH,
    )
