"""Numbers that a pattern reads only in part, and the pattern that reads them whole."""

import re
from dataclasses import dataclass

from automl.readers.matching.cost import cost_of
from automl.readers.numbers.group import find_group
from automl.readers.numbers.number import NUMBER
from automl.readers.numbers.part import Part
from automl.spelling.spelling import spelled

_RUN_CHARS = 64
_MOST_STEPS = 1_000_000_000
"""What trying a better pattern may cost at the most; far from all of it is ever done."""

# A number with letters stuck to it (12.5ms, val12.5) or a full stop behind it is still a number.
# Dates, versions, ranges and 'epoch-3' are none: their digits, dots and hyphens do not fit.
_TOKEN = re.compile(rf"(?:[^\W\d]+(?=\d))?({NUMBER})[^\W\d]*\.*")
_HEAD = re.compile(r"[\w.+-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut(Part):
    """A number of which a pattern took only a part, and that another takes whole.

    Attributes:
        better: a pattern that takes the whole number.
    """

    better: str

    def __str__(self) -> str:
        """Return a paragraph that shows the line and the better pattern."""
        count = len(re.findall(self.better, self.line))
        advice = (
            f" It reads {count} numbers in this line: put the text that stands before the right "
            "one in front of it."
            if count > 1
            else ""
        )
        return (
            f"{self.taken} the whole number there is {self.whole!r}. To read it whole, use "
            f"{spelled('parser_pattern', self.better)}.{advice}"
        )


def find_cut(pattern: str, line: str, start: int, end: int, *, group: int = 1) -> Cut | None:
    """Return the cut at `line[start:end]`, a number that `pattern` read, or None if it is whole.

    `group` is the number of the group that read it, counted from 1.

    Two spellings of one value (`0.5` of `+0.50`) are no cut; a lost minus sign is one, unless the
    pattern itself has a minus in front of the group.
    """
    span = _whole_number(line, start, end)
    if span is None:
        return None
    read, whole = line[start:end], line[span[0] : span[1]]
    if float(read) == float(whole):
        return None
    place = find_group(pattern, group)
    if place and pattern[: place[0]].endswith("-") and float(read) == -float(whole):
        return None
    better = _better_pattern(pattern, line, span, group)
    return Cut(pattern=pattern, line=line, read=read, whole=whole, start=span[0], better=better)


def _whole_number(line: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the number that `line[start:end]` is within, None where there is none."""
    before = line[max(0, start - _RUN_CHARS) : start]
    after = line[end : end + _RUN_CHARS]
    head = len(_HEAD.match(before[::-1])[0])  # type: ignore[index] # an empty run matches too
    tail = len(_HEAD.match(after)[0])  # type: ignore[index]
    if _RUN_CHARS in (head, tail):
        return None
    first = start - head
    token = _TOKEN.fullmatch(line, first, end + tail)
    if token is None or token.start(1) > start or token.end(1) < end:
        return None
    if line[first] in "+-" and line[first - 1 : first] in (")", "]"):
        return None  # f(x)-0.5 is a difference, [INFO]-0.5 a separator
    return token.span(1)


def _better_pattern(pattern: str, line: str, span: tuple[int, int], group: int) -> str:
    bare = f"({NUMBER})"
    place = find_group(pattern, group)
    if place is None:
        return bare
    before, inside, after = pattern[: place[0]], pattern[slice(*place)], pattern[place[1] :]
    named = re.match(r"\(\?P<\w+>", inside)
    whole = f"{named[0]}{NUMBER})" if named else bare
    # Behind a greedy '.*' the number would lose its first digits again; the look-behind forbids it.
    for candidate in (f"{before}{whole}{after}", f"{before}(?<![\\w.+-]){whole}{after}"):
        if _reads(candidate, line, span, group):
            return candidate
    return bare


def _reads(pattern: str, line: str, span: tuple[int, int], group: int) -> bool:
    cost = cost_of(pattern)
    # It is but advice, for which nobody is to wait.
    if cost is None or cost.steps([line]) > _MOST_STEPS:
        return False
    try:
        return any(match.span(group) == span for match in re.finditer(pattern, line))
    except re.error:
        return False
