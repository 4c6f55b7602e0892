"""The kinds of value that a keyword can have: numbers, texts, durations and lists of these."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError, shown
from automl.space.numbers import is_number, whole_number, whole_words
from automl.studies.given.place import at
from automl.study.durations import parse_duration, parse_timeout
from automl.study.objective import Direction, Final, member
from automl.study.resources import parse_size
from automl.study.tasks.task import Command, checked_command


@dataclass(frozen=True, slots=True)
class Kind:
    """What a keyword takes.

    Attributes:
        words: what is allowed, for people.
        annotation: the same for type checkers.
        read: returns the value in the form that a `StudySpec` has it, given the value and its
            place; it takes what it returned as well. It raises SpecError for anything else.
    """

    words: str
    annotation: str
    read: Callable[[Any, str], Any]


def whole(least: int, most: int | None = None, *, why: str = "") -> Kind:
    """Return the kind of the whole numbers from `least` to `most`, or of all from `least` on."""

    def read(value: object, place: str) -> int:
        return whole_number(place, value, least, most, why=why)

    return Kind(whole_words(least, most), "int", read)


def or_none(kind: Kind, none: str) -> Kind:
    """Return the kind that takes None as well; `none` says what that means."""

    def read(value: object, place: str) -> Any:  # noqa: ANN401 - what the kind reads
        return None if value is None else kind.read(value, place)

    return Kind(f"{kind.words}; None: {none}", f"{kind.annotation} | None", read)


def listed(kind: Kind, words: str, annotation: str) -> Kind:
    """Return the kind of the lists of a kind."""

    def read(value: object, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise SpecError(f"{place} must be a list, got {shown(value)}")
        return tuple(item_at(item, f"{place}[{number}]") for number, item in enumerate(value))

    def item_at(item: object, place: str) -> Any:  # noqa: ANN401 - what the kind reads
        with at(place):
            return kind.read(item, place)

    return Kind(words, annotation, read)


def instance(kind: Any, words: str, annotation: str) -> Kind:  # noqa: ANN401 - a type or union
    """Return the kind of the objects of a type, which stay as they are."""

    def read(value: object, place: str) -> Any:  # noqa: ANN401 - of the type
        if not isinstance(value, kind):
            raise SpecError(f"{place} is {shown(value)}; give it {words}")
        return value

    return Kind(words, annotation, read)


def _duration(value: object, place: str) -> float:
    return parse_duration(place, value)


def _grace(value: object, place: str) -> float:
    if isinstance(value, str):
        return parse_duration(place, value)
    if not is_number(value) or not 0 <= value < float("inf"):
        raise SpecError(f"{place} must be 0 or more seconds, got {shown(value)}")
    return value


def _timeout(value: object, place: str) -> tuple[float | None, float | None]:
    return parse_timeout(place, value)


def _size(value: object, place: str) -> int:
    return parse_size(place, value)


def _gpus(value: object, place: str) -> str | tuple[Any, ...]:
    if isinstance(value, str):
        return value
    if not isinstance(value, list | tuple):
        raise SpecError(
            f"{place} must be 'auto' or a list of different indices or UUIDs, got {shown(value)}"
        )
    return tuple(value)


def _path(value: object, place: str) -> str:
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str) or "\0" in path:
        raise SpecError(f"{place} must be the path of a folder, got {shown(value)}")
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise SpecError(f"{place} is {shown(value)}, which no folder can be called") from None
    return os.path.expanduser(path)  # noqa: PTH111 - a text stays as it is without '~'


def _env(value: object, place: str) -> dict[str, str | None]:
    if not isinstance(value, Mapping):
        raise SpecError(f"{place} is {shown(value)}; give it a dictionary of variables")
    for name, one in value.items():
        if isinstance(one, Mapping | list | tuple | set | frozenset | bytes):
            # Its value may be a secret.
            raise SpecError(
                f"{place}: {name!r} has a value of type {type(one).__name__}; give a text or a "
                "number, or None to unset it"
            )
    return {str(name): None if one is None else str(one) for name, one in value.items()}


def _keep(value: object, place: str) -> str | int:
    if isinstance(value, str) and value in {"all", "best"}:
        return value
    if type(value) is int and value >= 1:
        return value
    raise SpecError(f"{place} must be 'all', 'best' or how many of the best, got {shown(value)}")


def _on_end(value: object, place: str) -> Command:
    if not isinstance(value, str | list | tuple):
        raise SpecError(f"{place} must be a list of words or one string, got {shown(value)}")
    try:
        return checked_command(place, value, "['notify-send', '{{ study.event }}']")
    except SpecError as error:
        raise SpecError(str(error).removeprefix("task: "), place=place) from error


FLAG = instance(bool, "True or False", "bool")
ANYTHING = Kind("anything", "str | None", lambda value, _: value)
GRACE = Kind("0 or more seconds, or a text such as '1m'", "float | str", _grace)
DURATION = Kind(
    "a number of seconds above 0 or a text such as '90s' or '1h30m'", "float | str", _duration
)
TIMEOUT = Kind(
    "a duration, or a text such as '3x' for so many times the median", "float | str", _timeout
)
SIZE = Kind("a number of bytes above 0 or a text such as '500M' or '8G'", "int | str", _size)
SHARE = Kind("a whole number of 1 or more, or a share below 1", "float", lambda value, _: value)
GPUS = Kind(
    "'auto' or a list of different indices or UUIDs", "str | Sequence[int | str] | None", _gpus
)
PATH = Kind("the path of a folder", "str | os.PathLike[str] | None", _path)
KEEP = Kind("'all', 'best' or how many of the best", "str | int", _keep)
ON_END = Kind(
    "a list of words, or a line for the shell",
    "str | Sequence[str]",
    _on_end,
)
ENV = Kind("a dictionary of variables", "Mapping[str, object] | None", _env)
NAME = Kind("a plain folder name without '/'", "str | None", lambda value, _: value)
DIRECTION = Kind(", ".join(Direction), "str", lambda value, place: member(Direction, place, value))
FINAL = Kind(", ".join(Final), "str", lambda value, place: member(Final, place, value))
