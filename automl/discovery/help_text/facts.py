"""What the description of an option tells: its default, its type, whether it is needed."""

import re

from automl.discovery.help_text.values import NUMBER, plain_of
from automl.discovery.option import MISSING, Kind, Missing, Plain
from automl.space.numbers import is_number

_QUOTED = r"'[^']*'|\"[^\"]*\"|`[^`]*`"
_LEAD = r"(?:the\s+)?defaults?(?:\s+values?)?(?:\s+(?:to|is|are|of))?(?:\s*[:=])?\s*"
_BRACKETED = re.compile(
    rf"[\[(](?:[^\[\]()]*[,;:]?\s)??\s*{_LEAD}(?P<value>{_QUOTED}|\([^()]*\)|\[[^\[\]]*\]|[^\[\](),;]*?)\s*[\](),;]",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    rf"\b{_LEAD}(?P<value>{_QUOTED}|{NUMBER}(?![\w%]))"
    r"|(?:\bdefaults?(?:\s+values?)?(?:\s+(?:to|is|of)|\s*[:=])\s*"
    r"|(?<!the )\bdefault\s+(?=[\w.-]+(?:[),;]|$)))"
    r"(?P<word>[A-Za-z_][\w./-]{0,80}\w|\w)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?P<value>{_QUOTED}|{NUMBER}|(?<![\w-])[A-Za-z_][\w-]{{0,80}})"
    r"\s+(?:is\s+(?:the\s+)?default\b|by\s+default\b|default\s*[\])])",
    re.IGNORECASE,
)
_BOOST = re.compile(r"^\(=(?P<value>[^()]*)\)")
_LAST = re.compile(rf"[\[(](?P<value>{NUMBER}|true|false)[\])]\s*\.?$|\}}\s*\[(?P<word>[\w.+-]+)\]")
_DEFAULTS = (_BOOST, _BRACKETED, _LOOSE, _BEFORE, _LAST)
_FILLERS = "is are the a an value values for of in and or use uses when"
_NO_DEFAULT = frozenset(_FILLERS.split())

_TYPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.INTEGER,
        re.compile(
            r"\(an? (?:\w+ )?integer|type:? ?u?int|\[int(?:eger)?\]|\binteger\b|\bwhole number",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.FLOAT,
        re.compile(
            r"\(a (?:\w+ )?number|type:? ?(?:float|double|number)|\[(?:number|float)\]"
            r"|\bfloat(?:ing)?\b",
            re.IGNORECASE,
        ),
    ),
    (Kind.FLAG, re.compile(r"\[boolean\]|type: ?bool(?:ean)?\b|\(boolean\)", re.IGNORECASE)),
)
_REQUIRED = re.compile(r"[\[(]required[\]),;]|\(mandatory\)|\brequired\.?$", re.IGNORECASE)


def default_in(text: str) -> "Plain | Missing":
    """Return the default that a description tells.

    >>> [default_in(one) for one in ("rate (default: 0.1)", "[0.1]", "depth, 6 by default", "rate")]
    [0.1, 0.1, 6, MISSING]
    """
    for pattern in _DEFAULTS:
        for found in pattern.finditer(text):
            value = (found[found.lastindex or 0]).strip(" ,")
            if value and value.lower() not in _NO_DEFAULT:
                return _plain_default(value)
    return MISSING


def _plain_default(value: str) -> Plain:
    """Return a default; of several words that begin with a number, the number."""
    first, _, more = value.partition(" ")
    number = plain_of(first.rstrip(",;"))
    if more and is_number(number):
        return number
    return plain_of(value if value[-1:].isdigit() else value.rstrip("."))


def without_default(text: str) -> str:
    """Return a description without what it tells of the default, whose numbers are no bounds."""
    return _BRACKETED.sub(_kept, text)


def _kept(found: re.Match[str]) -> str:
    """Return a bracket without the default in it: `[; 1<=x<=8]` of `[default: 2; 1<=x<=8]`."""
    start, end = (place - found.start() for place in found.span("value"))
    return found[0][:start] + found[0][end:]


def type_in(text: str) -> Kind | None:
    """Return the type that a description names, None if it names none."""
    return next((kind for kind, pattern in _TYPES if pattern.search(text)), None)


def is_required(text: str) -> bool:
    """Tell whether a description says that the program does not start without it."""
    return _REQUIRED.search(text) is not None
