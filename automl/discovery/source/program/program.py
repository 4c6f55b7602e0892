"""The Python program in a command: `python train.py`, `torchrun -m pkg.train`, `./train.py`."""

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from automl.discovery.source.program.files import (
    console_script,
    is_file,
    is_folder,
    is_python_file,
    module_file,
    on_disk,
)
from automl.discovery.source.program.wrappers import WRAPPERS, after_wrapper, is_interpreter

_MOST_WRAPPERS = 12
_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")
_SHELLS = {"sh", "bash", "zsh", "dash", "ksh", "fish"}
_VALUED = {"-W", "-X", "--check-hash-based-pycs"}
_ENV_VALUED = {"-u", "--unset", "-C", "--chdir", "-S", "--split-string"}


@dataclass(frozen=True)
class Program:
    """A Python program that a command starts.

    Attributes:
        file: its source.
        start: which word of the command is the first of the program's own.
        folders: where modules that it imports are looked for, in order.
        module: its dotted name if it is started by that, else empty.
        entry: the function that is called where the file only offers it, else empty.
    """

    file: Path
    start: int
    folders: tuple[Path, ...]
    module: str = ""
    entry: str = ""


@dataclass(frozen=True)
class NoProgram:
    """Why a command has no Python program whose source can be read; empty if it is none at all."""

    why: str = ""


@dataclass(frozen=True)
class _Place:
    """How far a command was read, and what its first words changed."""

    start: int
    folder: Path
    path: tuple[Path, ...]


def program_of(
    words: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Program | NoProgram:
    """Return the Python program that a command starts, or why there is none to read.

    Args:
        words: the command.
        folder: where it is started.
        environment: with which it is started; `PATH` and `PYTHONPATH` count.
    """
    place = _Place(0, folder, _folders(environment.get("PYTHONPATH", ""), folder))
    for _ in range(_MOST_WRAPPERS):
        if place.start >= len(words):
            return NoProgram()
        word = words[place.start]
        name = os.path.basename(word)  # noqa: PTH119 - a word, no path
        if _ASSIGNMENT.match(word) and "/" not in word.partition("=")[0]:
            place = replace(_assigned(place, word), start=place.start + 1)
        elif name == "env":
            place = _after_env(words, place)
        elif is_interpreter(word):
            return _of_interpreter(words, place, environment)
        elif name in WRAPPERS:
            inner = _of_wrapper(words, place, name, environment)
            if not isinstance(inner, _Place):
                return inner
            place = inner
        else:
            return _of_path(words, place, environment)
    return NoProgram()


def _assigned(place: _Place, word: str) -> _Place:
    name, _, value = word.partition("=")
    if name != "PYTHONPATH":
        return place
    return replace(place, path=_folders(value, place.folder))


def _folders(path: str, folder: Path) -> tuple[Path, ...]:
    return tuple(folder / part for part in path.split(os.pathsep) if part and "\0" not in part)


def _after_env(words: Sequence[str], place: _Place) -> _Place:
    start = place.start + 1
    while start < len(words):
        word = words[start]
        if word in {"-C", "--chdir"} and start + 1 < len(words):
            place = replace(place, folder=place.folder / words[start + 1])
        elif word.startswith("--chdir="):
            place = replace(place, folder=place.folder / word.partition("=")[2])
        elif _ASSIGNMENT.match(word):
            place = _assigned(place, word)
        elif not word.startswith("-"):
            break
        start += 2 if word in _ENV_VALUED else 1
    return replace(place, start=start)


def _of_wrapper(
    words: Sequence[str], place: _Place, name: str, environment: Mapping[str, str]
) -> Program | NoProgram | _Place:
    wrapper = WRAPPERS[name]
    start, by_module = after_wrapper(words, place.start + 1, wrapper)
    if start >= len(words):
        return NoProgram()
    if by_module:
        return _of_module(words[start], start + 1, words, place, environment)
    if wrapper.python and is_python_file(place.folder / words[start]):
        return _of_file(place.folder / words[start], start + 1, place)
    return replace(place, start=start)


def _of_interpreter(
    words: Sequence[str], place: _Place, environment: Mapping[str, str]
) -> Program | NoProgram:
    start = place.start + 1
    while start < len(words) and words[start].startswith("-"):
        word = words[start]
        if word == "-":
            return NoProgram("the program is read from the standard input")
        # Flags may stand in one word, and the last of them takes what follows: `-um pkg.train`.
        letters = "" if word.startswith("--") else word[1:]
        for at, letter in enumerate(letters):
            rest = letters[at + 1 :]
            if letter in "WX":
                break
            if letter == "c":
                return NoProgram("the program is the text behind -c, which has no options to read")
            if letter == "m":
                module = rest or "".join(words[start + 1 : start + 2])
                after = start + (1 if rest else 2)
                return _of_module(module, after, words, place, environment)
        start += 2 if word in _VALUED else 1
    if start >= len(words):
        return NoProgram()
    return _of_file(place.folder / words[start], start + 1, place)


def _of_module(
    module: str,
    start: int,
    words: Sequence[str],
    place: _Place,
    environment: Mapping[str, str],
) -> Program | NoProgram:
    folders = (place.folder, *place.path, place.folder / "src")
    file = module_file(module, folders)
    if file is not None:
        name = f"{module}.__main__" if file.name == "__main__.py" else module
        return Program(file, start, folders, module=name)
    if module in WRAPPERS:
        after, by_module = after_wrapper(words, start, WRAPPERS[module])
        if after < len(words) and by_module:
            return _of_module(words[after], after + 1, words, place, environment)
        if after < len(words):
            return _of_file(place.folder / words[after], after + 1, place)
    return NoProgram(f"the module {module} is not in {place.folder}, so its source was not read")


def _of_file(file: Path, start: int, place: _Place) -> Program | NoProgram:
    if is_folder(file):
        file /= "__main__.py"
    if not is_file(file):
        return NoProgram(f"{file} is no file that can be read")
    return Program(file, start, _around(file, place))


def _around(file: Path, place: _Place) -> tuple[Path, ...]:
    """Return where modules are looked for: beside the file first, as Python does."""
    return tuple(dict.fromkeys((file.parent, *place.path, place.folder, place.folder / "src")))


def _of_path(
    words: Sequence[str], place: _Place, environment: Mapping[str, str]
) -> Program | NoProgram:
    word = words[place.start]
    if os.path.basename(word) in _SHELLS:  # noqa: PTH119 - a word, no path
        return NoProgram(_of_shell(words[place.start + 1 :]))
    file = on_disk(word, place.folder, environment)
    if file is not None and is_python_file(file):
        return Program(file, place.start + 1, _around(file, place))
    script = console_script(word, place.folder)
    if script is None:
        return NoProgram()
    module, entry = script
    folders = (place.folder, *place.path, place.folder / "src")
    source = module_file(module, folders)
    if source is None:
        return NoProgram(f"{word} is to run {module}, which is not in {place.folder}")
    return Program(source, place.start + 1, folders, module=module, entry=entry)


def _of_shell(words: Sequence[str]) -> str:
    """Return what to say of a shell: a line behind -c may well start Python."""
    line = next((words[at + 1] for at, word in enumerate(words[:-1]) if word == "-c"), None)
    if line is None:
        return ""
    try:
        inner = shlex.split(line)
    except ValueError:
        inner = [line]
    if any(is_interpreter(word) for word in inner):
        return (
            "the command is a line for a shell, in which the program's own words cannot be told; "
            "give the Python program itself"
        )
    return "the command is a line for a shell"
