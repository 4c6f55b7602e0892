"""What to tell where no number was found by its name."""

import os
from collections.abc import Sequence

from automl.readers.advice.likeness import is_within, nearest_first, shared
from automl.readers.advice.outputs import tail_of
from automl.readers.advice.proposal import numbers_by_name
from automl.readers.follow import MetricFollower
from automl.readers.follower import NO_MATCH_YET
from automl.readers.named.finder import NameFinder

_LIKED_LOOKS, _MANY_LOOKS = 2, 10
_SHOWN_NAMES, _SHOWN_LINES, _SHOWN_CHARS = 5, 5, 120
_LIKED = 0.5


class Silence:
    """Looks at what a program prints as long as a metric's name was not found.

    Args:
        name: the name.
        paths: where it is looked for.
        beside: the stream in which it is not, empty if there is none.
    """

    def __init__(self, name: str, paths: Sequence[str], beside: str) -> None:
        self._name = name
        self._paths = paths
        self._beside = beside
        self._lines = self._looks = 0
        self._told: dict[str, str] = {}

    def look(self, files: Sequence[MetricFollower]) -> dict[str, str]:
        """Return what to tell by now of a program that runs, by kind; once told, it stays."""
        count = sum(one.line_count for one in files)
        if count <= self._lines or self._told:
            return self._told
        self._lines = count
        self._looks += 1
        names = self._names(files)
        liked = any(
            is_within(one, self._name) or shared(one, self._name) >= _LIKED for one in names
        )
        if self._looks >= (_LIKED_LOOKS if liked else _MANY_LOOKS):
            self._told[NO_MATCH_YET] = (
                f"metric {self._name!r} has not been found yet in the {count} lines of "
                f"{self._where}{self._named(names)}. All is well if it comes later"
            )
        return self._told

    def reason(self, files: Sequence[MetricFollower]) -> str:
        """Return why there is no number of a program that ended, in one line."""
        left_out = next((one.left_out for one in files if one.left_out), "")
        if left_out:
            return left_out
        unparsed = next(filter(None, (one.unparsed for one in files)), None)
        if unparsed:
            text, line = (one.strip()[:_SHOWN_CHARS] for one in unparsed)
            return f"metric {self._name!r} is {text!r} in the line {line!r}, which is no number"
        if not any(one.line_count for one in files):
            state = "the commands printed nothing" if _any_seen(files) else "there is no such file"
            return (
                f"no number for metric {self._name!r} in {self._where}: {state}{self._elsewhere()}"
            )
        told = self._elsewhere() or self._named(self._names(files))
        return f"no number for metric {self._name!r} in {self._where}{told}{_last_lines(files)}"

    @property
    def _where(self) -> str:
        folder = os.path.dirname(self._paths[0])  # noqa: PTH120 - a text
        names = [os.path.basename(one) for one in self._paths]  # noqa: PTH119 - a text
        return f"{' or '.join(names)} of {folder}"

    def _elsewhere(self) -> str:
        """Tell that the other stream has it."""
        if self._beside and NameFinder(self._name).find(tail_of(self._beside)).values:
            name = os.path.basename(self._beside)  # noqa: PTH119 - a text
            return f"; the trial's {name} has it: leave out stream="
        return ""

    def _names(self, files: Sequence[MetricFollower]) -> dict[str, str]:
        """Return the names that have numbers in the last lines, each with its last number."""
        return dict(
            pair for one in reversed(files) for line in one.recent for pair in numbers_by_name(line)
        )

    def _named(self, names: dict[str, str]) -> str:
        shown = nearest_first(names, self._name)[:_SHOWN_NAMES]
        found = ", ".join(f"{one!r} ({names[one]})" for one in shown)
        return f"; if it is one of these, name that: {found}" if found else ""


def _any_seen(files: Sequence[MetricFollower]) -> bool:
    return any(one.seen for one in files)


def _last_lines(files: Sequence[MetricFollower]) -> str:
    lines = next((list(one.recent) for one in files if one.recent), [])
    shown = " | ".join(repr(one[:_SHOWN_CHARS]) for one in lines[-_SHOWN_LINES:])
    return f"; its last lines: {shown}"
