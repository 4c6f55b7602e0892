"""What was ordered of starters, until they answer."""

from dataclasses import dataclass

from automl.executors.cgroups.group import Group
from automl.executors.local.starters.starter import Starter
from automl.study.launch import Handle, Launch

ANSWER_S = 5.0
"""How long a starter may take to start a command; one that is stopped or stuck is given up then."""


@dataclass(slots=True)
class Ordered:
    """A launch that a starter is to start, and may have started by now.

    Attributes:
        launch: what is to be started.
        starter: which was asked.
        since_s: the monotonic second at which it was.
        group: the control group that it is to enter, if any.
        stop_by_s: it is to be stopped once it runs, by this monotonic second; None if it is not.
    """

    launch: Launch
    starter: Starter
    since_s: float
    group: Group | None = None
    stop_by_s: float | None = None


class Orders:
    """Keeps orders by the starter that is to answer."""

    def __init__(self) -> None:
        self._of: dict[int, Ordered] = {}

    def __contains__(self, trial_id: int) -> bool:
        return any(one.launch.trial_id == trial_id for one in self._of.values())

    @property
    def give_up_s(self) -> float | None:
        """The monotonic second at which the oldest is given up; None without any."""
        oldest = next(iter(self._of.values()), None)
        return oldest.since_s + ANSWER_S if oldest else None

    def add(self, ordered: Ordered) -> None:
        """Keep an order that was given."""
        self._of[ordered.starter.pid] = ordered

    def take(self, pid: int) -> Ordered | None:
        """Return the order that a starter answers, None if it has none."""
        return self._of.pop(pid, None)

    def late(self, now_s: float) -> list[Starter]:
        """Return the starters that have not answered in time."""
        return [one.starter for one in self._of.values() if now_s - one.since_s >= ANSWER_S]

    def cancel(self, handle: Handle, by_s: float) -> None:
        """Have the launch that a handle names stopped by then, if it is kept here."""
        for one in self._of.values():
            if one.launch.is_of(handle):
                one.stop_by_s = by_s if one.stop_by_s is None else min(by_s, one.stop_by_s)
