"""The studies of a folder, for who names none of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from automl.errors import SpecError
from automl.journal.asking.asker import Door
from automl.journal.folder import StudyFolder, holds_study, is_set_aside, place_of
from automl.spelling.spelling import spelled
from automl.studies.on_disk.quickly_told import standing_of
from automl.studies.study import Study, open_study

_LISTED = 20


class Studies(Mapping[str, Study]):
    """The studies of a folder by name, the one that was written to last first.

    `print` lists them with their state and their best value.

    Args:
        place: the folder.
        names: of the studies, in that order.
        aside: how many more there are that `fresh=True` set aside.
    """

    def __init__(self, place: Path, names: list[str], aside: int = 0) -> None:
        self._place = place
        self._names = names
        self._aside = aside

    def __getitem__(self, name: str) -> Study:
        if name not in self._names:
            raise KeyError(name)
        return open_study(name, self._place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"open_study(study_dir={str(self._place)!r})"

    def __str__(self) -> str:
        shown = self._names[:_LISTED]
        width = max(map(len, shown))
        lines = [f"{len(self)} studies in {self._place}:"]
        lines += [f"  {name:<{width}}  {_line(StudyFolder(self._place, name))}" for name in shown]
        if more := len(self) - len(shown):
            lines.append(f"  and {more} more")
        if self._aside:
            lines.append(f"  ({self._aside} more set aside, named ...old-...)")
        return "\n".join([*lines, f"open_study({shown[0]!r}) reads one of them"])


def find_study(
    name: str | None = None,
    study_dir: str | os.PathLike[str] | None = None,
    door: Door = Door.SCRIPT,
) -> Study | Studies:
    """Return a study by name; without one, the only study of a folder, or all of them.

    Args:
        name: the study's.
        study_dir: the folder.
        door: by which way requests come.

    Those that `fresh=True` set aside count only where there is no other.

    Raises:
        SpecError: there is none.
    """
    if name is not None:
        return open_study(name, study_dir, door)
    place = place_of(study_dir)
    known = studies_in(place)
    names = [one for one in known if not is_set_aside(one)] or known
    if not names:
        raise SpecError(
            f"there is no study in {place}; start one, or give {spelled('study_dir')} the "
            "folder that holds the folders of studies"
        )
    if len(names) == 1:
        return open_study(names[0], place, door)
    return Studies(place, names, len(known) - len(names))


def studies_in(place: Path) -> list[str]:
    """Return the names of the studies of a folder, the one that was written to last first."""
    try:
        names = [one.name for one in place.iterdir() if holds_study(str(one))]
    except OSError:
        return []
    return sorted(names, key=lambda name: (-StudyFolder(place, name).written_at, name))


def _line(folder: StudyFolder) -> str:
    """Return how a study stands, in a few words."""
    now = standing_of(folder)
    if now.totals is None:
        return f"{now.state}: {now.problem}"
    ended = now.totals.ended
    words = [now.state, f"{ended} trial{'s' * (ended != 1)} ended"]
    if now.totals.best is not None:
        words.append(f"best {now.totals.metric} {now.totals.best}")
    return ", ".join(words)
