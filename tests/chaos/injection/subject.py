"""One study under faults: how it is started, what is seen of it from outside, how it is judged.

Nothing here uses automl: what is found must not depend on what it judges.
"""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.chaos.injection.library import Injection

ROOT = Path(__file__).parents[3]
STUDY = Path(__file__).with_name("study.py")
FUNCTION_STUDY = Path(__file__).with_name("function_study.py")

FUNCTIONS_VARIABLE = "AUTOML_CHAOS_FUNCTIONS"
"""The environment variable that asks for the study of a function in place of that of commands."""

REFUSED = 3
END_TIMEOUT_S = 120.0
"""How long anything may take before it counts as standing still; nothing waits for it to pass."""

EXPECTED = {
    0: ("completed", 100.0),
    1: ("completed", 101.0),
    2: ("failed", None),
    3: ("completed", 103.0),
    4: ("completed", 104.0),
    5: ("pruned", 0.0),
}
"""State and value of each X, which is also the trial's id; `work.sh` and `study.py` have them."""

FRAME = re.compile(r'File ".*/(automl/.*\.py)", line \d+, in (\S+)')

DEAF = 5
"""The X that never ends by itself."""

TRACEBACK = "Traceback (most recent call last)"
RAISED = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt|Warning)\b")

STARTS = {0: 1, 1: 1, 2: 1, 3: 1, 4: 2, 5: 1}
"""How often each X is started where nothing disturbs: the one that crashes is tried again."""

CALL_STARTS = STARTS | {2: 2}
"""The same of a function: one that returns nothing has raised an error, and is tried again too."""


class Subject:
    """One study in a folder of its own, with a mark that all its processes carry."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        self.disk = folder / "disk"
        self.book = folder / "book"
        self.mark = f"faults-{secrets.token_hex(8)}"
        self.fresh = fresh
        self.log = folder / "controller.log"
        self._lives: list[int] = []
        calls = bool(os.environ.get(FUNCTIONS_VARIABLE))
        self._script, self._starts = (FUNCTION_STUDY, CALL_STARTS) if calls else (STUDY, STARTS)
        for part in (self.disk / "studies", self.disk / "metrics", self.book):
            part.mkdir(parents=True)
        self.log.touch()

    def start(
        self, injection: Injection | None = None, *, fresh: bool | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a controller, always by the same command."""
        (self.folder / "table.json").unlink(missing_ok=True)
        kind = "fresh" if (self.fresh if fresh is None else fresh) else "on"
        words = [sys.executable, str(self._script), str(self.folder), self.mark, kind]
        extra = injection.environment(self._lives) if injection else {}
        with self.log.open("ab") as log:
            controller = subprocess.Popen(
                words,
                cwd=self.folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    **extra,
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        self._lives.append(controller.pid)
        return controller

    def said(self) -> str:
        """Return what the controllers said."""
        return self.log.read_text(errors="replace")

    def begun(self) -> bool:
        """Tell whether any trial began."""
        return (self.book / "ledger").exists()

    def processes(self) -> list[str]:
        """Return the live processes that carry the mark, as pid and command line."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                with suppress(OSError):
                    words = (entry / "cmdline").read_bytes()
                    if self.mark.encode() in words or f"{self.disk}/".encode() in words:
                        text = words.replace(b"\0", b" ").decode(errors="replace")
                        found.append(f"{entry.name} {text}")
        return found

    def left(self, patience_s: float = 10.0) -> list[str]:
        """Return what is still alive after a while in which what is ending ends."""
        deadline = time.monotonic() + patience_s
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.01)
        return left

    def sweep(self) -> None:
        """Kill what is left, so that the driver itself leaves nothing."""
        while left := self.processes():
            for line in left:
                with suppress(ProcessLookupError):
                    os.kill(int(line.split()[0]), signal.SIGKILL)
            time.sleep(0.02)

    def table_problems(self) -> list[str]:
        """Return how the table differs from the undisturbed one."""
        try:
            rows: list[dict[str, Any]] = json.loads((self.folder / "table.json").read_text())
        except (OSError, ValueError):
            return ["no table"]
        found = {row["id"]: (row["x"], row["state"], row["value"]) for row in rows}
        wanted = {x: (x, *expected) for x, expected in EXPECTED.items()}
        return [
            f"row of trial {number}: {found.get(number)} instead of {wanted.get(number)}"
            for number in sorted(wanted.keys() | found.keys())
            if found.get(number) != wanted.get(number)
        ] + [f"{len(rows)} rows"] * (len(rows) != len(wanted))

    def ledger_problems(self, spared: frozenset[int], *, lives: int = 1) -> list[str]:
        """Return what was lost, ran twice, or ran beside itself.

        Args:
            spared: the X that may run again, since they had not ended when they were stopped.
            lives: how often the study was begun afresh.
        """
        starts: Counter[int] = Counter()
        ends: Counter[int] = Counter()
        problems = []
        for line in self._ledger():
            word, x = line.split()[0], int(line.split()[2])
            starts[x] += word == "START"
            ends[x] += word == "END"
            if word == "OVERLAP":
                problems.append(f"x={x} was started while an earlier run of it was alive")
        for x, wanted in self._starts.items():
            if not starts[x] or (not ends[x] and x != DEAF):
                problems.append(f"x={x} never ran to its end")
            if starts[x] > wanted * lives and x not in spared:
                problems.append(f"x={x} ran {starts[x]} times instead of {wanted * lives}")
        return problems

    def unended(self) -> frozenset[int]:
        """Return the X that have not run to their end so far."""
        ended = {int(line.split()[2]) for line in self._ledger() if line.startswith("END")}
        return frozenset(STARTS) - ended

    def _ledger(self) -> list[str]:
        with suppress(FileNotFoundError):
            return (self.book / "ledger").read_text().splitlines()
        return []

    def speech_problems(self) -> list[str]:
        """Return what the controllers said that no user should read: errors of Python."""
        _, found, rest = self.said().partition(TRACEBACK)
        if not found:
            return []
        error, place = "of no name", ""
        for line in rest.splitlines():
            if frame := FRAME.search(line):
                place = f" in {frame[1]}, {frame[2]}"
            if RAISED.match(line):
                error = line
                break
        return [f"raw error{place}: {error}"]


def take_interrupts() -> None:
    """Take SIGINT as usual, and so in the controllers, also where a shell started us with `&`."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_end(controller: subprocess.Popen[bytes], timeout_s: float = END_TIMEOUT_S) -> int | None:
    """Wait for the end of a controller; kill it and return None if it does not come."""
    try:
        return controller.wait(timeout_s)
    except subprocess.TimeoutExpired:
        controller.kill()
        controller.wait()
        return None


def again_problems(subject: Subject, *, fresh: bool | None = None) -> list[str]:
    """Give the same command again, without a fault; return what is wrong then."""
    code = wait_end(subject.start(fresh=fresh))
    problems = []
    if code != 0:
        last = (subject.said().strip().splitlines() or ["nothing"])[-1]
        how = "did not end" if code is None else f"ended with {code}"
        problems.append(f"the same command again {how}, saying: {last}")
    problems += [f"after the same command again: {one}" for one in subject.table_problems()]
    return problems + [f"left running: {one}" for one in subject.left()]
