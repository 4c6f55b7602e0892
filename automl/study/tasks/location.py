"""Locations that name files by `*`, `**` or `?`, and which of the files count."""

import re
from collections.abc import Mapping
from typing import Protocol

from automl.errors import SpecError
from automl.study.tasks.remote import is_remote

NEWEST, ALL = WHICH = ("newest", "all")
"""The file that was written last, or all of them in the order of writing."""

_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<<.*?>>", re.DOTALL)


def is_pattern(location: str) -> bool:
    """Tell whether a location may name several files; what its placeholders become does not count.

    >>> is_pattern("runs/*/log"), is_pattern("{{ trial.param.a * 2 }}/log"), is_pattern("a[1]/log")
    (True, False, False)
    >>> is_pattern("https://host/log?trial={{ trial.id }}")
    False
    """
    return not is_remote(location) and re.search(r"[*?]", _TEMPLATE.sub("", location)) is not None


class Located(Protocol):
    """What describes where something is read."""

    @property
    def location(self) -> str:
        """The path of the file that is read, with placeholders."""
        ...


def is_standing(reader: Located) -> bool:
    """Tell whether what is at a reader's location is of many launches, and tells itself of which.

    It is never moved aside before a launch, nor kept after it. A kind of reader says so by an
    attribute `standing` that is true.
    """
    return getattr(reader, "standing", False) is True


def location_of(reader: Located, env: Mapping[str, str | None]) -> str:
    """Return a reader's location; one that has a method `located` tells it by the variables.

    Args:
        reader: the reader.
        env: variables that commands get.

    Raises:
        SpecError: they name no place that it can read.
    """
    located = getattr(reader, "located", None)
    return located(env) if callable(located) else reader.location


def check_which(which: object) -> None:
    """Raise SpecError unless this says which of several files count."""
    if which not in WHICH:
        raise SpecError(
            f"reader: which must be one of {', '.join(map(repr, WHICH))}; got {which!r}"
        )


def name_pattern(text: str) -> re.Pattern[str]:
    """Return what matches the names that a text stands for: `*` is any text, `?` one character.

    >>> bool(name_pattern("fold-*").fullmatch("fold-1")), name_pattern("a.b").fullmatch("aXb")
    (True, None)
    """
    parts = ({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in text)
    return re.compile("".join(parts), re.DOTALL)
