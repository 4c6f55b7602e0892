"""Reads what a program reports under names that nothing else reads."""

import math
import os
from collections.abc import Collection, Mapping, Sequence

from automl.inside.reports import report_in
from automl.readers.follow import MetricFollower
from automl.readers.follower import NO_NEWS, Look, Points
from automl.readers.matching.finder import Numbers
from automl.readers.reported.finder import ReportFinder
from automl.readers.reported.follower import ReportFollower

MOST_NAMES = 1000
"""Of so many names the numbers are read; a program that reports more uses a name once."""


class FurtherReports:
    """Reads the numbers of all names but those that are read anyway.

    What was reported without a name is that of a metric which is read, or of none.

    Args:
        path: the file, with a line of JSON for each number.
        others: what reads the other names, by these. As long as those of them that read the same
            file have met no further name, it is not read twice.

    Attributes:
        quick: it is.
    """

    def __init__(self, path: str, others: Mapping[str, object]) -> None:
        self._path = path
        self._beside = [
            one for one in others.values() if isinstance(one, ReportFollower) and one.path == path
        ]
        self._known = frozenset(others)
        self._names: _Names | None = None
        self._seen: set[str] = set()
        self._outdated: set[str] = set()
        self.quick = True

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new in the file, by name."""
        if self._beside and not any(one.others for one in self._beside):
            return NO_NEWS
        # Most programs report nothing, and pay no more than this for those that do.
        if self._names is None and _is_missing(self._path):
            return NO_NEWS
        self._names = self._names or _Names(self._path, self._known)
        finder = self._names.finder
        finder.names.clear()
        batch = self._names.file.read(ended=ended, limit_bytes=limit_bytes)
        if batch.restarted:
            self._outdated = set(self._seen)
        if not batch.values:
            return Look(more=True) if batch.more else NO_NEWS
        # Those of a content that was written over do not count any more.
        names = finder.names[-len(batch.values) :]
        found: dict[str, Numbers] = {}
        for name, value, step in zip(names, batch.values, batch.steps or (), strict=True):
            numbers = found.setdefault(name, Numbers())
            numbers.values.append(value)
            numbers.steps.append(step)
        points = {
            name: Points(tuple(one.values), tuple(one.steps), name in self._outdated)
            for name, one in found.items()
        }
        self._outdated -= found.keys()
        self._seen |= found.keys()
        return Look(points, batch.more, _warnings(self._path) if finder.too_many else {})

    def problem(self) -> str:
        """Return nothing: no trial needs any of these."""
        return ""

    def close(self) -> None:
        """No file stays open between two looks."""


def _is_missing(path: str) -> bool:
    """Tell whether there is no file; where that cannot be told, who reads it says why."""
    try:
        os.stat(path)  # noqa: PTH116 - asked for every trial
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False


def _warnings(path: str) -> dict[str, str]:
    return {
        "too many names": f"{path}: numbers of more than {MOST_NAMES} names were reported; those "
        "of further names are left out. Report steps as steps, not in names"
    }


class _Names:
    """What reads a file that is there."""

    def __init__(self, path: str, known: Collection[str]) -> None:
        self.finder = _NamesFinder(known)
        self.file = MetricFollower(path, self.finder)


class _NamesFinder(ReportFinder):
    """Finds what was reported under any name but some; it is its own `Sought`.

    Attributes:
        names: the name of each number that was found, in order.
        too_many: whether there were more names than are read.
    """

    def __init__(self, known: Collection[str]) -> None:
        self.names: list[str] = []
        self.too_many = False
        self._known = frozenset(known) | {""}
        super().__init__("", unnamed=False)

    def find(self, lines: Sequence[str]) -> Numbers:
        """Return the numbers of the next lines."""
        numbers = Numbers()
        for line in lines:
            report = report_in(line)
            if report is None or report.name in self._known or not self._has_room(report.name):
                continue
            self.names.append(report.name)
            numbers.values.append(report.value)
            numbers.steps.append(math.nan if report.step is None else report.step)
        return numbers

    def _has_room(self, name: str) -> bool:
        if name not in self.others:
            if len(self.others) >= MOST_NAMES:
                self.too_many = True
                return False
            self.others[name] = None
        return True
