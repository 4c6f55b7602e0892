"""What reads a `local_reader`: the numbers of one file."""

from automl.readers.follow import MetricFollower
from automl.readers.follower import NO_NEWS, Look, Points
from automl.study.tasks.reader import LocalReader


class LocalFollower:
    """Reads one metric from one file.

    Args:
        reader: what was described.
        path: the file, in the place of the description's location.

    Attributes:
        quick: whether its pattern is sure to be quick.
    """

    def __init__(self, reader: LocalReader, path: str) -> None:
        self._metric = reader.metric
        self._file = MetricFollower(path, reader.parser_pattern)
        self.quick = self._file.quick

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new in the file."""
        batch = self._file.read(ended=ended, limit_bytes=limit_bytes)
        warnings, left_out = self._file.warnings, self._file.left_out
        if not (batch.values or batch.restarted or batch.more or warnings or left_out):
            return NO_NEWS
        points = Points(batch.values, batch.steps, batch.restarted)
        found = {self._metric: points} if batch.values or batch.restarted else {}
        return Look(found, batch.more, warnings, left_out)

    def problem(self) -> str:
        """Return why there is no usable number in the file."""
        return self._file.problem()

    def close(self) -> None:
        """No file stays open between two looks."""
