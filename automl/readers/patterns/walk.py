"""The files that a pattern such as `runs/*/metrics.jsonl` names."""

import fnmatch
import os
import re
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from automl.errors import may_pass

MOST_ENTRIES = 1_000_000
"""So many entries of folders are looked at, so that a look ends whatever is below the folder."""

_MAGIC = re.compile(r"[*?\[]")
_DEEP = "**"


@dataclass(frozen=True, slots=True)
class Match:
    """A file that a pattern names.

    Attributes:
        path: the file.
        written_ns: when it was written last, in nanoseconds since 1970.
        changed_ns: when it was changed, moved or copied there last, which no program can set.
    """

    path: str
    written_ns: int
    changed_ns: int


@dataclass(slots=True)
class Walk:
    """Looks once for the files that a pattern names.

    What is there under the very name of a part is that part, whatever characters it has. As in a
    shell, no `*` stands for a name that begins with a point; `**` stands for any folders, none
    that a link leads to.

    Args:
        pattern: an absolute path.
        avoided: folders into which no `*` leads, by whatever name.

    Attributes:
        ended_early: whether there was more than is looked at.
    """

    pattern: str
    avoided: Collection[str] = ()
    ended_early: bool = False
    _left: int = MOST_ENTRIES
    _avoided: Collection[tuple[int, int] | None] = ()

    def matches(self) -> list[Match]:
        """Return the files, each once, in the order in which they were written.

        Raises:
            OSError: the machine cannot tell now, such as with too many open files.
        """
        self._avoided = {_identity(one) for one in self.avoided} - {None}
        found: dict[str, Match] = {}
        for path in self._paths():
            match = _match(path)
            if match:
                found[path] = match
        return sorted(found.values(), key=lambda one: (one.written_ns, one.path))

    def _paths(self) -> Iterator[str]:
        fixed, rest = split(self.pattern)
        waiting = [(fixed, tuple(rest))]
        while waiting:
            folder, parts = waiting.pop()
            if not parts:
                yield folder
                continue
            waiting += self._below(folder, parts)

    def _below(self, folder: str, parts: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        part, rest = parts[0], parts[1:]
        if part == _DEEP:
            # At the end it stands for all files below.
            yield folder, rest or ("*",)
            for entry in self._entries(folder):
                if not entry.name.startswith(".") and _is_folder(entry):
                    yield from self._into(entry.path, parts)
            return
        path = f"{folder.rstrip('/')}/{part}"
        if not _MAGIC.search(part) or os.path.lexists(path):
            yield path, rest
            return
        fits = re.compile(fnmatch.translate(part)).match
        for entry in self._entries(folder):
            hidden = entry.name.startswith(".") and not part.startswith(".")
            if not hidden and fits(entry.name):
                yield from self._into(entry.path, rest)

    def _into(self, path: str, parts: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        # A file, for which no part is left, is in no such folder.
        if not (parts and self._avoided) or _identity(path) not in self._avoided:
            yield path, parts

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        found = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._left -= 1
                    if self._left < 0:
                        self.ended_early = True
                        break
                    found.append(entry)
        except OSError as error:
            if may_pass(error.errno):
                raise
        return found


def split(pattern: str) -> tuple[str, Sequence[str]]:
    """Return the folder that a pattern begins with, and the parts behind it that may differ.

    A part that is there under its very name is of the folder.

    >>> split("/tmp/*/log")
    ('/tmp', ['*', 'log'])
    """
    parts = [part for part in pattern.split("/") if part not in {"", "."}]
    fixed = ""
    for at, part in enumerate(parts):
        if _MAGIC.search(part) and not os.path.lexists(f"{fixed}/{part}"):
            return fixed or "/", parts[at:]
        fixed = f"{fixed}/{part}"
    return fixed or "/", []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _identity(path: str) -> tuple[int, int] | None:
    """Return what a folder is by all its names, None if it is not there."""
    status = _status(path)
    return (status.st_dev, status.st_ino) if status else None


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)  # noqa: PTH116 - of many files
    except OSError as error:
        if may_pass(error.errno):
            raise
        return None


def _match(path: str) -> Match | None:
    status = _status(path)
    if not (status and stat.S_ISREG(status.st_mode)):
        return None
    return Match(path, status.st_mtime_ns, status.st_ctime_ns)
