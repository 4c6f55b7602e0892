"""`python -m automl.inside.reading.call`: calls a function for what it finds in a trial's folder.

The answer goes into an open file, by its number, and what the function prints to the streams. So
no process that the function leaves holds the answer up.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

from automl.inside.call import leave, tell_where_it_is
from automl.inside.calling.function import outcome_of
from automl.inside.calling.importing import begin_again
from automl.inside.calling.loading import load
from automl.inside.calling.words import Target
from automl.inside.reading.curves import curves_of

MODULE = "automl.inside.reading.call"
_PARENT_DEATH_SIGNAL = 1

CURVES, REASON = "curves", "reason"
"""What an answer has: numbers, or why there are none."""


def target_of(function: str) -> Target:
    """Return the function that `module:name` or `path/to/file.py:name` names."""
    place, _, name = function.rpartition(":")
    if place.endswith(".py"):
        return Target(function=name, script=place)
    return Target(function=name, module=place)


def answer_of(loaded: Callable[[], Callable[..., Any]], arguments: Sequence[str]) -> str:
    """Return what a function gives for these arguments, or why nothing, as JSON.

    Args:
        loaded: gives the function.
        arguments: what it is called with.
    """
    try:
        return json.dumps({CURVES: curves_of(loaded()(*arguments))})
    except BaseException as error:  # noqa: BLE001 - it is what is told
        told = outcome_of(error)
        if told.traceback:
            sys.stderr.write("\n".join([*told.traceback, ""]))
        return json.dumps({REASON: told.reason or type(error).__name__})


def main(words: Sequence[str]) -> None:
    """Call the function that words name, and write its answer down."""
    parent, answers, limit_s, function, *arguments = words
    process = os.getpid()
    # Should whoever waits for the answer be killed, nobody else ends what hangs.
    _end_with(int(parent))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, float(limit_s))
    begin_again()
    tell_where_it_is()
    answer = answer_of(lambda: load(target_of(function)), arguments)
    # A fork that the function made may have come back here too: what it gives is not the answer.
    if os.getpid() == process:
        data = memoryview(answer.encode(errors="replace"))
        while data:
            data = data[os.write(int(answers), data) :]
    leave(0)


def _end_with(parent: int) -> None:
    """Have the kernel kill this process when the thread ends that began it; Linux alone can."""
    try:
        import ctypes  # noqa: PLC0415 - not everywhere

        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, int(signal.SIGKILL))
    except (ImportError, OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
