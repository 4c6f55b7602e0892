"""A clock that stands still until it is told to go on."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2030, 1, 1, tzinfo=UTC)


class FakeClock:
    """Time that passes only by `advance` and `sleep`, and by whoever waits on it.

    Args:
        now: the wall time at the start; the first of January 2030 if not given.

    >>> clock = FakeClock()
    >>> clock.sleep(90)
    >>> clock.monotonic(), clock.now().isoformat()
    (90.0, '2030-01-01T00:01:30+00:00')
    """

    def __init__(self, now: datetime = _EPOCH) -> None:
        self._now = now
        self._monotonic = 0.0

    def now(self) -> datetime:
        """Return the wall time in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that passed."""
        return self._monotonic

    def sleep(self, duration_s: float) -> None:
        """Let `duration_s` seconds pass at once."""
        self.advance(duration_s)

    def advance(self, duration_s: float) -> None:
        """Let `duration_s` seconds pass.

        Raises:
            ValueError: they are negative; only the wall time can go back, by `set_back`.
        """
        if duration_s < 0:
            raise ValueError(f"time cannot go back by {-duration_s} s")
        self._monotonic += duration_s
        self._now += timedelta(seconds=duration_s)

    def set_back(self, duration_s: float) -> None:
        """Turn the wall time back, as somebody who corrects a clock does."""
        self._now -= timedelta(seconds=duration_s)
