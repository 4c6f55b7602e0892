"""A program that works but prints nothing: what makes it print each line at once."""

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from automl.study.tasks.task import Command

WORKED_S = 0.5
"""So much CPU time shows that a program does something."""

_BEFORE = re.compile(
    r"(?:env|nice|nohup|time|timeout|stdbuf|exec|uv|run|poetry|pipenv|srun)\Z|-|\d"
)
_PYTHON = re.compile(r"(?:python|pypy)[\d.]*|uvx?|torchrun|accelerate|deepspeed|ipython\d?")
_REMEDIES = {
    "Rscript": "call flush(stdout()) after each line",
    "R": "call flush(stdout()) after each line",
    "julia": "call flush(stdout) after each line",
    "perl": "begin the program with $| = 1;",
    "ruby": "begin the program with $stdout.sync = true",
    "awk": "call fflush() after each print",
    "gawk": "call fflush() after each print",
    "mawk": "use mawk -W interactive",
    "java": "call System.out.flush() after each line",
    "lua": 'begin the program with io.stdout:setvbuf("line")',
    "php": "call flush() after each line",
    "octave": "call fflush(stdout) after each line",
}
_IN_LINES = {
    "grep": "grep --line-buffered",
    "sed": "sed -u",
    "tr": "stdbuf -oL tr",
    "awk": "fflush()",
}


def remedy(commands: Sequence[Command], env: Mapping[str, str | None], cwd: str) -> str:
    """Return what makes the last command of a trial print its lines at once.

    Args:
        commands: what the trial runs.
        env: the variables that the study sets, None for those that it takes away.
        cwd: the working directory of its commands.
    """
    command = commands[-1] if commands else ()
    words = _words(command)
    if isinstance(command, str) and "|" in command:
        used = [_IN_LINES[one] for one in _IN_LINES if one in words]
        if used:
            return f"in the pipe, write {' and '.join(used)}"
    first = next((one for one in words if not _BEFORE.match(one) and "=" not in one), "")
    name = PurePath(first).name
    if _PYTHON.fullmatch(name) or name.endswith(".py") or _is_python(first, cwd):
        return _of_python(env)
    if name in _REMEDIES:
        return _REMEDIES[name]
    line = command if isinstance(command, str) else shlex.join(command)
    return (
        f"put stdbuf -oL before the program ({_beginning(line)}), or let it flush after each line: "
        "fflush(stdout) in C, std::endl in C++"
    )


def _of_python(env: Mapping[str, str | None]) -> str:
    given = env.get("PYTHONUNBUFFERED", os.environ.get("PYTHONUNBUFFERED", "1"))
    if not given:
        return "set PYTHONUNBUFFERED=1, which is empty or taken away now, or use python -u"
    return (
        "call print(..., flush=True), or flush() of what it writes with: PYTHONUNBUFFERED=1 is "
        "set, so it prints through a buffer of its own, or has nothing to print yet"
    )


def _words(command: Command) -> list[str]:
    if not isinstance(command, str):
        return list(command)
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def _is_python(word: str, cwd: str) -> bool:
    """Tell whether a program is a script whose first line names Python."""
    try:
        with open(os.path.join(cwd, word), "rb") as file:  # noqa: PTH118, PTH123 - as a shell
            first = file.readline(200)
    except (OSError, ValueError):
        return False
    return first.startswith(b"#!") and b"python" in first


def _beginning(line: str) -> str:
    shown = f"stdbuf -oL {line}"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - to fit a line
