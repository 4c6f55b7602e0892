"""A study that knows many trials already, without running them."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from automl.journal.events import VERSION, Event, TrialEnded, TrialPlanned, TrialStarted
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal, load
from automl.journal.lock import StudyLock
from automl.study.trial import TrialState


def add_known_trials(journal: Path, first: int, count: int) -> None:
    """Append completed trials of `studies/short.py` to its journal.

    Args:
        journal: a closed study's.
        first: the id of the first one to add.
        count: how many.
    """
    lock = StudyLock(StudyFolder(journal.parent.parent, journal.parent.name))
    try:
        writer = Journal(lock, load(journal)[1])
        writer.append(list(known_trials(first, count)))
        writer.close()
    finally:
        lock.release()


def known_trials(first: int, count: int) -> Iterator[Event]:
    """Yield the events of completed trials of `studies/short.py`, with ids from `first` on."""
    rng = random.Random(1)  # noqa: S311 - no secret
    now = datetime.now(UTC)
    for number in range(first, first + count):
        a, c = rng.random(), rng.randint(1, 100)
        params = {"a": a, "b": 10 ** rng.uniform(-5, 0), "c": c, "d": rng.choice("pqr")}
        value = 1 - (a - 0.3) ** 2 - abs(c - 40) / 100
        yield TrialPlanned(v=VERSION, at=now, trial=number, params=params)
        yield TrialStarted(v=VERSION, at=now, trial=number, attempt=1, handle={})
        yield TrialEnded(
            v=VERSION,
            at=now,
            trial=number,
            state=TrialState.COMPLETED,
            value=value,
            measurements=1,
            exit_code=0,
            duration_s=0.1,
        )
