"""What a pattern's group took, word after word: which are numbers, what to say of the others."""

import re
from typing import TypeAlias

from automl.readers.numbers.foreign import is_foreign, remedy
from automl.readers.numbers.number import number_of
from automl.readers.numbers.word import Word, word_of

_SHOWN_CHARS = 80
_KEPT_CHARS = 400

_LIKE_A_NUMBER = re.compile(r"\W*\d")

WordsState: TypeAlias = tuple[str | None, str | None, str, dict[str, str]]
"""What is known of the words so far, as plain values."""


class Words:
    """Takes the number out of each word, and remembers what the user should know of.

    A word that is just a number always counts. One with a unit behind it does as long as all
    numbers before had that unit: a time that follows an accuracy would pass for it.

    Args:
        pattern: what took the words, for what is told.

    Attributes:
        unparsed: the first word that was no number, None while there is none.
        line: the line in which that stood.
        warnings: what to tell, by its kind.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.forget()

    def forget(self) -> None:
        """Go back to the start: the words of another file follow."""
        self._unit: str | None = None
        self.unparsed: str | None = None
        self.line = ""
        self.warnings: dict[str, str] = {}

    @property
    def state(self) -> WordsState:
        """What it knows of the words so far; another can go on from there."""
        return self._unit, self.unparsed, self.line, dict(self.warnings)

    def resume(self, state: WordsState) -> None:
        """Go on from where another was."""
        self._unit, self.unparsed, self.line, self.warnings = state

    def were_plain(self) -> None:
        """Take in that there were words that are nothing but numbers."""
        self._unit = ""

    def number(self, text: str, line: str) -> float | None:
        """Return the number of a word of a line, None if it has none; that is told once."""
        value = number_of(text)
        if value is not None:
            self._unit = ""
            return value
        word = word_of(text)
        if word is None:
            self.refuse(text, line)
            return None
        if word.unit and self._unit not in (None, word.unit):
            self._refuse_unit(text, word.unit, line)
            return None
        self._unit = word.unit
        self._tell_taken(text, word)
        return word.value

    def refuse(self, text: str, line: str) -> None:
        """Note a match that is no number; one that may be meant as one is told in any case."""
        self._keep(text, line)
        if _LIKE_A_NUMBER.match(text):
            cure = f" {remedy(text.strip())}" if is_foreign(text) else ""
            self._tell(
                "no number", f"{self._matched(text, line)}, which is no number: left out.{cure}"
            )

    def _refuse_unit(self, text: str, unit: str, line: str) -> None:
        self._keep(text, line)
        before = f"{self._unit!r} behind them" if self._unit else "no unit"
        self._tell(
            f"number with another unit, {unit}",
            f"{self._matched(text, line)}: left out, as the numbers before have {before}. Let the "
            "program print one unit, or put what stands before the right number into the pattern",
        )

    def _tell_taken(self, text: str, word: Word) -> None:
        unit = f" with {word.unit}" if word.unit else ""
        advice = "; let all trials print the same unit" if unit else ""
        self._tell(
            f"number taken out of a word{unit}",
            f"parser_pattern {self._pattern!r} matched {_short(text)!r}: the number "
            f"{word.value:.12g} is taken out of it, and out of words like it{advice}",
        )

    def _tell(self, about: str, text: str) -> None:
        self.warnings.setdefault(about, text)

    def _keep(self, text: str, line: str) -> None:
        if self.unparsed is None:
            self.unparsed, self.line = text, line[:_KEPT_CHARS]

    def _matched(self, text: str, line: str) -> str:
        shown = _short(line.strip())
        return f"parser_pattern {self._pattern!r} matched {_short(text)!r} in the line {shown!r}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}..."
