"""What is shown while a trial of a check runs: the command, and each number as it is found."""

from collections import Counter
from typing import TextIO

from automl import streams
from automl.show.lines import duration_text, params_text, short
from automl.studies.checking.plan import Plan
from automl.studies.checking.running.seen import Point
from automl.studies.checking.running.watcher import Watcher
from automl.studies.checking.shown.marks import marks_of
from automl.studies.checking.shown.text import WIDTH, found_line

SHOWN = 8
"""So many numbers of a metric are shown as they are found; the report tells of the others."""


class LiveWatcher(Watcher):
    """Writes lines to a stream.

    Args:
        stream: such as the standard error.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._marks = marks_of(stream)
        self._counts: Counter[str] = Counter()

    def began(self, plan: Plan, limit_s: float) -> None:
        """Tell what runs, and how long."""
        values = params_text(short(plan.params))
        self._write(f"one trial{f' with {values}' if values else ''}")
        self._write(f"for {duration_text(limit_s)} at the most; Ctrl-C ends it")

    def found(self, plan: Plan, metric: str, point: Point) -> None:
        """Show the first numbers of each metric, and say once that there are more."""
        self._counts[metric] += 1
        if self._counts[metric] <= SHOWN:
            self._write(found_line(plan, metric, point, marks=self._marks, width=WIDTH))
        elif self._counts[metric] == SHOWN + 1:
            self._write(f"  {metric} goes on ...")

    def _write(self, line: str) -> None:
        streams.write(self._stream, f"{line}\n")
