"""A controller: everything that one run of a study needs, put together."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TypeVar

from automl.clock import Clock, SystemClock
from automl.journal.folder import StudyFolder
from automl.launch.base_files import with_digests
from automl.loop.machine.interrupts import Interrupts
from automl.loop.observer import Observer
from automl.loop.opened_run import OpenedRun
from automl.loop.opening.claims import Claims
from automl.loop.opening.study import OpenStudy, open_study
from automl.loop.remote.site import site_of
from automl.loop.result import StudyResult
from automl.loop.trials.earlier_lives import EarlierLives
from automl.patience import RETRY_S, patiently
from automl.search.sampler import Told
from automl.study.spec import StudySpec
from automl.waker import Waker

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Controller:
    """Runs one study.

    Args:
        spec: the study.
        folder: where it lives.
        observer: who is told how it goes.
        fresh: begin anew; an earlier study in the folder is kept aside.
        known: what the search is told of other studies, before anything of this one.

    Attributes:
        spec: as above.
        folder: as above.
        opened: set once the study's folder is there and this controller has it.
    """

    def __init__(
        self,
        spec: StudySpec,
        folder: StudyFolder,
        observer: Observer,
        *,
        fresh: bool = False,
        known: Sequence[Told] = (),
    ) -> None:
        self._known = known
        self._spec = with_digests(spec)
        self._folder = folder
        self._observer = observer
        self._fresh = fresh
        self.opened = threading.Event()
        self.spec = self._spec
        self.folder = folder
        self._waker = Waker()
        self._interrupts = Interrupts(self._waker)
        self._site = site_of(spec.mode)
        self._claims = Claims(spec, folder, self._site.trials_run)

    def interrupt(self) -> None:
        """Ask the study to stop, from any thread; asking again kills what is left at once."""
        self._interrupts.ask()

    def drain(self, reason: str) -> None:
        """Ask the study to start nothing more, from any thread; what runs goes on to its end."""
        self._interrupts.drain(reason)

    def wake(self) -> None:
        """Let the study look at once whether more may be started."""
        self._waker.wake()

    @property
    def asks(self) -> int:
        """How often the user asked to stop."""
        return self._interrupts.count

    def listen(self, *, aside: bool) -> None:
        """Take signals in the main thread for a study that runs in another one.

        Args:
            aside: the main thread does something else meanwhile; else it waits for the study.
        """
        self._interrupts.listen(aside=aside)

    def unlisten(self) -> None:
        """Take signals no longer, as the study ended."""
        self._interrupts.unlisten()

    def run(self) -> StudyResult:
        """Run the study to its end, or until it is interrupted; call it once.

        Raises:
            SpecError: the folder holds another study, or the algorithm cannot take the space.
            JournalError: the folder cannot be used, or was lost while the study ran.
            StorageError: the machine could not do it until the user interrupted.
            LaunchError: no trial could be started on this machine.
            StudyBusyError: another controller has the study, or another study its metric files.
        """
        clock = SystemClock()
        earlier = self._earlier(clock)
        last = ExitStack()
        last.callback(self._waker.close)
        try:
            with self._interrupts:
                executor = self._patiently(lambda: self._site.executor(self._waker, clock))
                last.callback(executor.close)
                self._patiently(lambda: self._claims.take_first(fresh=self._fresh))
                study = self._patiently(lambda: self._opened(earlier))
                self.opened.set()
                try:
                    self._patiently(lambda: self._claims.sign(study.uid))
                    return self._opened_run().run(study, executor, earlier)
                finally:
                    # Before the lock, so that whoever gets it finds no claim of this controller.
                    self._claims.release(keep=study.any_running)
                    study.close()
        finally:
            self._claims.release(keep=True)
            self._observer.close()
            last.close()

    def _opened_run(self) -> OpenedRun:
        return OpenedRun(
            spec=self._spec,
            claims=self._claims,
            interrupts=self._interrupts,
            observer=self._observer,
            patiently=self._patiently,
            known=self._known,
        )

    def _earlier(self, clock: Clock) -> EarlierLives:
        return EarlierLives(
            site=self._site,
            folder=self._folder,
            clock=clock,
            grace_s=self._spec.limits.grace_s,
            asked=lambda: self._interrupts.count,
        )

    def _patiently(self, step: Callable[[], T]) -> T:
        """Return what a step gives, once the machine can do it; until interrupted."""
        return patiently(step, self._asked, then="the study begins")

    def _asked(self) -> bool:
        """Wait until the next try, unless the user asks to end; return whether that was done."""
        # By no executor: the ends that it tells are for the loop, which has not begun.
        if not self._interrupts.count:
            self._waker.wait(RETRY_S)
        return bool(self._interrupts.count)

    def _opened(self, earlier: EarlierLives) -> OpenStudy:
        """Take up the study."""
        return open_study(
            self._spec,
            self._folder,
            earlier.clock,
            fresh=self._fresh,
            clear=earlier.clear,
            known=sum(told.state.finished for told in self._known),
        )
