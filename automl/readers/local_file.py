"""What reads a `local_reader`: the numbers of one file."""

from collections.abc import Sequence
from functools import cached_property, partial

from automl.readers.advice.advice import Advice
from automl.readers.follow import Batch, MetricFollower
from automl.readers.follower import NO_NEWS, Look, Points
from automl.readers.sighting import Tell
from automl.study.tasks.reader import LocalReader


class LocalFollower:
    """Reads one metric from one file, and says what to do where it finds none.

    Args:
        reader: what was described.
        path: the file, in the place of the description's location.
        outputs: where else the program may print it.
        maximize: as for `Advice`.

    Attributes:
        quick: whether its pattern is sure to be quick.
    """

    def __init__(
        self,
        reader: LocalReader,
        path: str,
        outputs: Sequence[str] = (),
        *,
        maximize: bool | None = None,
    ) -> None:
        self._metric = reader.metric
        self._file = MetricFollower(path, reader.parser_pattern, decimal=reader.decimal)
        # Most programs print a number before any is needed.
        self._make_advice = partial(Advice, reader, path, outputs, maximize=maximize)
        self._remedy = ""
        self._found = False
        self.quick = self._file.quick

    @cached_property
    def _advice(self) -> Advice:
        return self._make_advice()

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new in the file."""
        batch = self._file.read(ended=ended, limit_bytes=limit_bytes)
        warnings, left_out = self._warnings(batch, ended=ended), self._file.left_out
        if not (batch.values or batch.restarted or batch.more or warnings or left_out):
            return NO_NEWS
        points = Points(batch.values, batch.steps, batch.restarted)
        found = {self._metric: points} if batch.values or batch.restarted else {}
        return Look(found, batch.more, warnings, left_out)

    def _warnings(self, batch: Batch, *, ended: bool) -> dict[str, str]:
        """Return what to tell; without a number, what the likely cause is."""
        warnings = self._file.warnings
        self._found = self._found or bool(batch.values)
        if self._found or batch.more:
            return warnings
        if ended:
            self._remedy = self._advice.at_end(self._file)
            return warnings
        return warnings | self._advice.look(self._file)

    def watch(self, tell: Tell) -> None:
        """Tell from now on where each number stands."""
        self._file.tell = tell

    def problem(self) -> str:
        """Return why there is no usable number in the file."""
        return self._file.problem(self._remedy)

    def close(self) -> None:
        """No file stays open between two looks."""
