"""Doing what the machine cannot do now, once it can."""

import errno
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from automl.errors import AutomlError, StorageError, may_pass

logger = logging.getLogger(__name__)

RETRY_S = 1.0
"""Seconds between two tries."""

T = TypeVar("T")


def slept() -> bool:
    """Wait until the next try; return whether the user pressed Ctrl-C meanwhile."""
    try:
        time.sleep(RETRY_S)
    except KeyboardInterrupt:
        return True
    return False


def patiently(step: Callable[[], T], asked: Callable[[], bool] = slept, *, then: str) -> T:
    """Return what a step gives, once the machine can do it; say so once if that takes a while.

    Args:
        step: leaves nothing when it fails, so that it can be done again.
        asked: waits until the next try, and tells whether the user asked to end.
        then: what happens once it works, as in `the study begins`.

    Raises:
        StorageError: it could not be done until the user asked to end.
    """
    told: Exception | None = None
    while True:
        try:
            done = step()
        except KeyboardInterrupt:
            if told is None:
                raise
            raise StorageError(in_words(told)) from told
        except (AutomlError, OSError) as error:
            if not passes(error):
                raise
            if not told:
                outlook = f"{then[0].upper()}{then[1:]} once it works again; Ctrl-C to end"
                logger.error("%s. %s", in_words(error), outlook)  # noqa: TRY400
            told = error
            if asked():
                raise StorageError(in_words(error)) from error
        else:
            if told:
                logger.warning("it works again: %s", then)
            return done


def passes(error: Exception) -> bool:
    """Tell whether an error comes from a state of the machine that may pass."""
    return isinstance(error, StorageError) or may_pass(getattr(error, "errno", None))


def in_words(error: Exception) -> str:
    """Return what went wrong, without the form that Python gives to what the system answers."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror


def start_thread(thread: threading.Thread) -> None:
    """Start a thread.

    Raises:
        OSError: the machine has no room for it now; the thread can be started later.
    """
    try:
        thread.start()
    except RuntimeError as error:
        why = os.strerror(errno.EAGAIN)
        raise OSError(errno.EAGAIN, f"no thread can be started: {why}") from error
