"""The library `faults.c`: built, told what to do, and its list read."""

import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[1] / "faults.c"
CODE = Path(__file__).parents[3] / "automl"


class Call(NamedTuple):
    """One call of a study: the `nth` of its kind on its path.

    Attributes:
        kind: as `faults.c` has it.
        path: in short, as `faults.c` tells it.
        nth: from 1.
        events: the journal's events that it writes.
    """

    kind: str
    path: str
    nth: int
    events: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What `AUTOML_FAULT_AT` takes."""
        return f"{self.kind} {self.nth} {self.path}"

    @property
    def on_disk(self) -> bool:
        """Whether it is on a file of the study, which can be on a full or broken disk."""
        return not self.path.startswith(("/", "-", "CODE")) and self.kind not in WITHOUT_PATH


WITHOUT_PATH = frozenset(
    {"pipe", "epoll", "pidfd", "thread", "fork", "kill", "socket", "send", "receive"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """What the library does in one start of the study.

    Attributes:
        library: the built one.
        disk: the folder whose calls are those on the disk.
        log: file for what it tells.
        at: the call that is hit, None for none.
        what: what then happens, as `AUTOML_FAULT_DO` takes it.
        until: a file that ends the fault once it exists.
    """

    library: Path
    disk: Path
    log: Path
    at: Call | None = None
    what: str = ""
    until: Path | None = None

    def environment(self, lives: Iterable[int] = ()) -> dict[str, str]:
        """Return the variables that load and configure it.

        Args:
            lives: pids of the study's earlier controllers, whose control groups are its own.
        """
        variables = {
            "LD_PRELOAD": str(self.library),
            "AUTOML_FAULT_LOG": str(self.log),
            "AUTOML_FAULT_BELOW": str(self.disk),
            "AUTOML_FAULT_CODE": str(CODE),
            "AUTOML_FAULT_LIVES": " ".join(map(str, lives)),
        }
        if self.at is None:
            return variables | {"AUTOML_FAULT_LIST": "1"}
        variables |= {"AUTOML_FAULT_AT": self.at.key, "AUTOML_FAULT_DO": self.what}
        if self.until is not None:
            variables["AUTOML_FAULT_UNTIL"] = str(self.until)
        return variables


def build(folder: Path) -> Path:
    """Compile the library into a folder and return it.

    Raises:
        SystemExit: there is no compiler, or it refused.
    """
    target = folder / "faults.so"
    words = ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(target), str(SOURCE)]
    try:
        done = subprocess.run([*words, "-ldl"], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise SystemExit("there is no C compiler (cc): install gcc") from error
    if done.returncode:
        raise SystemExit(f"faults.c was not compiled:\n{done.stderr}")
    return target


def listed(log: Path) -> list[Call]:
    """Return the calls of a list, in order; of code that is imported, what opens it."""
    seen: Counter[tuple[str, str]] = Counter()
    calls = []
    for line in log.read_text(errors="replace").splitlines():
        _, kind, path, events = line.split("\t")
        if path.startswith("CODE") and kind != "open":
            continue
        seen[kind, path] += 1
        calls.append(Call(kind, path, seen[kind, path], tuple(events.split())))
    return calls
