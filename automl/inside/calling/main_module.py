"""The module of a user's script in the process of a trial, and in those that its objective starts.

Python's `multiprocessing` starts processes, other than by a fork, that import the script of their
parent once more. Theirs is this file in its place: it imports the script up to its `optimize`, as
the trial's own process did, so that the script needs no `if __name__ == "__main__":` for them.
"""

import os
import sys
from types import CodeType, ModuleType
from typing import Any

from automl.inside.calling.importing import MAIN, FoundFunction, is_call, looking_for
from automl.inside.marks import FUNCTION_VARIABLE, SCRIPT_VARIABLE


class MainModule(ModuleType):
    """The module of a script; its code finds the script as `__file__`, other code this file."""

    __file__ = property(lambda _: __file__)


def imported_script(path: str, name: str) -> tuple[ModuleType, Any]:
    """Import a script up to the `optimize` of a function; return its module, and the function.

    Args:
        path: the script.
        name: the qualified name of the function.

    Returns:
        None in place of the function if that `optimize` is not reached.
    """
    main = MainModule(MAIN)
    main.__dict__.update(__file__=path, __builtins__=__builtins__)
    if is_call(name):
        # The call may stand below `if __name__ == "__main__":`, and each trial is to have its data.
        main.__dict__["__name__"] = "__main__"
        _seed_random_numbers()
    sys.modules[MAIN] = sys.modules["__main__"] = main
    os.environ[SCRIPT_VARIABLE], os.environ[FUNCTION_VARIABLE] = path, name
    return main, _ran(path, name, main.__dict__)


def _seed_random_numbers() -> None:
    """Let data that a script draws at random be the same in each trial's process."""
    import random  # noqa: PLC0415 - only for scripts that train models, which load it anyway

    random.seed(0)
    try:
        import numpy as np  # noqa: PLC0415 - as above
    except ImportError:
        return
    np.random.seed(0)  # noqa: NPY002 - whatever the script draws from


def _ran(path: str, name: str, names: dict[str, Any]) -> Any:  # noqa: ANN401 - a user's function
    try:
        with looking_for(name):
            exec(_code(path), names)  # noqa: S102 - the user's own script
    except FoundFunction as found:
        return found.function
    return None


def _code(path: str) -> CodeType:
    with open(path, "rb") as file:  # noqa: PTH123 - no pathlib here
        return compile(file.read(), path, "exec", dont_inherit=True)


if __name__ == MAIN:
    # In a process that an objective started: what the script defines is defined here.
    _script = os.environ[SCRIPT_VARIABLE]
    _names = {"__name__": MAIN, "__file__": _script, "__builtins__": __builtins__}
    _ran(_script, os.environ[FUNCTION_VARIABLE], _names)
    globals().update({name: one for name, one in _names.items() if name != "__file__"})
