"""What a user's functions are told of each trial that ended, before the next one starts."""

import queue
from collections.abc import Callable, Sequence
from typing import Any

from automl.loop.controller import Controller
from automl.loop.observer import Observer
from automl.loop.result import StudyResult
from automl.show.progress import Progress
from automl.studies.prepared import Prepared
from automl.studies.running import Aside, controller_of
from automl.study.trial import Trial


class CallbackObserver:
    """Hands trials that ended to the thread that calls the user's functions.

    While these run, nothing new is started; what runs goes on, and is looked after.

    Args:
        inner: tells on the terminal how it goes.

    Attributes:
        wake: lets the loop look again whether more may be started.
    """

    def __init__(self, inner: Observer) -> None:
        self._inner = inner
        self.wake: Callable[[], None] = lambda: None
        self._ended: queue.SimpleQueue[Trial | None] = queue.SimpleQueue()
        self._handed = self._done = 0
        self.interval_s = inner.interval_s

    @property
    def holds(self) -> bool:
        """Whether the functions are not done with a trial."""
        return self._handed > self._done

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """Take in that a trial ended for good."""
        self._handed += 1
        self._inner.trial_ended(trial, best)
        self._ended.put(trial)

    def progress(self, progress: Progress) -> None:
        """Take in how far the study is."""
        self._inner.progress(progress)

    def close(self) -> None:
        """Leave the screen as it was; no trial comes any more."""
        self._inner.close()
        self._ended.put(None)

    def each(self, call: Callable[[Trial], Any]) -> None:
        """Call a function for each trial that ends, until the study has ended."""
        for trial in iter(self._ended.get, None):
            # If it raises, nothing is started any more.
            call(trial)
            self._done += 1
            self.wake()


def run_with_callbacks(
    study: Prepared, begun: Callable[[Controller], None], call: Callable[[Trial], None]
) -> StudyResult:
    """Run a study in a thread of its own, and what is called for each trial in this one.

    Args:
        study: the study.
        begun: is given what runs it, before it does.
        call: is called for each trial that ended.

    Raises:
        BaseException: whatever `call` raises, once the study has been stopped.
    """
    observers: list[CallbackObserver] = []

    def around(inner: Observer) -> Observer:
        observers.append(CallbackObserver(inner))
        return observers[0]

    controller = controller_of(study, around=around)
    observers[0].wake = controller.wake
    begun(controller)
    aside = Aside(controller)
    aside.begin()
    controller.listen(aside=False)
    try:
        observers[0].each(call)
    except BaseException:
        controller.interrupt()
        aside.wait()
        raise
    return aside.wait()


def callbacks_of(given: object) -> Sequence[Callable[..., Any]]:
    """Return the functions that are called with the study and each trial that ended.

    Raises:
        TypeError: there is something else among them.
    """
    listed = given if isinstance(given, list | tuple) else [] if given is None else [given]
    found: list[Callable[..., Any]] = []
    for one in listed:
        if not callable(one):
            raise TypeError(f"callbacks must be functions of a study and a trial, got {one!r}")
        found.append(one)
    return found
