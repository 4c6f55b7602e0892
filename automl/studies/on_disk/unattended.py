"""What became of the trials of a study while nothing runs it, by what they left."""

from enum import StrEnum

from automl.executors.local.adoption.found import may_be_here
from automl.executors.local.exits import read_exit_code
from automl.executors.processes.identity import Process, is_running
from automl.journal.folder import StudyFolder
from automl.launch.launch_note import read_note
from automl.study.trial import Trial


class Became(StrEnum):
    """What became of a trial that runs by its journal."""

    RUNS = "running"
    """It runs, or nobody can tell from here."""

    ENDED = "ended meanwhile"
    """It left its exit code, which the next start collects."""

    GONE = "gone"
    """Its process does not live any more and left nothing; the next start runs it again."""


def became(trial: Trial, folder: StudyFolder, uid: str) -> Became:
    """Return what became of a running trial; a folder of another launch tells nothing.

    Args:
        trial: as the journal tells it.
        folder: the study's.
        uid: the study's own id.
    """
    if _left_its_exit(trial, folder, uid):
        return Became.ENDED
    handle = trial.handle or {}
    if "pid" not in handle or not may_be_here(handle):
        return Became.RUNS
    alive = is_running(Process(int(handle["pid"]), int(handle["start"])))
    return Became.RUNS if alive else Became.GONE


def _left_its_exit(trial: Trial, folder: StudyFolder, uid: str) -> bool:
    paths = folder.trial(trial.id)
    try:
        note = read_note(paths.note)
        code = read_exit_code(paths.exit)
    except OSError:
        return False
    if note is None or code is None:
        return False
    return (note.uid, note.trial, note.attempt) == (uid, trial.id, trial.attempts)
