"""How far a study is: the values that a live view shows, and when it may end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from automl.space.space import Params
from automl.study.spec import StudySpec
from automl.study.trial import WHOLE, Stage, Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTrial:
    """A trial that runs now.

    Attributes:
        id: the trial's id.
        params: its values.
        stage: how far its launch is to go, and with which seed.
        source: the trial whose checkpoint it continues, -1 for none.
        elapsed_s: seconds since its last attempt began.
        value: its newest measurement, None before the first.
        measurements: how many it has printed.
    """

    id: int
    params: Params
    stage: Stage = WHOLE
    source: int = -1
    elapsed_s: float
    value: float | None = None
    measurements: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A study at one moment.

    Attributes:
        spec: what it is.
        done: trials that ended, however they did.
        total: trials there will be at the most, None where nobody knows.
        failed: how many of `done` failed.
        waiting: how many trials may go on from each budget that they reached.
        completed: how many of `done` completed.
        running: the trials that run, in the order to show.
        best: the best completed trial so far; before there is one, the one that came furthest of
            those that wait with less than the whole budget.
        elapsed_s: seconds since this controller began.
        left_s: estimated seconds until the last trial ends, None while unknown.
        note: a line for the user, such as that the study is stopping; empty: nothing to say.
    """

    spec: StudySpec
    done: int
    total: int | None
    failed: int
    completed: int = 0
    waiting: Mapping[float, int] = field(default_factory=dict)
    running: tuple[RunningTrial, ...]
    best: Trial | None
    elapsed_s: float
    left_s: float | None
    note: str = ""


def time_left(
    *,
    mean_s: float | None,
    to_start: int | None,
    running_s: Sequence[float],
    max_parallel: int,
) -> float | None:
    """Estimate the seconds until the last trial ends, if every trial takes the mean time.

    A running trial that took longer already is expected to end at once. The cost depends on how
    many run, not on how many there were.

    Args:
        mean_s: mean duration of the trials that ended, None before the first.
        to_start: trials not started yet, None if unlimited.
        running_s: elapsed seconds of each running trial.
        max_parallel: how many run at once; fewer than now run if it was lowered.

    Returns:
        Seconds of 0 or more, None while `mean_s` or `to_start` is None.
    """
    if mean_s is None or to_start is None:
        return None
    rests = sorted(max(mean_s - elapsed, 0.0) for elapsed in running_s)
    last_of_running = rests[-1] if rests else 0.0
    if not to_start:
        return last_of_running
    # A slot is free only once fewer than `max_parallel` run, so those too many end unreplaced.
    free_at = rests[-max_parallel:]
    free_at = [0.0] * (max_parallel - len(free_at)) + free_at
    # No rest is longer than the mean, so the slots take their next trials in turn.
    rounds, extra = divmod(to_start, max_parallel)
    all_slots_s = free_at[-1] + rounds * mean_s
    return max(all_slots_s, free_at[extra - 1] + (rounds + 1) * mean_s) if extra else all_slots_s
