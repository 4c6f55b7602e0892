"""A finder that is never long at it, whatever its pattern and its lines are."""

from collections.abc import Sequence

from automl.errors import ReadError
from automl.readers.matching.cost import QUICK_STEPS, cost_of
from automl.readers.matching.finder import Finder, Numbers
from automl.readers.matching.matcher import MATCHER, TooSlowError
from automl.readers.sighting import Span

LOOK_S = 2.0
"""CPU seconds that matching may take in one look."""

LEAST_S = 0.1
"""The same for looks that come after many in which something was left out."""

_TICK_S = 0.01
"""The kernel measures no better."""

_SHOWN_CHARS = 80


class BoundedFinder(Finder):
    """Searches line after line; what its pattern finds no end with is left out.

    What is provably quick is done at once. Everything else is done by a process, which is killed
    when it takes too long: the line is then left out, and if that happens again, the rest of the
    look. Each look in which that happens halves the time of the next one, so that a huge file with
    nothing but such lines is soon done with; one in which it does not gives all of it back.

    Args:
        pattern: as for `Pattern`.

    Attributes:
        left_out: what was left out for want of time, as a sentence; empty while nothing was.
        quick: whether it is quick, whatever the lines are, and needs no process.
    """

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.left_out = ""
        self._cost = cost_of(pattern)
        self.quick = self._cost is not None and self._cost.is_linear
        self._look_s = LOOK_S
        self._was_slow = self._asked = False
        self.begin_look()

    def begin_look(self) -> None:
        """Give the lines that come the time of another look."""
        self._steps = 0
        if self._was_slow:
            self._look_s = max(LEAST_S, self._look_s / 2)
        elif self._asked:
            self._look_s = LOOK_S
        self._left_s = self._look_s
        self._was_slow = self._asked = False

    def find(self, lines: Sequence[str]) -> Numbers:
        """Return the numbers of the next lines."""
        if self.quick:
            return super().find(lines)
        if self._cost is not None:
            steps = self._steps + self._cost.steps(lines)
            if steps <= QUICK_STEPS:
                self._steps = steps
                return super().find(lines)
        return self._found_aside(lines)

    def places(self, line: str) -> Sequence[Span]:
        """Return where the numbers of a line stand; of one that may take long, nothing is known."""
        sure = self._cost is not None and (self.quick or self._cost.steps([line]) <= QUICK_STEPS)
        return super().places(line) if sure else []

    def _found_aside(self, lines: Sequence[str]) -> Numbers:
        found = Numbers()
        while lines and self._left_s >= _TICK_S:
            try:
                found.add(self._ask(lines))
            except TooSlowError as slow:
                self._note(lines if slow.place is None else lines[slow.place : slow.place + 1])
                again = not self._was_slow and slow.place is not None
                self._left_s = self._look_s / 4 if again else 0.0
                self._was_slow = True
                before, lines = lines[: slow.place or 0], lines[(slow.place or 0) + 1 :]
                if before:
                    # It was done with these, but has not told what it found in them.
                    found.add(self._found_aside(before))
            except ReadError as error:
                self.left_out, self._left_s = self.left_out or str(error), 0.0
            else:
                return found
        if lines:
            # Many lines that are each done with in time can take too long as well.
            self._note(lines)
            self._was_slow = True
        return found

    def _ask(self, lines: Sequence[str]) -> Numbers:
        found, behind, used_s = MATCHER.find(self.pattern.text, lines, self.state, self._left_s)
        self.resume(behind)
        self._left_s -= used_s
        self._asked = True
        return found

    def _note(self, lines: Sequence[str]) -> None:
        """Keep in words that something was left out."""
        shown = max(lines, key=len)[:_SHOWN_CHARS]
        self.left_out = self.left_out or (
            f"parser_pattern {self.pattern.text!r} found no end within {self._look_s:g} s of work "
            f"in a line that begins with {shown!r}"
        )
