"""Values as YAML in one line, which all versions and programs read alike."""

import math
import re
from collections.abc import Iterator
from typing import Any

from automl.errors import SpecError
from automl.render.patch.yaml_nodes.words import AsWritten, Tagged, plain_word

_PLAIN = re.compile(r"(?!\.\.\.)[\w/.][\w./+@%-]*(?: [\w./+@%-]+)*")
"""Texts that need no quotes, if they are no other value as well."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def line_of(value: Any, style: str = "") -> str:  # noqa: ANN401 - any plain value
    """Return a value as YAML.

    Args:
        value: a plain one, or what `AsWritten` was read.
        style: which quotes a text has: `'`, `"`, or none where it needs none.

    Raises:
        SpecError: YAML has no such value.
    """
    if isinstance(value, dict):
        inner = ", ".join(f"{key_of(key)}: {line_of(one)}" for key, one in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(line_of(one) for one in value)}]"
    if isinstance(value, AsWritten):
        return _again(value)
    return _text(value, style) if isinstance(value, str) else _word(value)


def key_of(key: Any) -> str:  # noqa: ANN401 - any plain value
    """Return a key as YAML."""
    return line_of(key)


def lines_of(value: Any, column: int, step: int) -> Iterator[str]:  # noqa: ANN401 - any plain value
    """Give a value as lines: those of a dictionary have a key each; all else is one line.

    Args:
        value: a plain one.
        column: how far the lines are indented.
        step: how much further those of an inner dictionary are.
    """
    if not (isinstance(value, dict) and value):
        yield " " * column + line_of(value)
        return
    for key, one in value.items():
        if isinstance(one, dict) and one:
            yield f"{' ' * column}{key_of(key)}:"
            yield from lines_of(one, column + step, step)
        else:
            yield f"{' ' * column}{key_of(key)}: {line_of(one)}"


def checked(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return what a program reads where a value was written.

    Raises:
        SpecError: YAML has no such value.
    """
    if isinstance(value, dict):
        return {_name(key): checked(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [checked(one) for one in value]
    line_of(value)
    return value


def _name(key: object) -> str:
    """Return how a key of a written dictionary is called in what is read."""
    return key if isinstance(key, str) else line_of(key)


def _word(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, float):
        raise SpecError(f"YAML has no value {value!r}")
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    # YAML 1.1 reads a power only with a point before it: 1.0e-05.
    mantissa, power, exponent = repr(value).partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}{power}{exponent}"


def _text(text: str, style: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise SpecError(f"YAML has no text {text!r}: it is no Unicode")
    if not style and _needs_no_quotes(text):
        return text
    if style == '"' or not text.isprintable():
        return '"' + "".join(_escaped(char) for char in text) + '"'
    return "'" + text.replace("'", "''") + "'"


def _needs_no_quotes(text: str) -> bool:
    """Tell whether a text is the same without quotes; YAML 1.1 has truth values `y` and `n`."""
    plain = _PLAIN.fullmatch(text) and text.isprintable() and text not in set("yYnN")
    return bool(plain) and type(plain_word(text)) is str


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    return f"\\U{ord(char):08x}"


def _again(value: AsWritten) -> str:
    if isinstance(value, Tagged) or "\n" in value:
        raise SpecError(f"{str(value)!r} would have to be written anew, which keeps no tags")
    return str(value)
