"""A study on disk in a few lines: whether it runs, its trials by state, what runs, the best."""

from collections import Counter
from collections.abc import Mapping, Sequence

from automl.clock import SystemClock
from automl.journal.folder import StudyFolder
from automl.journal.holder import Holder
from automl.journal.snapshot import StudySnapshot
from automl.show.lines import ranked, value_text, varied, with_params
from automl.studies.on_disk.running_lines import left_text, running_lines
from automl.studies.on_disk.unattended import Became, became
from automl.studies.view import Snapshot
from automl.study.ranking.rank import best, inside
from automl.study.trial import Trial, TrialState


def summary_of(
    folder: StudyFolder,
    now: Snapshot,
    state: StudySnapshot,
    holder: Holder | None,
) -> str:
    """Return name and place, who runs it, the trials by state, those that run, and the best.

    Args:
        folder: the study's.
        now: its trials and what ranks them.
        state: what its journal tells.
        holder: who runs it, None if nobody does.
    """
    at = SystemClock().now()
    stands = state_of(state, holder)
    told = {
        "running": f"by {holder}",
        "died": "its controller did not end by itself; the same command goes on from here",
    }.get(stands, state.closed.reason if state.closed else "")
    on_the_way = [trial for trial in now.trials if trial.state.launched]
    # Who runs a study knows better than its files.
    fates = {one.id: became(one, folder, state.uid) for one in on_the_way if holder is None}
    running = [one for one in on_the_way if fates.get(one.id, Became.RUNS) is Became.RUNS]
    unseen = {trial_id: fate for trial_id, fate in fates.items() if fate is not Became.RUNS}
    lines = [
        f"study {now.name!r} in {folder.path}",
        f"state: {stands}{told and f', {told}'}",
        f"trials: {_counted(now.trials, unseen) or 'none'}",
        *running_lines(running, at),
    ]
    if holder and (left := left_text(folder, state, running, at)):
        lines.append(left)
    found = best(inside(now.trials, now.space), now.objectives)
    if found is not None and found.value is not None:
        value = value_text(ranked(found, now.objectives))
        told = f"best: trial {found.id}, {now.objectives.name} {value}"
        lines.append(with_params(told, ", ", varied(found.params, now.space)))
    return "\n".join(lines)


def _counted(trials: Sequence[Trial], fates: Mapping[int, Became]) -> str:
    """Return how many trials are in each state; those that ended unseen are not running."""
    counts = Counter(str(fates.get(trial.id, trial.state)) for trial in trials)
    kinds = dict.fromkeys([*map(str, TrialState), *map(str, Became)])
    return ", ".join(f"{counts[kind]} {kind}" for kind in kinds if counts[kind])


def state_of(state: StudySnapshot, holder: Holder | None) -> str:
    """Return how a study stands, in one word."""
    if holder is not None:
        return "running"
    if state.latest is None:
        return "new"
    if state.closed is None:
        return "died"
    return "complete" if state.closed.complete else "paused"
