"""One study under chaos: how it is started, and what is seen of it from outside."""

import contextlib
import json
import os
import pwd
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.chaos_checks import sides
from tests.chaos.injection.starters import VARIABLE

ROOT = Path(__file__).parents[2]
STUDY = Path(__file__).with_name("chaos_study.py")
FUNCTION_STUDY = Path(__file__).with_name("functions") / "study.py"
SEARCH_STUDY = Path(__file__).with_name("chaos_search.py")
MARK_VARIABLE = "AUTOML_CHAOS_MARK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a full run does.

    Attributes:
        kills: of the controller.
        server_kills: of the fork server of a function, and `starter_kills` of its starters.
    """

    kills: int
    trials: int
    max_parallel: int
    seed: int
    mode: str = "grid"
    span_ms: int = 950
    starters: bool = False
    user: "User | None" = None
    server_kills: int = 0
    starter_kills: int = 0


@dataclass(frozen=True, slots=True)
class User:
    """Another user, without the rights of root, who runs the study.

    Attributes:
        uid: the user.
        gid: the only group.
        python: an interpreter that the user may start; it gets our packages.
    """

    uid: int
    gid: int
    python: str

    @classmethod
    def named(cls, name: str, python: str) -> "User":
        """Return a user by name or number.

        Raises:
            SystemExit: there is none of that name, we are not root, or python is out of reach.
        """
        if os.geteuid() != 0:
            raise SystemExit("only root can run a study as another user")
        try:
            entry = pwd.getpwuid(int(name)) if name.isdigit() else pwd.getpwnam(name)
        except KeyError as error:
            raise SystemExit(f"there is no user {name!r}") from error
        user = cls(entry.pw_uid, entry.pw_gid, python)
        words = [python, "-c", "import automl.hpo"]
        try:
            done = subprocess.run(
                words, cwd="/", check=False, stderr=subprocess.PIPE, text=True, **user.options()
            )
        except PermissionError as error:
            raise SystemExit(f"{name} may not run {python}: give another by --python") from error
        if done.returncode:
            raise SystemExit(f"{name} cannot use automl by {python}:\n{done.stderr}")
        return user

    def options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to start a process of this user."""
        packages = [path for path in sys.path if path.endswith("site-packages")]
        return {
            "user": self.uid,
            "group": self.gid,
            "extra_groups": [],
            "env": {
                **os.environ,
                "HOME": "/nonexistent",
                "PYTHONPATH": os.pathsep.join([str(ROOT), *packages]),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        }


class ChaosStudy:
    """One study in a folder of its own, with a mark that all its processes carry."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder
        self.mark = f"chaos-{secrets.token_hex(8)}"
        self.a_count, self.b_count = sides(plan.trials)
        # The server of a function is there only some time after its controller.
        self.longest_delay_s = 3.0 if plan.mode == "functions" else 1.5
        self._plan = plan
        folder.mkdir()
        if plan.user is not None:
            os.chown(folder, plan.user.uid, plan.user.gid)

    def start(self) -> subprocess.Popen[bytes]:
        """Start a controller, always by the same command."""
        plan = self._plan
        place = (str(self.folder), self.mark)
        if plan.mode == "grid":
            sizes = (self.a_count, self.b_count, plan.max_parallel, plan.span_ms)
            words = [str(STUDY), *place, *map(str, sizes)]
        elif plan.mode == "functions":
            second = plan.trials // 3
            sizes = (plan.trials - second, second, plan.max_parallel, plan.span_ms)
            words = [str(FUNCTION_STUDY), *place, *map(str, sizes)]
        else:
            words = [str(SEARCH_STUDY), plan.mode, *place, str(plan.trials), str(plan.max_parallel)]
        options: dict[str, Any] = {"env": {**os.environ, "PYTHONPATH": str(ROOT)}}
        if plan.user is not None:
            options = plan.user.options()
        options["env"][MARK_VARIABLE] = self.mark
        if plan.starters:
            options["env"][VARIABLE] = "yes"
        with (self.folder / "controller.log").open("ab") as log:
            return subprocess.Popen(
                [plan.user.python if plan.user else sys.executable, *words],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
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
