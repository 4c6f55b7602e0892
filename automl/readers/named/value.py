"""The number that a line gives for a name that stands in it."""

import re
from dataclasses import dataclass

from automl.readers.numbers.foreign import find_foreign
from automl.readers.numbers.number import NUMBER
from automl.readers.numbers.word import SPREAD, Word, word_of

# All that may repeat is bounded or possessive, so that no line takes long.
_CLOSING = r"[\"'`)\]*>]{0,4}+\s*+"
_WORDS = r"(?:(?:is|was)(?:\snow)?|of|equals|reached|reaches)\b:?"
_MARKS = (
    "[:=|~\u2502\u2503\u2551\u2248\u2192]{1,3}>?|-{1,3}>|-{1,2}(?=\\s)|\\.{2,}+\\s*+:?|\\.(?=\\s)"
)
_LINK = rf"(?:(?:(?:score|value)\s?)?(?:{_MARKS})|,\s?[\"']?value[\"']?\s?[:=]|value=|{_WORDS})\s*+"
_OPENING = r"[\[({<\"'`*$]{0,4}+\s*+(?:[A-Za-z_][\w.]{0,30}\(){0,2}[\[\"']{0,2}\s*+"
_TAKEN = rf"{_OPENING}(?P<number>{NUMBER}|[-+]?(?:nan|inf(?:inity)?)\b)"

_INNER = r"(?:(?:avg|mean|average|cur|current|last|val|value)\s?[=:]\s?)?"
"""Of several figures that follow a name, the one that is meant: `duration: avg=12ms min=9ms`."""

_DIRECT = re.compile(f"{_CLOSING}(?:{_LINK})?{_INNER}{_TAKEN}", re.IGNORECASE)
_GROUP = r"\([^()]{0,60}\)|\[[^\[\]]{0,120}\]|\{[^{}]{0,200}\}"
_IN_BRACKETS = re.compile(_GROUP)
_ACROSS = re.compile(
    rf"(?=\s{{1,8}}(?:of|on|after|for|at|in|over|during|with|per|by)\b|\s{{0,8}}[(@\[{{])"
    rf"(?P<gap>(?:[^:=|;,\[\](){{}}]|{_GROUP}){{0,100}}+)[:=]\s*+{_TAKEN}",
    re.IGNORECASE,
)
_QUOTED = re.compile(rf"[\"']\s?,\s?{_TAKEN}", re.IGNORECASE)
_PAIR = re.compile(rf"[,;]\s?(?P<number>{NUMBER})\s*$")
_LABELLED = re.compile(rf"(?P<gap>\s?\{{[^{{}}]{{0,200}}\}})\s++{_TAKEN}", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:^|[,;|(\t]|\s\s)\s{0,40}"
    rf"(?P<number>{NUMBER}(?:\s?%)?)\s(?P<front>[A-Za-z]{{2,12}}\s)?$"
)
_BEFORE_CHARS = 80
_ITEM_ENDS = re.compile(r"\s*+(?:$|[,;|)\t])|\s\s")
_ITEM_BEHIND = re.compile(rf"\s*+{NUMBER}\s[A-Za-z]")
_METRIC = re.compile(r"(?:acc|loss|score|auc|error|rmse|mse|mae|f1|precision|recall)\W*$")

_WORD = re.compile(rf"(?:(?!{SPREAD})[^\s,;)}}\]\"'|<>])*+")
_SHARE = re.compile(rf"(?P<part>\d+)/(?P<whole>\d+)\s?\((?P<percent>{NUMBER})\s?%\)")
_BAR = re.compile(r"\d+(?:\.\d+)?%\s?[|\u2501\u2500\u2588#]")
_IS_KEY = re.compile(rf"[)\]]*\s?[:=]\s?(?!\d+(?:\.\d+)?%\s*\|){NUMBER}")
_NEAR = 8
_ITEMS = re.compile(r"[^\[\]]{0,16000}\]")


@dataclass(frozen=True, slots=True)
class Value:
    """What stands behind a name.

    Attributes:
        numbers: its numbers: several if it is a list in square brackets; none if it is no number
            that can be read.
        unit: what stands behind them.
        text: what is there.
    """

    numbers: tuple[float, ...]
    unit: str
    text: str


def value_behind(line: str, start: int, end: int) -> Value | None:
    """Return what a name has that stands in a line, None if it has no number.

    >>> value_behind("acc: 91.2%", 0, 3), value_behind('"acc": tensor(0.5)', 1, 4)
    (Value(numbers=(91.2,), unit='%', text='91.2%'), Value(numbers=(0.5,), unit='', text='0.5'))
    >>> value_behind("Accuracy: 99/120 (82.5%)", 0, 8).numbers
    (82.5,)
    >>> value_behind("acc was not seen", 0, 3)
    """
    for found in (_DIRECT.match(line, end), _QUOTED.match(line, end)):
        value = _value_at(line, *found.span("number")) if found else None
        if value:
            return value
    found = _ACROSS.match(line, end) or _LABELLED.match(line, end)
    if found and not _METRIC.search(_IN_BRACKETS.sub("", found["gap"].lower())):
        return _value_at(line, *found.span("number"))
    found = _PAIR.match(line, end) if not line[:start].strip() else None
    return _value_at(line, *found.span("number")) if found else None


def value_before(line: str, start: int, end: int, front: str) -> Value | None:
    r"""Return the number of an item such as `3.45 avg loss`, in a list of such items.

    Args:
        line: the line.
        start: where the name begins.
        end: where it ends.
        front: the word before it that belongs to it, empty for none.

    >>> value_before("7: 2.3, 3.5 avg loss, 0.1 rate", 16, 20, "avg").numbers
    (3.5,)
    >>> value_before("1000\t 12 ns/op\t 48 B/op", 9, 14, "").numbers
    (12.0,)
    >>> value_before("3 loss   0.5", 2, 6, "")
    """
    # What has a number behind it as well is an item only if that number is the next one's.
    behind = line[end:].lstrip()
    if not _ITEM_ENDS.match(line, end) or (behind[:1].isdigit() and not _ITEM_BEHIND.match(behind)):
        return None
    found = _BEFORE.search(line, max(0, start - _BEFORE_CHARS), start)
    if found is None or bool(front) != bool(found["front"]):
        return None
    word = word_of(found["number"].replace(" ", ""))
    return None if word is None else Value((word.value,), word.unit, found["number"])


def _value_at(line: str, start: int, stop: int) -> Value | None:
    share = _SHARE.match(line, start)
    if share:
        return Value((_percent(share),), "%", share[0])
    items = _list_at(line, start)
    if items:
        return items
    text = line[start : _WORD.match(line, start).end()]  # type: ignore[union-attr] # may be empty
    foreign = find_foreign(line, start, stop)
    if foreign:
        return Value((), "", line[slice(*foreign)])
    word = word_of(text)
    if word is None or _BAR.match(line, start) or _IS_KEY.match(line, stop):
        return None
    return Value((word.value,), word.unit, text)


def _percent(share: re.Match[str]) -> float:
    """Return the percent that a program prints behind a share, which it may have rounded."""
    told, whole = float(share["percent"]), int(share["whole"])
    exact = 100 * int(share["part"]) / whole if whole else told
    return exact if abs(exact - told) <= 1 else told


def _list_at(line: str, start: int) -> Value | None:
    """Return the numbers of a list whose first begins there; None if there is no such list."""
    if not line[max(0, start - _NEAR) : start].rstrip().endswith("["):
        return None
    found = _ITEMS.match(line, start)
    words = [word_of(one) for one in found[0][:-1].split(",")] if found else []
    numbers = [one for one in words if isinstance(one, Word) and not one.unit]
    if found is None or len(words) < 2 or len(numbers) < len(words):  # noqa: PLR2004
        return None
    return Value(tuple(one.value for one in numbers), "", found[0])
