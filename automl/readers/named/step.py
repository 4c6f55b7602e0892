"""The step that a line tells: `epoch 3/10`, `step=3`, `iter 300`, `[3/10]`, `[300]`."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBERED = r"(?:[_ ]?(?:num|number|no|idx|index|id))?"
_STEPS = (
    r"(?:(?:global|train|training|optimizer|boosting)[_ ])?"
    r"(?:step|iter|iteration|itr|it(?=\s?[:=#\[])|round|batch|minibatch|episode|gen|generation"
    r"|update|timestep|tick|frame|cycle|sweep)|num_updates"
)
_BETWEEN = (
    r"\.?(?:\s?\([A-Za-z]{2,12}\))?[\"'\])]{0,2}\s{0,8}(?:is|[:=#|\u2502-])?\s{0,8}"
    r"[\"'(\[#]{0,3}\s{0,8}"
)
_COUNT = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?!\w|\.\d|:\d\d|-\d)"
_NAMED = re.compile(
    rf"(?<![\w.])(?:(?P<epoch>epoch|ep)|{_STEPS}){_NUMBERED}{_BETWEEN}{_COUNT}", re.IGNORECASE
)
COLUMN = re.compile(rf"(?:epoch|ep|{_STEPS}){_NUMBERED}\W{{0,2}}|#", re.IGNORECASE)
"""What the column of a table is called that has the steps."""

_PLACED = re.compile(
    # R prints [1] before all that it prints.
    r"(?:^|(?<=\s))\[(?!1\] [\"\d-])\s{0,6}(?P<bracket>\d+)(?:\s?/\s{0,6}\d+)?\s?\](?=$|[\s:,|-])"
    r"|^\s{0,12}(?P<first>\d+):\s|^\s{0,12}(?P<share>\d+)/\d+(?=[\s:,\]])"
    r"|\|\s{0,6}(?P<bar>\d+)/\d+ \["
)
_MAY_HAVE = re.compile(
    r"(?i:ep|ste|it|round|bat|gen|upd|tick|frame|cyc|swe)|[\[|]\s{0,6}\d|^\s{0,12}\d+[:/]"
)

FIRM = 2
"""Steps above this are only a progress bar's, and count where a program tells no other."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that stands in a line.

    Attributes:
        kind: the lower, the surer: 0 an epoch, 1 another name, 2 brackets or a first word,
            3 and 4 the count of a progress bar.
        value: the step.
        place: where it stands.
    """

    kind: int
    value: float
    place: int


_KINDS = {"bracket": 2, "first": 2, "share": 3, "bar": 4}


class LineSteps:
    """The steps that one line tells: of those of the surest kind, the last one before a place.

    >>> LineSteps("Epoch [3/10], Step [100/600], loss: 0.5").at(30).value
    3.0
    """

    def __init__(self, line: str) -> None:
        steps = _steps(line) if _MAY_HAVE.search(line) else []
        surest = min((one.kind for one in steps), default=0)
        self._sure = [one for one in steps if one.kind == surest]

    def at(self, place: int) -> Step | None:
        """Return the step of what stands at a place, None if the line tells none."""
        if not self._sure:
            return None
        count = bisect_right(self._sure, place, key=lambda one: one.place)
        return self._sure[max(0, count - 1)]


def _steps(line: str) -> list[Step]:
    found = [
        Step(0 if one["epoch"] else 1, float(one["number"].replace(",", "")), one.start())
        for one in _NAMED.finditer(line)
    ]
    for one in _PLACED.finditer(line):
        kind = str(one.lastgroup)
        found.append(Step(_KINDS[kind], float(one[kind]), one.start()))
    return found


class Steps:
    """The last step that was told before a line."""

    def __init__(self) -> None:
        self._last: dict[int, float] = {}

    def at(self, own: Step | None, before: Sequence[str]) -> float | None:
        """Return the step of what stands in a line, of the lines before if it tells none itself.

        Args:
            own: what the line tells.
            before: the lines before it that have not been passed over yet.
        """
        if own is None or own.kind > FIRM:
            self.passed(before)
        if own is not None:
            self._last[max(own.kind, FIRM)] = own.value
        return self._last[min(self._last)] if self._last else None

    def passed(self, lines: Sequence[str]) -> None:
        """Take in lines, of which the last step is kept."""
        weak: dict[int, float] = {}
        for line in reversed(lines):
            step = LineSteps(line).at(len(line))
            if step is None:
                continue
            if step.kind <= FIRM:
                self._last[FIRM] = step.value
                return
            weak.setdefault(step.kind, step.value)
        self._last |= weak
