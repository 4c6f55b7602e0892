"""Reads what a program or a function reports under one name, while it runs."""

from collections.abc import Collection, Sequence

from automl.readers.follow import MetricFollower
from automl.readers.follower import NO_NEWS, Look, Points
from automl.readers.reported.finder import ReportFinder
from automl.readers.reported.reason import reason
from automl.readers.sighting import Tell


class ReportFollower:
    """Reads the numbers of one name.

    Args:
        name: the name.
        path: the file, with a line of JSON for each number.
        outputs: what the program prints to, for what is told where nothing was reported.
        unnamed: whether numbers that were reported without a name are meant, too.

    Attributes:
        path: as above.
        quick: it is.
    """

    def __init__(
        self, name: str, path: str, outputs: Sequence[str] = (), *, unnamed: bool = True
    ) -> None:
        self._finder = ReportFinder(name, unnamed=unnamed)
        self._file = MetricFollower(path, self._finder)
        self._outputs = outputs
        self.path = path
        self.found = False
        self.quick = True

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new in the file."""
        batch = self._file.read(ended=ended, limit_bytes=limit_bytes)
        if not (batch.values or batch.restarted):
            return Look(more=True) if batch.more else NO_NEWS
        self.found = True
        points = Points(batch.values, batch.steps, batch.restarted)
        return Look({self._finder.text: points}, batch.more)

    @property
    def others(self) -> Collection[str]:
        """The other names that were met, an empty one for none."""
        return self._finder.others

    def watch(self, tell: Tell) -> None:
        """Tell from now on where each number stands."""
        self._file.tell = tell

    def problem(self) -> str:
        """Return why there is no usable number."""
        if self.found:
            return self._file.problem()
        return reason(self._finder.text, self.others, self._outputs)

    def close(self) -> None:
        """No file stays open between two looks."""
