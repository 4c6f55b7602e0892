"""Which options a command gives already, so that they are no longer free."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from automl.discovery.option import Kind, Option

_NUMBER = re.compile(r"^-(\d|\.\d|inf$|nan$)")


def with_given(options: Sequence[Option], words: Sequence[str]) -> tuple[Option, ...]:
    """Return the options with what the words give each of them.

    Long names may be cut off where that leaves one option, as most parsers allow; short ones may
    stand together, and with their value behind them: `-vl0.1`.

    Args:
        options: all of a program.
        words: the program's own words, without its name.
    """
    reading = _Reading(options, list(words))
    while reading.left:
        _read_one(reading)
    return tuple(
        replace(one, given=tuple(reading.given[at])) if at in reading.given else one
        for at, one in enumerate(options)
    )


@dataclass
class _Reading:
    """How far the words were read."""

    options: Sequence[Option]
    left: list[str]
    given: dict[int, list[str]] = field(default_factory=dict)
    only_places: bool = False

    def add(self, at: int, values: Sequence[str]) -> None:
        many = self.options[at].many
        self.given[at] = [*(self.given.get(at, []) if many else []), *values]


def _read_one(reading: _Reading) -> None:
    word = reading.left.pop(0)
    if word == "--" and not reading.only_places:
        reading.only_places = True
    elif (
        reading.only_places or not word.startswith("-") or _is_number(reading, word) or word == "-"
    ):
        _read_bare(reading, word)
    else:
        _read_option(reading, word)


def _is_number(reading: _Reading, word: str) -> bool:
    named = any(word[:2] in one.names for one in reading.options)
    return _NUMBER.match(word) is not None and not named


def _read_bare(reading: _Reading, word: str) -> None:
    """Take a word that begins with no dash: `lr=0.1`, a subcommand, or the next by its place."""
    name, equals, value = word.partition("=")
    joined = _exact(reading.options, name) if equals else None
    if joined is not None and reading.options[joined].joined:
        reading.add(joined, [value])
        return
    if any(word in one.subcommand.split() for one in reading.options):
        return
    for at, one in enumerate(reading.options):
        if one.positional and (one.many or at not in reading.given):
            reading.add(at, [word])
            return


def _read_option(reading: _Reading, word: str) -> None:
    name, equals, value = word.partition("=")
    at = _long(reading.options, name)
    if at is not None:
        option = reading.options[at]
        if equals:
            reading.add(at, [value])
        elif option.kind is Kind.FLAG:
            reading.add(at, [name] if _turns_off(option, name) else [])
        else:
            reading.add(at, _values(reading, option))
    elif not word.startswith("--"):
        _read_letters(reading, word[1:])


def _read_letters(reading: _Reading, letters: str) -> None:
    """Take short options in one word: flags, and at its end one with a value."""
    for place, letter in enumerate(letters):
        at = _exact(reading.options, f"-{letter}")
        if at is None:
            return
        option = reading.options[at]
        if option.kind is not Kind.FLAG:
            rest = letters[place + 1 :].removeprefix("=")
            reading.add(at, [rest] if rest else _values(reading, option))
            return
        reading.add(at, [])


def _values(reading: _Reading, option: Option) -> list[str]:
    """Take the words behind an option's name that are its values."""
    taken: list[str] = []
    while reading.left and (option.many or not taken):
        word = reading.left[0]
        if word == "--" or (word.startswith("-") and word != "-" and not _is_number(reading, word)):
            break
        taken.append(reading.left.pop(0))
    return taken


def _turns_off(option: Option, name: str) -> bool:
    return option.negative is not None and name == option.negative


def _long(options: Sequence[Option], name: str) -> int | None:
    """Return which option has a name, or the only one whose long name begins so."""
    exact = _exact(options, name)
    if exact is not None or not name.startswith("--") or len(name) <= len("--"):
        return exact
    begun = [at for at, one in enumerate(options) if any(n.startswith(name) for n in _names(one))]
    return begun[0] if len(begun) == 1 else None


def _exact(options: Sequence[Option], name: str) -> int | None:
    return next((at for at, one in enumerate(options) if name in _names(one)), None)


def _names(option: Option) -> tuple[str, ...]:
    if option.positional:
        return ()
    return (*option.names, option.negative) if option.negative else option.names
