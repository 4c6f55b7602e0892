"""What a user sees while a study runs."""

import logging
import math
import sys

from automl.aside import ASIDE
from automl.logs import LOGGER_NAME
from automl.loop.observer import Observer
from automl.notebook.display import publish
from automl.notebook.kernel import is_notebook
from automl.show.endings import trial_line
from automl.show.live.cell import CellView, Publish
from automl.show.live.pauses import PAUSES
from automl.show.live.view import LiveView
from automl.show.progress import Progress
from automl.streams import takes_pictures
from automl.studies.from_terminal import FROM_TERMINAL
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState

logger = logging.getLogger("automl")


class LineObserver:
    """Logs one line for every trial that ended."""

    interval_s = math.inf
    holds = False

    def __init__(self, spec: StudySpec) -> None:
        self._spec = spec

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """Log the trial."""
        if logger.isEnabledFor(logging.INFO):
            logger.info("%s", trial_line(trial, best, self._spec))

    def progress(self, progress: Progress) -> None:
        """Ignore it: a log gets lines, not pictures."""

    def close(self) -> None:
        """Nothing was opened."""


class LiveObserver:
    """Keeps one live view on the terminal, and logs only what failed.

    Args:
        spec: the study.
        typing: the program may read from the terminal meanwhile, so that what is typed is shown.
    """

    interval_s = 0.25
    holds = False

    def __init__(self, spec: StudySpec, *, typing: bool = False) -> None:
        self._spec = spec
        self._view = LiveView(typing=typing)
        self._shown = False
        # Here, as only the main thread can.
        PAUSES.watch()

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """Log the trial if it failed."""
        _log_failed(trial, best, self._spec)

    def progress(self, progress: Progress) -> None:
        """Have it drawn, once the screen takes it; only the newest is."""
        self._shown = True
        ASIDE.draw(self, lambda: self._draw(progress))

    def close(self) -> None:
        """Take the view off the screen; one that takes nothing is left as it is."""
        if self._shown and not ASIDE.finish(self, self._view.stop):
            self._view.abandon()
        PAUSES.unwatch()

    def _draw(self, progress: Progress) -> None:
        self._view.start()
        self._view.show(progress)


class CellObserver:
    """Keeps one live view in the cell of a notebook, and logs only what failed.

    Args:
        spec: the study.
        publish: shows it.
    """

    interval_s = 1.0
    holds = False

    def __init__(self, spec: StudySpec, publish: Publish = publish) -> None:
        self._spec = spec
        self._view = CellView(publish)
        self._newest: Progress | None = None

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """Log the trial if it failed."""
        _log_failed(trial, best, self._spec)

    def progress(self, progress: Progress) -> None:
        """Have it shown; only the newest is."""
        self._newest = progress
        ASIDE.draw(self, lambda: self._view.show(progress))

    def close(self) -> None:
        """Leave what the study came to."""
        if newest := self._newest:
            ASIDE.finish(self, lambda: self._view.end(newest))


def _log_failed(trial: Trial, best: Trial | None, spec: StudySpec) -> None:
    if trial.state is TrialState.FAILED:
        logger.warning("%s", trial_line(trial, best, spec))


def choose_observer(spec: StudySpec, *, typing: bool = False) -> Observer:
    """Return a live view where a notebook, or a terminal behind stderr, shows it, else lines.

    Whoever wants no lines of how it goes is shown no view in their place.

    Args:
        spec: the study.
        typing: the program may read from the terminal meanwhile.
    """
    silent = FROM_TERMINAL.quiet or logging.getLogger(LOGGER_NAME).level > logging.INFO
    if is_notebook() and not silent:
        return CellObserver(spec)
    if takes_pictures(sys.stderr) and not silent:
        return LiveObserver(spec, typing=typing)
    return LineObserver(spec)
