"""Where a metric's name stands in a line, as a whole word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ON_DATA = "train training trn tr val valid validation test testing tst dev eval evaluation holdout"
SPLITS = frozenset(_ON_DATA.split())
"""Words that say on which data a number was measured."""

_OF_SEVERAL = (
    "best avg average mean min max final total running smoothed ema adj adjusted relative root"
    " balanced weighted macro micro median std"
)
_FRONTS = SPLITS | frozenset(_OF_SEVERAL.split())
_FRONT = re.compile(r"([A-Za-z]{2,12})\.?[\s:]{1,2}$")
_FRONT_CHARS = 16


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the name stands.

    Attributes:
        start: where it begins.
        end: where it ends.
        front: the word before it that makes another metric of it, such as `val` or `best`, in
            small letters; empty without one.
        exact: whether it is written as it was asked for, in capital and small letters too.
    """

    start: int
    end: int
    front: str
    exact: bool

    @property
    def rank(self) -> int:
        """How surely it is what was asked for; those of a higher rank put others aside."""
        return 2 * self.exact + (not self.front)


class Name:
    """A metric's name as a whole word: `loss` is not in `val_loss`, `eval/loss` or `loss@5`.

    Blanks in it stand for any number of them. Capital and small letters count only where it is
    found in both ways.

    Args:
        text: the name as the user wrote it.
    """

    def __init__(self, text: str) -> None:
        words = text.split()
        self.text = " ".join(words)
        self._key = max(words, key=len).lower()
        self._regex = re.compile(
            r"(?<!\w)(?<!\w[-/.@])" + r"\s+".join(map(re.escape, words)) + r"(?!\w)(?![-/.@']\w)",
            re.IGNORECASE,
        )

    def may_be_in(self, lowered: str) -> bool:
        """Tell, fast, whether it may stand in a text of small letters."""
        return self._key in lowered

    def hits(self, line: str) -> Iterator[Hit]:
        """Yield the places where it stands."""
        for found in self._regex.finditer(line):
            start, end = found.span()
            word = _FRONT.search(line, max(0, start - _FRONT_CHARS), start)
            front = word[1].lower() if word else ""
            exact = " ".join(found[0].split()) == self.text
            yield Hit(start, end, front if front in _FRONTS else "", exact)

    def is_cell(self, cell: str) -> Hit | None:
        """Return the name that a cell of a table's header is, None if it is another."""
        found = self._regex.search(cell)
        if found is None or (cell[: found.start()] + cell[found.end() :]).strip("()[]*`'\":=# "):
            return None
        exact = " ".join(found[0].split()) == self.text
        return Hit(found.start(), found.end(), "", exact)
