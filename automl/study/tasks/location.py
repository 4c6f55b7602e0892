"""Locations that name files by `*`, `**` or `?`, and which of the files count."""

import re

from automl.errors import SpecError

NEWEST, ALL = WHICH = ("newest", "all")
"""The file that was written last, or all of them in the order of writing."""

_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<<.*?>>", re.DOTALL)


def is_pattern(location: str) -> bool:
    """Tell whether a location may name several files; what its placeholders become does not count.

    >>> is_pattern("runs/*/log"), is_pattern("{{ trial.param.a * 2 }}/log"), is_pattern("a[1]/log")
    (True, False, False)
    """
    return re.search(r"[*?]", _TEMPLATE.sub("", location)) is not None


def check_which(which: object) -> None:
    """Raise SpecError unless this says which of several files count."""
    if which not in WHICH:
        raise SpecError(
            f"reader: which must be one of {', '.join(map(repr, WHICH))}; got {which!r}"
        )
