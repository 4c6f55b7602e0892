"""Words of a help text as plain data: numbers, truth values, texts in quotes."""

import re

from automl.discovery.option import Plain

_WHOLE = re.compile(r"[-+]?\d{1,18}")
_REAL = re.compile(r"[-+]?(?:\d{1,40}\.\d{0,40}|\.\d{1,40}|\d{1,40})(?:[eE][-+]?\d{1,3})?[fF]?")
_POWER = re.compile(r"(?P<base>\d{1,4})\s?\^\s?(?P<power>-?\d{1,3})")
_SEVERAL = re.compile(r"[(\[](?P<items>[^()\[\],]+,[^()\[\]]*)[)\]]")
_NOTHING = frozenset(
    {"none", "null", "nil", "na", "n/a", "unset", "undefined", "<none>", "nothing", "auto-detected"}
)
_TRUE, _FALSE = frozenset({"true"}), frozenset({"false"})
NUMBER = r"(?<![\w.])[-+]?(?:\d{1,20}+\.?\d{0,20}+|\.\d{1,20}+)(?:[eE][-+]?\d{1,3}+)?"
"""A pattern; it begins where no other number or name does, so that no text takes it long."""


def plain_of(text: str) -> Plain:
    """Return what a word says, with the type that it seems to have; None for nothing.

    >>> [plain_of(one) for one in ("3", "1e-3", "'adam'", "True", "None", "2.")]
    [3, 0.001, 'adam', True, None, 2.0]
    """
    word = text.strip()
    if listed := _SEVERAL.fullmatch(word):
        return tuple(plain_of(one) for one in listed["items"].split(",") if one.strip())
    quoted = word[:1] in {"'", '"', "`", "\u2018", "\u201c"} and len(word) > 1
    word = word.strip("'\"`\u2018\u2019\u201c\u201d") if quoted else word
    small = word.lower()
    if _WHOLE.fullmatch(word):
        return int(word)
    if _REAL.fullmatch(word):
        return float(word.rstrip("fF"))
    if power := _POWER.fullmatch(word):
        return float(power["base"]) ** int(power["power"])
    if small in _TRUE | _FALSE and not quoted:
        return small in _TRUE
    return None if not word or (small in _NOTHING and not quoted) else word
