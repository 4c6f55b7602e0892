"""For how long a launch has run, by clocks that nobody sets."""

import os
import sys
import time

from automl.executors.processes.identity import boot_id, host
from automl.study.launch import Handle


def age_s(handle: Handle) -> float | None:
    """Return how many seconds ago a launch started, also if it ended since.

    None where the start is not known, or was counted on another machine or before its restart: no
    difference of wall times is in the answer, as somebody may have set the clock meanwhile.
    """
    start = int(handle.get("start", 0))
    if sys.platform != "linux" or not start or not _is_here(handle):
        return None
    ticks_s = os.sysconf("SC_CLK_TCK")
    return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - start / ticks_s)


def _is_here(handle: Handle) -> bool:
    return (handle.get("host"), handle.get("boot")) == (host(), boot_id())
