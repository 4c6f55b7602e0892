"""Tables of text: for a terminal and for a page of the docs."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with its title.

    Attributes:
        title: what it shows, one line.
        heads: of the columns.
        rows: cells by row, as many as heads.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Return it in columns."""
        lines = [self.heads, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.heads))]
        return "\n".join(
            [
                self.title,
                *(
                    "  ".join(
                        cell.ljust(width) for cell, width in zip(line, widths, strict=True)
                    ).rstrip()
                    for line in lines
                ),
            ]
        )

    def markdown(self) -> str:
        """Return it for a page of the docs."""
        lines = [" | ".join(line) for line in (self.heads, ("---",) * len(self.heads), *self.rows)]
        return "\n".join([f"{self.title}:", "", *(f"| {line} |" for line in lines)])

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)
