"""The values of a config file as options, by the paths at which its format can change them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from automl.data_path.path import path_text
from automl.discovery.config.config_files import ConfigFile
from automl.discovery.help_text.values import plain_of
from automl.discovery.option import Kind, Missing, Option, Plain
from automl.errors import SpecError
from automl.render.patch.data_kinds import Word
from automl.render.patch.formats import patcher_of
from automl.render.patch.patcher import Documents
from automl.render.patch.patching import patch
from automl.render.patch.python.assignments import only_assigns
from automl.space.numbers import is_number

_DEEPEST, _MOST = 20, 500
_WORK = 4_000_000
"""So many characters are read again at most to try changes."""

_KEY = re.compile(r"[A-Za-z_][\w\-]*")
_SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class ConfigValues:
    """The values of a config file as options.

    Each change of a file is tried, which takes its time: in a large file, not all are.

    Args:
        file: the file.
    """

    def __init__(self, file: ConfigFile) -> None:
        self._file = file
        self._tries_left = max(1, _WORK // (len(file.text) + 1))
        self.options = tuple(self._options())

    def settable(self, option: Option) -> Option | None:
        """Return one of its options with its line; None if its format cannot change it."""
        at = self._place_of(option.names[0], option.default)
        if at is None:
            return None
        line = self._file.text.count("\n", 0, at) + 1
        return replace(option, place=f"{self._file.name}:{line}")

    def _options(self) -> Iterator[Option]:
        try:
            self._patcher = patcher_of(self._file.name, None)
            data = self._patcher.data(self._file.text)
        except SpecError:
            return
        if self._file.name.endswith(".py") and not only_assigns(self._file.text):
            return
        data = data[0] if isinstance(data, Documents) and data else data
        for steps, value in islice(_leaves(data, (), 0), _MOST):
            path = path_text(steps)
            said = self._said(path, value) if isinstance(value, str) else value
            choices: tuple[Plain, ...] = (True, False) if isinstance(said, bool) else ()
            yield Option((path,), _kind(said), said, choices=choices, place=self._file.name)

    def _said(self, path: str, value: str) -> bool | int | float | str:
        """Return what a text says, if that is a number, or yes or no, and it has no quotes.

        In some formats, all values are texts; in YAML, some programs take `1e-3` and `yes` for
        texts.
        """
        plain = _SWITCHES.get(value.lower(), plain_of(value))
        if not isinstance(plain, bool | int | float):
            return value
        if isinstance(self._patcher.as_read(0.5, value), str):
            return plain
        end = self._place_of(path, value)
        start = (end or 0) - len(value)
        bare = end is not None and self._file.text[start - 1 : start] not in {"'", '"'}
        return plain if bare else value

    def _place_of(self, path: str, value: "Plain | Missing") -> int | None:
        """Return where the text becomes another if a value does; None if that cannot be told."""
        if not self._tries_left:
            return None
        self._tries_left -= 1
        text = self._file.text
        try:
            changed = patch(self._patcher, text, {path: _another(value)})
        except SpecError:
            return None
        pairs = enumerate(zip(text, changed, strict=False))
        return next((at for at, (old, new) in pairs if old != new), len(text))


def _leaves(
    value: Any,  # noqa: ANN401 - plain data
    above: tuple[str, ...],
    depth: int,
) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not isinstance(value, dict):
        if above and isinstance(value, bool | int | float | str) and not isinstance(value, Word):
            yield above, value
        return
    for key, inner in value.items() if depth <= _DEEPEST else ():
        if isinstance(key, str) and _KEY.fullmatch(key):
            yield from _leaves(inner, (*above, key), depth + 1)


def _another(value: "Plain | Missing") -> Plain:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"{value}x"
    return 7 if value != 7 else 8  # noqa: PLR2004 - any number that it is not


def _kind(value: Plain) -> Kind:
    if isinstance(value, bool):
        return Kind.CHOICE
    if isinstance(value, float):
        return Kind.FLOAT
    return Kind.INTEGER if is_number(value) else Kind.TEXT
