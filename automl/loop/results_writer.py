"""Keeps `results.csv` and `best.json` in the study's folder, so that they tell how it stands."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from automl.journal.disk.files import replace_file
from automl.journal.folder import StudyFolder
from automl.patience import in_words, start_thread
from automl.show.columns import table_columns
from automl.show.result_files import best_text, csv_text
from automl.study.ranking.rank import best, ended_once, inside
from automl.study.spec import StudySpec
from automl.study.trial import Trial

logger = logging.getLogger(__name__)

AT_ONCE = 100
"""The ends of so many trials are written at once; later ones may wait."""

PACE_S = 5.0
"""Seconds between two times that the files are written, after that."""

REST = 40
"""Seconds without writing for each one that it took, so that many trials do not slow the loop."""

END_S = 20.0
"""How long the end of a study waits for the thread, on a disk that hangs."""


class ResultsWriter:
    """Writes both files aside from the loop, whole and by rename, while it is entered.

    They are written when it is entered, as an earlier controller may have been killed, after trials
    ended, and once more when it is left without an error. What cannot be written is told once and
    holds up nothing.

    Args:
        spec: the study.
        folder: where it lives.
        trials: all trials by id; another thread may add to it.
        command: returns the shell line that runs a trial again.
    """

    def __init__(
        self,
        spec: StudySpec,
        folder: StudyFolder,
        trials: Mapping[int, Trial],
        command: Callable[[Trial], str],
    ) -> None:
        self._spec = spec
        self._folder = folder
        self._trials = trials
        self._command = command
        self._told = False
        self._closing = False
        self._awake = threading.Event()
        self._hurry = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        thread = threading.Thread(target=self._run, name="automl-results", daemon=True)
        self._awake.set()
        try:
            start_thread(thread)
        except OSError:
            # Then they are written at the end.
            return self
        self._thread = thread
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing = True
        self._hurry.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(END_S)
            if self._thread.is_alive():
                return
        # What an error ended may not be ours to write to any more.
        if error is None:
            self._write()

    def trial_ended(self) -> None:
        """Have the files written, at once or a little later."""
        if not self._awake.is_set():
            self._awake.set()

    def _run(self) -> None:
        while True:
            self._awake.wait()
            self._awake.clear()
            if self._closing:
                return
            began_s = time.monotonic()
            rows = self._write()
            took_s = time.monotonic() - began_s
            self._hurry.wait(max(PACE_S if rows >= AT_ONCE else 0.0, took_s * REST))

    def _write(self) -> int:
        """Write both files; return how many trials there are to tell of."""
        trials = ended_once(self._snapshot())
        try:
            self._replace_both(trials)
        except OSError as error:
            if not self._told:
                self._told = True
                logger.warning(
                    "%s and %s are not up to date: %s; the study goes on without them",
                    self._folder.results,
                    self._folder.best.name,
                    in_words(error),
                )
        return len(trials)

    def _replace_both(self, trials: Sequence[Trial]) -> None:
        if not trials:
            return
        objectives = self._spec.objectives
        space = self._spec.space
        columns = table_columns(trials, space.names, objectives=objectives, full=True, space=space)
        self._replace(self._folder.results, csv_text(columns))
        found = best(inside(trials, space), objectives)
        if found is None:
            self._folder.best.unlink(missing_ok=True)
        else:
            self._replace(self._folder.best, best_text(found, objectives, self._command(found)))

    def _replace(self, path: Path, text: str) -> None:
        content = text.encode("utf-8", "backslashreplace")
        replace_file(path, content, private=self._spec.private)

    def _snapshot(self) -> list[Trial]:
        while True:
            try:
                return list(self._trials.values())
            except RuntimeError:
                # The loop added one meanwhile.
                continue
