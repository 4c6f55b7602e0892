"""Where a process comes from, by the environment that it began with."""

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

from automl.inside.marks import MARK_VARIABLE
from automl.study.launch import EXIT_FILE_VARIABLE, PLACE_VARIABLE

_STARTER = "starter"


def starter_mark(mark: str) -> str:
    """Return what a process carries that starts the trials of a study, from the mark of one.

    >>> starter_mark("5ad3:7")
    '5ad3:starter'
    """
    return f"{mark.rpartition(':')[0]}:{_STARTER}"


class Origin(NamedTuple):
    """What the environment of a process tells.

    Attributes:
        mark: the mark of its trial.
        place: the folder of its study; empty for one that an earlier release launched.
        exit_path: where it leaves its exit code; empty but for the script that leads a trial, as
            commands do not inherit the variable.
    """

    mark: str
    place: str
    exit_path: str

    @property
    def uid(self) -> str:
        """The id of its study."""
        return self.mark.rpartition(":")[0]

    @property
    def is_starter(self) -> bool:
        """Whether it starts trials, and is of none."""
        return self.mark.endswith(f":{_STARTER}")


def origin_in(environ: Mapping[str, str]) -> Origin | None:
    """Return what an environment tells, None without a mark."""
    mark = environ.get(MARK_VARIABLE)
    if not mark:
        return None
    return Origin(mark, environ.get(PLACE_VARIABLE, ""), environ.get(EXIT_FILE_VARIABLE, ""))


def read_origin(pid: int) -> Origin | None:
    """Return what the environment tells that a process began with; None without a mark.

    None too where the process has written something else over it.

    Raises:
        OSError: it is gone, is another user's, or the system could not be asked.
    """
    if sys.platform != "linux":
        import psutil  # noqa: PLC0415 - slow, and only for systems without /proc

        try:
            return origin_in(psutil.Process(pid).environ())
        except psutil.Error:
            return None
    environ = _environ(pid)
    # Most have none, and each process that there is is asked.
    mark = _value(environ, _MARK_KEY) if _MARK_KEY in environ else ""
    if not mark:
        return None
    return Origin(mark, _value(environ, _PLACE_KEY), _value(environ, _EXIT_FILE_KEY))


def _environ(pid: int) -> bytes:
    """Return the environment of a process, with a NUL before and behind each variable."""
    file = os.open(f"/proc/{pid}/environ", os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = b"\0"
        while piece := os.read(file, _MOST_BYTES):
            found += piece
            if len(piece) < _MOST_BYTES:
                break
        return found
    finally:
        os.close(file)


def _value(environ: bytes, key: bytes) -> str:
    _, _, rest = environ.partition(key)
    return os.fsdecode(rest.partition(b"\0")[0])


_MOST_BYTES = 1 << 14
"""The kernel gives as much as is asked for; few environments are larger."""

_MARK_KEY, _PLACE_KEY, _EXIT_FILE_KEY = (
    f"\0{name}=".encode() for name in (MARK_VARIABLE, PLACE_VARIABLE, EXIT_FILE_VARIABLE)
)
