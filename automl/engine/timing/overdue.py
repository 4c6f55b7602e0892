"""Which running trials have taken too long."""

from collections.abc import Mapping

from automl.engine.outcome import Failure
from automl.study.failure import FailureClass
from automl.study.limits import TrialLimits


def overdue(
    since_s: Mapping[int, float],
    progress_s: Mapping[int, float],
    limits: TrialLimits,
    median_s: float | None,
    now_s: float,
) -> dict[int, Failure]:
    """Return why each trial that has taken too long is to be stopped.

    Args:
        since_s: for each running trial, the monotonic second of its start.
        progress_s: the same of its last sign of life; its start where it is missing.
        limits: what a trial may take.
        median_s: the median duration of the completed trials, None while it does not count.
        now_s: the monotonic second of this moment.
    """
    timeout_s = limits.timeout(median_s)
    verdicts = {}
    for trial_id, began_s in since_s.items():
        quiet_s = now_s - max(began_s, progress_s.get(trial_id, began_s))
        if timeout_s is not None and now_s - began_s >= timeout_s:
            verdicts[trial_id] = Failure(
                FailureClass.TIMED_OUT, f"stopped after {timeout_s:.4g} s (trial_timeout)"
            )
        elif limits.no_progress_s is not None and quiet_s >= limits.no_progress_s:
            verdicts[trial_id] = Failure(
                FailureClass.NO_PROGRESS,
                f"stopped: no output and no metric for {limits.no_progress_s:.4g} s",
            )
    return verdicts
