"""Followers that are read by threads, and of files that are fetched."""

import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from automl.readers.follower import Follower
from automl.readers.kept import Keeping
from automl.readers.patterns.files import kept_files
from automl.readers.patterns.follower import PatternFollower
from automl.readers.patterns.launched import ANY, Launched
from automl.readers.reading_threads import ReadingThreads
from automl.readers.registry import follow
from automl.readers.remote.follower import RemoteFollower
from automl.readers.remote.object_fetch import ObjectFetch
from automl.study.objective import Objectives
from automl.study.tasks.reader import Reader

Fetches: TypeAlias = Mapping[str, ObjectFetch]
"""What fetches files from other machines, by metric."""

NO_FETCHES: Fetches = MappingProxyType({})


def fetched(follower: Follower, fetch: ObjectFetch, wake: Callable[[], None]) -> Follower:
    """Return a follower that reads what is fetched by one of its copy.

    Args:
        follower: reads the copy.
        fetch: fetches the file.
        wake: called from another thread once something was fetched.
    """
    fetch.wake = wake
    return RemoteFollower(follower, fetch)


def follow_beside(  # noqa: PLR0913 - each from another room
    threads: ReadingThreads,
    reader: Reader,
    path: str,
    study_folder: str,
    *,
    kept: str = "",
    outputs: Sequence[str] = (),
    objectives: Objectives | None = None,
    launched: Launched = ANY,
    fetch: ObjectFetch | None = None,
) -> Follower:
    """Return a follower that never holds its caller up.

    It is read by a thread, unless it is sure to be quick and its file is in the study's folder:
    were that on a disk that hangs, the journal would hang as well.

    Args:
        threads: read what may take long.
        reader: describes what is read.
        path: the file, or a pattern for it.
        study_folder: the study's folder.
        kept: where the file is kept once it was read to its end, empty if it need not be.
        outputs: as for `follow`.
        objectives: as for `follow`.
        launched: as for `follow`.
        fetch: fetches the file; None if it is here.
    """
    follower = follow(reader, path, outputs, objectives=objectives, launched=launched)
    if fetch:
        return threads.beside(fetched(follower, fetch, threads.wake))
    if kept:
        follower = Keeping(follower, _kept(follower, path, kept))
    if getattr(follower, "quick", False) and _is_below(path, study_folder):
        return follower
    return threads.beside(follower)


def _kept(follower: Follower, path: str, kept: str) -> Callable[[], Mapping[str, str]]:
    """Return what tells where each file is kept once it was read."""
    if isinstance(follower, PatternFollower):
        several = follower
        return lambda: kept_files(path, kept, several.paths)
    return lambda: {path: kept}


def _is_below(path: str, folder: str) -> bool:
    """Tell whether a path leads into a folder, as it is written."""
    if path.startswith(f"{folder}{os.sep}") and ".." not in path:
        return True
    return os.path.normpath(path).startswith(os.path.normpath(folder) + os.sep)
