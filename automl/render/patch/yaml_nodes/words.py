"""What a word without quotes is, as YAML 1.1 and YAML 1.2 read it."""

import re
from functools import lru_cache
from typing import Any

_NAMES = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+", re.ASCII)
_FLOAT = re.compile(
    r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
    re.ASCII,
)
"""Of YAML 1.2, chapter 10.3.2."""

TEXT = "tag:yaml.org,2002:str"
MERGE = "tag:yaml.org,2002:merge"


class AsWritten(str):
    """What no plain value can be: a date, a word that the versions of YAML read differently.

    It is the text as it stands in the file, and may be written there again as it is.
    """

    __slots__ = ()


class Tagged(AsWritten):
    """A value with a tag that is none of YAML's own; it is not written anew."""

    __slots__ = ()


@lru_cache(maxsize=4096)
def plain_word(text: str) -> Any:  # noqa: ANN401 - a plain value
    """Return what a word without quotes is.

    >>> plain_word("1e-5"), plain_word("1.0e-5"), plain_word("yes"), plain_word("0x10")
    ('1e-5', 1e-05, 'yes', 16)
    >>> type(plain_word("yes")).__name__, type(plain_word("maybe")).__name__
    ('AsWritten', 'str')
    """
    try:
        old, new = tagged_word(text, old_tag(text)), _new(text)
        same = type(old) is type(new) and repr(old) == repr(new)
    except (ValueError, OverflowError):
        # Python converts no whole number of more than 4300 digits.
        return AsWritten(text)
    return new if same else AsWritten(text)


@lru_cache(maxsize=4096)
def tagged_word(text: str, tag: str) -> Any:  # noqa: ANN401 - a plain value
    """Return what a text with a tag is."""
    import yaml  # noqa: PLC0415 - 30 ms, and not every start reads one

    try:
        value = yaml.SafeLoader("").construct_object(yaml.ScalarNode(tag, text))
    except (yaml.YAMLError, ValueError, KeyError, OverflowError):
        return Tagged(f"{tag} {text}")
    plain = value is None or type(value) in {bool, int, float, str}
    return value if plain else Tagged(f"{tag} {text}")


def old_tag(text: str) -> str:
    """Return the tag that YAML 1.1 gives to a word without quotes."""
    import yaml  # noqa: PLC0415 - as above

    loader: Any = yaml.SafeLoader("")
    return str(loader.resolve(yaml.ScalarNode, text, (True, False)))


def _new(text: str) -> object:
    if text in _NAMES:
        return _NAMES[text]
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if _FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
