"""What a table of figures must say about the machine it was measured on, and no more."""

import os
import platform
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The head of the table: nothing in it names the machine or its folders.

    Attributes:
        cores: how many this process may use.
        python: version of the interpreter.
        kernel: name and release, without what a vendor adds to it.
        file_system: type of the one that holds the temporary folders, `unknown` if not told.
        date: UTC, year-month-day.
        load: processes that wanted a core in the minute before, on average.
        quick: whether counts were too small for figures to be compared with those to hold.
    """

    cores: int
    python: str
    kernel: str
    file_system: str
    date: str
    load: float
    quick: bool

    def line(self) -> str:
        """Return it as one line."""
        text = (
            f"{self.cores} cores, Python {self.python}, {self.kernel}, {self.file_system}, "
            f"{self.date}, load before {self.load:.1f}"
        )
        return f"{text}; a quick run, whose verdicts mean little" if self.quick else text


def this_machine(*, quick: bool) -> Machine:
    """Return what there is to say about this machine and this run now."""
    return Machine(
        cores=_cores(),
        python=platform.python_version(),
        kernel=f"{platform.system()} {release_number(platform.release())}",
        file_system=file_system_of(Path(tempfile.gettempdir())),
        date=datetime.now(UTC).strftime("%Y-%m-%d"),
        load=round(os.getloadavg()[0], 2),
        quick=quick,
    )


def release_number(release: str) -> str:
    """Return the digits and dots that a kernel's release begins with.

    >>> release_number("6.8.0-45-generic")
    '6.8.0'
    """
    found = re.match(r"\d+(\.\d+)*", release)
    return found[0] if found else ""


def file_system_of(folder: Path) -> str:
    """Return the type of the file system that holds `folder`; `unknown` without /proc/mounts."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "unknown"
    place = folder.resolve()
    best, found = "", "unknown"
    for line in mounts.splitlines():
        _, mounted, kind, *_ = line.split(" ")
        # A later mount on the same folder hides the earlier one.
        if place.is_relative_to(mounted) and len(mounted) >= len(best):
            best, found = mounted, kind
    return found


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
