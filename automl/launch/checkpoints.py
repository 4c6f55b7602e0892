"""The folder in which a trial keeps its checkpoint between its launches."""

import logging
from pathlib import Path

from automl.journal.disk.files import make_folder
from automl.journal.folder import StudyFolder
from automl.render.context import CHECKPOINT_DIR, TemplateContext
from automl.study.trial import Trial

logger = logging.getLogger(__name__)


class Checkpoints:
    """Prepares the checkpoints of trials, and tells where there should be one but is none.

    Args:
        folder: where the study lives.
        kept: whether commands are given a folder for checkpoints at all.
    """

    def __init__(self, folder: StudyFolder, *, kept: bool) -> None:
        self._folder = folder
        self._kept = kept
        self._missed = False

    def copied(self, trial: Trial, context: TemplateContext) -> tuple[str, str] | None:
        """Return whose checkpoint is copied to where before the commands run, None for nothing."""
        if not self._kept or trial.source == -1:
            return None
        return self._folder.trial(trial.source).checkpoint, context.checkpoint_dir

    def prepare(self, trial: Trial, context: TemplateContext) -> None:
        """Make the folder of a trial; warn, once, where one that it goes on from is empty.

        Raises:
            OSError: it cannot be made.
        """
        if not self._kept:
            return
        make_folder(context.checkpoint_dir)
        if not context.previous_budget or self._missed:
            return
        copied = self.copied(trial, context)
        saved = Path(copied[0] if copied else context.checkpoint_dir)
        if saved.is_dir() and any(saved.iterdir()):
            return
        self._missed = True
        logger.warning(
            "trial %d goes on from %s, but there is no checkpoint in %s: a program that saves "
            "nothing in {{ %s }} starts over, or trains only the rest of its budget",
            trial.id,
            context.previous_budget,
            saved,
            CHECKPOINT_DIR,
        )
