"""One trial of a study, by the lines of the journal that are about it."""

from pathlib import Path

from automl.errors import JournalError
from automl.journal.disk.files import read_regular
from automl.journal.events import UnknownEventError, decode
from automl.journal.fold import StudyState
from automl.study.trial import Trial

_OPENING = b'"event":"StudyOpened"'
_DRAWN = b'"event":"Drawn"'


def trial_in(path: Path, trial_id: int) -> Trial:
    """Return a trial as a fold over the whole journal does.

    Lines about other trials are not even decoded, which would be most of the work; but for a space
    that is learnt, as they tell the ranges of what was proposed.

    Raises:
        JournalError: a line about it cannot be read, or it was never planned.
        OSError: the file cannot be read.
    """
    about = b'"trial":%d,' % trial_id
    state = StudyState()
    content = read_regular(path)
    learnt = _DRAWN in content
    # What stands behind the last newline is torn.
    for line in content.split(b"\n")[:-1]:
        if not learnt and _OPENING not in line and about not in line:
            continue
        try:
            event = decode(line)
            if learnt or getattr(event, "trial", trial_id) == trial_id:
                state.apply(event)
        except (UnknownEventError, KeyError) as error:
            raise JournalError(f"{path}: trial {trial_id}: {error}") from error
    if trial_id not in state.trials:
        raise JournalError(f"{path}: trial {trial_id} was never planned")
    return state.trials[trial_id]
