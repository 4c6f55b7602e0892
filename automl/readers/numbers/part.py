"""A number of which a pattern took only a part."""

from dataclasses import dataclass

_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a pattern took of a number, and where that stands.

    Attributes:
        pattern: the user's pattern.
        line: the line it was found in.
        read: the text that the pattern took.
        whole: the text of the whole number.
        start: index of `whole` in `line`.
    """

    pattern: str
    line: str
    read: str
    whole: str
    start: int

    @property
    def taken(self) -> str:
        """What was taken and from which line, as the beginning of a sentence."""
        first = max(0, self.start - _SHOWN_CHARS // 2)
        shown = self.line[first : first + _SHOWN_CHARS].strip()
        return f"parser_pattern {self.pattern!r} reads {self.read!r} in the line {shown!r}, but"
