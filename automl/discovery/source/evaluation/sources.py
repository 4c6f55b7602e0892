"""The files of a program, read and parsed within bounds."""

import ast
from collections.abc import Sequence
from pathlib import Path

from automl.discovery.source.evaluation.definitions import Module
from automl.quiet import muted

_MOST_BYTES = 2_000_000
_MOST_BYTES_TOGETHER = 8_000_000
_MOST_FILES = 400
_PYTHON_2 = ("Missing parentheses in call to", "multiple exception types must be parenthesized")
_PYTHON_2_WORDS = ("print ", "exec ", "raise ", "except ", "ur'", 'ur"', "0777", "<>", "`")


class Sources:
    """Finds and parses the modules of a program, each once.

    Args:
        folders: where modules are looked for, in order.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        # What is known of Python's own modules is in `natives` and `libraries`.
        self._folders = [one for one in folders if not (one / "os.py").exists()]
        self._bytes = 0
        self._files = 0
        self.doubts: list[str] = []

    def find(self, name: str) -> Module | None:
        """Return a module by its dotted name, None if it is not in the program's folders."""
        parts = name.split(".")
        if not all(parts):
            return None
        for folder in self._folders:
            if (module := self._within(folder.joinpath(*parts), name)) is not None:
                return module
        return None

    def _within(self, base: Path, name: str) -> Module | None:
        try:
            if (base / "__init__.py").is_file():
                return self.read(base / "__init__.py", name)
            if (file := base.with_name(f"{base.name}.py")).is_file():
                return self.read(file, name)
            # A folder without a file of its own is a package too, if Python files are in it.
            if base.is_dir() and (next(base.glob("*.py"), None) or next(base.glob("*/*.py"), None)):
                return Module(name, base, is_package=True)
        except (OSError, ValueError):
            pass
        return None

    def read(self, file: Path, name: str) -> Module:
        """Return a file as a module; without its source, and with a doubt, if it has none."""
        module = Module(name, file, is_package=file.name == "__init__.py")
        try:
            text = self._bytes_of(file)
        except OSError as error:
            self.doubts.append(f"{file.name} cannot be read: {error.strerror or error}")
            return module
        if text is None:
            doubt = f"{file.name} and perhaps others were not read, as all together are too large"
            if not any(one.endswith(doubt[-20:]) for one in self.doubts):
                self.doubts.append(doubt)
            return module
        module.tree = self._parsed(text, file)
        if module.tree is not None:
            module.lines = text.decode(errors="replace").splitlines()
        return module

    def _bytes_of(self, file: Path) -> bytes | None:
        self._files += 1
        if self._files > _MOST_FILES:
            return None
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES + 1)
        self._bytes += len(text)
        return None if len(text) > _MOST_BYTES or self._bytes > _MOST_BYTES_TOGETHER else text

    def _parsed(self, text: bytes, file: Path) -> ast.Module | None:
        try:
            with muted(Warning):
                return ast.parse(text)
        except SyntaxError as error:
            self.doubts.append(_about_syntax(file, error))
        except (ValueError, RecursionError, MemoryError) as error:
            self.doubts.append(f"{file.name} is no Python source that can be read: {error}")
        return None


def _about_syntax(file: Path, error: SyntaxError) -> str:
    where = f"{file.name}:{error.lineno}" if error.lineno else file.name
    line = (error.text or "").strip()
    old = any(begin in error.msg for begin in _PYTHON_2)
    if old or any(word in line for word in _PYTHON_2_WORDS):
        return f"{where} is written for Python 2, so its options were not read: {line[:80]}"
    return f"{where} is no valid Python, so its options were not read: {error.msg}"
