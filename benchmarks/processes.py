"""Starting what is measured: the environment, the folders, the stopwatch."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STUDIES = ROOT / "benchmarks" / "studies"

_SHAPING = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPROFILEIMPORTTIME")
"""Variables of a developer's shell that would make every import or print slower than a user's."""

_SHOWN_CHARS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How thorough to be.

    Attributes:
        scratch: the folder for everything that is measured; emptied once all of it is over, as
            ext4 makes files several times slower for a minute or more after many were deleted.
        quick: small counts and one repeat, to see that it works.
        long: also the counts that take many minutes.
    """

    scratch: Path
    quick: bool = False
    long: bool = False

    @property
    def repeats(self) -> int:
        """How often each tool is measured, in turn with the others."""
        return 1 if self.quick else 3

    def fresh_folder(self) -> Path:
        """Return a new empty folder."""
        return Path(tempfile.mkdtemp(dir=self.scratch))


def environment(**more: str) -> dict[str, str]:
    """Return the environment of everything that is measured, with `more` set in it.

    The locale stays the user's: in C, without any to load, an empty command takes far less time.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _SHAPING}
    paths = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), **more}


def study(script: str, *arguments: object) -> list[str]:
    """Return the argv of one of the scripts in `benchmarks/studies`."""
    return [sys.executable, str(STUDIES / script), *map(str, arguments)]


def timed(
    argv: Sequence[str], folder: Path, env: Mapping[str, str], *, given: Path | None = None
) -> float:
    """Run a command to its end, its output in a file of `folder`; return the wall seconds.

    Args:
        argv: the command.
        folder: where it runs.
        env: its whole environment.
        given: the file it gets as stdin; nothing if not given.

    Raises:
        RuntimeError: it failed; the message ends with what it printed last.
    """
    output = folder / "output.log"
    with output.open("wb") as out, Path(given or os.devnull).open("rb") as stdin:
        began = time.perf_counter()
        done = subprocess.run(
            argv, cwd=folder, env=env, stdin=stdin, stdout=out, stderr=out, check=False
        )
        wall_s = time.perf_counter() - began
    if done.returncode:
        said = output.read_text(encoding="utf-8", errors="replace")[-_SHOWN_CHARS:]
        raise RuntimeError(f"{argv[:3]} exited with {done.returncode}; it said:\n{said}")
    return wall_s


def in_turn(repeats: int, tools: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Measure each tool `repeats` times, all in turn, every second round in reverse.

    What else happens on the machine then falls on all of them alike.
    """
    figures: dict[str, list[float]] = {name: [] for name in tools}
    for number in range(repeats):
        names = list(tools) if number % 2 == 0 else list(tools)[::-1]
        for name in names:
            figures[name].append(tools[name]())
    return figures
