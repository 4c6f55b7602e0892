"""The form of automl's log lines, and the one place that installs a handler."""

import logging
import sys
import time
from typing import TextIO

LOGGER_NAME = "automl"


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


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever `sys.stderr` is at the time of the record, as a live view replaces it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(LineFormatter())

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


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
