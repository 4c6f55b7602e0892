"""A user's script or module, imported once more in the process of a trial, without its study.

Its own `create_study` and `optimize` do nothing there, whether or not the script asks for its name:
`optimize` ends the import, as all that its objective needs is there by then.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

MAIN = "__mp_main__"
"""The name of a script that is imported once more, as `multiprocessing` has it: what the script
defines is then found by that package's processes too."""


class FoundFunction(BaseException):
    """The script's own `optimize` was reached with the function that is looked for."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function


_wanted: list[str] = []
"""The qualified name of the function that is looked for just now, if any."""

_again: list[bool] = []
"""Whether this process calls a function for a trial."""


def begin_again() -> None:
    """Note that whatever this process imports has its studies run elsewhere."""
    _again.append(True)


def imported_again() -> bool:
    """Tell whether this process imports its script once more, and is not its own run.

    Processes of `multiprocessing` do so too, also those of the script itself.
    """
    # Where a script runs as itself, `multiprocessing` has this name for it too.
    return bool(_again) or getattr(sys.modules.get(MAIN), "__name__", "") == MAIN


def reached(function: object) -> None:
    """Take in that the script's `optimize` was called; end the import if that is enough."""
    if _wanted and getattr(function, "__qualname__", "") == _wanted[-1] and callable(function):
        raise FoundFunction(function)


def function_of_script(path: str, name: str) -> Callable[..., Any]:
    """Return a function of a script, importing that.

    Raises:
        AttributeError: the script has no such function, or only once it runs as itself.
        BaseException: whatever the script raises.
    """
    from automl.inside.calling.main_module import imported_script  # noqa: PLC0415 - it imports this

    main, found = imported_script(path, name)
    return attribute(main, name) if found is None else found


def function_of_module(module: str, name: str) -> Callable[..., Any]:
    """Return a function of a module, importing that.

    Raises:
        AttributeError: the module has no such function.
        BaseException: whatever the module raises.
    """
    # Only here: its own imports take milliseconds.
    from importlib import import_module  # noqa: PLC0415

    try:
        with looking_for(name):
            imported = import_module(module)
    except FoundFunction as found:
        return found.function
    return attribute(imported, name)


@contextmanager
def looking_for(name: str) -> Iterator[None]:
    """Let the `optimize` of a function end what is imported meanwhile."""
    _wanted.append(name)
    try:
        yield
    finally:
        _wanted.clear()


def attribute(module: ModuleType, name: str) -> Callable[..., Any]:
    """Return what a qualified name stands for in a module.

    Raises:
        AttributeError: there is no such thing.
    """
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]
