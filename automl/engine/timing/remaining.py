"""How many seconds remain until the last trial of a study ends."""

from collections.abc import Sequence


def remaining_s(
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
