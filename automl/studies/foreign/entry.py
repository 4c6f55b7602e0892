"""A dictionary in the file of another tool, read key by key, with mistakes that name the place."""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from automl.errors import SpecError, shown
from automl.registry import did_you_mean
from automl.space.numbers import is_finite
from automl.studies.given.place import inside

NEEDED: Any = ...
"""Stands for the default of a key that must be there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A dictionary and where it stands.

    Attributes:
        data: the dictionary.
        place: where in the file, such as `parameters.lr`; empty for the whole file.
    """

    data: Mapping[str, Any]
    place: str = ""

    def fail(self, message: str, key: str | None = None) -> NoReturn:
        """Raise SpecError with the place of a key, or of the whole."""
        raise SpecError(message, place=self.place if key is None else inside(self.place, key))

    def get(self, key: str, default: Any = NEEDED) -> Any:  # noqa: ANN401 - plain data
        """Return the value of a key; `null` is as if it were not there."""
        value = self.data.get(key)
        if value is not None:
            return value
        if default is NEEDED:
            given = ", ".join(map(str, self.data)) or "nothing"
            self.fail(f"{self._what}{key!r} is missing; there is: {given}")
        return default

    def one_of(self, *keys: str) -> str:
        """Return which of several spellings of a key is there; the first where none is."""
        return next((key for key in keys if self.data.get(key) is not None), keys[0])

    def number(self, key: str, default: Any = NEEDED) -> Any:  # noqa: ANN401 - a number
        """Return a number; Katib and others also write them as texts."""
        value = self.get(key, default)
        number = number_in(value)
        if number is None and value is not default:
            self.fail(f"{self._what}{key} must be a number, got {shown(value)}", key)
        return default if number is None else number

    def whole(self, key: str, default: Any = NEEDED) -> Any:  # noqa: ANN401 - a whole number
        """Return a whole number, also one that is written as 3.0."""
        value = self.number(key, default)
        if value is default:
            return default
        if not float(value).is_integer():
            self.fail(f"{self._what}{key} must be a whole number, got {value!r}", key)
        return int(value)

    def text(self, key: str, default: Any = NEEDED) -> Any:  # noqa: ANN401 - a text
        """Return a text."""
        value = self.get(key, default)
        if value is not default and not isinstance(value, str):
            self.fail(f"{self._what}{key} must be a text, got {shown(value)}", key)
        return value

    def listed(self, key: str, default: Sequence[Any] | None = None) -> list[Any]:
        """Return a list."""
        value = self.get(key, NEEDED if default is None else list(default))
        if not isinstance(value, list):
            self.fail(f"{self._what}{key} must be a list, got {shown(value)}", key)
        return value

    def below(self, key: str, default: Mapping[str, Any] | None = None) -> "Entry":
        """Return the dictionary of a key."""
        value = self.get(key, NEEDED if default is None else default)
        return entry_of(value, inside(self.place, key))

    def entries(self, key: str, default: Sequence[Any] | None = None) -> Iterator["Entry"]:
        """Yield the dictionaries in the list of a key."""
        for number, one in enumerate(self.listed(key, default)):
            yield entry_of(one, f"{inside(self.place, key)}[{number}]")

    def choice(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """Return a text that must be a known one, in whatever case it is written."""
        value = self.text(key, NEEDED if default is None else default)
        folded = {one.casefold(): one for one in known}
        if str(value).casefold() not in folded:
            self.fail(unknown(key, value, known), key)
        return folded[value.casefold()]

    def refuse_others(self, known: Collection[str]) -> None:
        """Raise SpecError for a key that the tool does not know."""
        for key in self.data:
            if key not in known:
                near = did_you_mean(str(key), known)
                listed = ", ".join(known)
                self.fail(f"{self._what}there is no key {key!r}{near}; known: {listed}", key)

    @property
    def _what(self) -> str:
        return f"{self.place}: " if self.place else ""


def entry_of(data: Any, place: str = "") -> Entry:  # noqa: ANN401 - plain data
    """Return a dictionary of a file.

    Raises:
        SpecError: it is none.
    """
    if not isinstance(data, Mapping):
        where = f"{place} " if place else "the file "
        raise SpecError(f"{where}must be a dictionary, got {shown(data)}", place=place)
    return Entry(data, place)


def unknown(what: str, given: object, known: Collection[str]) -> str:
    """Return the message about a word that is none of the known ones."""
    near = did_you_mean(str(given), known)
    return f"{what} {shown(given)} is unknown{near}; known: {', '.join(known)}"


def number_in(value: object) -> int | float | None:
    """Return the number that a value is, or is the text of; None for what is none.

    >>> number_in(3), number_in("1e-3"), number_in("adam"), number_in(True), number_in("nan")
    (3, 0.001, None, None, None)
    """
    if isinstance(value, str):
        value = _read(value)
    # A whole number that no float holds is no bound of any search.
    return value if is_finite(value) and abs(value) <= sys.float_info.max else None


def _read(text: str) -> int | float | None:
    for make in (int, float):
        with suppress(ValueError):
            return make(text)
    return None
