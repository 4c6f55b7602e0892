"""A metric file that is read while it grows."""

import math
import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from automl.errors import ReadError, may_pass
from automl.readers.advice.outputs import names_in
from automl.readers.lines import LineSplitter
from automl.readers.matching.bounded import BoundedFinder
from automl.readers.matching.finder import LineFinder, Numbers
from automl.readers.numbers.decimal import COMMA, POINT, with_points
from automl.readers.sighting import Sighting, Tell
from automl.readers.tail import NOTHING, FileTail, Left
from automl.spelling.spelling import spelled

_SHOWN_LINES = 5
_SHOWN_CHARS = 200
_KEPT_LINES = 20
_KEPT_CHARS = 400

_SEPARATOR = re.compile(rb"[\s,;:=()\[\]{}\"']")
"""What ends a number, so that what stands behind the last one may be a part of a number only."""

_PHYSICAL = re.compile(rb"[^\n]*\n|[^\n]+")


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
            `Pattern`; or what finds numbers in lines in another way.
        decimal: what stands before the decimals of numbers: a point or a comma.

    Attributes:
        recent: the last lines of the present content, their numbers with points.
        line_count: how many it has.
        tell: is told where each number stands, if anybody is.
    """

    def __init__(
        self, path: str | os.PathLike[str], pattern: str | LineFinder, *, decimal: str = POINT
    ) -> None:
        self._path = os.fspath(path)
        self._commas = decimal == COMMA
        self._finder = BoundedFinder(pattern) if isinstance(pattern, str) else pattern
        self._pattern = self._finder.pattern
        self._stepless = ""
        self._nothing = Batch(
            (), restarted=False, more=False, steps=() if self._pattern.has_steps else None
        )
        self._tail = FileTail(self._path)
        self._superseded = False
        self.tell: Tell | None = None
        self._forget()

    @property
    def warnings(self) -> dict[str, str]:
        """What the user should know of the pattern and what it read, in paragraphs, by kind."""
        steps = {"no steps": self._stepless} if self._stepless else {}
        return self._finder.warnings | steps

    @property
    def unparsed(self) -> tuple[str, str] | None:
        """The first text that matched and is no number, and its line; None where all are."""
        text = self._pattern.unparsed
        return None if text is None else (text, self._pattern.unparsed_line)

    @property
    def left_out(self) -> str:
        """What was left out, as it cannot be read or takes too long; empty if nothing was."""
        if self._splitter.damaged:
            return f"{self._path}: {self._splitter.damaged}; what follows was left out"
        if not self._finder.left_out:
            return ""
        return (
            f"{self._finder.left_out} of {self._path}: what it holds was left out; write the "
            "pattern so that no loop stands in another, such as (a+) in place of (a+)+"
        )

    @property
    def seen(self) -> bool:
        """Whether there was ever a file."""
        return self._tail.seen

    @property
    def quick(self) -> bool:
        """Whether the search is sure to be quick, whatever is in the file."""
        return self._finder.quick

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
        self._finder.begin_look()
        try:
            piece = self._tail.read(ended=ended, limit_bytes=limit_bytes)
        except (OSError, ValueError) as error:
            raise unreadable(self._path, error) from error
        if piece == NOTHING and not ended:
            return self._nothing
        before = Numbers()
        if piece.left or (piece.missing and ended):
            before = self._whole_rest()
        if piece.left is Left.REPLACED:
            self._forget()
        found = self._points(piece.data, final=ended and not (piece.more or piece.missing))
        return self._batch(before, found, more=piece.more, replaced=piece.left is Left.REPLACED)

    def problem(self, advice: str = "") -> str:
        """Return one line on why there is no usable number, for a file that was read to its end.

        Args:
            advice: what is told of the cause besides.
        """
        path, pattern = self._path, self._pattern
        if self._not_finite is not None:
            return f"{pattern.text!r} read {self._not_finite} in {path}{self._last_lines()}"
        if self.left_out and not self._count:
            return self.left_out
        if self._count:
            return f"{pattern.text!r} read {self._count} numbers in {path}, all of them finite"
        if self.recent:
            return self._no_number(advice)
        if not self._tail.seen:
            return (
                f"no file {path} to search for {pattern.text!r}: the command did not write it"
                + advice
            )
        state = "has only blank lines" if self._tail.size_bytes else "is empty"
        return f"{path} {state}, so there is no match of {pattern.text!r}{advice}"

    def _no_number(self, advice: str) -> str:
        text = self._pattern.unparsed
        if text is None:
            return f"no match of {self._pattern.text!r} in {self._path}{advice}{self._last_lines()}"
        return (
            f"{self._pattern.text!r} matched {text[:_SHOWN_CHARS]!r} in {self._path}, which is not "
            f"a number{advice}{self._last_lines()}"
        )

    def _forget(self) -> None:
        self._splitter = LineSplitter()
        self.recent: deque[str] = deque(maxlen=_KEPT_LINES)
        self.line_count = 0
        self._passed = 0
        self._count = 0
        self._not_finite: float | None = None
        self._pattern.forget()
        self._finder.left_out = ""

    def _batch(self, before: Numbers, found: Numbers, *, more: bool, replaced: bool) -> Batch:
        """Put together the last numbers of the content of before and those of the present one."""
        restarted = False
        if before.values:
            restarted, self._superseded = self._superseded or before.anew, False
        if replaced:
            self._superseded = True
        if found.values and (self._superseded or found.anew):
            restarted, self._superseded = True, False
            before = Numbers()
        return Batch(
            tuple(before.values + found.values),
            restarted=restarted,
            more=more,
            steps=tuple(before.steps + found.steps) if self._pattern.has_steps else None,
        )

    def _whole_rest(self) -> Numbers:
        """Return the numbers of a last line that will not be finished, without one cut short."""
        rest = self._splitter.unfinished
        self._splitter = LineSplitter()
        whole = [found.end() for found in _SEPARATOR.finditer(rest)][-1:]
        return self._points(rest[: whole[0]] if whole else b"", final=True)

    def _points(self, data: bytes, *, final: bool) -> Numbers:
        points = Numbers()
        for number, written in self._lines(data, final=final):
            lines = list(map(with_points, written)) if self._commas else written
            found = self._finder.find(lines)
            points.add(found)
            if self.tell and found.values:
                self._tell_places(self.tell, number, lines[0], found)
            self.line_count += len(lines)
            filled = list(islice((line for line in reversed(lines) if line.strip()), _KEPT_LINES))
            self.recent.extend(line[:_KEPT_CHARS] for line in reversed(filled))
        if points.anew:
            self._count, self._not_finite = 0, None
        self._count += len(points.values)
        if final and self._count and self._pattern.has_steps and not self._pattern.in_steps:
            self._stepless = self._without_steps()
        if self._not_finite is None and not math.isfinite(sum(points.values)):
            self._not_finite = next(
                (value for value in points.values if not math.isfinite(value)), None
            )
        return points

    def _lines(self, data: bytes, *, final: bool) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield lines with their number in the file; those of several at once have none.

        Who wants to know where numbers stand gets one line at a time, which finds the same.
        """
        if self.tell is None:
            yield from ((0, lines) for lines in self._splitter.feed(data, final=final))
            return
        for physical in [*_PHYSICAL.findall(data), b""]:
            for lines in self._splitter.feed(physical, final=final and not physical):
                yield from ((self._passed + 1, [line]) for line in lines)
            self._passed += physical.endswith(b"\n")

    def _tell_places(self, tell: Tell, number: int, line: str, found: Numbers) -> None:
        spans = self._finder.places(line)
        known = spans if len(spans) == len(found.values) else [None] * len(found.values)
        steps = found.steps or [math.nan] * len(found.values)
        for value, step, span in zip(found.values, steps, known, strict=True):
            tell(Sighting(self._path, number, line, span, value, step))

    def _without_steps(self) -> str:
        text = self._pattern.unread_step
        found = "nothing" if text is None else f"{text[:_SHOWN_CHARS]!r}, which is no number"
        return (
            f"parser_pattern {self._pattern.text!r} read {self._count} numbers in {self._path} but "
            f"no step: its group 'step' matched {found}. Pruners leave out numbers without a step; "
            r"let the group match one, as (?P<step>\d+) does, or take it out to count the numbers"
        )

    def _last_lines(self) -> str:
        shown = [repr(line[:_SHOWN_CHARS]) for line in list(self.recent)[-_SHOWN_LINES:]]
        return f"; its last lines: {' | '.join(shown)}"


def unreadable(path: str, error: OSError | ValueError) -> ReadError:
    """Return what to raise where a metric file cannot be read."""
    reason = getattr(error, "strerror", None) or str(error)
    number = error.errno if isinstance(error, OSError) else None
    names = names_in(path)
    cure = (
        "the machine is at fault, not the trial; it is read once that has passed"
        if may_pass(number)
        else f"{spelled('location')} must name the file itself, such as {names[0]!r} in it"
        if names
        else f"{spelled('location')} must name a file that the command writes and you may read"
    )
    refused = ReadError(f"metric file {path!r} cannot be read: {reason}; {cure}")
    refused.errno = number
    return refused
