"""One study under chaos: how it is started, and what is seen of it from outside."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.chaos_checks import sides

ROOT = Path(__file__).parents[2]
STUDY = Path(__file__).with_name("chaos_study.py")
SEARCH_STUDY = Path(__file__).with_name("chaos_search.py")
MARK_VARIABLE = "AUTOML_CHAOS_MARK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a full run does."""

    kills: int
    trials: int
    max_parallel: int
    seed: int
    mode: str = "grid"


class ChaosStudy:
    """One study in a folder of its own, with a mark that all its processes carry."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder
        self.mark = f"chaos-{secrets.token_hex(8)}"
        self.a_count, self.b_count = sides(plan.trials)
        self._plan = plan
        folder.mkdir()

    def start(self) -> subprocess.Popen[bytes]:
        """Start a controller, always by the same command."""
        plan = self._plan
        place = (str(self.folder), self.mark)
        if plan.mode == "grid":
            sizes = (self.a_count, self.b_count, plan.max_parallel)
            words = [str(STUDY), *place, *map(str, sizes)]
        else:
            words = [str(SEARCH_STUDY), plan.mode, *place, str(plan.trials), str(plan.max_parallel)]
        with (self.folder / "controller.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *words],
                cwd=self.folder,
                env={**os.environ, MARK_VARIABLE: self.mark, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def has_lock(self, controller: subprocess.Popen[bytes]) -> bool:
        """Tell whether a controller has come so far as to have the study."""
        try:
            lines = (self.folder / "chaos" / "journal.jsonl").read_bytes().splitlines()
        except OSError:
            return False
        # From the last opening on; only who has the lock writes one.
        for line in reversed(lines):
            if b'"event":"StudyOpened"' in line:
                with contextlib.suppress(ValueError):
                    return bool(json.loads(line)["pid"] == controller.pid)
        return False

    def table(self) -> list[dict[str, Any]] | None:
        """Return the rows of the table in its order, None if the study did not come to one."""
        try:
            rows: list[dict[str, Any]] = json.loads((self.folder / "table.json").read_text())
        except (OSError, ValueError):
            return None
        return rows

    def ledger(self) -> str:
        """Return what the commands noted."""
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "ledger").read_text()
        return ""

    def log_tail(self) -> str:
        """Return the last lines of what the controllers said."""
        lines = (self.folder / "controller.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-15:])

    def processes(self) -> dict[int, str]:
        """Return the live processes that carry the mark, in their environment or arguments."""
        mark = self.mark.encode()
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                words = (entry / "cmdline").read_bytes()
                # A process that is just ending gives empty files, as a zombie does.
                if mark in words or mark in (entry / "environ").read_bytes():
                    found[int(entry.name)] = words.replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
        return found

    def sweep(self) -> None:
        """Kill what is left, so that the driver itself leaves nothing."""
        while left := self.processes():
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
