"""A metric file that is read while it grows."""

import math
import os
import re
from collections import deque
from dataclasses import dataclass, field
from itertools import islice

from automl.errors import ReadError, may_pass
from automl.readers.lines import LineSplitter
from automl.readers.pattern import Pattern
from automl.readers.tail import NOTHING, FileTail, Left

_CHECKED_LINES = 100
_KEPT_LINES = 5
_KEPT_CHARS = 200

_MAYBE_CUT = re.compile(rb"[^\s,;:=()\[\]{}\"']+\Z")
"""The end of a line that may be a part of a number only."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one read found.

    Attributes:
        values: the numbers in order, NaN and infinities included.
        restarted: the file was truncated, rewritten or replaced, and these are its first numbers
            since: those of earlier batches no longer count, those of this batch do.
        more: there are bytes left to read or to compare now.
        steps: the step of each number, NaN where none was read before it; None if the pattern
            has no group for them.
    """

    values: tuple[float, ...]
    restarted: bool
    more: bool
    steps: tuple[float, ...] | None = None


@dataclass(slots=True)
class _Points:
    """Numbers and, where the pattern has them, the step of each."""

    values: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)


class MetricFollower:
    """Reads the numbers of one file, each once, from where the last read ended.

    Nothing of the past is kept but an offset, an unfinished line, a hash, the last lines, and
    counts. No file stays open between reads. Not for use by several threads at once.

    Numbers read from a file that was deleted or moved away stay, and those of the file that takes
    its place are added. Numbers of a file that was rewritten or replaced count until the new
    content has given its first. A number that was written and written over between two reads is
    lost. So is the last number of a file that is gone, if nothing behind it tells where it ends.

    Args:
        path: the file; it need not exist yet.
        pattern: a regular expression with a group for the number and maybe one for its step, see
            `Pattern`.

    Attributes:
        warning: what is wrong with the pattern, as a paragraph for the user: the first number seen
            that it reads only in part, looked for in the first 100 lines with a match; or, once the
            file has ended, that it has a group for steps and read numbers but no step.
    """

    def __init__(self, path: str | os.PathLike[str], pattern: str) -> None:
        self.warning: str | None = None
        self._path = os.fspath(path)
        self._pattern = Pattern(pattern)
        self._nothing = Batch(
            (), restarted=False, more=False, steps=() if self._pattern.has_steps else None
        )
        self._to_check = _CHECKED_LINES
        self._tail = FileTail(self._path)
        self._superseded = False
        self._forget()

    def read(self, *, ended: bool, limit_bytes: int = 1 << 20) -> Batch:
        """Return what is new in the file; a missing file has nothing new.

        Without news this costs one `stat`. `FileTail` says how a rewritten file is noticed.

        Args:
            ended: nothing will be written any more: a last line without newline counts too.
            limit_bytes: read about this many bytes at the most, at least 1.

        Raises:
            ReadError: there is something at the path, but no readable file; it may become one. Or
                the machine cannot read it now, as its `errno` tells; reading again goes on.
        """
        if limit_bytes < 1:
            raise ValueError(f"limit_bytes must be at least 1, got {limit_bytes}")
        try:
            piece = self._tail.read(ended=ended, limit_bytes=limit_bytes)
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error
        if piece == NOTHING and not ended:
            return self._nothing
        before = _Points()
        if piece.left or (piece.missing and ended):
            before = self._whole_rest()
        if piece.left is Left.REPLACED:
            self._forget()
        found = self._points(piece.data, final=ended and not (piece.more or piece.missing))
        return self._batch(before, found, more=piece.more, replaced=piece.left is Left.REPLACED)

    def problem(self) -> str:
        """Return one line on why there is no usable number, for a file that was read to its end."""
        path, pattern = self._path, self._pattern
        if self._not_finite is not None:
            return f"{pattern.text!r} read {self._not_finite} in {path}{self._last_lines()}"
        if self._count:
            return f"{pattern.text!r} read {self._count} numbers in {path}, all of them finite"
        if pattern.unparsed is not None:
            text = pattern.unparsed[:_KEPT_CHARS]
            return (
                f"{pattern.text!r} matched {text!r} in {path}, which is not a number"
                f"{self._last_lines()}"
            )
        if self._lines:
            return f"no match of {pattern.text!r} in {path}{self._last_lines()}"
        if not self._tail.seen:
            return f"no file {path} to search for {pattern.text!r}: the command did not write it"
        state = "has only blank lines" if self._tail.size_bytes else "is empty"
        return f"{path} {state}, so there is no match of {pattern.text!r}"

    def _forget(self) -> None:
        self._splitter = LineSplitter()
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._count = 0
        self._not_finite: float | None = None
        self._pattern.forget()

    def _batch(self, before: _Points, found: _Points, *, more: bool, replaced: bool) -> Batch:
        """Put together the last numbers of the content of before and those of the present one."""
        restarted = False
        if before.values:
            restarted, self._superseded = self._superseded, False
        if replaced:
            self._superseded = True
        if found.values and self._superseded:
            restarted, self._superseded = True, False
            before = _Points()
        return Batch(
            tuple(before.values + found.values),
            restarted=restarted,
            more=more,
            steps=tuple(before.steps + found.steps) if self._pattern.has_steps else None,
        )

    def _whole_rest(self) -> _Points:
        """Return the numbers of a last line that will not be finished, without one cut short."""
        rest = self._splitter.unfinished
        self._splitter = LineSplitter()
        return self._points(_MAYBE_CUT.sub(b"", rest), final=True)

    def _points(self, data: bytes, *, final: bool) -> _Points:
        points = _Points()
        for lines in self._splitter.feed(data, final=final):
            if self._pattern.has_steps:
                found, their_steps = self._pattern.points_of(lines)
                points.values += found
                points.steps += their_steps
            else:
                points.values += self._pattern.values_of(lines)
            if self._to_check:
                self._check(lines)
            filled = list(islice((line for line in reversed(lines) if line.strip()), _KEPT_LINES))
            self._lines.extend(line[:_KEPT_CHARS] for line in reversed(filled))
        self._count += len(points.values)
        if final and self._count and self._pattern.has_steps and not self._pattern.in_steps:
            self.warning = self.warning or self._without_steps()
        if self._not_finite is None and not math.isfinite(sum(points.values)):
            self._not_finite = next(
                (value for value in points.values if not math.isfinite(value)), None
            )
        return points

    def _check(self, lines: list[str]) -> None:
        """Look for a number that is read only in part, until one or enough lines were seen."""
        for line in lines:
            if self._to_check and self._pattern.matches(line):
                self._to_check -= 1
                cut = self._pattern.cut_number(line)
                if cut:
                    self.warning = str(cut)
                    self._to_check = 0

    def _without_steps(self) -> str:
        text = self._pattern.unread_step
        found = "nothing" if text is None else f"{text[:_KEPT_CHARS]!r}, which is no number"
        return (
            f"parser_pattern {self._pattern.text!r} read {self._count} numbers in {self._path} but "
            f"no step: its group 'step' matched {found}. Pruners leave out numbers without a step; "
            r"let the group match one, as (?P<step>\d+) does, or take it out to count the numbers"
        )

    def _last_lines(self) -> str:
        return f"; its last lines: {' | '.join(map(repr, self._lines))}"

    def _unreadable(self, error: OSError | ValueError) -> ReadError:
        reason = getattr(error, "strerror", None) or str(error)
        number = error.errno if isinstance(error, OSError) else None
        cure = (
            "the machine is at fault, not the trial; it is read once that has passed"
            if may_pass(number)
            else "location= of the reader must name a file that the command writes and you may read"
        )
        refused = ReadError(f"metric file {self._path!r} cannot be read: {reason}; {cure}")
        refused.errno = number
        return refused
