"""From the words that name a function to the function."""

import os
import sys
from collections.abc import Callable
from typing import Any

from automl.inside.calling.importing import function_of_module, function_of_script
from automl.inside.calling.words import Target


def load(target: Target) -> Callable[..., Any]:
    """Return a function, with the module search path and arguments of its script.

    Raises:
        BaseException: whatever importing it raises.
    """
    prepare(target)
    if target.pickled:
        return _unpickled(target.pickled)
    if target.script:
        return function_of_script(target.script, target.function)
    return function_of_module(target.module, target.function)


def prepare(target: Target) -> None:
    """Let this process look for modules where the script did, and have the script's arguments."""
    script = os.path.abspath(target.script)  # noqa: PTH100 - no pathlib here, and links stay
    home = os.path.dirname(script) if target.script else os.getcwd()  # noqa: PTH109, PTH120
    first = list(target.path) if home in target.path else [home, *target.path]
    sys.path[:] = [*first, *(one for one in sys.path if one not in first)]
    sys.argv = [target.script or target.module, *target.arguments]


def _unpickled(path: str) -> Callable[..., Any]:
    import pickle  # noqa: PLC0415 - the study's own file, and only where it is needed

    with open(path, "rb") as file:  # noqa: PTH123 - no pathlib here
        return pickle.load(file)  # type: ignore[no-any-return] # noqa: S301
