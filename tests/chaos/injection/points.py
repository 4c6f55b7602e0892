"""The points at which a study is failed: a call, an error that fits it, and how long it lasts."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from tests.chaos.injection.library import Call

FULL = ("ENOSPC", "EDQUOT")
BROKEN = ("EIO", "ESTALE")
CHANGES = "create,write,mkdir,rename,link"

ERRORS: dict[str, tuple[str, ...]] = {
    "open": BROKEN,
    "create": (*FULL, *BROKEN, "EROFS"),
    "read": BROKEN,
    "write": (*FULL, "EIO", "SHORT"),
    "fsync": ("EIO", "ENOSPC"),
    "truncate": ("EIO", "EROFS"),
    "rename": (*FULL, "EIO", "EROFS"),
    "unlink": ("EIO", "EROFS"),
    "mkdir": (*FULL, *BROKEN, "EROFS"),
    "link": (*FULL, "EIO", "EROFS"),
    "stat": BROKEN,
    "flock": BROKEN,
    "spawn": ("EAGAIN", "ENOMEM", *FULL, "EIO", "EMFILE"),
    "fork": ("EAGAIN", "ENOMEM"),
    "thread": ("EAGAIN",),
    "epoll": ("EMFILE", "ENOSPC"),
    "pipe": ("EMFILE",),
    "socket": ("EMFILE", "ENOMEM"),
    "send": ("ENOMEM",),
    "pidfd": ("EMFILE",),
}
"""The errors that each kind of call can meet; those that open also EMFILE, see `errors_of`."""

REACH: dict[str, tuple[str, str]] = {
    "ENOSPC": (CHANGES, "disk"),
    "EDQUOT": (CHANGES, "disk"),
    "EROFS": (f"{CHANGES},unlink,truncate", "disk"),
    "EIO": (f"{CHANGES},unlink,truncate,open,read,fsync,stat,flock", "disk"),
    "ESTALE": (f"{CHANGES},unlink,truncate,open,read,fsync,stat,flock", "disk"),
    "EMFILE": ("open,create,pipe,pidfd,socket", "anywhere"),
    "EAGAIN": ("spawn,fork,thread", "anywhere"),
    "ENOMEM": ("spawn,fork,socket", "anywhere"),
}
"""Which other calls fail too while such a fault lasts, and where."""

SAMPLED = 20
"""How many of the calls on `/proc` and the like, which are thousands alike, are taken."""

HOW_LONG = ("once", "brief", "heals", "stays")
BRIEF_CALLS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One fault of one study."""

    call: Call
    error: str
    lasts: str

    def __str__(self) -> str:
        """Return the point's name, which `--only` takes."""
        return f"{self.error} {self.lasts} {self.call.key}"

    @classmethod
    def named(cls, name: str) -> "Point":
        """Return the point of that name."""
        error, lasts, kind, nth, path = name.split(" ", 4)
        return cls(call=Call(kind, path, int(nth)), error=error, lasts=lasts)

    @property
    def what(self) -> str:
        """What the library does, as `AUTOML_FAULT_DO` takes it."""
        if self.error == "SHORT":
            return "short"
        kinds, where = REACH.get(self.error, (self.call.kind, "anywhere"))
        count = {"once": 1, "brief": BRIEF_CALLS}.get(self.lasts, 0)
        word = "tear" if self.error in FULL and self.lasts != "once" else "fail"
        return f"{word} {getattr(errno, self.error)} {count} {kinds} {where}"


def errors_of(call: Call) -> list[str]:
    """Return the errors that a call can meet."""
    disk = ERRORS.get(call.kind, ()) if call.on_disk or call.path in {"-", "create", "add"} else ()
    table_full = ("EMFILE",) if call.kind in {"open", "create"} else ()
    return [*disk, *table_full]


def points_of(calls: Sequence[Call]) -> list[Point]:
    """Return every point of a study, in the order of its calls."""
    chosen: list[Call] = [call for call in calls if not call.path.startswith("/")]
    alike = sorted((call for call in calls if call.path.startswith("/")), key=lambda one: one[:2])
    for _, group in groupby(alike, key=lambda one: one[:2]):
        own = list(group)
        chosen += own[:: max(1, len(own) // SAMPLED)]
    return [
        Point(call=call, error=error, lasts=lasts)
        for call in chosen
        for error in errors_of(call)
        for lasts in (HOW_LONG if error != "SHORT" else ("once",))
    ]
