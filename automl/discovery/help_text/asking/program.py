"""Which words of a command name its program, of any language, and which file that is."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from automl.discovery.source.program.files import is_file, on_disk
from automl.discovery.source.program.wrappers import WRAPPERS, after_wrapper, is_interpreter

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_MOST_WRAPPERS = 12
_KEPT_WRAPPERS = frozenset(
    ("uv", "poetry", "pdm", "rye", "hatch", "pixi", "pipenv", "conda", "mamba", "micromamba")
)
"""Without them the program would not find what it needs; the others only start it elsewhere."""

_ELSEWHERE = frozenset(
    ("docker", "podman", "nerdctl", "ssh", "sbatch", "kubectl", "singularity", "apptainer", "qsub")
)
_SHELLS = frozenset(("sh", "bash", "zsh", "dash", "ksh", "fish"))
_INTERPRETERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_SHELLS, frozenset(("-o", "-O"))),
    "Rscript": frozenset(),
    "julia": frozenset(("-t", "--threads", "-p", "--procs", "-J", "-C", "-L")),
    "node": frozenset(("-r", "--require", "--import", "--loader")),
    "deno": frozenset(),
    "bun": frozenset(),
    "perl": frozenset(),
    "ruby": frozenset(("-r", "-I")),
    "php": frozenset(("-d", "-c")),
    "lua": frozenset(("-l",)),
    "luajit": frozenset(("-l",)),
    "octave": frozenset(),
    "java": frozenset(("-cp", "-classpath", "--class-path", "-p", "--module-path")),
    "mono": frozenset(),
    "dotnet": frozenset(),
    "awk": frozenset(("-f", "-v")),
}
"""Programs that run a file, and which of their options take a word."""
_LINES = frozenset(("-c", "-e", "-E", "--eval", "-"))
_BY_NAME = frozenset(("-m", "-cp", "-classpath", "--class-path", "-p", "--module-path"))
"""Options behind which stands the name of a module or class, no path."""
_VERBS = frozenset(("run", "exec"))


@dataclass(frozen=True, slots=True)
class Program:
    """The program in a command.

    Attributes:
        words: what starts it, without what only starts it elsewhere, such as `mpirun -n 4`.
        start: which word of the command is the first of the program's own.
        file: the file of its code; None where that is not known.
        why_not: why it is not asked for its help; empty if it may be.
        missing: whether it is not there, so that the command could not run at all.
    """

    words: tuple[str, ...]
    start: int
    file: Path | None
    why_not: str = ""
    missing: bool = False


def program_in(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Program:
    """Return the program that a command starts.

    Args:
        words: the command.
        folder: where it is started.
        environment: with which it is started.
    """
    kept: list[str] = []
    start = 0
    for _ in range(_MOST_WRAPPERS):
        word = "".join(words[start : start + 1])
        name = os.path.basename(word)  # noqa: PTH119 - a word, no path
        if name == "env" or (_ASSIGNMENT.match(word) and "/" not in word.partition("=")[0]):
            kept.append(word)
            start += 1
        elif kept[:1] == ["env"] and word.startswith("-"):
            kept += words[start : start + 2] if word in {"-u", "-C"} else [word]
            start += 2 if word in {"-u", "-C"} else 1
        elif name in WRAPPERS:
            after, by_module = after_wrapper(words, start + 1, WRAPPERS[name])
            if by_module:
                return _unknown(words, start)
            kept += words[start:after] if name in _KEPT_WRAPPERS else []
            start = after
        else:
            return _named(words, start, [*_with_env(kept)], folder, environment)
    return _unknown(words, start)


def _with_env(kept: list[str]) -> list[str]:
    """Return words that begin with `env` where they begin with a variable, as no shell is there."""
    return ["env", *kept] if kept and _ASSIGNMENT.match(kept[0]) else kept


def _named(
    words: Sequence[str],
    start: int,
    kept: list[str],
    folder: Path,
    environment: Mapping[str, str],
) -> Program:
    word = "".join(words[start : start + 1])
    name = os.path.basename(word)  # noqa: PTH119 - a word, no path
    if not word:
        return _unknown(words, start)
    if name in _ELSEWHERE:
        return Program((), start + 1, None, f"{name} runs the program elsewhere")
    valued = frozenset({"-W", "-X"}) if is_interpreter(word) else _INTERPRETERS.get(name)
    if valued is None:
        file = on_disk(word, folder, environment)
        why = "" if file else f"there is no program {word}"
        return Program((*kept, word), start + 1, file, why, missing=file is None)
    end, file_at = _after_interpreter(words, start + 1, valued)
    if file_at is None:
        why = f"{name} gets its program as a text, which is not run for this"
        return Program((), end, None, why)
    file = _file_of(words, start, file_at, folder)
    why = "" if file else f"{words[file_at]} is no file that can be read"
    missing = file is None and not any(one in words[start:end] for one in _BY_NAME)
    return Program((*kept, *words[start:end]), end, file, why, missing=missing)


def _after_interpreter(
    words: Sequence[str], start: int, valued: frozenset[str]
) -> tuple[int, int | None]:
    """Return where the program's own words begin, and which word is its file."""
    at = start
    while at < len(words):
        word = words[at]
        if word in _LINES:
            return len(words), None
        if word in {"-jar", "-m"}:
            return at + 2, at + 1 if at + 1 < len(words) else None
        if word.startswith("-"):
            at += 2 if word in valued else 1
        elif word in _VERBS:
            at += 1
        else:
            return at + 1, at
    return len(words), None


def _file_of(words: Sequence[str], start: int, at: int, folder: Path) -> Path | None:
    """Return the file that an interpreter reads; of Java also that of a class."""
    word = words[at]
    paths = [folder / word]
    for option in ("-cp", "-classpath", "--class-path"):
        if option in words[start:at]:
            roots = words[list(words).index(option) + 1].split(os.pathsep)
            paths += [folder / root / f"{word.replace('.', '/')}.class" for root in roots]
    return next((path for path in paths if is_file(path)), None)


def _unknown(words: Sequence[str], start: int) -> Program:
    return Program((), min(start, len(words)), None, "the command names no program of its own")
