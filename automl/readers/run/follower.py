"""Reads what was measured of the run of a command."""

from automl.readers.follower import Look
from automl.readers.reported.follower import ReportFollower


class RunFollower:
    """Reads one number of a run.

    Args:
        metric: what it is called.
        path: the file that has it once the command has ended.
        measure: what it is.
        measured: of a size, the path as the user wrote it.

    Attributes:
        quick: it is.
    """

    def __init__(self, metric: str, path: str, measure: str, measured: str) -> None:
        self._reports = ReportFollower(metric, path)
        self._measure = measure
        self._measured = measured
        self.quick = True

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the number once it is there."""
        return self._reports.read(ended=ended, limit_bytes=limit_bytes)

    def problem(self) -> str:
        """Return why there is no number."""
        if self._measured:
            return (
                f"no {self._measure}: the command left no {self._measured!r}, or did not change "
                "the one that was there before"
            )
        return f"no {self._measure}: this command did not run to its end, or was not measured"

    def close(self) -> None:
        """No file stays open between two looks."""
