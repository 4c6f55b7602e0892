"""Variables of the environment in a study's file: `${NAME}`, where `env_from` lists NAME."""

import re
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError, shown

KEY = "env_from"
"""The key of a study's file that lists the variables it may take."""


def with_variables(description: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """Return a description without `env_from`, and with the values of these variables.

    `${NAME}` of any other name stays as it is: it may be a shell's.

    Raises:
        SpecError: `env_from` is no list of names, or a variable is not set.
    """
    rest = {name: value for name, value in description.items() if name != KEY}
    names = description.get(KEY)
    if names is None:
        return rest
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        told = f"{KEY} must be a list of names of variables, got {shown(names)}"
        raise SpecError(told, place=KEY)
    for number, name in enumerate(names):
        if name not in environ:
            told = f"{KEY}: the variable {name!r} is not set in this environment"
            raise SpecError(told, place=f"{KEY}[{number}]")
    if not names:
        return rest
    asked = re.compile(r"\$\{(" + "|".join(map(re.escape, names)) + r")\}")
    return {name: _filled(value, asked, environ) for name, value in rest.items()}


def _filled(value: Any, asked: re.Pattern[str], environ: Mapping[str, str]) -> Any:  # noqa: ANN401 - plain data
    if isinstance(value, str):
        return asked.sub(lambda found: environ[found[1]], value)
    if isinstance(value, list):
        return [_filled(one, asked, environ) for one in value]
    if isinstance(value, dict):
        return {name: _filled(one, asked, environ) for name, one in value.items()}
    return value
