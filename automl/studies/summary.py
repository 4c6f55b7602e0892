"""A study on disk in a few lines: whether it runs, its trials by state, the best."""

from collections import Counter

from automl.journal.folder import StudyFolder
from automl.journal.holder import Holder
from automl.journal.snapshot import StudySnapshot
from automl.show.lines import params_text, ranked, value_text, varied
from automl.studies.view import Snapshot
from automl.study.ranking.rank import best
from automl.study.trial import TrialState


def summary_of(
    folder: StudyFolder, now: Snapshot, state: StudySnapshot, holder: Holder | None
) -> str:
    """Return name and place, who runs it, the trials by state, and the best."""
    stands = state_of(state, holder)
    told = {
        "running": f"by {holder}",
        "died": "its controller did not end by itself; the same command goes on from here",
    }.get(stands, state.closed.reason if state.closed else "")
    counts = Counter(trial.state for trial in now.trials)
    numbers = [f"{counts[kind]} {kind}" for kind in TrialState if counts[kind]]
    lines = [
        f"study {now.name!r} in {folder.path}",
        f"state: {stands}{told and f', {told}'}",
        f"trials: {', '.join(numbers) or 'none'}",
    ]
    found = best(now.trials, now.objectives)
    if found is not None and found.value is not None:
        value = value_text(ranked(found, now.objectives))
        params = params_text(varied(found.params, now.space))
        lines.append(f"best: trial {found.id}, {now.objectives.name} {value}, {params}")
    return "\n".join(lines)


def state_of(state: StudySnapshot, holder: Holder | None) -> str:
    """Return how a study stands, in one word."""
    if holder is not None:
        return "running"
    if state.latest is None:
        return "new"
    if state.closed is None:
        return "died"
    return "complete" if state.closed.complete else "paused"
