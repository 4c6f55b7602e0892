"""For how long a launch has run, by clocks that nobody sets where there are any."""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from automl.executors.executor import Wanted
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


def ran_s(wanted: Wanted, handle: Handle, now: datetime) -> float:
    """Return for how many seconds a launch has run that runs now; 0 if that cannot be told.

    Args:
        wanted: what was looked for.
        handle: its handle, as it was found.
        now: the wall time.
    """
    age = age_s(handle)
    if age is not None:
        return age
    try:
        return max(0.0, (now - _began(wanted)).total_seconds())
    except OSError:
        return 0.0


def lasted_s(wanted: Wanted, ended: datetime, now: datetime) -> float:
    """Return how long a launch ran that nobody saw end: up to when it left its exit code.

    It is 0 where nothing tells when it began.

    Both moments are wall times of then. A clock that was set in between makes their difference
    wrong, but never longer than the launch is old.

    Raises:
        OSError: when it began cannot be told now.
    """
    age = age_s(wanted.handle)
    until = min(ended, now) if age is None else ended
    try:
        seconds = max(0.0, (until - _began(wanted)).total_seconds())
    except FileNotFoundError:
        return 0.0
    return seconds if age is None else min(seconds, age)


def _began(wanted: Wanted) -> datetime:
    """Return the wall time at which a launch began.

    Where the journal does not know of the launch, its script tells it.
    """
    if wanted.began_at is None:
        return datetime.fromtimestamp(Path(wanted.script).stat().st_mtime, UTC)
    return wanted.began_at
