"""Reads the numbers of a tag from one event file, while it grows."""

import math

from automl.errors import ReadError
from automl.readers.advice.likeness import nearest_first
from automl.readers.event_files.events import Scalar, scalars
from automl.readers.event_files.message import MessageError
from automl.readers.event_files.records import Records
from automl.readers.follow import unreadable
from automl.readers.follower import NO_NEWS, Look, Points
from automl.readers.tail import NOTHING, FileTail, Left
from automl.study.tasks.location import name_pattern

_SHOWN = 5
_MOST_TAGS = 1000


class EventFollower:
    """Reads one tag of one file.

    Args:
        metric: what its numbers are called.
        tag: the tag; `*` stands for any characters in it, and `?` for one.
        path: the file; it need not exist yet.
    """

    def __init__(self, metric: str, tag: str, path: str) -> None:
        self._metric = metric
        self._tag = tag
        self._path = path
        self._matching = name_pattern(tag)
        self._plain = not {"*", "?"} & set(tag)
        self._tail = FileTail(path)
        self._superseded = False
        self._values: list[float] = []
        self._count = 0
        self._not_finite: float | None = None
        self._begin()

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new.

        Raises:
            ReadError: it cannot be read, or several tags match.
        """
        try:
            piece = self._tail.read(ended=ended, limit_bytes=limit_bytes)
        except (OSError, ValueError) as error:
            raise unreadable(self._path, error) from error
        if piece == NOTHING and not ended:
            return self._unless_ambiguous(NO_NEWS)
        if piece.left:
            self._begin()
            self._superseded = self._superseded or piece.left is Left.REPLACED
        found = self._found(piece.data)
        points = {self._metric: self._points(found)} if found else {}
        if not (points or piece.more or self._damage):
            return self._unless_ambiguous(NO_NEWS)
        return self._unless_ambiguous(Look(points, piece.more, left_out=self._damage))

    def _unless_ambiguous(self, look: Look) -> Look:
        if self._ambiguous:
            raise ReadError(self._ambiguous)
        return look

    def problem(self) -> str:
        """Return why there is no usable number, for a file that was read to its end."""
        if self._ambiguous or (self._damage and not self._count):
            return self._ambiguous or self._damage
        if self._not_finite is not None:
            return f"tag {self._tag!r} is {self._not_finite} in {self._path}"
        if self._count:
            return f"tag {self._tag!r} has {self._count} numbers in {self._path}, all finite"
        if not self._tail.seen:
            return f"no file {self._path} to read tag {self._tag!r}: the command did not write it"
        if not self._others:
            return f"no number of any tag in {self._path}, which has {self._records.count} records"
        shown = ", ".join(map(repr, nearest_first(self._others, self._tag)[:_SHOWN]))
        return f"no tag {self._tag!r} in {self._path}; it has {shown}"

    def close(self) -> None:
        """No file stays open between two looks."""

    def _begin(self) -> None:
        """Begin with another content."""
        self._records = Records()
        self._damage = ""
        self._matched = ""
        self._ambiguous = ""
        self._others: dict[str, None] = {}

    def _found(self, data: bytes) -> list[Scalar]:
        found = []
        try:
            # All are looked at as long as it is to be told which tags there are.
            wanted = self._tag.encode() if self._plain and self._matched else b""
            for record in self._records.feed(data, wanted):
                found += [one for one in scalars(record) if self._is_meant(one.tag)]
        except MessageError as error:
            self._records.damaged = f"record {self._records.count} is damaged: {error}"
        if self._records.damaged:
            self._damage = f"{self._path}: {self._records.damaged}; what follows was left out"
        return found

    def _is_meant(self, tag: str) -> bool:
        if not self._matching.fullmatch(tag):
            if len(self._others) < _MOST_TAGS:
                self._others.setdefault(tag)
            return False
        if self._matched not in ("", tag):
            self._ambiguous = (
                f"tag {self._tag!r} names several in {self._path}: {self._matched!r} and {tag!r}; "
                "name one"
            )
        self._matched = tag
        return True

    def _points(self, found: list[Scalar]) -> Points:
        restarted, self._superseded = self._superseded, False
        if restarted:
            self._count, self._not_finite = 0, None
        self._count += len(found)
        values = tuple(one.value for one in found)
        if self._not_finite is None:
            self._not_finite = next((one for one in values if not math.isfinite(one)), None)
        return Points(values, tuple(float(one.step) for one in found), restarted)
