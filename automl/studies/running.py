"""Running a described study: what the machine cannot do before or after it is waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from automl import streams
from automl.aside import ASIDE
from automl.errors import AutomlError
from automl.inside.calling.importing import study_reached
from automl.journal.folder import StudyFolder
from automl.patience import patiently, start_thread
from automl.search.sampler import Told
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.prepared import Prepared
from automl.studies.telling.observers import choose_observer
from automl.study.spec import StudySpec

if TYPE_CHECKING:
    from automl.loop.controller import Controller
    from automl.loop.observer import Observer
    from automl.loop.result import StudyResult


def run(
    spec: StudySpec,
    folder: StudyFolder,
    observer: Observer,
    *,
    fresh: bool = False,
    known: Sequence[Told] = (),
) -> StudyResult:
    """Run a study to its end, or until it is interrupted.

    Args:
        spec: the study.
        folder: where it lives.
        observer: who is told how it goes.
        fresh: begin anew; an earlier study in the folder is kept aside.
        known: what the search is told of other studies.

    Raises:
        AutomlError: as the controller does.
    """
    return run_to_end(_made(spec, folder, lambda: observer, fresh=fresh, known=known))


def controller_of(
    study: Prepared,
    *,
    typing: bool = False,
    around: Callable[[Observer], Observer] = lambda one: one,
) -> Controller:
    """Return what runs a prepared study, and tells on the terminal how it goes.

    Args:
        study: the study.
        typing: as `choose_observer` has it.
        around: returns who is told how it goes, given who tells it on the terminal.

    Raises:
        StorageError: no file could be opened until the user interrupted.
    """
    study_reached()
    if FROM_TERMINAL.instead:
        FROM_TERMINAL.instead(study)

    def observer() -> Observer:
        return around(choose_observer(study.spec, typing=typing))

    return _made(study.spec, study.folder, observer, fresh=study.fresh, known=study.known)


def _made(
    spec: StudySpec,
    folder: StudyFolder,
    observer: Callable[[], Observer],
    *,
    fresh: bool,
    known: Sequence[Told],
) -> Controller:
    def made() -> Controller:
        # Describing a study does not need what runs it.
        from automl.loop.controller import Controller  # noqa: PLC0415

        streams.fill_standard()
        return Controller(spec, folder, observer(), fresh=fresh, known=known)

    return patiently(made, then="the study begins")


def run_to_end(controller: Controller) -> StudyResult:
    """Run a study, with all that is logged shown by a thread; raises as the controller does."""
    with ExitStack() as stack:
        patiently(lambda: stack.enter_context(ASIDE), then="the study begins")
        return _told(controller)


def _told(controller: Controller) -> StudyResult:
    """Run a study, and have its end told by the command that it has for that."""
    spec, folder = controller.spec, controller.folder
    if spec.on_end is None:
        return controller.run()
    # Few studies have one.
    from automl.studies.end_command import Event, News, news_of, tell  # noqa: PLC0415

    try:
        result = controller.run()
    except AutomlError as error:
        if controller.opened.is_set():
            tell(spec, folder, News(Event.FAILURE, str(error)), lambda: False)
        raise
    asks = controller.asks
    if result.news:
        tell(spec, folder, news_of(result), lambda: controller.asks > asks)
    return result


class Aside:
    """A study that runs in a thread of its own. Any thread may wait for it, also several at once.

    Args:
        controller: runs the study; `begin` starts it.

    Attributes:
        result: how it ended; None before, and where it raised an error.
        waited_for: whether somebody waited for its end.
        shown: for the caller to note that the end was shown.
    """

    def __init__(self, controller: Controller) -> None:
        self.result: StudyResult | None = None
        self.waited_for = False
        self.shown = False
        self._controller = controller
        self._ended = threading.Event()
        self._error: BaseException | None = None

    def begin(self) -> None:
        """Start the thread, and wait until the study's folder is there or the study cannot begin.

        Called in the main thread, signals reach the study from now on.
        """
        thread = threading.Thread(target=self._run, name="automl-study")
        self._controller.listen(aside=True)
        try:
            patiently(lambda: start_thread(thread), then="the study begins")
        except BaseException:
            self._controller.unlisten()
            raise
        self._thread = thread
        self._await(self._controller.opened)

    def wait(self) -> StudyResult:
        """Return how the study ended, once it did; raises as the controller does.

        In the main thread, signals only reach the study meanwhile.
        """
        self._controller.listen(aside=False)
        try:
            # Not by joining the thread: an interrupted join takes it for ended (Python 3.11).
            self._await(self._ended)
            self._thread.join()
        finally:
            self._controller.unlisten()
        self.waited_for = True
        if self.result is None:
            assert self._error is not None  # noqa: S101 - for the type checker
            raise self._error
        return self.result

    def _await(self, event: threading.Event) -> None:
        while not event.is_set():
            try:
                event.wait()
            except KeyboardInterrupt:
                # From a handler that the program set meanwhile.
                self._controller.interrupt()

    def _run(self) -> None:
        try:
            self.result = run_to_end(self._controller)
        except BaseException as error:  # noqa: BLE001 - `wait` raises it in the user's thread
            self._error = error
        finally:
            self._ended.set()
            self._controller.opened.set()
            self._controller.unlisten()
