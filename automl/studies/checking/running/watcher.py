"""Who is told how a check goes, while its trial runs."""

from automl.studies.checking.plan import Plan
from automl.studies.checking.running.seen import Point


class Watcher:
    """Is told how a check goes; this one does nothing about it."""

    def began(self, plan: Plan, limit_s: float) -> None:
        """Take in what is about to run, and for how long at the most."""

    def found(self, plan: Plan, metric: str, point: Point) -> None:
        """Take in a number of a metric, as it is found."""
