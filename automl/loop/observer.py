"""Who is told how a study goes."""

from typing import Protocol

from automl.show.progress import Progress
from automl.study.trial import Trial


class Observer(Protocol):
    """Shows a study to its user. Called from the loop's thread; it must be quick."""

    interval_s: float
    """Seconds between two calls of `progress`; infinite for none."""

    @property
    def holds(self) -> bool:
        """Whether nothing may be started yet, as it still deals with a trial that ended."""
        ...

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """Take in that a trial ended for good; `best` is the best one so far, this one included."""
        ...

    def progress(self, progress: Progress) -> None:
        """Take in how far the study is."""
        ...

    def close(self) -> None:
        """Leave the screen as it was."""
        ...
