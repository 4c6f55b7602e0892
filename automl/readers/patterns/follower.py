"""Reads the files of one launch that a pattern names, as they appear."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from automl.readers.follow import unreadable
from automl.readers.follower import NO_NEWS, Follower, Look
from automl.readers.patterns.files import PatternFiles
from automl.readers.patterns.launched import Launched
from automl.readers.patterns.nearby import told_nearby
from automl.readers.patterns.told import Numbers, news
from automl.readers.patterns.walk import Match
from automl.readers.sighting import Showing, Tell
from automl.study.tasks.location import ALL

MOST_FILES = 10_000
"""So many of them are read, those that were written last."""


@dataclass(slots=True)
class _File:
    """One of the files.

    Attributes:
        follower: reads it.
        first: when it was written, as it was at the first look.
        match: the same, as far as that is known now.
        gave: its numbers that count, by metric.
    """

    follower: Follower
    first: Match
    match: Match
    gave: dict[str, Numbers] = field(default_factory=dict)


class PatternFollower:
    """Reads what files of a launch tell.

    While the launch runs, files count in the order in which they appeared; once it has ended, in
    that in which they were written, so that reading anew what it left gives the same.

    Args:
        pattern: an absolute path with `*`, `**` or `?`.
        which: which of the files count: `all`, or the newest that has a number.
        launched: which files are those of the launch.
        make: makes what reads one of them.
    """

    def __init__(
        self, pattern: str, which: str, launched: Launched, make: Callable[[str], Follower]
    ) -> None:
        self._pattern = pattern
        self._all = which == ALL
        self._launched = launched
        self._shared = launched.shared
        self._nearby = ""
        self._make = make
        self._files = PatternFiles(pattern, launched)
        self._read: dict[str, _File] = {}
        self._shown: dict[str, Numbers] = {}
        self._chosen: Sequence[_File] = ()
        self._at_end: Sequence[Match] | None = None
        self._tell: Tell | None = None

    @property
    def paths(self) -> Sequence[str]:
        """The files that count by now."""
        return [one.match.path for one in self._chosen]

    def watch(self, tell: Tell) -> None:
        """Tell from now on where each number stands."""
        self._tell = tell

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return what is new, in files that are there by now."""
        matches = self._matches(ended=ended)
        few = matches[-MOST_FILES:]
        looks = []
        for match in few if self._all else self._newest_first(few, ended=ended):
            looks.append(self._look(match, ended=ended, limit_bytes=limit_bytes))
            if not self._all and (looks[-1].more or self._read[match.path].gave):
                break
        more = any(one.more for one in looks)
        self._at_end = matches if ended and more else None
        self._choose(ended=ended and not more)
        if ended and not matches:
            self._nearby = self._told_nearby()
        points = news(self._shown, [one.gave for one in self._chosen])
        warnings = {about: text for look in looks for about, text in look.warnings.items()}
        left_out = self._too_much(matches) or next(
            (one.left_out for one in looks if one.left_out), ""
        )
        if not (points or more or warnings or left_out):
            return NO_NEWS
        return Look(points, more, warnings, left_out)

    def problem(self) -> str:
        """Return why there is no usable number."""
        shared = (
            "; another trial that ran at the same time may have written it: put {{ trial.id }} or "
            "{{ trial.dir }} into the path"
            if self._shared
            else ""
        )
        if self._chosen:
            return self._chosen[-1].follower.problem() + shared
        strange = self._files.strange
        others = f"; {strange} of such a name were not written since it began" if strange else ""
        return f"no file {self._pattern} was written by the command{others or self._nearby}"

    def close(self) -> None:
        """Free what reads the files."""
        for one in self._read.values():
            one.follower.close()

    def _matches(self, *, ended: bool) -> Sequence[Match]:
        """Return the files; at the end the tree is walked once, however many looks read them."""
        if ended and self._at_end is not None:
            return self._at_end
        try:
            return self._files.look(now=ended)
        except OSError as error:
            raise unreadable(self._pattern, error) from error

    def _told_nearby(self) -> str:
        try:
            return told_nearby(self._pattern, self._launched)
        except OSError as error:
            raise unreadable(self._pattern, error) from error

    def _newest_first(self, matches: Sequence[Match], *, ended: bool) -> Iterator[Match]:
        """Yield the files of which the first one with a number counts.

        Of two that both grow, the one that was chosen is read on until the end.
        """
        chosen = self._chosen[-1] if self._chosen else None
        for match in reversed(matches):
            known = self._read.get(match.path)
            if not ended and chosen:
                if match.written_ns < chosen.match.written_ns:
                    return
                if known and known.gave and known is not chosen:
                    continue
            yield match

    def _look(self, match: Match, *, ended: bool, limit_bytes: int) -> Look:
        """Read on in one file, and take in what it gives."""
        file = self._read.get(match.path)
        if file is None:
            file = self._read[match.path] = _File(self._make(match.path), match, match)
            if self._tell and isinstance(file.follower, Showing):
                file.follower.watch(self._tell)
        file.match = match
        look = file.follower.read(ended=ended, limit_bytes=limit_bytes)
        for metric, points in look.measurements.items():
            file.gave.setdefault(metric, Numbers()).add(points)
        return look

    def _choose(self, *, ended: bool) -> None:
        """Choose the files that count, of those that were read."""
        when = attrgetter("match" if ended else "first")
        files = sorted(self._read.values(), key=lambda one: (when(one).written_ns, one.match.path))
        if self._all:
            self._chosen = files
            return
        with_numbers = [one for one in files if one.gave]
        self._chosen = (with_numbers or files)[-1:]

    def _too_much(self, matches: Sequence[Match]) -> str:
        if self._files.ended_early:
            return f"there are too many files below {self._pattern} to look at all of them"
        if len(matches) > MOST_FILES:
            return f"of {len(matches)} files {self._pattern} the newest {MOST_FILES} are read"
        return ""
