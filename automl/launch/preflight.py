"""What is checked of the machine before a study starts."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from automl.errors import RenderError, SpecError
from automl.launch.environment import command_path
from automl.launch.launcher import Launcher
from automl.registry import did_you_mean
from automl.show.lines import params_text
from automl.study.spec import StudySpec

_DRAWS = 100
"""Of so many random combinations each is filled in, where parameters may be off."""

_OFTEN = ("python", "python3", "bash", "sh", "Rscript", "julia", "node", "java", "make")


def check_programs(spec: StudySpec, environ: Mapping[str, str]) -> list[str]:
    """Check that the working directory exists and that each listed command can be started.

    A command given as one string is the shell's to resolve, and a first word with a placeholder
    is known only per trial; both are left alone.

    Returns:
        what to warn of: another Python than that of this script.

    Raises:
        SpecError: a directory or program is missing.
    """
    if not Path(spec.cwd).is_dir():
        raise SpecError(
            f"cwd={spec.cwd!r} is not a directory; give the folder to run commands in", place="cwd"
        )
    path = command_path(spec, environ)
    return [
        warning
        for number, task in enumerate(spec.tasks, 1)
        for what, command in (("cmd", task.cmd), ("cleanup", task.cleanup))
        if isinstance(command, tuple)
        for warning in _check_program(number, what, command[0], spec.cwd, path)
    ]


def _check_program(number: int, what: str, word: str, cwd: str, path: str) -> list[str]:
    found = find_program(word, cwd, path)
    if found is not None:
        return _other_python(word, found)
    _check_no_line(number, what, word, cwd, path)
    if not any(mark in word for mark in ("{{", "{%", "<<")):
        raise SpecError(_missing(number, what, word, cwd, path))
    return []


def check_commands(spec: StudySpec, launcher: Launcher) -> list[str]:
    """Check that the commands can be filled in whatever is off.

    Returns:
        what to warn of: parameters and seeds that no command gets, and words that programs may
        take for something else.

    Raises:
        SpecError: a shell line, a location or a variable needs a parameter that may be off.
    """
    for params in spec.space.draws(_DRAWS) if spec.space.conditional else ():
        try:
            launcher.check_commands(params)
        except RenderError as error:
            raise SpecError(
                f"{str(error).removeprefix('trial 0: ')}, with {params_text(params)}, as its "
                "condition does not hold; give a value for then, {{ trial.param.x | default(0) }}, "
                "or guard it by {% if trial.param.x is defined %}; from a command that is a list "
                "of words, what is off is left out"
            ) from error
    return [*_unused(launcher.unused), *_unseeded(spec, launcher), *launcher.doubtful]


def _unused(names: list[str]) -> list[str]:
    if not names:
        return []
    listed = " or ".join(map(repr, names))
    put = " and ".join(f"{{{{ trial.param.{name} }}}}" for name in names)
    warning = (
        f"no command uses {listed}, so the search would tell apart trials that do the same; put "
        f"{put} where the command takes it"
    )
    return [warning]


def _unseeded(spec: StudySpec, launcher: Launcher) -> list[str]:
    noise = spec.noise
    if launcher.seeded or (noise.repeats == 1 and not noise.confirm):
        return []
    given = f"repeats={noise.repeats}" if noise.repeats > 1 else f"confirm={noise.confirm}"
    warning = (
        f"{given}, but no command uses {{{{ trial.seed }}}}: the same command is launched again, "
        "which shows something only if the program draws another seed by itself"
    )
    return [warning]


def find_program(word: str, cwd: str, path: str) -> str | None:
    """Return the file that `word` starts from `cwd`, or None; `path` is a PATH variable."""
    if "/" in word:
        candidate = Path(cwd, word)
        return str(candidate) if candidate.is_file() and os.access(candidate, os.X_OK) else None
    relative = os.pathsep.join(str(Path(cwd, part)) for part in path.split(os.pathsep))
    return shutil.which(word, path=relative)


def _check_no_line(number: int, what: str, word: str, cwd: str, path: str) -> None:
    """Raise SpecError for a line in place of a word: a program that is there, and more."""
    words = word.split()
    if len(words) > 1 and find_program(words[0], cwd, path):
        raise SpecError(
            f"task {number}: {word!r} is one word of a list, and no program is called so; give "
            f"each word by itself, {what}=[{words[0]!r}, ...], or the whole line as one string"
        )


def _missing(number: int, what: str, word: str, cwd: str, path: str) -> str:
    head = f"task {number}: cannot start {word!r}"
    if "/" in word:
        file = Path(cwd, word)
        why = "is not executable; do: chmod +x it" if file.is_file() else "does not exist"
        return f"{head}: {file} {why}; check the first item of {what}="
    near = did_you_mean(word, [name for name in _OFTEN if shutil.which(name, path=path)])
    return f"{head}: not found on PATH{near}; check the first item of {what}= (PATH is {path})"


def _other_python(word: str, found: str) -> list[str]:
    """Return a warning when `python` is not this script's interpreter: its packages differ."""
    own = Path(sys.prefix)
    if sys.prefix == sys.base_prefix or word not in {"python", "python3"}:
        return []
    if own in Path(found).parents:
        return []
    warning = (
        f"{word!r} is {found}, not the {Path(sys.executable)} that runs this script; if it should "
        f"be that one, write '{{{{ python }}}}' instead of {word!r} in cmd="
    )
    return [warning]
