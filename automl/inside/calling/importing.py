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
    """The script's own study was reached; with the function that is looked for, if it tells it."""

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
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


def reached(function: object, call: str = "") -> None:
    """Take in that the script's `optimize` was called; end the import if that is enough.

    Args:
        function: what it was called with.
        call: the name of the call, where the function is not found by its own.
    """
    name = call or getattr(function, "__qualname__", "")
    if _wanted and name == _wanted[-1] and callable(function):
        raise FoundFunction(function)


def study_reached() -> None:
    """Take in that a script begins its study; where it is imported once more, end that before."""
    if _wanted:
        raise FoundFunction


def call_named(door: str, function: object, times: int) -> str:
    """Return the name of a call that a script makes, which no function has.

    Args:
        door: what it calls.
        function: with what.
        times: how often it has called that with something of this name, from 1.

    >>> call_named("tune", dict, 1), call_named("tune", dict, 2)
    ('tune(dict)', 'tune(dict, 2)')
    """
    name = getattr(function, "__qualname__", "") or type(function).__qualname__
    return f"{door}({name})" if times == 1 else f"{door}({name}, {times})"


def is_call(name: str) -> bool:
    """Tell whether a name is that of a call, which is found by running the script up to it."""
    return name.endswith(")")


def function_of_script(path: str, name: str) -> Callable[..., Any]:
    """Return a function of a script, importing that.

    Raises:
        AttributeError: the script has no such function, or only once it runs as itself.
        BaseException: whatever the script raises.
    """
    from automl.inside.calling.main_module import imported_script  # noqa: PLC0415 - it imports this

    main, found = imported_script(path, name)
    if found is None and is_call(name):
        raise RuntimeError(
            f"{path}, run once more for this trial, did not come to its {name}; what is before it "
            "must lead to it each time"
        )
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
        if found.function is None:
            raise ImportError(
                f"module {module!r} runs a study when it is imported; put that below "
                'if __name__ == "__main__":'
            ) from None
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
