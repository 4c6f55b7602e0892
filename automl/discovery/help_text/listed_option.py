"""An entry of a help text as an option: its kind, default and what is allowed."""

import re
from collections.abc import Sequence

from automl.discovery.help_text.allowed import allowed_word, bounds_in, choices_in
from automl.discovery.help_text.entries import Entry
from automl.discovery.help_text.facts import default_in, is_required, type_in, without_default
from automl.discovery.help_text.head import Head
from automl.discovery.option import MISSING, Kind, Missing, Option, Plain
from automl.space.numbers import is_number

PLACE = "--help"
_SHOWN_CHARS = 200
_FLOATS = re.compile(
    r"(?:float|double|real|number|num|f)(?:32|64)?|float range|decimal", re.IGNORECASE
)
_ANY_NUMBER = re.compile(r"num(?:ber)?|real", re.IGNORECASE)
_INTEGERS = re.compile(
    r"(?:u?int(?:eger)?|[iu]|usize|long|count)(?:8|16|32|64)?|integer range|int range|n",
    re.IGNORECASE,
)
_PATHS = re.compile(r".*(?:path|file(?:name)?|dir(?:ectory)?|folder)s?", re.IGNORECASE)
_TEXTS = re.compile(r"str(?:ing)?|text|name|uuid|url", re.IGNORECASE)
_ALLOWED = re.compile(
    r"[<{\[](?P<items>[^<>{}\[\]]*[|,][^<>{}\[\]]*)[>}\]]|(?P<bare>\w+(?:[|/]\w+)+)"
)
_META = re.compile(r"[A-Z]{2}[A-Z_\d]*|\.\.\.")


def option_of(entry: Entry, *, required: bool = False, subcommand: str = "") -> Option:
    """Return the option that an entry describes.

    Args:
        entry: the entry.
        required: whether the usage line has it without brackets.
        subcommand: the subcommand whose help this is.
    """
    head, text = entry.head, entry.text
    default = default_in(text)
    choices = _choices(head.value, text, entry.lines, default)
    if head.value and isinstance(default, bool):
        default, choices = _written(text, default=default)
    names = tuple(sorted(head.names, key=_length_order))
    positional = not names[0].startswith("-")
    kind = _kind(head, text, default, choices)
    bounds = bounds_in(without_default(text))
    return Option(
        names=names,
        kind=kind,
        default=_with_type(default, kind) if kind is not Kind.FLAG else _switched(head, default),
        choices=choices if kind is Kind.CHOICE else (),
        negative=head.negative,
        low=bounds.low,
        high=bounds.high,
        low_open=bounds.low_open,
        high_open=bounds.high_open,
        many=head.count > 1 or "..." in head.value,
        required=(required or is_required(text)) and default is MISSING,
        positional=positional,
        help=text[:_SHOWN_CHARS],
        stands_for=_word_of(head.value),
        place=PLACE,
        subcommand=subcommand,
    )


def _word_of(value: str) -> str:
    """Return what the text calls a value, empty if that is no word: `EPOCHS`, `<epochs>`."""
    word = value.strip("<>[] ")
    return word if _META.fullmatch(word.upper()) else ""


def _length_order(name: str) -> tuple[bool, int]:
    """Put `--lr` before `-l`, and of two alike the first of the text."""
    return (not name.startswith("--"), 0 if len(name.lstrip("-")) > 1 else 1)


def _choices(
    value: str, text: str, lines: list[str], default: "Plain | Missing"
) -> tuple[Plain, ...]:
    allowed = _ALLOWED.fullmatch(value)
    if allowed:
        items = [one.strip() for one in re.split(r"[|,/]", allowed["items"] or allowed["bare"])]
        if all(items) and not any(map(_META.fullmatch, items)):
            return tuple(dict.fromkeys(allowed_word(one) for one in items))
    found = choices_in(text, lines, default)
    return found if len(found) > 1 and not _strange(found, default) else ()


def _written(text: str, *, default: bool) -> tuple[str, tuple[Plain, ...]]:
    """Return a default that must be written as a word, and both words, as the text has them."""
    words = ("True", "False") if re.search(r"\b(?:True|False)\b", text) else ("true", "false")
    return words[not default], words


def _strange(choices: Sequence[Plain], default: "Plain | Missing") -> bool:
    """Tell whether a list cannot be what is allowed, as the default is not in it."""
    return default is not MISSING and default is not None and default not in choices


def _kind(head: Head, text: str, default: "Plain | Missing", choices: tuple[Plain, ...]) -> Kind:
    if head.negative and not head.value:
        return Kind.FLAG
    if not head.value and (default is MISSING or default is None or isinstance(default, bool)):
        return _without_value(text, choices)
    if len(choices) > 1:
        return Kind.CHOICE
    word = head.value.strip("<>[]{}'\"")
    # NUM is what many texts call a count too: its default tells.
    tells = isinstance(default, float) or not is_number(default) or not _ANY_NUMBER.fullmatch(word)
    return (_by_metavar(word) if tells else None) or _by_default(default, text)


def _without_value(text: str, choices: tuple[Plain, ...]) -> Kind:
    told = type_in(text)
    if told is not None:
        return told
    return Kind.CHOICE if len(choices) > 1 and isinstance(choices[0], str) else Kind.FLAG


def _switched(head: Head, default: "Plain | Missing") -> "Plain | Missing":
    """Return whether a flag is on by default; some tell that by its name, or its opposite."""
    if default is MISSING:
        return MISSING if head.negative else False
    if not isinstance(default, str):
        return default
    word = default.lower()
    if head.negative and word == head.negative.lstrip("-"):
        return False
    return True if word in {one.lstrip("-") for one in head.names} else word == "true"


def _by_metavar(word: str) -> Kind | None:
    for kind, pattern in (
        (Kind.FLOAT, _FLOATS),
        (Kind.INTEGER, _INTEGERS),
        (Kind.PATH, _PATHS),
        (Kind.TEXT, _TEXTS),
    ):
        if pattern.fullmatch(word):
            return kind
    return None


def _by_default(default: "Plain | Missing", text: str) -> Kind:
    told = type_in(text)
    if isinstance(default, float):
        return Kind.FLOAT
    if is_number(default):
        return told if told in {Kind.FLOAT, Kind.INTEGER} else Kind.INTEGER
    if told in {Kind.FLOAT, Kind.INTEGER}:
        return told
    return Kind.TEXT if isinstance(default, str) else Kind.UNKNOWN


def _with_type(default: "Plain | Missing", kind: Kind) -> "Plain | Missing":
    if kind is Kind.FLOAT and is_number(default):
        return float(default)
    if kind is Kind.INTEGER and isinstance(default, float) and default.is_integer():
        return int(default)
    return default
