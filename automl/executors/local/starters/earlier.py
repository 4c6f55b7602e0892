"""The starters of an earlier controller: none of them may start or write anything unseen."""

import os
import signal
import time
from collections.abc import Callable, Sequence

from automl.executors.executor import Wanted
from automl.executors.processes.origin import Origin
from automl.executors.processes.proctree import ProcessTable, send

PATIENCE_S = 2.0
"""How long such a starter may take to end by itself once nothing runs that it started."""

_PAUSE_S = 0.005


def without_idle_starters(
    walk: Callable[[], ProcessTable], wanted: Sequence[Wanted]
) -> ProcessTable:
    """Return a table in which each starter of these launches has a command that runs.

    Without a command one may be about to start what its controller had ordered, or to write the
    exit code of what has ended. Left alone it ends at once, as its controller is gone; one that
    does not is killed. So whatever is not in the table will not begin, and has left its exit code.

    Args:
        walk: returns a new table.
        wanted: launches of an earlier controller.

    Raises:
        StorageError: not all processes could be looked at.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        table = walk()
        idle = [one for one, origin in table.idle_starters() if _is_of(origin, wanted)]
        if not idle:
            return table
        table.must_be_whole()
        if time.monotonic() >= deadline:
            for one in idle:
                send(one, signal.SIGKILL)
        time.sleep(_PAUSE_S)


def _is_of(starter: Origin, wanted: Sequence[Wanted]) -> bool:
    """Tell whether a starter is of the study of these launches, and not of a copy of it."""
    return any(
        one.mark.startswith(f"{starter.uid}:")
        and os.path.realpath(one.exit_path).startswith(f"{starter.place}/")
        for one in wanted
    )
