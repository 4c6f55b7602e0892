"""A study on disk, running or not, to read and to ask things of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from automl.errors import SpecError
from automl.inside.attrs import attrs_in
from automl.journal.asking.asker import Door
from automl.journal.folder import StudyFolder, place_of
from automl.journal.holder import Holder, find_holder, last_opening
from automl.journal.snapshot import StudySnapshot
from automl.journal.tail import NoJournalError, Tail
from automl.registry import did_you_mean
from automl.spelling.spelling import spelled
from automl.studies.on_disk.summary import state_of, summary_of
from automl.studies.study_requests import StudyRequests
from automl.studies.view import Snapshot, StudyView
from automl.study.description import objectives_from, space_from
from automl.study.ranking.curve import Curve

_LISTED = 20


def open_study(
    name: str, study_dir: str | os.PathLike[str] | None = None, door: Door = Door.SCRIPT
) -> Study:
    """Return a study on disk.

    Args:
        name: the study's name, which is its folder's.
        study_dir: where study folders are; `automl_studies` in the current directory.
        door: by which way requests come.

    Raises:
        SpecError: there is none of that name; the message names those that there are.
    """
    place = place_of(study_dir)
    if not isinstance(name, str) or name in {"", ".."} or Path(name).name != name:
        raise SpecError(f"name must be the plain name of a study's folder, got {name!r}")
    if not _is_study(place / name):
        raise SpecError(_missing(name, place))
    return Study(StudyFolder(place, name), door)


class Study(StudyView, StudyRequests):
    """A study on disk; `open_study` makes it.

    Each question looks at the journal anew, so a running study shows how far it is; only what was
    added since the last look is read. The study's files are only read, but for requests, which are
    lines added to `control.jsonl`.

    Args:
        folder: the study's.
        door: by which way requests come.

    Attributes:
        folder: the paths of its files.
    """

    def __init__(self, folder: StudyFolder, door: Door = Door.SCRIPT) -> None:
        self.folder = folder
        self._door = door
        self._tail = Tail(folder.journal)
        self._curves_tail: Tail | None = None
        # Making a space of its description takes longer than a look at the journal.
        self._seen: tuple[StudySnapshot, Snapshot] | None = None

    def __repr__(self) -> str:
        return f"open_study({self.folder.path.name!r}, {str(self.folder.path.parent)!r})"

    def __str__(self) -> str:
        return self.summary

    @property
    def state(self) -> str:
        """One of running, complete, paused (some are left to do), died (its controller did), new.

        A paused or died study goes on when its script is started again.
        """
        return state_of(self._read(), self._holder())

    @property
    def summary(self) -> str:
        """What `print` shows: place, who runs it, trials by state, those that run, the best."""
        return summary_of(self.folder, self._snapshot(), self._read(), self._holder())

    def _holder(self) -> Holder | None:
        now = self._read()
        return find_holder(self.folder, last_opening(now.latest, closed=now.closed is not None))

    def _read(self) -> StudySnapshot:
        """Return what the journal tells now; only what was added to it is read."""
        return self._look(self._tail)

    def _look(self, tail: Tail) -> StudySnapshot:
        try:
            return tail.look()
        except NoJournalError:
            raise SpecError(_missing(self.folder.path.name, self.folder.path.parent)) from None

    def _snapshot(self) -> Snapshot:
        state = self._read()
        if self._seen is None or self._seen[0] is not state:
            self._seen = state, self._described(state)
        return self._seen[1]

    def _described(self, state: StudySnapshot) -> Snapshot:
        described = state.latest.study if state.latest else {}
        return Snapshot(
            name=self.folder.path.name,
            space=space_from(described) if described else None,
            objectives=objectives_from(described),
            trials=list(state.trials.values()),
        )

    def _notes(self, now: Snapshot) -> Mapping[int, Mapping[str, Any]]:
        noted = {one.id: attrs_in(self.folder.trial(one.id).path) for one in now.trials}
        return {trial_id: attrs for trial_id, attrs in noted.items() if attrs}

    def _curves(self) -> Mapping[int, Curve]:
        if self._curves_tail is None:
            # Of its own, as measurements may take many times the memory of all else.
            self._curves_tail = Tail(self.folder.journal, curves=True)
        return self._look(self._curves_tail).curves or {}


def _is_study(folder: Path) -> bool:
    return (folder / "journal.jsonl").is_file()


def _missing(name: object, place: Path) -> str:
    elsewhere = f"give {spelled('study_dir')} another"
    try:
        found = sorted(folder.name for folder in place.iterdir() if _is_study(folder))
    except OSError:
        return f"there is no study {name!r}: there is no folder {place}; {elsewhere}"
    if not found:
        return f"there is no study {name!r}: {place} has none at all; {elsewhere}"
    listed = ", ".join(found[:_LISTED])
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    near = did_you_mean(str(name), found)
    return f"there is no study {name!r} in {place}{near}; studies there: {listed}{more}"
