"""The values of a config file as options, by the paths at which its format can change them."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from automl.data_path.path import path_text
from automl.discovery.config.config_files import ConfigFile
from automl.discovery.help_text.values import plain_of
from automl.discovery.option import Kind, Option, Plain
from automl.errors import SpecError
from automl.render.patch.data_kinds import Word
from automl.render.patch.formats import patcher_of
from automl.render.patch.patcher import Documents, Patcher
from automl.render.patch.patching import patch
from automl.render.patch.python.assignments import only_assigns
from automl.space.numbers import is_number

_DEEPEST, _MOST = 20, 500
_KEY = re.compile(r"[A-Za-z_][\w\-]*")
_SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def options_of(file: ConfigFile) -> tuple[Option, ...]:
    """Return those values of a file that can be changed; none if its format is not known."""
    try:
        patcher = patcher_of(file.name, None)
        data = patcher.data(file.text)
    except SpecError:
        return ()
    if file.name.endswith(".py") and not only_assigns(file.text):
        return ()
    data = data[0] if isinstance(data, Documents) and data else data
    found = islice(_leaves(data, (), 0), _MOST)
    options = (_option(file, patcher, path_text(steps), value) for steps, value in found)
    return tuple(one for one in options if one is not None)


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


def _option(file: ConfigFile, patcher: Patcher, path: str, value: Any) -> Option | None:  # noqa: ANN401 - plain data
    if isinstance(value, str):
        value = _said(file.text, patcher, path, value)
    at = _place_of(file.text, patcher, path, value)
    if at is None:
        return None
    choices: tuple[Plain, ...] = (True, False) if isinstance(value, bool) else ()
    place = f"{file.name}:{file.text.count(chr(10), 0, at) + 1}"
    return Option((path,), _kind(value), value, choices=choices, place=place)


def _said(text: str, patcher: Patcher, path: str, value: str) -> bool | int | float | str:
    """Return what a text says, if it is a number or a word for yes or no that has no quotes.

    In some formats, all values are texts; in YAML, some programs take `1e-3` and `yes` for texts.
    """
    plain = _SWITCHES.get(value.lower(), plain_of(value))
    if not isinstance(plain, bool | int | float):
        return value
    if isinstance(patcher.as_read(0.5, value), str):
        return plain
    end = _place_of(text, patcher, path, value)
    bare = end is not None and text[end - len(value) - 1 : end - len(value)] not in {"'", '"'}
    return plain if bare else value


def _place_of(text: str, patcher: Patcher, path: str, value: Plain) -> int | None:
    """Return where a text becomes another if a value does; None if it cannot be set."""
    try:
        changed = patch(patcher, text, {path: _another(value)})
    except SpecError:
        return None
    pairs = enumerate(zip(text, changed, strict=False))
    return next((at for at, (old, new) in pairs if old != new), len(text))


def _another(value: Plain) -> Plain:
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
