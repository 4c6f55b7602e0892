"""The plain process starters that automl is measured against."""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.processes import environment, timed
from benchmarks.rows import Unavailable


def need(program: str) -> None:
    """Raise Unavailable unless a program is on PATH."""
    if shutil.which(program) is None:
        raise Unavailable(f"{program} is not installed")


def has_gnu_parallel() -> bool:
    """Tell whether `parallel` is GNU's; another program has that name too."""
    if shutil.which("parallel") is None:
        return False
    told = subprocess.run(["parallel", "--version"], capture_output=True, text=True, check=False)
    return told.stdout.startswith("GNU parallel")


def run_xargs(
    command: Sequence[str], lines: Iterable[str], folder: Path, **variables: str
) -> float:
    """Run `xargs -P2` on a command with `{}` in it, once for each line; return the wall seconds."""
    argv = ["xargs", "-P2", "-I{}", *command]
    return timed(argv, folder, environment(**variables), given=_input(lines, folder))


def run_parallel(command: Sequence[str], lines: Iterable[str], folder: Path) -> float:
    """Run `parallel -j2` likewise; its own files stay in `folder`."""
    argv = ["parallel", "-j2", *command]
    env = environment(PARALLEL_HOME=str(folder), TMPDIR=str(folder))
    return timed(argv, folder, env, given=_input(lines, folder))


def _input(lines: Iterable[str], folder: Path) -> Path:
    path = folder / "input.txt"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
