"""The running trials of a study on disk, and how long the rest will take."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from automl.engine.timing.remaining import remaining_s
from automl.journal.folder import StudyFolder
from automl.journal.snapshot import StudySnapshot
from automl.render.documents.yaml_reading import yaml_value
from automl.show.lines import duration_text, short, with_params
from automl.study.limits import known_limit
from automl.study.trial import Trial

_SHOWN = 20
_REPEATED = ("budget", "repeats", "confirm")
"""With these keywords trials are launched again, nobody knows how often."""


def running_lines(trials: Sequence[Trial], at: datetime) -> list[str]:
    """Return a line for each running trial: since when, its newest value and its parameters.

    Args:
        trials: those that run.
        at: the time.
    """
    lines = [f"  {_line(trial, at)}" for trial in trials[:_SHOWN]]
    more = len(trials) - len(lines)
    return [*lines, f"  and {more} more"] if more else lines


def left_text(
    folder: StudyFolder, state: StudySnapshot, running: Sequence[Trial], at: datetime
) -> str:
    """Return how many trials are left to start and about how long all takes, as far as is known.

    Args:
        folder: the study's, whose description has its limits.
        state: what its journal tells; limits that were asked for since are in it.
        running: the trials that run.
        at: the time.
    """
    described = _described(folder)
    most = state.max_trials or described.get("max_trial_num")
    parallel = state.max_parallel or described.get("max_parallel")
    if not isinstance(most, int) or not isinstance(parallel, int) or known_limit(most) is None:
        return ""
    to_start = max(0, most - len(state.trials))
    left_s = None
    if not any(described.get(name, 0) not in (0, 1, None) for name in _REPEATED):
        left_s = remaining_s(
            mean_s=_mean_s(state.trials.values()),
            to_start=to_start,
            running_s=[_elapsed_s(trial, at) or 0.0 for trial in running],
            max_parallel=parallel,
        )
    about = f", about {duration_text(left_s)} in all" if left_s else ""
    return f"left: {to_start} of {most} trials to start{about}"


def _described(folder: StudyFolder) -> Mapping[str, Any]:
    """Return the study's description; nothing where it cannot be read."""
    try:
        described = yaml_value(folder.spec.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return described if isinstance(described, dict) else {}


def _mean_s(trials: Iterable[Trial]) -> float | None:
    known = [trial.duration_s for trial in trials if trial.state.finished]
    durations_s = [one for one in known if one is not None]
    return sum(durations_s) / len(durations_s) if durations_s else None


def _line(trial: Trial, at: datetime) -> str:
    elapsed_s = _elapsed_s(trial, at)
    since = f" for {duration_text(elapsed_s)}" if elapsed_s is not None else ""
    value = "no value yet"
    if trial.newest is not None:
        count = trial.measurements
        value = f"newest value {trial.newest:.6g}, of {count} value{'s' * (count != 1)}"
    return with_params(f"trial {trial.id}{since}: {value}", "; ", short(trial.params))


def _elapsed_s(trial: Trial, at: datetime) -> float | None:
    return None if trial.started_at is None else (at - trial.started_at).total_seconds()
