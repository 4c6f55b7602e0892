"""A part of what a user wrote, which knows its place, so that an error can point at it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from automl.errors import SpecError

_NUMBER = re.compile(
    r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|[+-]?\.[0-9]+(?:[eE][+-]?[0-9]+)?"
)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_LONGEST = 200
"""Characters of a text that an error shows whole, with a mark below the place."""

_OPENING, _CLOSING, _QUOTES = "([{", ")]}", "'\""


@dataclass(frozen=True, slots=True)
class Part:
    """Some characters of a text.

    Attributes:
        whole: the whole text, as the user wrote it.
        start: the first character.
        end: what follows the last one.
    """

    whole: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters."""
        return self.whole[self.start : self.end]

    def between(self, start: int, end: int) -> "Part":
        """Return the part from `start` to `end`, counted in this part."""
        return Part(self.whole, self.start + start, self.start + end)

    def stripped(self) -> "Part":
        """Return the part without blanks at its ends."""
        text = self.text
        left = len(text) - len(text.lstrip())
        return self.between(left, max(left, len(text.rstrip())))

    def halves(self, mark: str) -> "tuple[Part, Part] | None":
        """Return what is before and after the first `mark` outside quotes; None without one."""
        at = next((at for at in self._bare() if self.text.startswith(mark, at)), None)
        if at is None:
            return None
        return self.between(0, at), self.between(at + len(mark), len(self.text))

    def items(self) -> "list[Part]":
        """Return what commas outside quotes and brackets divide, without blanks around it."""
        at = [-1, *(at for at in self._bare() if self.text[at] == ","), len(self.text)]
        return [self.between(left + 1, right).stripped() for left, right in pairwise(at)]

    def _bare(self) -> Iterator[int]:
        """Give the places outside quotes and brackets; a quote begins where an item may begin."""
        depth, quote, begins = 0, None, True
        for at, one in enumerate(self.text):
            if quote is not None:
                quote = None if one == quote[0] else quote
                begins = False
                continue
            if one in _QUOTES and begins:
                quote = (one, at)
                continue
            depth = max(0, depth + (one in _OPENING) - (one in _CLOSING))
            if depth == 0:
                yield at
            begins = one in ",=( [" or (begins and one.isspace())
        if quote is not None:
            raise mistake(self.between(quote[1], len(self.text)), "a quote that is not closed")


def mistake(part: Part, what: str, allowed: str = "") -> SpecError:
    """Return an error that shows a text, the place in it, and what is allowed there."""
    column = f"character {part.start + 1} of {_brief(part.whole)!r}"
    lines = [f"{column}: {what}"]
    if len(part.whole) <= _LONGEST and part.whole.isprintable():
        marks = "^" * max(1, part.end - part.start)
        lines += [f"    {part.whole}", f"    {' ' * part.start}{marks}"]
    if allowed:
        lines.append(f"  allowed: {allowed}")
    return SpecError("\n".join(lines), place="hyperparams")


def number_of(text: str) -> int | float | None:
    """Return the number that a text is; None for any other text.

    >>> number_of("3"), number_of("1e-5"), number_of("007"), number_of("adam"), number_of("nan")
    (3, 1e-05, None, None, None)
    """
    if not _NUMBER.fullmatch(text) or len(text) > _LONGEST:
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    digits = text.lstrip("+-")
    number = float(text)
    # An id such as 007, and what no float holds, stay as they are written.
    return None if digits.isdigit() or number in {float("inf"), -float("inf")} else number


def value_of(part: Part) -> int | float | str:
    """Return what an item means: a number, or else a text, without the quotes around it."""
    text = part.text
    if len(text) > 1 and text[0] in _QUOTES and text[-1] == text[0]:
        return text[1:-1]
    number = number_of(text)
    return text if number is None else number


def _brief(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
