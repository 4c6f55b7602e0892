"""Walks of the process table: one at a time serves all stops and leftovers, at a pace."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from automl.clock import Clock
from automl.executors.executor import Wanted
from automl.executors.local.leftovers import EVERY_S, Leftovers
from automl.executors.local.pace import Pace
from automl.executors.local.spare import Spare
from automl.executors.local.starters.earlier import without_idle_starters
from automl.executors.local.stop import Stop, advance
from automl.executors.processes.proctree import ProcessTable


class Walks:
    """Looks at the processes of the machine for one executor, also when no file can be opened.

    Args:
        clock: for grace periods.
        grace_s: grace for what programs left behind when they ended by themselves.

    Attributes:
        leftovers: what brief launches left, which is looked for along the way.
    """

    def __init__(self, clock: Clock, grace_s: float) -> None:
        self.leftovers = Leftovers(grace_s)
        self._clock = clock
        self._grace_s = grace_s
        self._pace = Pace()
        self._spare = Spare()

    @property
    def floor_s(self) -> float:
        """The monotonic second before which no walk begins that can wait."""
        return self._pace.next_s

    @contextmanager
    def able(self) -> Iterator[None]:
        """Return a context in which a few files can be opened, to be closed within it."""
        with self._spare.lent():
            yield

    def table(self) -> ProcessTable:
        """Return the processes of this moment; to be called within `able`."""
        return ProcessTable()

    def table_to_find(self, wanted: Sequence[Wanted]) -> ProcessTable:
        """Return the processes of a moment at which nothing is about to begin launches of before.

        To be called within `able`.

        Raises:
            StorageError: not all processes could be looked at.
        """
        return without_idle_starters(self.table, wanted)

    def advance(self, stops: list[Stop]) -> set[Stop]:
        """Walk the process table for all stops and leftovers; return the stops that are over."""
        began = self._clock.monotonic()
        with self.able():
            for stop in stops:
                stop.strike(began)
            table = self.table()
            table.settle()
            now = self._clock.monotonic()
            self.leftovers.look(table, now)
            done = advance(stops, table, now)
        self._pace.walked(began, self._clock.monotonic())
        return set(done)

    def moment(self, stops: list[Stop]) -> float | None:
        """Return the monotonic second of the next walk for these stops and for leftovers."""
        moments = [stop.moment(self.floor_s) for stop in stops]
        leftovers = self.leftovers.moment(self.floor_s)
        return min(moments + ([] if leftovers is None else [leftovers]), default=None)

    def finish_leftovers(self) -> None:
        """Look for leftovers at once, and return when nothing is left that can be stopped."""
        self.leftovers.hurry()
        until = self._clock.monotonic() + self._grace_s + EVERY_S
        while (moment := self.leftovers.moment(self.floor_s)) is not None:
            now = self._clock.monotonic()
            if now >= until:
                return
            time.sleep(max(0.0, min(moment, until) - now))
            self.advance([])

    def close(self) -> None:
        """Free what was held ready."""
        self._spare.close()
