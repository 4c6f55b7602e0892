"""Whether a function is where a reader says it is, told without running anything."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from automl.errors import SpecError
from automl.readers.advice.likeness import nearest_first

_SHOWN = 5


def check_found(function: str, cwd: str) -> None:
    """Refuse a function that is not there.

    Args:
        function: `module:name` or `path/to/file.py:name`.
        cwd: the folder in which it is looked for.

    Raises:
        SpecError: there is no such file or module, or no such name in it.
    """
    place, _, name = function.rpartition(":")
    file = _file_of(place, cwd)
    if file is None:
        return
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise SpecError(f"reader: function {function!r}: {file} is no Python: {error}") from error
    except OSError as error:
        told = f"reader: function {function!r}: {file} cannot be read: {error.strerror}"
        raise SpecError(told) from error
    names = list(_names_in(tree))
    if name.partition(".")[0] in names or None in names:
        return
    nearest = nearest_first([one for one in names if one], name)[:_SHOWN]
    there = f"; it has {', '.join(map(repr, nearest))}" if nearest else ""
    raise SpecError(f"reader: function {function!r}: {file} has no {name!r}{there}")


def _file_of(place: str, cwd: str) -> Path | None:
    """Return the file of a script or module; None for one that is installed, and not looked at."""
    if place.endswith(".py"):
        file = Path(cwd, place)
        if file.is_file():
            return file
        raise SpecError(f"reader: function: there is no file {place!r} in {cwd}")
    base = Path(cwd, *place.split("."))
    if (file := base.with_name(f"{base.name}.py")).is_file():
        return file
    top = place.partition(".")[0]
    if not (base.is_dir() or Path(cwd, top).is_dir() or _is_installed(top)):
        raise SpecError(f"reader: function: there is no module {place!r} in {cwd}, nor installed")
    return None


def _is_installed(top: str) -> bool:
    try:
        return find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def _names_in(tree: ast.Module) -> Iterator[str | None]:
    """Yield the names that a module makes; None where it may make others."""
    for one in tree.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield one.name
        elif isinstance(one, ast.Import | ast.ImportFrom):
            yield from (
                None if name.name == "*" else (name.asname or name.name).partition(".")[0]
                for name in one.names
            )
        elif isinstance(one, ast.Assign):
            yield from (target.id for target in one.targets if isinstance(target, ast.Name))
        elif not isinstance(one, ast.Expr):
            yield None
