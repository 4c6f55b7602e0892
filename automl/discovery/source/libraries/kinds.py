"""What a type of a program takes: a number, one of some words, a path."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from automl.discovery.help_text.allowed import choices_in
from automl.discovery.option import MISSING, Kind, Missing, Option, Plain
from automl.discovery.paths import takes_path
from automl.discovery.source.evaluation.definitions import Class
from automl.discovery.source.evaluation.objects.enumerations import members_of
from automl.discovery.source.evaluation.plain.operators import is_plain
from automl.discovery.source.evaluation.values import External, Member, Unknown, Value

YES_NO = ("true", "false")
"""The words for a yes or no that most parsers take."""

_FLOATS = {"builtins.float", "numpy.float32", "numpy.float64", "decimal.Decimal", "click.FLOAT"}
_INTEGERS = {"builtins.int", "numpy.int32", "numpy.int64", "click.INT"}
_TEXTS = {"builtins.str", "click.STRING", "builtins.unicode"}
_PATHS = {"pathlib.Path", "pathlib.PurePath", "argparse.FileType", "builtins.open", "click.Path"}
_PATHS |= {"click.File", "os.path.abspath", "os.path.expanduser", "os.path.realpath", "io.open"}
_PATHS |= {"upath.UPath", "pydantic.FilePath", "pydantic.DirectoryPath", "typer.FileText"}
_YES_NO = {"distutils.util.strtobool", "setuptools.distutils.util.strtobool", "click.BOOL"}


@dataclass(frozen=True)
class Taken:
    """What an option takes, by its type."""

    kind: Kind = Kind.UNKNOWN
    choices: tuple[Plain, ...] = ()
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    many: bool = False
    exact: bool = True
    """Whether the program names the type: else a default that looks like a number is one."""


_KINDS: Mapping[str, Taken] = {
    **dict.fromkeys(_FLOATS, Taken(Kind.FLOAT)),
    **dict.fromkeys(_INTEGERS, Taken(Kind.INTEGER)),
    **dict.fromkeys(_TEXTS, Taken(Kind.TEXT)),
    **dict.fromkeys(_PATHS, Taken(Kind.PATH)),
    **dict.fromkeys(_YES_NO, Taken(Kind.CHOICE, YES_NO)),
}

_OF_TYPES: Mapping[type, Taken] = {
    bool: Taken(Kind.CHOICE, YES_NO),
    int: Taken(Kind.INTEGER),
    float: Taken(Kind.FLOAT),
    str: Taken(Kind.TEXT),
}


def taken_by_external(name: str) -> Taken | None:
    """Return what a type of a library takes, None if that is not known."""
    if name.startswith("builtins.str."):
        return Taken(Kind.TEXT)
    return _KINDS.get(name)


def taken_by_value(value: Value) -> Taken:
    """Return what an option takes whose default is a value, and that names no type."""
    kind = value.type if isinstance(value, Unknown) else type(value)
    if isinstance(value, PurePosixPath):
        return Taken(Kind.PATH, exact=False)
    if isinstance(value, (list, tuple)) and value:
        return replace(taken_by_value(value[0]), many=True, exact=False)
    return replace(_OF_TYPES.get(kind or object, Taken(Kind.TEXT)), exact=False)


def taken_by_members(of: Class, *, names: bool = False) -> Taken | None:
    """Return the choices of an enumeration, None if the class is none."""
    members = members_of(of)
    if members is None:
        return None
    words = [one.name if names else one.value for one in members if isinstance(one, Member)]
    return Taken(Kind.CHOICE, tuple(plain_of(word) for word in words if is_plain(word)))


def plain_of(value: Value) -> Any:  # noqa: ANN401 - plain data of any kind
    """Return plain data for what a default or choice is, `MISSING` if it is not known.

    Tuples become lists.
    """
    if isinstance(value, PurePosixPath):
        return str(value)
    if isinstance(value, Member):
        return plain_of(value.value)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [plain_of(one) for one in value]
        return MISSING if MISSING in items else items
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return MISSING


def choices_of(values: Sequence[Value]) -> tuple[Plain, ...]:
    """Return choices as plain data, those that are not known left out."""
    return tuple(one for one in map(plain_of, values) if not isinstance(one, Missing))


def with_taken(option: Option, taken: Taken) -> Option:
    """Return an option with what its type takes; its own choices go before."""
    choices = option.choices or taken.choices
    kind = Kind.CHOICE if choices else taken.kind
    default = _in_words(option.default, choices, kind)
    if kind is Kind.TEXT and (told := _told_choices(option.help, default)):
        kind, choices = Kind.CHOICE, told
    elif kind in {Kind.TEXT, Kind.UNKNOWN} and takes_path(option.names, default, option.help):
        kind = Kind.PATH
    return replace(
        option,
        kind=kind,
        choices=choices,
        default=default,
        low=taken.low,
        high=taken.high,
        low_open=taken.low_open,
        high_open=taken.high_open,
        many=option.many or taken.many,
    )


def _told_choices(help_text: str, default: "Plain | Missing") -> tuple[Plain, ...]:
    """Return the choices of a text that only its description lists, with the default among them."""
    told = choices_in(help_text, [], default)
    return told if default in told and len(told) > 1 else ()


def _in_words(
    default: "Plain | Missing", choices: tuple[Plain, ...], kind: Kind
) -> "Plain | Missing":
    """Return a default as it would be typed where that is how its choices are."""
    if isinstance(default, bool) and choices and all(isinstance(one, str) for one in choices):
        spelled = {str(one).lower(): one for one in choices}
        return spelled.get(str(default).lower(), choices[0 if default else 1])
    if isinstance(default, str) and kind in {Kind.FLOAT, Kind.INTEGER}:
        return _number(default, kind)
    return default


def _number(text: str, kind: Kind) -> "Plain | Missing":
    """Return a default that is written as a text, and that the parser converts."""
    try:
        return float(text) if kind is Kind.FLOAT else int(text)
    except ValueError:
        return text


def one_line(text: Value) -> str:
    """Return a help text in one line, empty if it is not known."""
    return re.sub(r"\s+", " ", text).strip() if isinstance(text, str) else ""


def is_external(value: Value, *names: str) -> bool:
    """Tell whether a value is one of some names of libraries."""
    return isinstance(value, External) and value.name in names
