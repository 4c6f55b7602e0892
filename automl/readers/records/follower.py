"""A file of records that is read while it grows or is written anew."""

import codecs
import math

from automl.errors import ReadError
from automl.readers.follow import unreadable
from automl.readers.follower import NO_MATCH_YET, NO_NEWS, Look, Points
from automl.readers.records.parser import Found, MakeParser
from automl.readers.sighting import Sighting, Tell
from automl.readers.tail import NOTHING, FileTail, Left, Piece
from automl.readers.text.encoding import Encoding

_PATIENT_LOOKS = 5
"""So many looks that bring records without a number are borne before that is told."""


class RecordFollower:
    """Reads the numbers of one file of records.

    Numbers of a file that was rewritten or replaced count until the new content has given its
    first; with `keeps_versions`, those of the new content are added to them.

    Args:
        metric: what the numbers are called.
        sought: what is looked for, as messages call it.
        path: the file; it need not exist yet.
        make: makes what takes the numbers out of a content.
        keeps_versions: whether the numbers of a content that was written over still count.
    """

    def __init__(
        self, metric: str, sought: str, path: str, make: MakeParser, *, keeps_versions: bool = False
    ) -> None:
        self._metric = metric
        self._sought = sought
        self._path = path
        self._make = make
        self._keeps_versions = keeps_versions
        self._tail = FileTail(path)
        self._tell: Tell | None = None
        self._superseded = False
        self._count = self._looks = self._records = 0
        self._not_finite: float | None = None
        self._told: dict[str, str] = {}
        self._begin()

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new in the file."""
        try:
            piece = self._tail.read(ended=ended, limit_bytes=limit_bytes)
        except (OSError, ValueError) as error:
            raise unreadable(self._path, error) from error
        if piece == NOTHING and not ended:
            return NO_NEWS
        if piece.left:
            self._begin()
            if piece.left is Left.REPLACED and not self._keeps_versions:
                self._superseded = True
        found = self._found(piece, final=ended and not (piece.more or piece.missing))
        warnings = self._warnings(found, ended=ended)
        points = self._points(found) if found else {}
        if not (points or piece.more or warnings or self._left_out):
            return NO_NEWS
        return Look(points, piece.more, warnings, self._left_out)

    def watch(self, tell: Tell) -> None:
        """Tell from now on where each number stands."""
        self._tell = tell

    def problem(self) -> str:
        """Return why there is no usable number, for a file that was read to its end."""
        if self._not_finite is not None:
            return f"{self._sought} is {self._not_finite} in {self._path}"
        if self._count:
            return f"{self._sought} gave {self._count} numbers in {self._path}, all of them finite"
        if self._left_out:
            return self._left_out
        if not self._tail.seen:
            return f"no file {self._path} to read {self._sought}: the command did not write it"
        if not self._tail.size_bytes:
            return f"{self._path} is empty, so there is no {self._sought}"
        return self._parser.silence(self._path)

    def close(self) -> None:
        """No file stays open between two looks."""

    @property
    def _left_out(self) -> str:
        reason = self._encoding.damaged or self._parser.left_out
        return f"{self._path}: {reason}" if reason else ""

    def _begin(self) -> None:
        """Begin with another content."""
        self._parser = self._make()
        self._encoding = Encoding()
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._records = 0

    def _found(self, piece: Piece, *, final: bool) -> list[Found]:
        data = self._encoding.utf8(piece.data, final=final)
        text = self._decoder.decode(data, final)
        try:
            return list(self._parser.feed(text, final=final, more=piece.more))
        except MemoryError as error:
            raise ReadError(f"there is no memory to read {self._path}") from error

    def _points(self, found: list[Found]) -> dict[str, Points]:
        restarted, self._superseded = self._superseded, False
        if restarted:
            self._count, self._not_finite = 0, None
        self._count += len(found)
        for one in found:
            if self._not_finite is None and not math.isfinite(one.value):
                self._not_finite = one.value
            if self._tell:
                self._tell(Sighting(self._path, one.line, one.text, None, one.value, one.step))
        steps = tuple(one.step for one in found) if self._parser.has_steps else None
        return {self._metric: Points(tuple(one.value for one in found), steps, restarted)}

    def _warnings(self, found: list[Found], *, ended: bool) -> dict[str, str]:
        """Return what to tell; of silence, once records came in several looks."""
        new = self._parser.records > self._records
        self._records = self._parser.records
        if found or self._count:
            self._told.clear()
        elif new and not ended:
            self._looks += 1
            if self._looks >= _PATIENT_LOOKS and not self._told:
                why = self._parser.silence(self._path)
                self._told[NO_MATCH_YET] = f"{why}. All is well if it comes later"
        return {**self._parser.warnings, **self._told}
