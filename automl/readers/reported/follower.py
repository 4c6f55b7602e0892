"""Reads what a function reports under one name, while it runs."""

from automl.readers.follow import MetricFollower
from automl.readers.follower import NO_NEWS, Look, Points
from automl.readers.reported.finder import ReportFinder


class ReportFollower:
    """Reads the numbers of one name.

    Args:
        name: the name.
        path: the file, with a line of JSON for each number.

    Attributes:
        quick: it is.
    """

    def __init__(self, name: str, path: str) -> None:
        self._finder = ReportFinder(name)
        self._file = MetricFollower(path, self._finder)
        self._found = False
        self.quick = True

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new in the file."""
        batch = self._file.read(ended=ended, limit_bytes=limit_bytes)
        if not (batch.values or batch.restarted):
            return Look(more=True) if batch.more else NO_NEWS
        self._found = True
        points = Points(batch.values, batch.steps, batch.restarted)
        return Look({self._finder.text: points}, batch.more)

    def problem(self) -> str:
        """Return why there is no usable number."""
        name = self._finder.text
        if self._found:
            return self._file.problem()
        others = ", ".join(map(repr, self._finder.others))
        told = f"what it reported is named {others}" if others else "it returned nothing"
        return f"the function gave no number named {name!r}: {told}"

    def close(self) -> None:
        """No file stays open between two looks."""
