"""The studies in a folder and in those below it, the nearest first."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from automl.journal.folder import PLACE, StudyFolder, holds_study

NEAR = 3
"""So deep is looked where nobody said below which folder: a project, its parts, their studies."""

MOST_FOLDERS = 2000
"""So many folders are looked into then, which takes less than a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """What was found.

    Attributes:
        studies: none is inside of another.
        whole: whether all folders were looked into.
    """

    studies: list[StudyFolder]
    whole: bool

    def called(self, name: str | None) -> list[str]:
        """Return the paths, from here, of the studies of a name; of all without one."""
        return [
            os.path.relpath(study.path)
            for study in self.studies
            if name is None or study.path.name == name
        ]


def studies_below(place: Path, deepest: int, most_folders: int | None = None) -> Nearby:
    """Return the studies below a folder, or the one that it is.

    Args:
        place: the folder; links below it are not followed, nor are hidden folders.
        deepest: how many folders lie between the two at the most, that of the study included.
        most_folders: how many are looked into at the most; None for any number.
    """
    studies: list[StudyFolder] = []
    level, looked = [str(place)], 0
    for depth in range(deepest + 1):
        below: list[str] = []
        for path in level:
            if holds_study(path):
                studies.append(StudyFolder(Path(path).parent, Path(path).name))
            elif depth < deepest:
                looked += 1
                if most_folders is None or looked <= most_folders:
                    below += _folders_in(path)
        level = below
    return Nearby(studies, whole=most_folders is None or looked <= most_folders)


def _folders_in(place: str) -> Iterator[str]:
    """Give the folders of a folder, that of studies first."""
    try:
        with os.scandir(place) as entries:
            names = [
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            ]
    except OSError:
        return
    for name in sorted(names, key=lambda one: (one != PLACE, one)):
        yield f"{place}/{name}"
