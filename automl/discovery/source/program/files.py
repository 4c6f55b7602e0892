"""Where a program's file is, and whether Python reads it."""

import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

_BEGIN = 1024
_BY_PYTHON = re.compile(rb"^#!.*(python|pypy|\buv run\b)|^#!/bin/sh\n'''exec'.*python")
_ENTRY = re.compile(r"^\s*([\w.]+)\s*:\s*([\w.]+)")


def is_python_file(file: Path) -> bool:
    """Tell whether a file is read by Python: by its name, or by its first line."""
    if not is_file(file):
        return False
    if file.suffix in {".py", ".pyw"}:
        return True
    try:
        with file.open("rb") as opened:
            return _BY_PYTHON.match(opened.read(_BEGIN)) is not None
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Tell whether a path is an ordinary file: a pipe, and one in a circle of links, is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; what cannot be one, such as a name too long, is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def on_disk(word: str, folder: Path, environment: Mapping[str, str]) -> Path | None:
    """Return the file that a word starts as a program, None if there is none."""
    if "/" in word:
        return folder / word if is_file(folder / word) else None
    if not word or "\0" in word:
        return None
    found = shutil.which(word, path=environment.get("PATH"))
    return Path(found) if found else None


def module_file(module: str, folders: tuple[Path, ...]) -> Path | None:
    """Return the file that `python -m` runs for a module, looked for in the folders in order."""
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    for folder in folders:
        base = folder.joinpath(*parts)
        for file in (base / "__main__.py", base.with_name(base.name + ".py")):
            if is_file(file):
                return file
    return None


def console_script(word: str, folder: Path) -> tuple[str, str] | None:
    """Return module and function of a script that the project in a folder names, None if none."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    for table in (("project", "scripts"), ("tool", "poetry", "scripts")):
        named = _within(project, table).get(word)
        if isinstance(named, str) and (match := _ENTRY.match(named)):
            return match[1], match[2]
    return None


def _within(table: object, keys: tuple[str, ...]) -> dict[str, object]:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}
