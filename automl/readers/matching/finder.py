"""What a pattern has found so far, and what it finds next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from automl.readers.pattern import Pattern

CHECKED_LINES = 100
"""In so many lines with a match, numbers are looked for that are read only in part."""

State: TypeAlias = tuple[float, str | None, str | None, int, str | None]
"""What a finder knows of all earlier lines, as plain values."""


@dataclass(slots=True)
class Numbers:
    """Numbers and, where the pattern has them, the step of each."""

    values: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)

    def add(self, other: "Numbers") -> None:
        """Add those that come behind."""
        self.values += other.values
        self.steps += other.steps


class Finder:
    """Searches line after line for a pattern.

    Args:
        pattern: as for `Pattern`.

    Attributes:
        pattern: the pattern, with what it met.
        warning: the first number that it read only in part, as a paragraph for the user.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = Pattern(pattern)
        self.warning: str | None = None
        self._to_check = CHECKED_LINES

    def find(self, lines: Sequence[str]) -> Numbers:
        """Return the numbers of the next lines."""
        if self.pattern.has_steps:
            found = Numbers(*self.pattern.points_of(lines))
        else:
            found = Numbers(self.pattern.values_of(lines))
        if self._to_check:
            self._check(lines)
        return found

    @property
    def state(self) -> State:
        """What it knows of the lines so far; another finder can go on from there."""
        reached, unparsed, unread_step = self.pattern.state
        return reached, unparsed, unread_step, self._to_check, self.warning

    def resume(self, state: State) -> None:
        """Go on from where another finder was."""
        reached, unparsed, unread_step, self._to_check, self.warning = state
        self.pattern.resume(reached, unparsed, unread_step)

    def _check(self, lines: Sequence[str]) -> None:
        """Look for a number that is read only in part, until one or enough lines were seen."""
        for line in lines:
            if self._to_check and self.pattern.matches(line):
                self._to_check -= 1
                cut = self.pattern.cut_number(line)
                if cut:
                    self.warning = str(cut)
                    self._to_check = 0
