"""The contract of config formats."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

Steps: TypeAlias = tuple[str | int, ...]
"""The keys and list positions, from 0, that lead to one value; none lead to the whole file."""


class Documents(list[Any]):
    """The documents of a file that has several; a path that begins with a key means the first."""


class Patcher(Protocol):
    """A format of config files. Whoever has paths and values calls `patching.patch`.

    Attributes:
        suffixes: the ends of file names by which the format is told, such as `.json`.
    """

    suffixes: tuple[str, ...]

    def data(self, text: str) -> Any:  # noqa: ANN401 - whatever a file holds
        """Return what a program reads from a file.

        Args:
            text: a file's whole text.

        Returns:
            Dictionaries with texts as keys, lists, texts, numbers, True, False and None. A value of
            another kind (a date) is an object that equals itself alone.

        Raises:
            SpecError: the text is not of this format; the message has line and column.
        """
        ...

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401 - whatever a file may hold
        """Return what a program reads where a value was written: "0.1" for 0.1 in an INI file.

        Args:
            value: as in `patched`.
            before: what a program reads there now, None if nothing.

        Raises:
            SpecError: the format has no such value.
        """
        ...

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text of a file with other values; all else stays as it is, byte for byte.

        Args:
            text: a file's whole text.
            changes: where, as in `data`, to value: a text, a number, True, False, None, a list or
                a dictionary. Each place is there, and none lies within another.

        Raises:
            SpecError: a value cannot be changed without changing others.
        """
        ...

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - as above
        """Return the text of a file with a key or an item more; all else stays as it is.

        Args:
            text: a file's whole text.
            steps: where. The dictionary around the key is there, and the key is not in it; or it is
                the position that follows the last one of a list.
            value: as in `patched`.

        Raises:
            SpecError: nothing can be added there.
        """
        ...
