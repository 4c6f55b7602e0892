"""Which programs of this machine a study's commands start."""

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from automl.errors import SpecError
from automl.program_file import why_not_started
from automl.registry import did_you_mean
from automl.spelling.spelling import spelled
from automl.study.spec import StudySpec

_OFTEN = ("python", "python3", "bash", "sh", "Rscript", "julia", "node", "java", "make")


def check_programs(spec: StudySpec, environ: Mapping[str, str]) -> list[str]:
    """Check that the working directory exists and that each listed command can be started.

    A command given as one string is the shell's to resolve, and a first word with a placeholder
    is known only per trial; both are left alone.

    Args:
        spec: the study.
        environ: the environment of its commands.

    Returns:
        what to warn of: another Python than that of this script.

    Raises:
        SpecError: a directory or program is missing.
    """
    if not Path(spec.cwd).is_dir():
        raise SpecError(
            f"{spelled('cwd', spec.cwd)} is not a directory; give the folder to run commands in",
            place="cwd",
        )
    path = environ.get("PATH", os.defpath)
    return [
        warning
        for number, task in enumerate(spec.tasks, 1)
        for what, command in (("cmd", task.cmd), ("cleanup", task.cleanup))
        if isinstance(command, tuple)
        for warning in _check_program(number, what, command, spec.cwd, path)
    ]


def _check_program(
    number: int, what: str, command: Sequence[str], cwd: str, path: str
) -> list[str]:
    word = command[0]
    found = find_program(word, cwd, path)
    if found is not None:
        if why := why_not_started(found, path):
            raise SpecError(f"task {number}: cannot start {word!r}: {found} {why}")
        return _other_python(word, found)
    _check_no_line(number, what, word, cwd, path)
    if not any(mark in word for mark in ("{{", "{%", "<<")):
        raise SpecError(_missing(number, what, command, cwd, path))
    return []


def find_program(word: str, cwd: str, path: str) -> str | None:
    """Return the file that `word` starts from `cwd`, or None; `path` is a PATH variable."""
    if "/" in word:
        candidate = Path(cwd, os.path.expanduser(word))  # noqa: PTH111 - as the launcher does
        return str(candidate) if candidate.is_file() and os.access(candidate, os.X_OK) else None
    relative = os.pathsep.join(str(Path(cwd, part)) for part in path.split(os.pathsep))
    return shutil.which(word, path=relative)


def _check_no_line(number: int, what: str, word: str, cwd: str, path: str) -> None:
    """Raise SpecError for a line in place of a word: a program that is there, and more."""
    words = word.split()
    if len(words) > 1 and find_program(words[0], cwd, path):
        raise SpecError(
            f"task {number}: {word!r} is one word of a list, and no program is called so; give "
            f"each word by itself, {spelled(what, [words[0], ...])}, or the whole line as one "
            f"string"
        )


def _missing(number: int, what: str, command: Sequence[str], cwd: str, path: str) -> str:
    word = command[0]
    head = f"task {number}: cannot start {word!r}"
    if "/" in word:
        file = os.path.join(cwd, word)  # noqa: PTH118 - a folder keeps its slash
        return (
            f"{head}: {file} {why_not_started(file, path)}; check the first item of {spelled(what)}"
        )
    for part in path.split(os.pathsep):
        file = os.path.join(cwd, part, word)  # noqa: PTH118 - as above
        if os.path.lexists(file) and (why := why_not_started(file, path)):
            return f"{head}: {file} {why}; nothing else on PATH is called so (PATH is {path})"
    if python := _python_for(word, path):
        paste = spelled(what, [python, *command[1:]])
        own = f"'{{{{ python }}}}', which is {sys.executable}"
        return f"{head}: not found on PATH, but {python!r} is; write {paste}, or in its place {own}"
    near = did_you_mean(word, [name for name in _OFTEN if shutil.which(name, path=path)])
    return (
        f"{head}: not found on PATH{near}; check the first item of {spelled(what)} (PATH is {path})"
    )


def _python_for(word: str, path: str) -> str:
    """Return under which name there is a Python where it is not called as asked; else nothing."""
    if not re.fullmatch(r"python[\d.]*", word):
        return ""
    return next((name for name in ("python3", "python") if shutil.which(name, path=path)), "")


def _other_python(word: str, found: str) -> list[str]:
    """Return a warning when `python` is not this script's interpreter: its packages differ."""
    own = Path(sys.prefix)
    if sys.prefix == sys.base_prefix or word not in {"python", "python3"}:
        return []
    if own in Path(found).parents:
        return []
    warning = (
        f"{word!r} is {found}, not the {Path(sys.executable)} that runs this study; if it should "
        f"be that one, write '{{{{ python }}}}' instead of {word!r} in {spelled('cmd')}"
    )
    return [warning]
