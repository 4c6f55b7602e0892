"""How a study on disk stands, in a few values."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automl.journal.excerpts.last_line import closing_of
from automl.journal.holder import Holder, find_holder

if TYPE_CHECKING:
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


def standing_of(folder: StudyFolder, *, whole: bool = False) -> Standing:
    """Return how a study stands; one that cannot be read is told of, too.

    Args:
        folder: the study's.
        whole: whether its whole journal is read; else, of one that was closed, the last line.
    """
    if not whole and (closed := _closed(folder)):
        return closed
    # Most studies of a list need no more than their last line.
    from automl.studies.on_disk.folded import folded_standing  # noqa: PLC0415

    return folded_standing(folder)


def _closed(folder: StudyFolder) -> Standing | None:
    """Return how a study stands that nobody runs, if its last controller told that."""
    with suppress(OSError):
        closing = closing_of(folder.journal)
        if closing and closing.totals and not find_holder(folder, Holder()):
            return Standing(
                folder=folder,
                state="complete" if closing.complete else "paused",
                totals=closing.totals,
                written_at=folder.written_at,
            )
    return None
