"""All values of a trial as Hydra's overrides: `lr=0.1 model.name=big`."""

import re
from collections.abc import Mapping
from functools import singledispatch

from automl.render.number_words import float_word

_PLAIN = re.compile(r"[A-Za-z_/\-\\+.@%|$*?0-9:]+(?: +[A-Za-z_/\-\\+.@%|$*?0-9:]+)*")
"""What Hydra's grammar takes for a text without quotes."""
_SPECIAL = re.compile(r"true|false|null|nan|[+-]?inf|[+-]?[\d_.]+(?:e[+-]?[\d_]*)?", re.IGNORECASE)
"""What it takes for a value of another type."""


class Overrides(tuple[str, ...]):
    """Words of a command; each stays one, whatever it holds."""

    __slots__ = ()

    def __str__(self) -> str:
        return " ".join(self)


def overrides_of(params: Mapping[str, object]) -> Overrides:
    """Return the words by which a program that uses Hydra takes values, each with its type.

    >>> str(overrides_of({"lr": 1e-05, "model.name": "big", "amp": True, "tag": "1", "x": None}))
    "lr=0.00001 model.name=big amp=true tag='1' x=null"
    """
    return Overrides(f"{name}={_written(value)}" for name, value in params.items())


@singledispatch
def _written(value: object) -> str:
    return _text(str(value))


@_written.register
def _bool(value: bool) -> str:  # noqa: FBT001 - one of the types
    return "true" if value else "false"


@_written.register
def _none(_value: None) -> str:
    return "null"


@_written.register
def _int(value: int) -> str:
    return str(value)


@_written.register
def _float(value: float) -> str:
    return float_word(value)


@_written.register(list)
@_written.register(tuple)
def _list(value: list[object] | tuple[object, ...]) -> str:
    return f"[{','.join(map(_written, value))}]"


@_written.register(dict)
def _dict(value: dict[object, object]) -> str:
    return f"{{{','.join(f'{_text(str(key))}:{_written(one)}' for key, one in value.items())}}}"


def _text(text: str) -> str:
    r"""Return a text in quotes where Hydra would not take it as it is.

    Within quotes, a backslash means something only before a quote, and at the end.

    >>> _text("a b,c"), _text("it's"), _text("adam"), _text(r"\d")
    ("'a b,c'", "'it\\'s'", 'adam', "'\\d'")
    """
    plain = _PLAIN.fullmatch(text) and not _SPECIAL.fullmatch(text)
    if plain and not {"\\", ":", "$", "*", "?", "|"} & set(text):
        return text
    doubled = re.sub(r"(\\*)('|\Z)", lambda found: found[1] * 2 + ("\\'" if found[2] else ""), text)
    return f"'{doubled}'"
