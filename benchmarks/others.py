"""How much of the machine others used while something was measured."""

import os
import resource
import time
from pathlib import Path

_BUSY = (0, 1, 2, 5, 6)
"""Places of user, nice, system, irq and softirq time in the first line of /proc/stat."""


class Others:
    """Counts from when it is made. Call `percent` once all measured processes were waited for."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy_s = _busy_s()
        self._own_s = _own_s()

    def percent(self) -> float | None:
        """Return the share of all cores that went to others; None where the system does not say."""
        now_s, past_s = _busy_s(), self._busy_s
        if now_s is None or past_s is None:
            return None
        others_s = (now_s - past_s) - (_own_s() - self._own_s)
        available_s = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        return max(0.0, 100 * others_s / available_s)


def _busy_s() -> float | None:
    try:
        line = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
    except OSError:
        return None
    ticks = [int(field) for field in line.split()[1:]]
    return sum(ticks[place] for place in _BUSY) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    """Return the CPU seconds of this process and of all descendants that were waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
