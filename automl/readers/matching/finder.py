"""What a pattern has found so far, and what it finds next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from automl.readers.pattern import Pattern, PatternState
from automl.readers.sighting import Span

CHECKED_LINES = 100
"""In so many lines with a match, and in the last of each look, numbers are looked for that are read
only in part."""

State: TypeAlias = tuple[PatternState, int, str]
"""What a finder knows of all earlier lines, as plain values."""


@dataclass(slots=True)
class Numbers:
    """Numbers and, where the pattern has them, the step of each.

    Attributes:
        values: the numbers.
        steps: the step of each.
        anew: whether those that were found before them were others, and no longer count.
    """

    values: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    anew: bool = False

    def add(self, other: "Numbers") -> None:
        """Add those that come behind."""
        if other.anew:
            self.values, self.steps, self.anew = [], [], True
        self.values += other.values
        self.steps += other.steps


class Sought(Protocol):
    """What is looked for in lines, with what was met; `Pattern` is one."""

    @property
    def text(self) -> str:
        """What the user wrote."""
        ...

    @property
    def has_steps(self) -> bool:
        """Whether it reads steps."""
        ...

    @property
    def in_steps(self) -> bool:
        """Whether it has read a step."""
        ...

    @property
    def unread_step(self) -> str | None:
        """The first text in the place of a step that is none."""
        ...

    @property
    def unparsed(self) -> str | None:
        """The first text in the place of a number that is none."""
        ...

    @property
    def unparsed_line(self) -> str:
        """The line in which that stood."""
        ...

    def forget(self) -> None:
        """Go back to the start: another file follows."""
        ...


class LineFinder(Protocol):
    """Finds the numbers of lines; `BoundedFinder` is one."""

    left_out: str

    @property
    def pattern(self) -> Sought:
        """What it looks for."""
        ...

    @property
    def quick(self) -> bool:
        """Whether it is sure to be quick, whatever the lines are."""
        ...

    @property
    def warnings(self) -> dict[str, str]:
        """What the user should know of, by its kind."""
        ...

    def begin_look(self) -> None:
        """Give the lines that come the time of another look."""
        ...

    def find(self, lines: Sequence[str]) -> Numbers:
        """Return the numbers of the next lines."""
        ...

    def places(self, line: str) -> Sequence[Span]:
        """Return where the numbers stand in the one line that was searched last, if known."""
        ...


class Finder:
    """Searches line after line for a pattern.

    Args:
        pattern: as for `Pattern`.

    Attributes:
        pattern: the pattern, with what it met.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = Pattern(pattern)
        self._cut = ""
        self._to_check = CHECKED_LINES

    def find(self, lines: Sequence[str]) -> Numbers:
        """Return the numbers of the next lines."""
        if self.pattern.has_steps:
            found = Numbers(*self.pattern.points_of(lines))
        else:
            found = Numbers(self.pattern.values_of(lines))
        # What is read well at first may have separators once it is large.
        self._check(lines if self._to_check else lines[-1:])
        return found

    def places(self, line: str) -> Sequence[Span]:
        """Return where the numbers of a line stand."""
        return self.pattern.spans(line)

    @property
    def warnings(self) -> dict[str, str]:
        """What the user should know of the pattern, in paragraphs, by their kind."""
        return {**self.pattern.words.warnings, **({"cut number": self._cut} if self._cut else {})}

    @property
    def state(self) -> State:
        """What it knows of the lines so far; another finder can go on from there."""
        return self.pattern.state, self._to_check, self._cut

    def resume(self, state: State) -> None:
        """Go on from where another finder was."""
        pattern, self._to_check, self._cut = state
        self.pattern.resume(pattern)

    def _check(self, lines: Sequence[str]) -> None:
        """Look for a number that is read only in part, until one was found."""
        if self._cut:
            return
        for line in lines:
            if self.pattern.matches(line):
                self._to_check = max(0, self._to_check - 1)
                self._cut = str(self.pattern.cut_number(line) or "")
            if self._cut or not self._to_check:
                return
