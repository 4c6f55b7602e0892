"""A study in a folder of its own for the scripts that show one promise each, seen from outside.

Nothing here uses automl but the studies that are started, so that the scripts can be run against
any release: copy them into tests/chaos of its checkout, and run `python -m tests.chaos.show_fresh`
there. Linux only.
"""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DEADLINE_S = 100.0
STUDY = Path(__file__).with_name("show_study.py")
MARK_VARIABLE = "SHOW_MARK"


class ShowStage:
    """Runs lives of one study after the other, and tells what is left of each.

    Attributes:
        folder: where everything happens; the studies' commands run there.
        study: the study's folder.
        log: what all controllers said.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.study = folder / "studies" / "study"
        self.log = folder / "log"
        self._token = secrets.token_hex(8)
        self._lives: list[str] = []

    def start(self, cmd: str, values: list[int], **more: Any) -> subprocess.Popen[bytes]:
        """Start a controller; its processes are of a new life."""
        self._lives.append(f"{self._token}-{len(self._lives)}")
        description = json.dumps({"cmd": cmd, "values": values, **more})
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(STUDY), str(self.folder), description],
                cwd=self.folder,
                env={**os.environ, MARK_VARIABLE: self._lives[-1]},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run(self, cmd: str, values: list[int], **more: Any) -> list[dict[str, Any]]:
        """Run a controller to its end and return the table's rows."""
        process = self.start(cmd, values, **more)
        process.wait(DEADLINE_S)
        return self.rows()

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the last table: `id`, `x`, `value`, `state`."""
        try:
            rows: list[dict[str, Any]] = json.loads((self.folder / "table.json").read_text())
        except OSError:
            raise SystemExit(f"no table:\n{self.log.read_text()}") from None
        return rows

    def kill(self, controller: "subprocess.Popen[bytes]") -> None:
        """Kill a controller alone, as `kill -9` does."""
        controller.kill()
        controller.wait()

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for a fact."""
        deadline = time.monotonic() + DEADLINE_S
        while not holds():
            if time.monotonic() > deadline:
                raise SystemExit(f"waited in vain for {what}:\n{self.log.read_text()}")
            time.sleep(0.01)

    def began(self, *names: str) -> None:
        """Wait until the commands have made files."""
        for name in names:
            self.until((self.folder / name).exists, name)

    def left_of(self, life: int) -> list[int]:
        """Return the pids of the living processes of a life, from 0."""
        wanted, found = f"{MARK_VARIABLE}={self._lives[life]}".encode(), []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if wanted in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found

    def close(self) -> None:
        """Kill whatever is left."""
        for life in range(len(self._lives)):
            while left := self.left_of(life):
                for pid in left:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                time.sleep(0.01)


@contextlib.contextmanager
def show_stage() -> Iterator[ShowStage]:
    """Return a stage in a temporary folder, of which nothing is left."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        stage = ShowStage(Path(folder).resolve())
        try:
            yield stage
        finally:
            stage.close()


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def verdicts(*problems: str) -> None:
    """Say what was found and end: with code 0 without a problem, else 1."""
    found = [problem for problem in problems if problem]
    for problem in found:
        tell(f"BROKEN: {problem}")
    tell("promise broken" if found else "promise kept")
    sys.exit(1 if found else 0)
