"""How a study on disk stands, by all lines of its journal."""

from automl.errors import AutomlError
from automl.journal.folder import StudyFolder
from automl.studies.on_disk.standing import Standing
from automl.studies.study import Study
from automl.study.ranking.totals import totals_of


def folded_standing(folder: StudyFolder) -> Standing:
    """Return how a study stands; one that cannot be read is told of, too."""
    study, at = Study(folder), folder.written_at
    try:
        now = study._snapshot()  # noqa: SLF001 - of this room
        totals = totals_of(now.trials, now.objectives, now.space)
        return Standing(folder=folder, state=study.state, totals=totals, written_at=at)
    except AutomlError as error:
        return Standing(folder=folder, state="unreadable", problem=str(error), written_at=at)
