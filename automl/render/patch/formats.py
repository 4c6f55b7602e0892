"""All formats of config files by their names, those of installed packages too."""

import os

from automl.errors import SpecError
from automl.registry import Registry
from automl.render.patch.json_format import JsonFormat
from automl.render.patch.lines.env_format import EnvFormat
from automl.render.patch.lines.ini_format import IniFormat
from automl.render.patch.patcher import Patcher
from automl.render.patch.protobuf.protobuf_format import ProtobufFormat
from automl.render.patch.python.python_format import PythonFormat
from automl.render.patch.toml_format import TomlFormat
from automl.render.patch.yaml_format import YamlFormat

FORMATS: Registry[Patcher] = Registry(
    "file format",
    {
        "env": EnvFormat,
        "ini": IniFormat,
        "json": JsonFormat,
        "protobuf": ProtobufFormat,
        "python": PythonFormat,
        "toml": TomlFormat,
        "yaml": YamlFormat,
    },
    group="automl.formats",
)
"""Each name stands for a class that makes a `Patcher`."""


_USUAL = ("json", "yaml", "toml", "ini")


def endings() -> tuple[str, ...]:
    """Return how the names of config files end, those of the usual formats first."""
    others = [name for name in FORMATS.names() if name not in _USUAL]
    return tuple(
        suffix for name in (*_USUAL, *others) for suffix in FORMATS.create(name, {}).suffixes
    )


def patcher_of(path: str, name: str | None) -> Patcher:
    """Return what patches a file.

    Args:
        path: the file.
        name: its format; by the end of the file's name if None.

    Raises:
        SpecError: there is no such format, or none has files that end so.
    """
    if name is not None:
        return FORMATS.create(name, {})
    known = {name: FORMATS.create(name, {}) for name in FORMATS.names()}
    file = os.path.basename(path).lower()  # noqa: PTH119 - the path may be nobody's file
    for patcher in known.values():
        if file.endswith(patcher.suffixes):
            return patcher
    for patcher in known.values():
        # `.env.local` is a `.env` file.
        if file.startswith(tuple(f"{suffix}." for suffix in patcher.suffixes)):
            return patcher
    suffix = os.path.splitext(file)[1] or file  # noqa: PTH122 - as above
    formats = ", ".join(f"{name} ({' '.join(one.suffixes)})" for name, one in known.items())
    raise SpecError(
        f"no format has files that end in {suffix!r}; known formats: {formats}; name one as "
        "its format, or give no paths and put placeholders into the file itself"
    )
