"""The formats of a study's file that are not YAML, by how its name ends."""

import json
import tomllib
from collections.abc import Callable
from typing import Any

from automl.errors import SpecError
from automl.render.config import yaml_value


def json_value(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what a JSON document holds.

    Raises:
        SpecError: it is no JSON, or has a key twice.
    """
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        told = f"line {error.lineno}, column {error.colno}: this is no JSON: {error.msg}"
        raise SpecError(told) from error
    except (RecursionError, ValueError) as error:
        if isinstance(error, SpecError):
            # YAML can read it as well, and knows the place.
            yaml_value(text)
            raise
        raise SpecError(f"this is no JSON: {error}") from error


def toml_value(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what a TOML document holds.

    Raises:
        SpecError: it is no TOML, which has no key twice.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SpecError(f"this is no TOML: {error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SpecError(f"the key {twice!r} is there twice")
    return found


FORMATS: dict[str, Callable[[str], Any]] = {".json": json_value, ".toml": toml_value}
"""What reads each of them."""
