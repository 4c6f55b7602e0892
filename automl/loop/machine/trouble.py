"""What of the machine may be to blame for a failure: a lost folder, a full disk, a pause."""

from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal
from automl.loop.machine.blockage import Blockage
from automl.loop.machine.full_disk import Disks
from automl.study.trial import Trial

FOLDER_LOST = "the study's folder was lost"


class Trouble:
    """Knows whether the study's folder is still there and its disks have room.

    Args:
        journal: tells whether the folder was lost.
        folder: the study's.
        cwd: where trials run.

    Attributes:
        blockage: what keeps the study from going on for the moment.
        lost: how the study's folder was lost, empty while it is there.
    """

    def __init__(self, journal: Journal, folder: StudyFolder, cwd: str) -> None:
        self.blockage = Blockage()
        self.lost = ""
        self._journal = journal
        self._folder = folder
        self._disks = Disks(cwd, str(folder.path))

    def lost_now(self) -> bool:
        """Look after the folder; tell whether it was lost since the last look."""
        if self.lost:
            return False
        self.lost = self._journal.lost()
        return bool(self.lost)

    def check_disks(self) -> None:
        """Raise StorageError as long as a disk is full that was full when a trial failed."""
        self._disks.check()

    def excuse(self, trial: Trial) -> str:
        """Return why the machine may be to blame for a failure of this moment, empty if not."""
        if self.lost:
            return FOLDER_LOST
        if self.blockage.persists:
            # Its own writes and launches failed as ours did.
            return "it failed while the study was paused"
        full = self._disks.full_for(self._folder.trial(trial.id).path)
        return "the disk was full" if full else ""
