import time
from datetime import UTC

import pytest

from automl.clock import SystemClock


def test_wall_time_is_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_monotonic_is_the_machines() -> None:
    before = time.monotonic()
    assert before <= SystemClock().monotonic() <= time.monotonic()


def test_sleep_passes_the_seconds_on(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    SystemClock().sleep(2.5)
    assert slept == [2.5]
