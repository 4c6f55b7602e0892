"""A study that this process holds, once it has asked for a trial."""

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from automl.errors import AutomlError
from automl.journal.folder import StudyFolder
from automl.loop.asked.held import hold
from automl.loop.asked.study import AskedStudy
from automl.studies.prepared import Prepared


class Asking:
    """Takes a study up when it is needed, and holds it until `close`, or its own end.

    It may be called from several threads. A fork of this process has nothing of it.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._study: AskedStudy | None = None
        self._process = 0
        self._end: weakref.finalize[..., Asking] | None = None

    @contextmanager
    def held(self, prepared: Callable[[], Prepared]) -> Iterator[AskedStudy]:
        """Return the study, for this thread alone.

        Whatever goes wrong meanwhile, but for a wrong value, lets it go: its journal alone knows
        how it stands then.

        Args:
            prepared: returns the study, where it is not held yet.

        Raises:
            AutomlError: it cannot be held.
        """
        with self._lock, self._dropped_by_errors():
            yield self._now or self._taken_up(prepared())

    def look(self, number: int) -> None:
        """Take in what a trial asked for and reported, if this process holds the study.

        Raises:
            AutomlError: it cannot be written down.
        """
        # A fork may have this lock as another thread held it.
        if self._now is None:
            return
        with self._lock, self._dropped_by_errors():
            if self._now is not None:
                self._now.look(number)

    def check_runs(self, number: int) -> None:
        """Refuse to change a trial that has ended.

        Raises:
            RuntimeError: it has, as far as this process knows.
        """
        study = self._now
        trial = study.trials.get(number) if study else None
        if trial is not None and trial.state.finished:
            raise RuntimeError(f"Trial#{number} has already finished and can not be updated.")

    def close(self) -> bool:
        """Let the study go; its trials that run can be told of later. Return whether it was held.

        Raises:
            AutomlError: that cannot be written down.
        """
        with self._lock, self._dropped_by_errors():
            study = self._now
            if study is not None:
                study.close()
                self._forget()
            return study is not None

    @property
    def _now(self) -> AskedStudy | None:
        return self._study if self._process == os.getpid() else None

    @contextmanager
    def _dropped_by_errors(self) -> Iterator[None]:
        try:
            yield
        except ValueError:
            raise
        except BaseException:
            if study := self._now:
                self._forget()
                study.abandon()
            raise

    def _forget(self) -> None:
        self._study = None
        if self._end is not None:
            self._end.detach()

    def _taken_up(self, prepared: Prepared) -> AskedStudy:
        held = hold(prepared.spec, prepared.folder, fresh=prepared.fresh, known=prepared.known)
        try:
            study = AskedStudy(held)
        except BaseException:
            held.closing.close()
            raise
        self._study, self._process = study, os.getpid()
        self._end = weakref.finalize(self, _close, study, self._process)
        return study


def _close(study: AskedStudy, process: int) -> None:
    # A fork that ends by itself comes here too.
    if os.getpid() != process:
        return
    try:
        study.close()
    except (AutomlError, OSError):
        # At the end of the program, nobody is there to be told; the next one goes on from here.
        study.abandon()


_BY_FOLDER: weakref.WeakValueDictionary[str, Asking] = weakref.WeakValueDictionary()


def asking_of(folder: StudyFolder) -> Asking:
    """Return what holds the study in a folder, the same for all who ask in this process."""
    return _BY_FOLDER.setdefault(os.path.realpath(folder.path), Asking())
