import heapq

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.engine.timing.remaining import remaining_s


def simulated(mean_s: float, to_start: int, running_s: list[float], max_parallel: int) -> float:
    """Play the rest of the study, one end after another."""
    ends = [max(mean_s - elapsed, 0.0) for elapsed in running_s]
    heapq.heapify(ends)
    now = 0.0
    while to_start or ends:
        while to_start and len(ends) < max_parallel:
            heapq.heappush(ends, now + mean_s)
            to_start -= 1
        now = heapq.heappop(ends)
    return now


@settings(deadline=None)
@given(
    st.floats(0.01, 1e4),
    st.integers(0, 40),
    st.lists(st.floats(0, 2e4), max_size=8),
    st.integers(1, 6),
)
def test_estimate_equals_a_simulation(
    mean_s: float, to_start: int, running_s: list[float], max_parallel: int
) -> None:
    estimate = remaining_s(
        mean_s=mean_s, to_start=to_start, running_s=running_s, max_parallel=max_parallel
    )
    expected = simulated(mean_s, to_start, running_s, max_parallel)
    assert estimate == pytest.approx(expected, abs=1e-6)


def test_unknown_until_a_trial_ended_or_without_a_limit() -> None:
    assert remaining_s(mean_s=None, to_start=3, running_s=[1.0], max_parallel=2) is None
    assert remaining_s(mean_s=2.0, to_start=None, running_s=[1.0], max_parallel=2) is None
    assert remaining_s(mean_s=2.0, to_start=0, running_s=[], max_parallel=2) == 0
