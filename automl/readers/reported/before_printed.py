"""Reads a metric where the program reports it, and else where it prints it."""

from collections.abc import Mapping
from dataclasses import replace

from automl.readers.follower import Follower, Look, Points
from automl.readers.reported.follower import ReportFollower
from automl.readers.sighting import Showing, Sighting, Tell


class ReportedBeforePrinted:
    """Reads what a program prints until it reports something, which then counts alone.

    Args:
        printed: reads what it prints.
        reported: reads what it reports.
    """

    def __init__(self, printed: Follower, reported: ReportFollower) -> None:
        self._printed = printed
        self._reported = reported
        self._gave = self._counts = False
        self._held: Look | None = None
        self._tell: Tell | None = None
        self._sightings: list[Sighting] = []

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new, of the one that counts."""
        told = self._held or self._reported.read(ended=ended, limit_bytes=limit_bytes)
        if self._counts:
            return told
        # It is not given twice: it is held for the next look in case that this one fails, and what
        # was reported since is read by the one after that.
        self._held = replace(told, more=True)
        # Even where something is reported by now: who followed this program before may have taken
        # what it printed, which no longer counts.
        self._sightings.clear()
        look = self._printed.read(ended=ended, limit_bytes=limit_bytes)
        self._held = None
        self._gave = self._gave or bool(look.measurements)
        self._counts = self._reported.found
        if self._counts:
            return replace(told, measurements=_anew(told.measurements)) if self._gave else told
        if self._tell:
            for one in self._sightings:
                self._tell(one)
        return replace(look, more=True) if told.more else look

    def watch(self, tell: Tell) -> None:
        """Tell from now on where each number stands that counts."""
        self._tell = tell
        self._reported.watch(tell)
        if isinstance(self._printed, Showing):
            self._printed.watch(self._sightings.append)

    def problem(self) -> str:
        """Return why there is no usable number."""
        if self._reported.found:
            return self._reported.problem()
        others = ", ".join(repr(one) for one in self._reported.others if one)
        told = f"; what it reported is named {others}" if others else ""
        return f"{self._printed.problem()}{told}"

    def close(self) -> None:
        """Free what both hold."""
        self._printed.close()
        self._reported.close()


def _anew(measurements: Mapping[str, Points]) -> dict[str, Points]:
    return {name: replace(points, restarted=True) for name, points in measurements.items()}
