"""How a study on disk stands, in a few values."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from automl.errors import AutomlError
from automl.journal.folder import StudyFolder
from automl.studies.study import Study
from automl.study.trial import Trial, TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a study stands.

    Attributes:
        name: its name.
        path: its folder.
        state: as `Study.state`, or `unreadable`.
        problem: why it cannot be read, else empty.
        trials: how many there are.
        ended: how many of them ended.
        failed: how many of these failed.
        metric: what they are ranked by.
        best: the best trial, None if none has a value.
        written_at: when its journal was written to last, in seconds since 1970.
    """

    name: str
    path: Path
    state: str
    problem: str = ""
    trials: int = 0
    ended: int = 0
    failed: int = 0
    metric: str = ""
    best: Trial | None = None
    written_at: float


def standing_of(study: Study) -> Standing:
    """Return how a study stands; one that cannot be read is told of, too."""
    path = study.folder.path
    at = written_at(study.folder)
    try:
        trials = study.trials
        metric = study.objectives.name
        state = study.state
    except AutomlError as error:
        return Standing(
            name=path.name,
            path=path,
            state="unreadable",
            problem=str(error),
            written_at=at,
        )
    best = None
    # Without a value there is no best one.
    with suppress(AutomlError):
        best = study.best_trial
    return Standing(
        name=path.name,
        path=path,
        state=state,
        trials=len(trials),
        ended=sum(one.state.finished for one in trials),
        failed=sum(one.state is TrialState.FAILED for one in trials),
        metric=metric,
        best=best,
        written_at=at,
    )


def written_at(folder: StudyFolder) -> float:
    """Return when a study's journal was written to last, in seconds since 1970."""
    try:
        return folder.journal.stat().st_mtime
    except OSError:
        return 0.0
