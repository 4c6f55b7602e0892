"""Templates of nothing but text and single placeholders, filled in without an expression engine."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from automl.render.context import TemplateContext, getter, value_text
from automl.render.lone import is_lone, lone_getter, quoted
from automl.render.shell import ShellScanner, Spot
from automl.render.syntax import Piece

Fill: TypeAlias = Callable[[TemplateContext], str]
"""Gives the text of a template for one trial."""


def simple_fill(pieces: Sequence[Piece], *, shell_line: bool) -> Fill:
    """Return the function that fills in a template for which `syntax.is_simple` holds."""
    if all(piece.is_text for piece in pieces):
        constant = "".join(piece.text for piece in pieces)
        return lambda _context: constant
    scanner = ShellScanner() if shell_line else None
    parts: list[str | tuple[Callable[[TemplateContext], object], Spot | None]] = []
    for place, piece in enumerate(pieces):
        if piece.name:
            lone = scanner is not None and is_lone(pieces, place)
            get = lone_getter(piece.name) if lone else getter(piece.name)
            parts.append((get, scanner.value() if scanner else None))
        else:
            parts.append(piece.text)
            if scanner:
                scanner.feed(piece.text)

    def fill(context: TemplateContext) -> str:
        filled = []
        for part in parts:
            if isinstance(part, str):
                filled.append(part)
                continue
            get, spot = part
            value = get(context)
            filled.append(quoted(spot.quoting, value) if spot else value_text(value))
        return "".join(filled)

    return fill
