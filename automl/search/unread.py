"""What of a history a sampler has not read yet, and how often it was asked for the same trial."""

from collections.abc import Sequence

from automl.search.sampler import Told


class Unread:
    """Remembers how far a history was read, which is one list that only grows."""

    def __init__(self) -> None:
        self._read = 0

    def of(self, history: Sequence[Told]) -> Sequence[Told]:
        """Return what was told since the last call."""
        new = history[self._read :]
        self._read += len(new)  # not the history's length, which may have grown since
        return new


class Asks:
    """Counts how often the same was asked for, so that each answer has random draws of its own."""

    def __init__(self) -> None:
        self._asked_for = (-1, -1)
        self._count = 0

    def count(self, trial_id: int, told: int) -> int:
        """Return 1 for the first question, more if it is repeated before anything was told.

        Args:
            trial_id: the trial that is asked for.
            told: how much was told so far.
        """
        asked_for = (trial_id, told)
        self._count = self._count + 1 if asked_for == self._asked_for else 1
        self._asked_for = asked_for
        return self._count
