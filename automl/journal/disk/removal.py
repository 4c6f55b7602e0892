"""Removing what lies below a folder: never through a link, never what is mounted there."""

import errno
import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

Parts: TypeAlias = tuple[str, ...]
"""A path below the folder, or a pattern of such paths, part by part; `**` is any number of them."""

MOST_DEEP = 200
"""So many folders one below the other are gone into: each one holds a file open."""

_BLOCK_BYTES = 512
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK

_NOT_OURS = {errno.EBUSY: "something is mounted there", errno.ENOTEMPTY: ""}


@dataclass(slots=True)
class Removed:
    """What became of a removal.

    Attributes:
        names: what was removed as a whole, a file or a folder, as paths below the folder.
        size_bytes: how much of the disk that freed.
        left: what could not be removed, and why.
    """

    names: list[str] = field(default_factory=list)
    size_bytes: int = 0
    left: dict[str, str] = field(default_factory=dict)


class Interrupted(Exception):  # noqa: N818 - no error
    """Whoever asked for the removal wants no more of it."""


def remove_below(
    folder: int,
    patterns: Iterable[Parts],
    spared: Iterable[Parts] = (),
    step: Callable[[Callable[[], None]], None] = lambda remove: remove(),
) -> Removed:
    """Remove all that matches a pattern below a folder.

    A link is removed and not followed, also one that somebody puts there meanwhile. What is on
    another file system, or mounted there, stays.

    Args:
        folder: a descriptor of the folder, which stays.
        patterns: what is removed, with all that is in it; as in a shell, `*` is no name that
            begins with a dot.
        spared: what stays although a pattern names it, or a folder that it is in.
        step: does one removal, which takes one call of the system; it may raise `Interrupted`.

    Returns:
        What was removed, also where `step` raised `Interrupted`.
    """
    walk = _Walk(_mount(folder), frozenset(spared), step)
    with suppress(Interrupted):
        walk.go(folder, (), list(patterns))
    return walk.done


@dataclass(slots=True)
class _Walk:
    mount: tuple[int, int]
    spared: frozenset[Parts]
    step: Callable[[Callable[[], None]], None]
    done: Removed = field(default_factory=Removed)

    def go(self, folder: int, path: Parts, patterns: list[Parts]) -> None:
        """Remove what matches in a folder and below it."""
        for name in _listed(folder):
            here = (*path, name)
            further = [rest for one in patterns for rest in _after(one, name)]
            if here in self.spared or not further:
                continue
            if () in further:
                if self._remove(folder, here):
                    self.done.names.append("/".join(here))
            else:
                self._inside(folder, here, further)

    def _inside(self, folder: int, path: Parts, patterns: list[Parts]) -> None:
        """Go on in a folder; what is none, or not of this file system, is passed over."""
        try:
            inner = os.open(path[-1], _FOLDER, dir_fd=folder)
        except OSError:
            return
        try:
            if _mount(inner) == self.mount and len(path) < MOST_DEEP:
                self.go(inner, path, patterns)
        finally:
            os.close(inner)

    def _remove(self, folder: int, path: Parts) -> bool:
        """Remove a file, a link, or a folder with all that is in it; tell whether it is gone."""
        if path in self.spared:
            return False
        try:
            found = os.stat(path[-1], dir_fd=folder, follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode):
                if not self._empty(folder, path):
                    return False
                self.step(lambda: os.rmdir(path[-1], dir_fd=folder))
            else:
                self.step(lambda: os.unlink(path[-1], dir_fd=folder))
        except FileNotFoundError:
            return False
        except OSError as error:
            why = _NOT_OURS.get(error.errno or 0, error.strerror)
            if why:
                self.done.left["/".join(path)] = why
            return False
        if found.st_nlink == 1 or stat.S_ISDIR(found.st_mode):
            self.done.size_bytes += found.st_blocks * _BLOCK_BYTES
        return True

    def _empty(self, folder: int, path: Parts) -> bool:
        """Remove all that is in a folder; tell whether it is empty now.

        Raises:
            OSError: it cannot be looked into, or became something else meanwhile.
        """
        if len(path) >= MOST_DEEP:
            self.done.left["/".join(path)] = f"more than {MOST_DEEP} folders deep"
            return False
        inner = os.open(path[-1], _FOLDER, dir_fd=folder)
        try:
            if _mount(inner) != self.mount:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
            gone = [self._remove(inner, (*path, name)) for name in _listed(inner)]
        finally:
            os.close(inner)
        return all(gone)


def _listed(folder: int) -> list[str]:
    return sorted(os.listdir(folder))


def _mount(folder: int) -> tuple[int, int]:
    """Return what tells one mounted file system from another, and its mounts from each other."""
    device = os.fstat(folder).st_dev
    try:
        with open(f"/proc/self/fdinfo/{folder}", encoding="ascii") as file:  # noqa: PTH123
            found = re.search(r"^mnt_id:\s*(\d+)", file.read(), re.MULTILINE)
    except OSError:
        found = None
    return device, int(found[1]) if found else -1


def _after(pattern: Parts, name: str) -> list[Parts]:
    """Return what is left to match below a name that matches the beginning of a pattern."""
    first, rest = pattern[0], pattern[1:]
    if first != "**":
        return [rest] if _matcher(first)(name) else []
    if name.startswith("."):
        return _after(rest, name) if rest else []
    return [()] if not rest else [pattern, *_after(rest, name)]


@lru_cache(maxsize=256)
def _matcher(part: str) -> Callable[[str], bool]:
    matches = re.compile(fnmatch.translate(part)).match
    hidden = part.startswith(".")
    return lambda name: bool(matches(name)) and (hidden or not name.startswith("."))
