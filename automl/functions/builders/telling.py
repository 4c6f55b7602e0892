"""What the user of `tune` is told: how many models there are, which begins, how long it takes."""

import logging
import sys
from collections.abc import Callable

from automl import streams
from automl.aside import ASIDE
from automl.functions.builders.study_of_models import ModelStudy
from automl.loop.observer import Observer
from automl.show.lines import duration_text
from automl.show.progress import Progress
from automl.studies.from_terminal import FROM_TERMINAL
from automl.study.trial import Trial

logger = logging.getLogger(__name__)

HUGE = 1000
"""From so many models on, a grid is warned of."""

_LOOKS_S = 0.5
"""Seconds between two looks at which models have begun."""


def tell_plan(plan: ModelStudy, parallel: int) -> None:
    """Tell how many models will be trained, before any is."""
    training, count = plan.training, plan.models
    done = sum(trial.state.is_finished() for trial in plan.study.trials)
    better = "lower" if training.direction == "minimize" else "higher"
    several = f"{parallel} at once" if parallel > 1 else "one after the other"
    logger.info(
        "tune: %s, %s%s; ranked by %s, %s is better",
        models(count) + ("" if count >= training.options.size else _of_all(training.options.size)),
        several,
        f", {done:,} of them done already" if done else "",
        training.metric,
        better,
    )
    if count >= HUGE:
        logger.warning(
            "%s are a huge grid. To train a sample of it, give algorithm='auto' and "
            "max_trial_num=50; Ctrl-C ends the search at any time, and keeps what was found",
            models(count),
        )


def models(count: int) -> str:
    """Return a number of models in words."""
    return "1 model" if count == 1 else f"{count:,} models"


def _of_all(size: int) -> str:
    return f" of {size:,} combinations"


class ModelObserver:
    """Tells of each model that it begins, and after the first how long the others will take.

    Args:
        inner: tells on the terminal how it goes.
        count: how many models there are.
        parallel: how many are trained at once.
        began: is called when this run begins its first model.
    """

    holds = False

    def __init__(
        self,
        inner: Observer,
        count: int,
        parallel: int,
        *,
        began: Callable[[], None] = lambda: None,
    ) -> None:
        self._inner = inner
        self._count = count
        self._parallel = parallel
        self._began = began
        self._begun: set[int] = set()
        self._first_s: float | None = None
        self._estimated = False
        self.interval_s = min(inner.interval_s, _LOOKS_S)

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """Take in that a model is trained, or failed."""
        self._tell_begun(trial.id)
        self._inner.trial_ended(trial, best)
        if self._first_s is None and trial.state.value == "completed":
            self._first_s = trial.duration_s

    def progress(self, progress: Progress) -> None:
        """Take in how far the study is."""
        for trial in sorted(progress.running, key=lambda one: one.id):
            self._tell_begun(trial.id)
        if self._first_s is not None and not self._estimated:
            self._estimated = True
            self._estimate(self._first_s, self._count - progress.done)
        self._inner.progress(progress)

    def close(self) -> None:
        """Leave the screen as it was."""
        self._inner.close()

    def _tell_begun(self, number: int) -> None:
        if number in self._begun:
            return
        if not self._begun:
            self._began()
        self._begun.add(number)
        text = f"Model {number + 1:,} of {self._count:,}...\n"
        if not FROM_TERMINAL.quiet:
            ASIDE.draw(object(), lambda: show_line(text))

    def _estimate(self, first_s: float, left: int) -> None:
        if left <= 0:
            return
        logger.log(
            logging.WARNING if self._count >= HUGE else logging.INFO,
            "the first model took %s: the other %s will take about %s",
            duration_text(first_s),
            f"{left:,}" if left > 1 else "one",
            duration_text(first_s * -(-left // self._parallel)),
        )


def show_line(text: str) -> None:
    """Print a line; where nobody reads it, the study goes on."""
    streams.write(sys.stdout, text)
