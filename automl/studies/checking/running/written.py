"""Files that a program wrote while it ran, where a metric may be that is looked for elsewhere."""

import os
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from automl.inside.files import WRITTEN_INSIDE
from automl.journal.folder import Place, TrialFolder
from automl.launch.written.written_file import FOLDER
from automl.studies.checking.running.chosen import ChosenTrial

MOST_ENTRIES = 5000
"""So many names are looked at, in all."""

MOST_FILES = 8
"""So many files are returned."""

_DEEP = 4
_LOOKED_AT_BYTES = 4096
_LARGEST = 64 << 20
_SKIPPED = {"automl_studies", "node_modules", "__pycache__", "site-packages"}


def written_by(chosen: ChosenTrial, since_ns: int) -> list[str]:
    """Return what else the trial wrote, but for what automl writes into its folder."""
    paths = chosen.paths
    own = {
        getattr(paths, name) for name, one in vars(TrialFolder).items() if isinstance(one, Place)
    }
    own |= {f"{paths.path}/{name}" for name in WRITTEN_INSIDE}
    folders = [paths.path, chosen.spec.cwd, *map(os.path.dirname, chosen.outside)]
    wanted = list(chosen.files.values())
    return [
        path
        for path in written_since(folders, since_ns, wanted)
        if path not in own and not path.startswith(f"{paths.path}/{FOLDER}/") and path not in wanted
    ]


def written_since(folders: Iterable[str], since_ns: int, wanted: Iterable[str]) -> list[str]:
    """Return the files below some folders that were written since, the likeliest first.

    Args:
        folders: where to look, some folders deep; hidden ones are left out.
        since_ns: nanoseconds since 1970.
        wanted: the metric files that are described, whose like comes first.
    """
    names = {PurePath(path).name for path in wanted}
    endings = {PurePath(path).suffix for path in wanted}
    found: dict[str, None] = {}
    left = [MOST_ENTRIES]
    for folder in dict.fromkeys(folders):
        found |= dict.fromkeys(_walk(folder, since_ns, _DEEP, left))

    def likely(path: str) -> tuple[bool, bool, str]:
        return PurePath(path).name not in names, PurePath(path).suffix not in endings, path

    return sorted(found, key=likely)[:MOST_FILES]


def _walk(folder: str, since_ns: int, deep: int, left: list[int]) -> Iterator[str]:
    inner: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for one in entries:
                left[0] -= 1
                if left[0] < 0:
                    return
                if one.name.startswith(".") or one.is_symlink() or one.name in _SKIPPED:
                    continue
                if one.is_dir(follow_symlinks=False):
                    inner.append(one.path)
                elif _is_new(one, since_ns):
                    yield one.path
    except OSError:
        return
    for path in inner if deep else ():
        yield from _walk(path, since_ns, deep - 1, left)


def _is_new(entry: os.DirEntry[str], since_ns: int) -> bool:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    new = status.st_mtime_ns >= since_ns and 0 < status.st_size <= _LARGEST
    return new and entry.is_file(follow_symlinks=False) and _is_text(entry.path)


def _is_text(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a text
            return b"\0" not in file.read(_LOOKED_AT_BYTES)
    except OSError:
        return False
