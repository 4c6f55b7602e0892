"""Who asks something of a study, as far as the asking program says it itself."""

import os
import pwd
import socket
from enum import StrEnum

import msgspec


class Door(StrEnum):
    """By which way somebody asks."""

    SCRIPT = "script"
    CLI = "cli"
    PAGE = "page"


class Asker(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who asks; what is not known is empty, the process then 0.

    Attributes:
        user: the name of the account.
        host: the machine.
        pid: the process.
        door: `script`, `cli`, `page`, or the word of another program.
    """

    user: str = ""
    host: str = ""
    pid: int = 0
    door: str = ""

    def __str__(self) -> str:
        """Return `anna on lab (script, process 12)`, or `somebody` where nothing is known."""
        where = f" on {self.host}" if self.host else ""
        more = [self.door] if self.door else []
        more += [f"process {self.pid}"] if self.pid else []
        text = f"{self.user or 'somebody'}{where}"
        return f"{text} ({', '.join(more)})" if more else text


def this_process(door: Door) -> Asker:
    """Return this process as the one that asks."""
    uid = os.geteuid()
    try:
        user = pwd.getpwuid(uid).pw_name
    except KeyError:
        # As in a container that is started with a bare number.
        user = f"user {uid}"
    return Asker(user=user, host=socket.gethostname(), pid=os.getpid(), door=door)
