"""How a study on disk stands, in a few values."""

from dataclasses import dataclass

from automl.journal.folder import StudyFolder
from automl.study.ranking.totals import Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a study stands.

    Attributes:
        folder: the study's.
        state: as `Study.state`, or `unreadable`.
        problem: why it cannot be read, else empty.
        totals: what has come of it; None where it cannot be read.
        written_at: when its journal was written to last, in seconds since 1970.
    """

    folder: StudyFolder
    state: str
    problem: str = ""
    totals: Totals | None = None
    written_at: float
