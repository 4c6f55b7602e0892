"""A user's script, imported once more in the process of a trial, without running its study.

Its own `create_study` and `optimize` do nothing there, whether or not the script asks for its name:
`optimize` ends the import, as all that its objective needs is there by then.
"""

import sys
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

MAIN = "__mp_main__"
"""The name of a script that is imported once more, as `multiprocessing` has it: what the script
defines is then found by that package's processes too."""


class Found(BaseException):
    """The script's own `optimize` was reached with the function that is looked for."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function


def imported_again() -> bool:
    """Tell whether this process has imported its script once more, and is not its own run."""
    return MAIN in sys.modules


_wanted: list[str] = []
"""The qualified name of the function that is looked for just now, if any."""


def reached(function: Callable[..., Any]) -> None:
    """Take in that the script's `optimize` was called; end the import if that is enough."""
    if _wanted and getattr(function, "__qualname__", "") == _wanted[-1]:
        raise Found(function)


def function_of_script(path: str, name: str) -> Callable[..., Any]:
    """Return a function of a script, importing that.

    Raises:
        AttributeError: the script has no such function, or only once it runs as itself.
        BaseException: whatever the script raises.
    """
    main = ModuleType(MAIN)
    main.__file__ = path
    main.__builtins__ = __builtins__  # type: ignore[attr-defined] # as `exec` would add it
    sys.modules[MAIN] = sys.modules["__main__"] = main
    _wanted.append(name)
    try:
        exec(_code(path), main.__dict__)  # noqa: S102 - the user's own script
    except Found as found:
        return found.function
    finally:
        _wanted.clear()
    return attribute(main, name)


def attribute(module: ModuleType, name: str) -> Callable[..., Any]:
    """Return what a qualified name stands for in a module.

    Raises:
        AttributeError: there is no such thing.
    """
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def _code(path: str) -> CodeType:
    with open(path, "rb") as file:  # noqa: PTH123 - no pathlib here
        return compile(file.read(), path, "exec", dont_inherit=True)
