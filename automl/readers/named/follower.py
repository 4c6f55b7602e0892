"""Reads a metric by its name from a file, or from both streams that commands print to."""

from collections.abc import Sequence
from dataclasses import replace

from automl.readers.follow import Batch, MetricFollower
from automl.readers.follower import Look, Points
from automl.readers.named.finder import NameFinder
from automl.readers.named.silence import Silence
from automl.readers.numbers.decimal import POINT
from automl.readers.sighting import Sighting, Tell

LOOK_BYTES = 1 << 16
"""How much of each stream is read in one look, so that none takes long, whatever is in it."""


class _Stream:
    """One stream: its file, and what it gave by now."""

    def __init__(self, name: str, path: str, pattern: str, decimal: str) -> None:
        self.path = path
        self._finder = None if pattern else NameFinder(name)
        self.file = MetricFollower(path, self._finder or pattern, decimal=decimal)
        self.batch = Batch((), restarted=False, more=False)
        self.sightings: list[Sighting] = []

    @property
    def rank(self) -> int:
        """How sure it is that its numbers are those of the metric: a pattern is."""
        return self._finder.rank if self._finder else 0


class NamedFollower:
    """Reads one metric by its name, from one stream or from both.

    Only one stream counts at a time: that with the name as it was asked for, else standard output.
    So what counts does not depend on when which was read. If the other one turns out to count, the
    numbers before no longer do.

    Args:
        name: the metric's name.
        paths: what is read: one file, or both streams, the first of which counts if both have it.
        beside: the stream that is not read, for what is told where there is no number; empty if
            there is none.
        pattern: a regular expression that finds it in place of its name.
        decimal: what stands before the decimals of numbers.
    """

    def __init__(
        self,
        name: str,
        paths: Sequence[str],
        beside: str = "",
        *,
        pattern: str = "",
        decimal: str = POINT,
    ) -> None:
        self._name = name
        self._pattern = pattern
        self._streams = [_Stream(name, one, pattern, decimal) for one in paths]
        self._counting: _Stream | None = None
        self._tell: Tell | None = None
        self._silence = Silence(name, paths, beside)

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new."""
        for one in self._streams:
            one.sightings.clear()
            one.batch = one.file.read(ended=ended, limit_bytes=min(limit_bytes, LOOK_BYTES))
        more = any(one.batch.more for one in self._streams)
        counting = self._chosen()
        warnings = self._warnings(counting, ended=ended, more=more)
        left_out = next((one.left_out for one in self._files if one.left_out), "")
        silent = Look(more=more, warnings=warnings, left_out=left_out)
        if counting is None:
            return silent
        if self._tell:
            for sighting in counting.sightings:
                self._tell(sighting)
        batch = counting.batch
        switched = counting is not self._counting
        restarted = batch.restarted or (switched and self._counting is not None)
        self._counting = counting
        if not (batch.values or restarted):
            return silent
        points = Points(batch.values, batch.steps, restarted)
        return replace(silent, measurements={self._name: points})

    def watch(self, tell: Tell) -> None:
        """Tell from now on where each number stands, in the stream that counts."""
        self._tell = tell
        for one in self._streams:
            one.file.tell = one.sightings.append

    def _chosen(self) -> _Stream | None:
        """Return the stream that counts: it stays so until the other one is surer."""
        best = self._counting
        for one in self._streams:
            first = best is not None and one is self._streams[0] and best is not one
            if one.batch.values and (best is None or one.rank > best.rank - (1 if first else 0)):
                best = one
        return best

    def _warnings(self, counting: _Stream | None, *, ended: bool, more: bool) -> dict[str, str]:
        told: dict[str, str] = {}
        for one in self._streams:
            if counting in (None, one):
                told |= one.file.warnings
        if counting is None and not (more or ended or self._pattern):
            told |= self._silence.look(self._files)
        return told

    @property
    def _files(self) -> Sequence[MetricFollower]:
        return [one.file for one in self._streams]

    def problem(self) -> str:
        """Return why there is no usable number."""
        if self._counting is not None:
            return self._counting.file.problem()
        if self._pattern:
            silent = [one for one in self._files if one.line_count] or self._files[:1]
            return "; ".join(one.problem() for one in silent)
        return self._silence.reason(self._files)

    def close(self) -> None:
        """No file stays open between two looks."""
