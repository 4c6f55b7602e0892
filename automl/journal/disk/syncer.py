"""Forces a file to the disk, aside and once for many writes."""

import logging
import os
import threading

from automl.patience import start_thread

logger = logging.getLogger(__name__)

SYNC_INTERVAL_S = 0.05
"""How long written lines may wait before they are forced to the disk, against a power cut."""

RETRY_S = 1.0
"""Seconds between two tries on a disk that fails."""


class Syncer:
    """Forces a file to the disk in a thread of its own; a failure is said once, and tried again.

    Raises:
        OSError: no thread can be started now.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._asked = threading.Event()
        self._pause = threading.Event()
        self._closing = False
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="automl-journal", daemon=True)
        start_thread(self._thread)

    def ask(self) -> None:
        """Have what was written so far forced to the disk soon."""
        # Most ask while it pauses: setting it once more would take longer than to look.
        if not self._asked.is_set():
            self._asked.set()

    def close(self) -> None:
        """End the thread, and force everything to the disk now."""
        self._closing = True
        self._pause.set()
        self._asked.set()
        self._thread.join()
        self._sync()

    def _run(self) -> None:
        while not self._closing:
            self._asked.wait()
            if not self._closing:
                # Many ends a second share one visit to the disk, which would slow them all.
                self._pause.wait(RETRY_S if self._failing else SYNC_INTERVAL_S)
            self._asked.clear()
            self._sync()
            if self._failing:
                self._asked.set()

    def _sync(self) -> None:
        try:
            os.fsync(self._file)
        except OSError as error:
            if not self._failing:
                logger.warning("the journal may not survive a power cut: %s", error.strerror)
            self._failing = True
            return
        if self._failing:
            logger.warning("the journal is on the disk again")
        self._failing = False
