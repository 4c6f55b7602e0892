"""Studies on disk that no process ever ran, written event by event."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from automl.journal.checksum import sealed
from automl.journal.events import (
    VERSION,
    Event,
    StudyClosed,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialStarted,
    encode,
)
from automl.journal.folder import StudyFolder
from automl.study.failure import FailureClass
from automl.study.trial import TrialState

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STUDY = {
    "objectives": [{"metric": "acc", "direction": "maximize"}],
    "hyperparams": [
        {"type": "Real", "name": "lr", "min_value": 0.0, "max_value": 1.0},
        {"type": "Categorical", "name": "opt", "candidates": ["adam", "sgd"]},
    ],
}


def event(kind: type[Event], **fields: Any) -> Event:
    return kind(v=VERSION, at=AT, **fields)


def opened(pid: int = 1) -> Event:
    return event(StudyOpened, study=STUDY, seed=1, uid="u", host="h", pid=pid)


def trial(id_: int, lr: float, opt: str, value: float | None = None) -> list[Event]:
    """Return a trial that ended: completed with a value, failed without one."""
    ended = TrialEnded(
        v=VERSION,
        at=AT + timedelta(seconds=2),
        trial=id_,
        state=TrialState.FAILED if value is None else TrialState.COMPLETED,
        value=value,
        reason="exit code 1: oops" if value is None else "",
        failure=FailureClass.CRASHED if value is None else None,
    )
    return [*running(id_, lr, opt), ended]


def running(id_: int, lr: float, opt: str) -> list[Event]:
    return [
        event(TrialPlanned, trial=id_, params={"lr": lr, "opt": opt}),
        event(TrialStarted, trial=id_, attempt=1, handle={}),
    ]


COMPLETE = [
    opened(),
    *trial(0, 0.5, "adam", 0.75),
    *trial(1, 0.25, "sgd", 0.5),
    *trial(2, 0.125, "sgd"),
    event(StudyClosed, reason="all 3 trials have ended", complete=True),
]


def write_study(
    place: Path, name: str, events: list[Event], age_s: float = 0.0, *, checksums: bool = False
) -> StudyFolder:
    folder = StudyFolder(place / "automl_studies", name)
    folder.create()
    checksum, lines = 0, []
    for line in map(encode, events):
        with_it, checksum = sealed(line, checksum)
        lines.append(with_it if checksums else line)
    folder.journal.write_bytes(b"".join(lines))
    os.utime(folder.journal, (AT.timestamp() - age_s,) * 2)
    return folder
