"""Data of files that paths treat in a way of their own."""

from typing import Any


class Folded(dict[str, Any]):
    """A dictionary whose values are found by keys in any case; what is a dictionary is not."""

    def written(self, key: str) -> str | None:
        """Return a key as it is written here: the last that is the same but for its case."""
        if key in self:
            return key
        same = [one for one in self if one.lower() == key.lower()]
        return next((one for one in reversed(same) if not isinstance(self[one], dict)), None)


class Word(str):
    """A text that stands without quotes where others have them: a name or an expression."""

    __slots__ = ()
