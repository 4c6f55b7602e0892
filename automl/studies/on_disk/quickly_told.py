"""How a study on disk stands, told by as little of its journal as will do."""

from contextlib import suppress

from automl.journal.excerpts.last_line import closing_of
from automl.journal.folder import StudyFolder
from automl.journal.holder import Holder, find_holder
from automl.studies.on_disk.standing import Standing


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
