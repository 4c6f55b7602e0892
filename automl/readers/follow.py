"""A metric file that is read while it grows."""

import math
import os
import stat
from collections import deque
from dataclasses import dataclass
from itertools import islice

from automl.errors import ReadError
from automl.readers.lines import LineSplitter
from automl.readers.pattern import Pattern

_CHECKED_LINES = 100
_KEPT_LINES = 5
_KEPT_CHARS = 200
_TAIL_BYTES = 256


@dataclass(frozen=True, slots=True)
class Batch:
    """What one read found.

    Attributes:
        values: the numbers in order, NaN and infinities included.
        restarted: the file was truncated, rewritten or replaced: numbers of earlier batches no
            longer count, those of this batch do.
        more: there are bytes left to read now.
        steps: the step of each number, NaN where none was read before it; None if the pattern
            has no group for them.
    """

    values: tuple[float, ...]
    restarted: bool
    more: bool
    steps: tuple[float, ...] | None = None


class MetricFollower:
    """Reads the numbers of one file, each once, from where the last read ended.

    Nothing of the past is kept but an offset, an unfinished line, the last bytes and lines, and
    counts. No file stays open between reads. Not for use by several threads at once.

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
        self._identity: tuple[int, int] | None = None
        self._read_up_to: tuple[int, ...] | None = None
        self._forget()

    def read(self, *, ended: bool, limit_bytes: int = 1 << 20) -> Batch:
        """Return what is new in the file; a missing file has nothing new.

        Without news this costs one `stat`. A rewritten file is noticed by its identity, its size
        or its last bytes before the offset; a program may well write `0.92` over `0.91`.

        Args:
            ended: nothing will be written any more: a last line without newline counts too.
            limit_bytes: read about this many bytes at the most, at least 1.

        Raises:
            ReadError: there is something at the path, but no readable file; it may become one.
        """
        if limit_bytes < 1:
            raise ValueError(f"limit_bytes must be at least 1, got {limit_bytes}")
        try:
            if not self._has_news(ended=ended):
                return self._nothing
            # Without O_NONBLOCK, a pipe put there after the look would stop us.
            fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                return self._read_on(fd, ended=ended, limit_bytes=limit_bytes)
            finally:
                os.close(fd)
        except FileNotFoundError:
            self._identity = self._read_up_to = None
            return self._batch(b"", final=ended, restarted=False, more=False)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise self._unreadable(reason) from error

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
        if self._identity is None and not self._offset:
            return f"no file {path} to search for {pattern.text!r}: the command did not write it"
        state = "has only blank lines" if self._offset else "is empty"
        return f"{path} {state}, so there is no match of {pattern.text!r}"

    def _forget(self) -> None:
        self._offset = 0
        self._tail = b""
        self._splitter = LineSplitter()
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._count = 0
        self._not_finite: float | None = None
        self._pattern.forget()

    def _has_news(self, *, ended: bool) -> bool:
        status = os.stat(self._path)  # noqa: PTH116 - called often, and half the cost of Path.stat
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise self._unreadable(f"it is {kind}")
        # A change within one tick of the file system's clock shows in no status: after the end,
        # look into the file itself.
        return ended or _state(status) != self._read_up_to

    def _read_on(self, fd: int, *, ended: bool, limit_bytes: int) -> Batch:
        status = os.fstat(fd)
        restarted = self._offset > 0 and not self._continues(fd, status)
        if restarted:
            self._forget()
        data = os.pread(fd, limit_bytes, self._offset)
        self._identity = (status.st_dev, status.st_ino)
        self._offset += len(data)
        self._tail = (self._tail + data[-_TAIL_BYTES:])[-_TAIL_BYTES:]
        more = bool(data) and self._offset < status.st_size
        self._read_up_to = None if more else _state(status)
        return self._batch(data, final=ended and not more, restarted=restarted, more=more)

    def _continues(self, fd: int, status: os.stat_result) -> bool:
        """Tell whether this is the file that was read, with the last bytes read still in place.

        In a file that became shorter than the offset they are not.
        """
        return (status.st_dev, status.st_ino) == self._identity and os.pread(
            fd, len(self._tail), self._offset - len(self._tail)
        ) == self._tail

    def _batch(self, data: bytes, *, final: bool, restarted: bool, more: bool) -> Batch:
        values: list[float] = []
        steps: list[float] = []
        for lines in self._splitter.feed(data, final=final):
            if self._pattern.has_steps:
                found, their_steps = self._pattern.points_of(lines)
                values += found
                steps += their_steps
            else:
                values += self._pattern.values_of(lines)
            if self._to_check:
                self._check(lines)
            filled = list(islice((line for line in reversed(lines) if line.strip()), _KEPT_LINES))
            self._lines.extend(line[:_KEPT_CHARS] for line in reversed(filled))
        self._count += len(values)
        if final and self._count and self._pattern.has_steps and not self._pattern.in_steps:
            self.warning = self.warning or self._without_steps()
        if self._not_finite is None and not math.isfinite(sum(values)):
            self._not_finite = next((value for value in values if not math.isfinite(value)), None)
        return Batch(
            tuple(values),
            restarted=restarted,
            more=more,
            steps=tuple(steps) if self._pattern.has_steps else None,
        )

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

    def _unreadable(self, reason: str) -> ReadError:
        return ReadError(
            f"metric file {self._path!r} cannot be read: {reason}; location= of the reader must "
            "name a file that the command writes and you may read"
        )


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
