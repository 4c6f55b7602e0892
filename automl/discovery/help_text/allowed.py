"""What the description of an option allows: choices, and bounds of numbers."""

import re
from dataclasses import dataclass

from automl.discovery.help_text.values import NUMBER, plain_of
from automl.discovery.option import Missing, Plain
from automl.space.numbers import is_number

_ITEM = r"(?<![\w.+/-])(?:\"[^\"]*\"|'[^']*'|`[^`]*`|[\w.+/-]{0,40}\w)"
_LISTED = re.compile(
    rf"(?:possible\s+(?:values|choices|options)|choices|allowed(?:\s+values)?|valid\s+(?:values|options|choices)|one\s+of"
    rf"|options(?:\s+are)?|available(?:\s+\w+)?|either|supported(?:\s+\w+)?)\s*(?:are\b|[:=])?\s*[\[({{<]?\s*"
    rf"(?P<items>{_ITEM}(?:\s*(?:,\s*(?:or\s+|and\s+)?|\||/|\bor\b|\band\b)\s*{_ITEM})+)",
    re.IGNORECASE,
)
_BRACED = re.compile(rf"\{{\s*(?P<items>{_ITEM}(?:\s*[,|]\s*{_ITEM})+)\s*\}}")
_BESIDE = re.compile(
    rf"[\[(]\s*(?P<items>{_ITEM}(?:\s*[,|/]\s*{_ITEM})+)\s*[,;]\s*default", re.IGNORECASE
)
_LISTS = (_LISTED, _BRACED, _BESIDE)
_WORD = r"[\"'`]?[\w.+-]{0,40}\w[\"'`]?"
_ANY_LIST = re.compile(
    rf"(?<![\w.+-])(?P<items>{_WORD}(?:(?:\s?\|\s?|/|,\s?){_WORD}){{0,40}}"
    rf"(?:\s?\|\s?|/|,?\s(?:or|and)\s){_WORD})"
)
_NO_ITEMS = frozenset({"default", "etc", "..."})
_SPLIT = re.compile(r"\s*(?:,\s*(?:or\s+|and\s+)?|\||/|\bor\b|\band\b)\s*")
_NUMBERED = re.compile(r"(?P<number>-?\d{1,3})\s*(?:--|[:=]|-(?=\s)|\)(?=\s))\s*\S")
_BULLET = re.compile(r"-\s+(?P<word>[\w.+-]+)(?::|\s*$)")

_CHAIN = re.compile(
    rf"(?:(?P<low>{NUMBER})\s*(?P<low_is><=?)\s*)?(?<![\w.])[A-Za-z]\w*\s*(?P<high_is><=?)\s*(?P<high>{NUMBER})"
    rf"|(?P<only>{NUMBER})\s*(?P<only_is><=?)\s*[a-z]\w*(?!\s*<)"
    rf"|(?<![\w.])[a-z]\w*\s*(?P<above_is>>=?)\s*(?P<above>{NUMBER})"
)
_INTERVAL = re.compile(
    rf"(?P<open>[\[(])\s*(?P<low>{NUMBER})\s*(?:,|\.\.|to|-|;)\s*(?P<high>{NUMBER})\s*(?P<close>[\]),])"
)
_BETWEEN = re.compile(
    rf"\b(?:between|from|range:?|in)\s+(?P<low>{NUMBER})\s*(?:and|to|\.\.\.?|-|,)\s*(?P<high>{NUMBER})\b",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?:^|[,;] )(?P<low>{NUMBER})\s*to\s+(?P<high>{NUMBER})\b")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a description says of the smallest and the largest value."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False


def choices_in(text: str, lines: list[str], default: "Plain | Missing") -> tuple[Plain, ...]:
    """Return what a description says that is allowed; empty where it does not.

    >>> choices_in("adam or sgd (default adam)", [], "adam")
    ('adam', 'sgd')
    """
    for numbers in (_NUMBERED, _BULLET):
        items = [found[1] for line in lines if (found := numbers.match(line))]
        if len(items) > 1:
            return _plain_items(items)
    listed = next(filter(None, (one.search(text) for one in _LISTS)), None)
    if listed:
        return _plain_items(_SPLIT.split(listed["items"]))
    for found in _ANY_LIST.finditer(text):
        values = _plain_items(_SPLIT.split(found["items"]))
        if isinstance(default, str):
            values = tuple(one for one in values if isinstance(one, str))
        elif is_number(default):
            values = tuple(filter(is_number, values))
        if default in values and len(values) > 1:
            return values
    return ()


def _plain_items(items: list[str]) -> tuple[Plain, ...]:
    return tuple(
        dict.fromkeys(allowed_word(one) for one in items if one.strip() and one not in _NO_ITEMS)
    )


def allowed_word(text: str) -> Plain:
    """Return what one of several allowed words says: beside others, `none` is a word too."""
    return "none" if text.strip("'\"` ") == "none" else plain_of(text)


def bounds_in(text: str) -> Bounds:
    """Return the bounds that a description tells.

    >>> bounds_in("layers [default: 2; 1<=x<=8]")
    Bounds(low=1.0, high=8.0, low_open=False, high_open=False)
    """
    if found := _CHAIN.search(text):
        low = next(filter(None, (found["low"], found["only"], found["above"])), None)
        low_is = found["low_is"] or found["only_is"] or found["above_is"] or ""
        high, high_is = found["high"], found["high_is"] or ""
        return Bounds(_float(low), _float(high), low_is in {"<", ">"}, high_is == "<")
    found = _INTERVAL.search(text)
    if found and float(found["low"]) < float(found["high"]):
        # A range in ordinary brackets, (1-10), is no open interval; [0, 1) is half open.
        half_open = found["open"] == "[" and found["close"] == ")"
        is_open = (found["open"] == "(" and found["close"] == "]", half_open)
        return Bounds(float(found["low"]), float(found["high"]), *is_open)
    found = _BETWEEN.search(text) or _BARE.search(text)
    if found and float(found["low"]) < float(found["high"]):
        return Bounds(float(found["low"]), float(found["high"]))
    return Bounds()


def _float(text: str | None) -> float | None:
    return None if text is None else float(text)
