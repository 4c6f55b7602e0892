"""The contract of config formats, and the message that all of them give of a missing path."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from automl.errors import SpecError

_SHOWN = 5
"""So many known paths are named in a message."""


class Patcher(Protocol):
    """A format of config files.

    Attributes:
        suffixes: the ends of file names by which the format is told, such as `.json`.
    """

    suffixes: tuple[str, ...]

    def patched(self, text: str, changes: Mapping[str, Any]) -> str:
        """Return the text of a file with other values; all else stays as it is.

        Args:
            text: a file's whole text.
            changes: path to value, which is text, a number, True, False, None, a list or a dict;
                written with its type, as far as the format has it.

        Raises:
            SpecError: the text is not of this format, it has no such path (`missing_path`), or
                the format has no such value.
        """
        ...


def missing_path(asked: str, known: Iterable[str]) -> SpecError:
    """Return the error that tells of a path which a file does not have, with the nearest ones."""
    paths = list(known)
    ends = asked.rpartition(".")[2]
    near = [path for path in paths if path.rpartition(".")[2] == ends]
    close = difflib.get_close_matches(asked, paths, n=_SHOWN, cutoff=0.5)
    near += [path for path in close if path not in near]
    if near:
        return SpecError(f"it has no {asked!r}; the nearest: {', '.join(near[:_SHOWN])}")
    more = ", ..." if len(paths) > _SHOWN else ""
    return SpecError(f"it has no {asked!r}; it has: {', '.join(paths[:_SHOWN]) or 'nothing'}{more}")
