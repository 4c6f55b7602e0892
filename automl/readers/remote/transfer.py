"""Looking at an object, and bringing the copy of it up to date; in a process that fetches."""

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from automl.readers.content import EDGE_BYTES
from automl.readers.remote.notes import Before, Version
from automl.readers.remote.store import Store
from automl.readers.remote.version import alike, md5_of
from automl.readers.tail import END_BYTES, SMALL_BYTES

MOST_BYTES = 1 << 30
"""A larger object is not fetched."""

SETTLED_S = 1.1
"""Seconds after which whatever is written has another time than what is there now."""

_PIECE_BYTES = 8 << 20

Progress = Callable[[], None]
"""Is called as bytes come in."""


class TooLargeError(ValueError):
    """An object is larger than what is fetched."""


class State(StrEnum):
    """What became of a fetch."""

    ABSENT = "absent"
    """There is no object."""

    OLD = "old"
    """It is what was there before the launch."""

    SAME = "same"
    """It is what was fetched before."""

    NEW = "new"
    """The copy has what is there now."""

    CHANGING = "changing"
    """It was written while it was read, or cut short: the next fetch may get it whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The copy of an object as it is.

    Attributes:
        version: that of the object; None while there is no copy.
        size_bytes: that of the copy.
        proved: whether all of it is known to be that of the object.
    """

    version: Version | None = None
    size_bytes: int = 0
    proved: bool = False


NO_COPY = Copied()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A fetch that is asked for.

    Attributes:
        target: where the copy is.
        before: what was there before the launch.
        copied: the copy as it is.
        last: nothing will be written any more, so the copy must be all of the object.
    """

    target: str
    before: Before
    copied: Copied = NO_COPY
    last: bool = False


def noted(store: Store, sleep: Callable[[float], None] = time.sleep) -> Version | None:
    """Return what is there before a launch, with a digest where the store's word is not enough.

    Raises:
        Exception: as the store's package has it.
    """
    if store.version() is None:
        return None
    # What the launch writes in the same second would have the same time.
    sleep(SETTLED_S)
    version = store.version()
    if version is None or version["exact"] or (version["size"] or 0) > END_BYTES:
        return version
    content = store.files.cat_file(store.path)
    return {**version, "digest": _digest(content)}


def fetched(store: Store, wanted: Wanted, progress: Progress) -> tuple[State, Copied]:
    """Bring the copy up to date; return what became of it.

    Raises:
        Exception: as the store's package has it, or OSError where the copy cannot be written.
    """
    copied, before = wanted.copied, wanted.before.version
    version = store.version()
    if version is None:
        return State.ABSENT, copied
    untold = not version["marks"]
    sure = version["exact"] or not (wanted.last or untold)
    if alike(version, before) and (sure or "digest" not in (before or {})):
        return State.OLD, copied
    if alike(version, copied.version) and sure and (copied.proved or not wanted.last):
        return State.SAME, copied
    if (version["size"] or 0) > MOST_BYTES:
        raise TooLargeError(f"it has more than {MOST_BYTES >> 20} MiB, the most that is fetched")
    grown = _grown(store, version, wanted, progress)
    if grown is not None:
        return State.NEW, grown
    return _whole(store, version, wanted, progress)


def _whole(
    store: Store, version: Version, wanted: Wanted, progress: Progress
) -> tuple[State, Copied]:
    """Fetch all of an object, and put it in the place of the copy once it is all there."""
    part = f"{wanted.target}.part"
    Path(part).parent.mkdir(parents=True, exist_ok=True)
    try:
        store.files.get_file(store.path, part, callback=_callback(progress))
        size = Path(part).stat().st_size
        if version["size"] not in {None, size} or not alike(store.version(), version):
            return State.CHANGING, wanted.copied
        before = wanted.before.version or {}
        if alike(version, wanted.before.version) and before.get("digest") == _digest_of(part):
            return State.OLD, wanted.copied
        os.replace(part, wanted.target)  # noqa: PTH105 - as text
    except FileNotFoundError:
        return State.CHANGING, wanted.copied
    finally:
        Path(part).unlink(missing_ok=True)
    return State.NEW, Copied(version=version, size_bytes=size, proved=True)


def _grown(store: Store, version: Version, wanted: Wanted, progress: Progress) -> Copied | None:
    """Fetch what an object has more than its copy; None if that cannot be told to be all."""
    copied, size = wanted.copied, version["size"]
    path = Path(wanted.target)
    on_disk = path.stat().st_size if path.exists() else -1
    worth = size is not None and SMALL_BYTES < copied.size_bytes < size
    again = wanted.last and size is not None and size <= END_BYTES and not md5_of(version)
    if not worth or again or on_disk != copied.size_bytes:
        return None
    start = copied.size_bytes - EDGE_BYTES
    with path.open("rb") as file:
        head = file.read(EDGE_BYTES)
        file.seek(start)
        edge = file.read(EDGE_BYTES)
    data = _range(store, start, size, progress)
    same = data is not None and data[: len(edge)] == edge and _range(store, 0, EDGE_BYTES) == head
    if data is None or not same or not alike(store.version(), version):
        return None
    new, md5 = data[len(edge) :], md5_of(version)
    if md5 and _md5(path, new) != md5:
        return None
    with path.open("ab") as file:
        file.write(new)
    return Copied(version=version, size_bytes=size, proved=bool(md5) or wanted.last)


def _range(store: Store, start: int, end: int, progress: Progress = lambda: None) -> bytes | None:
    """Return bytes of an object, None if the store gives others than those asked for."""
    pieces = []
    for place in range(start, end, _PIECE_BYTES):
        upto = min(place + _PIECE_BYTES, end)
        piece = store.files.cat_file(store.path, start=place, end=upto)
        if len(piece) != upto - place:
            return None
        pieces.append(piece)
        progress()
    return b"".join(pieces)


def _callback(progress: Progress) -> object:
    from fsspec.callbacks import Callback  # noqa: PLC0415 - only in a process that fetches

    class Counting(Callback):  # type: ignore[misc] # fsspec has no types
        def relative_update(self, inc: int = 1) -> None:
            super().relative_update(inc)
            if self.value > MOST_BYTES:
                raise TooLargeError(f"it has more than {MOST_BYTES >> 20} MiB")
            progress()

    return Counting()


def _md5(path: Path, more: bytes) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    digest.update(more)
    return digest.hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _digest_of(path: str) -> str:
    return _digest(Path(path).read_bytes())
