"""Line after line: the reports of one name."""

import math
from collections.abc import Sequence

from automl.inside.reports import report_in
from automl.readers.matching.finder import Numbers
from automl.readers.sighting import Span


class ReportFinder:
    """Finds what was reported under a name; it is its own `Sought`.

    Args:
        name: the name.
        unnamed: whether what was reported without a name is meant, too.

    Attributes:
        text: the name.
        has_steps: as `Sought` has it; NaN stands where none was told.
        in_steps: as `Sought` has it: who tells no step need not be told of it.
        unread_step: never anything.
        left_out: never anything.
        quick: no line takes it long.
        warnings: never any.
        others: the other names that were met, in their order; an empty one for none.
    """

    def __init__(self, name: str, *, unnamed: bool) -> None:
        self.text = name
        self._names = {name, ""} if unnamed else {name}
        self.has_steps = True
        self.in_steps = True
        self.unread_step: str | None = None
        self.left_out = ""
        self.quick = True
        self.warnings: dict[str, str] = {}
        self.forget()

    def forget(self) -> None:
        """Go back to the start: another file follows."""
        self.unparsed: str | None = None
        self.unparsed_line = ""
        self.others: dict[str, None] = {}

    @property
    def pattern(self) -> "ReportFinder":
        """What it looks for."""
        return self

    def begin_look(self) -> None:
        """Nothing bounds it but the lines."""

    def places(self, line: str) -> Sequence[Span]:
        """Return nothing: where the number stands in its line is of no interest."""
        del line
        return []

    def find(self, lines: Sequence[str]) -> Numbers:
        """Return the numbers of the next lines."""
        numbers = Numbers()
        for line in lines:
            report = report_in(line)
            if report is None:
                continue
            if report.name not in self._names:
                self.others.setdefault(report.name)
                continue
            numbers.values.append(report.value)
            numbers.steps.append(math.nan if report.step is None else report.step)
        return numbers
