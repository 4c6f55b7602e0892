"""Whether a study may go on in another place than the one where it ran last."""

from automl.errors import SpecError
from automl.journal.fold import StudyState
from automl.spelling.spelling import spelled
from automl.study.spec import StudySpec


def check_mode(state: StudyState, spec: StudySpec) -> None:
    """Refuse another `mode` while launches may be left that only the last one finds again.

    They would be taken for gone, and run twice.

    Args:
        state: the study as its journal tells it, before this start.
        spec: the study as it is described now.

    Raises:
        SpecError: the message says how to go on.
    """
    before = state.latest.study.get("mode", "local") if state.latest else spec.mode
    left = [trial.id for trial in state.trials.values() if trial.launched]
    if before == spec.mode or (state.closed and not left):
        return
    what = f"trials {', '.join(map(str, left))} may still run" if left else "trials may be queued"
    now, then = spelled("mode", spec.mode), spelled("mode", before)
    raise SpecError(
        f"{now}, but {what} where the study ran last, with {then}; start it with {then} until it "
        f"has ended, or is stopped with Ctrl-C, and then with {now}"
    )
