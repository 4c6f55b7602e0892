"""The form of automl's log lines, and the one place that installs a handler."""

import logging
import sys
import time
from typing import TextIO

from automl.streams import write

LOGGER_NAME = "automl"

PATIENCE_S = 2.0
"""How long a line waits for a terminal that was stopped, or a pipe that nobody reads."""


class LineFormatter(logging.Formatter):
    """Formats records as `2020-08-07,14:51:22.163 [INFO] message`, in local time."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s [%(levelname)s] %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """Return the record's local time with milliseconds."""
        stamp = time.strftime(datefmt or "%Y-%m-%d,%H:%M:%S", time.localtime(record.created))
        return f"{stamp}.{int(record.msecs):03d}"


def stamped(level: str, message: str) -> str:
    """Return `message` in the form of a log line of this moment, for output that is no log."""
    record = logging.makeLogRecord({"levelname": level, "msg": message})
    return LineFormatter().format(record)


class _StderrHandler(logging.Handler):
    """Writes to whatever `sys.stderr` is at the time of the record, as a live view replaces it.

    It never fails, and never holds up its thread for long; nor does it hold a lock while it writes,
    for which the end of the process would wait.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(LineFormatter())
        self._patience_s = PATIENCE_S

    @property
    def stream(self) -> TextIO | None:
        return sys.stderr

    def createLock(self) -> None:  # noqa: N802 - logging's name
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        problem = write(self.stream, f"{self.format(record)}\n", self._patience_s)
        # Whoever did not read one line is not waited for at the next.
        self._patience_s = 0.0 if problem else PATIENCE_S


def ensure_handler() -> None:
    """Show automl's INFO lines on stderr unless the program has set up logging itself.

    A level that was set on automl's logger stays.

    Does nothing when the root logger or automl's has a handler already, so it is safe to call
    again and never doubles a line.
    """
    logger = logging.getLogger(LOGGER_NAME)
    if logger.hasHandlers():
        return
    logger.addHandler(_StderrHandler())
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)


def show_lines(*, shown: bool) -> None:
    """Show automl's lines on stderr, or not, whatever handlers the program has besides."""
    logger = logging.getLogger(LOGGER_NAME)
    for handler in [*logger.handlers]:
        if isinstance(handler, _StderrHandler | logging.NullHandler):
            logger.removeHandler(handler)
    # With none at all, `ensure_handler` would add one.
    logger.addHandler(_StderrHandler() if shown else logging.NullHandler())
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
