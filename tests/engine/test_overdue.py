import pytest

from automl.engine.timing.overdue import overdue
from automl.study.failure import FailureClass
from automl.study.limits import TrialLimits


def kinds(limits: TrialLimits, now_s: float, median_s: float | None = None) -> dict[int, str]:
    verdicts = overdue({0: 0.0, 1: 50.0}, {0: 55.0}, limits, median_s, now_s)
    return {trial: verdict.kind for trial, verdict in verdicts.items()}


def test_without_limits_nothing_is_overdue() -> None:
    assert kinds(TrialLimits(), 1e9, 1.0) == {}


@pytest.mark.parametrize(
    ("now_s", "late"), [(59.9, set()), (60.0, {0}), (109.9, {0}), (110.0, {0, 1})]
)
def test_a_time_limit_counts_from_the_start(now_s: float, late: set[int]) -> None:
    found = kinds(TrialLimits(timeout_s=60), now_s)
    assert found == dict.fromkeys(late, FailureClass.TIMED_OUT)


def test_a_factor_waits_for_a_median() -> None:
    limits = TrialLimits(timeout_factor=3)
    assert kinds(limits, 61.0) == {}
    assert kinds(limits, 61.0, 20.0) == {0: FailureClass.TIMED_OUT}


def test_the_shorter_of_both_limits_counts() -> None:
    assert set(kinds(TrialLimits(timeout_s=1000, timeout_factor=2), 60.0, 30.0)) == {0}
    assert set(kinds(TrialLimits(timeout_s=60, timeout_factor=20), 60.0, 30.0)) == {0}


@pytest.mark.parametrize(("now_s", "late"), [(59.9, set()), (60.0, {1}), (65.0, {0, 1})])
def test_silence_counts_from_the_last_sign_of_life(now_s: float, late: set[int]) -> None:
    found = kinds(TrialLimits(no_progress_s=10), now_s)
    assert found == dict.fromkeys(late, FailureClass.NO_PROGRESS)


def test_the_reason_tells_the_limit() -> None:
    (verdict,) = overdue({0: 0.0}, {}, TrialLimits(timeout_s=7.5), None, 9.0).values()
    assert verdict.reason == "stopped after 7.5 s (trial_timeout)"
    (verdict,) = overdue({0: 0.0}, {}, TrialLimits(no_progress_s=5), None, 9.0).values()
    assert verdict.reason == "stopped: no output and no metric for 5 s"
