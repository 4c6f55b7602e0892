"""The note in a trial's folder that tells which launch it is of: `launch.json`.

A folder may be older than the journal beside it, which was lost or cut, or come from elsewhere. So
nothing in it is believed before its note was compared with what the journal tells.
"""

import json
from dataclasses import dataclass, replace
from enum import Enum, auto

from automl.study.trial import Trial


class Said(Enum):
    """What the note in a folder says of a launch."""

    THIS = auto()
    """The folder is that of this very launch."""

    BEFORE = auto()
    """It is that of an earlier attempt at the same trial."""

    NOTHING = auto()
    """There is no note, as in folders of earlier releases."""

    OTHER = auto()
    """It is that of another launch, or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchNote:
    """Which launch a folder is of.

    Attributes:
        uid: the study's own id.
        trial: the trial's number.
        attempt: the number of the launch, from 1.
        params: a digest of the values.
        goal: how far it was to go, with which seed, and whose checkpoint it continues.
        place: the real path of the study's folder.
    """

    uid: str
    trial: int
    attempt: int
    params: str
    goal: str
    place: str

    @property
    def mark(self) -> str:
        """What every process of the launch carries in its environment."""
        return f"{self.uid}:{self.trial}"

    def text(self) -> str:
        """Return the file's content."""
        # Not by `asdict`, which copies each value and is slow: one is written for each launch.
        return json.dumps({name: getattr(self, name) for name in self.__slots__}) + "\n"

    def compare(self, other: "LaunchNote | None") -> Said:
        """Return what a note that was read says of the launch that this one describes."""
        if other is None:
            return Said.OTHER
        if replace(other, place=self.place) == self:
            return Said.THIS
        same_trial = (other.uid, other.trial, other.params) == (self.uid, self.trial, self.params)
        return Said.BEFORE if same_trial and other.attempt < self.attempt else Said.OTHER


def note_of(trial: Trial, attempt: int, uid: str, place: str, params: str) -> LaunchNote:
    """Return the note of a launch.

    Args:
        trial: whose launch it is; its stage is that of the launch.
        attempt: the number of the launch.
        uid: the study's own id.
        place: the real path of the study's folder.
        params: the values as JSON.
    """
    import hashlib  # noqa: PLC0415 - loads OpenSSL, which a start without launches does not need

    stage = trial.stage
    goal = (stage.budget, stage.previous_budget, stage.seed_number, str(stage.purpose))
    return LaunchNote(
        uid=uid,
        trial=trial.id,
        attempt=attempt,
        params=hashlib.blake2b(params.encode(), digest_size=16).hexdigest(),
        goal=json.dumps([*goal, trial.source]),
        place=place,
    )


def read_note(path: str) -> LaunchNote | None:
    """Return the note in a file, None if it was torn or is none.

    Raises:
        FileNotFoundError: there is no such file.
        OSError: it cannot be read.
    """
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - asked for every planned trial
        try:
            return LaunchNote(**json.load(file))
        except (ValueError, TypeError):
            return None


def said_in(path: str, wanted: LaunchNote) -> tuple[Said, str]:
    """Return what the note in a file says of a launch, and the folder that it names.

    Raises:
        OSError: there is one, but it cannot be read.
    """
    try:
        found = read_note(path)
    except FileNotFoundError:
        return Said.NOTHING, ""
    return wanted.compare(found), found.place if found else ""
