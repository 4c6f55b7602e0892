"""Scalars of protobuf text: from words to values and back."""

import math
import re
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.render.number_words import float_word
from automl.render.patch.data_kinds import Word
from automl.space.numbers import is_number

_WHOLE = re.compile(r"0[xX][0-9a-fA-F]+|\d+")
_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|[xX](?P<hex>[0-9a-fA-F]{1,2})"
    r"|u(?P<four>[0-9a-fA-F]{4})|U(?P<eight>[0-9a-fA-F]{8})|(?P<char>.))",
    re.DOTALL,
)
_CHARS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WORDS = {"true": True, "True": True, "false": False, "False": False}
_FLOATS = {"inf": math.inf, "infinity": math.inf, "nan": math.nan}
_ESCAPED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", '"': '\\"'}


def number_of(word: str) -> int | float:
    """Return the number that a word is.

    >>> number_of("0x1F"), number_of("017"), number_of("1."), number_of("5f")
    (31, 15, 1.0, 5.0)
    """
    if not _WHOLE.fullmatch(word):
        return float(word.rstrip("fF"))
    octal = word.startswith("0") and word.isdigit() and set(word) <= set("01234567")
    return int(word, 8) if octal else int(word, 16 if word[:2] in {"0x", "0X"} else 10)


def name_of(word: str) -> Any:  # noqa: ANN401 - a bool, a float or a text
    """Return what a word without quotes means: True, a float such as `inf`, or a name."""
    if word in _WORDS:
        return _WORDS[word]
    return _FLOATS.get(word.lower(), Word(word))


def text_of(quoted: str) -> str:
    """Return what a text in quotes means; bytes that are no UTF-8 as Python's surrogates."""
    parts = []
    end = 1
    for found in _ESCAPE.finditer(quoted, 1, len(quoted) - 1):
        parts += [quoted[end : found.start()].encode(), _unescaped(found)]
        end = found.end()
    parts.append(quoted[end:-1].encode())
    return b"".join(parts).decode(errors="surrogateescape")


def protobuf_word(value: Any) -> str:  # noqa: ANN401 - any value
    """Return a value as it is written in one line; a dictionary as a message.

    Raises:
        SpecError: protobuf text has no such value.
    """
    if isinstance(value, Mapping):
        fields = [f"{name}{_joined(one)}" for name, one in value.items()]
        return f"{{ {' '.join(fields)} }}" if fields else "{ }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(protobuf_word, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, str):
        return f'"{_escaped(value)}"'
    if is_number(value):
        return float_word(value) if isinstance(value, float) else str(value)
    raise SpecError(f"protobuf text has no value {value!r}; leave the field out of the file")


def _joined(value: object) -> str:
    return f"{' ' if isinstance(value, Mapping) else ': '}{protobuf_word(value)}"


def _unescaped(found: re.Match[str]) -> bytes:
    if code := found["octal"]:
        return bytes([int(code, 8) & 255])
    if code := found["hex"]:
        return bytes([int(code, 16)])
    if code := found["four"] or found["eight"]:
        return chr(int(code, 16)).encode(errors="surrogatepass")
    return _CHARS.get(found["char"], found["char"]).encode()


def _escaped(value: str) -> str:
    parts = []
    for char in value:
        if char in _ESCAPED:
            parts.append(_ESCAPED[char])
        elif char.isprintable():
            parts.append(char)
        else:
            parts += [f"\\{byte:03o}" for byte in _bytes_of(char)]
    return "".join(parts)


def _bytes_of(char: str) -> bytes:
    try:
        return char.encode(errors="surrogateescape")
    except UnicodeEncodeError as error:
        raise SpecError(f"protobuf text cannot hold the character {char!r}") from error
