"""The values of a config file by the paths at which its format can change them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from automl.discovery.config.config_files import ConfigFile
from automl.discovery.config.settings import Setting
from automl.errors import SpecError
from automl.render.patch.formats import patcher_of
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch

_DEEPEST, _MOST = 20, 500
_KEY = re.compile(r"[A-Za-z_][\w\-]*")


def with_paths(file: ConfigFile) -> ConfigFile:
    """Return a file with those values of its format that can be changed; none if it is unknown."""
    try:
        patcher = patcher_of(file.name, None)
        data = patcher.data(file.text)
    except SpecError:
        return replace(file, settings=())
    seen = {one.path: one for one in file.settings}
    found = dict(islice(_leaves(data, "", 0), _MOST))
    # Where all values are texts, the line tells which are numbers.
    settings = [
        replace(seen[path], value=seen[path].value if isinstance(value, str) else value)
        if path in seen
        else Setting(path, value)
        for path, value in found.items()
        if _can_set(patcher, file.text, path, value)
    ]
    return replace(file, settings=tuple(settings))


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - plain data
    if not isinstance(value, dict):
        if path and isinstance(value, bool | int | float | str):
            yield path, value
        return
    for key, inner in value.items() if depth <= _DEEPEST else ():
        if isinstance(key, str) and _KEY.fullmatch(key):
            yield from _leaves(inner, f"{path}.{key}" if path else key, depth + 1)


def _can_set(patcher: Patcher, text: str, path: str, value: object) -> bool:
    try:
        patch(patcher, text, {path: value})
    except SpecError:
        return False
    return True
