"""Batches by their place in a pass, for a validation that is the same after each epoch."""

from collections.abc import Iterator
from typing import Any

from automl.inside.models.batches import Source, endless


class InOrder:
    """The batches of one pass by their place, as they are asked for from the first on.

    A pass begins anew at place 0, also where an earlier one was left in the middle. Where it has
    fewer batches than are asked for, it is gone through again.

    Args:
        source: the batches.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._batches: Iterator[Any] = iter(())
        self._next = -1

    def __getitem__(self, place: int) -> Any:  # noqa: ANN401 - as users have batches
        if place != self._next:
            self._batches, self._next = endless(self._source), 0
        # Only a library that does not begin at the first comes in the middle.
        while self._next < place:
            next(self._batches)
            self._next += 1
        self._next += 1
        return next(self._batches)
