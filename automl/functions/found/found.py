"""How the process of a trial finds a function of this one: by import, else from a file."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automl.errors import SpecError
from automl.functions.found.checked import check_objective
from automl.inside.calling.importing import attribute, call_named
from automl.inside.models.training import Training

if TYPE_CHECKING:
    from automl.functions.found.copied import Copied

FOLDER = "functions"
"""Where a study's folder keeps functions that cannot be imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFunction:
    """A function that trials call.

    Attributes:
        function: what it is called and where it is from, such as `train.py:objective`; it is the
            same at every start.
        pickled: its content, where it cannot be imported.
        source: the text of what of that is in no file, as of a notebook's cells.
        path: folders where modules are looked for besides.
        arguments: those of the script.
    """

    function: str
    pickled: bytes = b""
    source: str = ""
    path: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """What the file with its content is called below the study's folder; empty without one."""
        if not self.pickled:
            return ""
        return f"{FOLDER}/{blake2b(self.pickled, digest_size=8).hexdigest()}.pkl"


def found_function(function: Callable[..., Any], base: str) -> FoundFunction:
    """Return how the processes of trials find a function.

    Args:
        function: a function, or anything that can be called.
        base: absolute path of the working directory.

    Raises:
        SpecError: it cannot be called with a trial, or neither imported nor pickled.
    """
    check_objective(function)
    script, package = _script(base), _package()
    if isinstance(function, Training):
        return _found_training(function, "" if package else script)
    name = getattr(function, "__qualname__", "") or type(function).__qualname__
    module = str(getattr(function, "__module__", "") or type(function).__module__)
    own = module == "__main__"
    place = (package or script) if own else module
    path, arguments = _search_path(), tuple(sys.argv[1:]) if script or package else ()
    if _importable(function, module, name) and place:
        return FoundFunction(function=f"{place}:{name}", path=path, arguments=arguments)
    copy = _copied(function, name)
    return FoundFunction(
        function=f"{script if own else module}:{name}",
        pickled=copy.content,
        source=copy.source,
        path=path,
        arguments=arguments,
    )


def _found_training(training: Training, script: str) -> FoundFunction:
    """Return how what trains models is found: by running the script up to its call, if it can be.

    So that the data is made there anew, and written to no file.
    """
    if script and training.call:
        arguments = tuple(sys.argv[1:])
        return FoundFunction(
            function=f"{script}:{training.call}", path=_search_path(), arguments=arguments
        )
    build = training.build_model
    name = call_named("tune", build, 1)
    module = str(getattr(build, "__module__", "") or type(build).__module__)
    copy = _copied(training, name)
    return FoundFunction(
        function=f"{module}:{name}", pickled=copy.content, source=copy.source, path=_search_path()
    )


def _importable(function: object, module: str, name: str) -> bool:
    """Tell whether the name of a function leads to it, and so will in another process."""
    try:
        return attribute(sys.modules[module], name) is function
    except (KeyError, AttributeError):
        return False


def _script(base: str) -> str:
    """Return the path of the running script, from the working directory if it lies below."""
    path = getattr(sys.modules.get("__main__"), "__file__", None)
    # What is in an archive is no file that can be read by its path.
    if not path or not path.endswith(".py") or not os.path.isfile(path):  # noqa: PTH113
        return ""
    whole = os.path.abspath(path)  # noqa: PTH100 - keeps links
    inside = os.path.relpath(whole, base)
    return whole if inside.startswith(os.pardir + os.sep) else inside


def _package() -> str:
    """Return the name of the module that `python -m` runs; empty where a script runs."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    return spec.name if spec is not None and spec.name != "__main__" else ""


def _search_path() -> tuple[str, ...]:
    """Return where this process looks for modules, without what every process has."""
    usual = {*sysconfig.get_paths().values(), *_of_variable()}
    entries = [os.path.abspath(one or os.curdir) for one in sys.path]  # noqa: PTH100 - keeps links
    return tuple(
        one
        for one in dict.fromkeys(entries)
        if one not in usual and not _is_installed(one) and os.path.isdir(one)  # noqa: PTH112
    )


def _of_variable() -> list[str]:
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [os.path.abspath(one) for one in given if one]  # noqa: PTH100 - keeps links


def _is_installed(folder: str) -> bool:
    return bool({"site-packages", "dist-packages", "lib-dynload"} & {*Path(folder).parts})


def _copied(function: Callable[..., Any], name: str) -> Copied:
    from automl.functions.found.copied import copied  # noqa: PLC0415 - few functions need it

    try:
        return copied(function)
    except Exception as error:
        raise SpecError(
            f"the function {name!r} cannot be given to other processes, as it is no function of a "
            f"script or module and holds what cannot be copied: {type(error).__name__}: {error}. "
            "Define it with `def` at the beginning of a line, and make within it what it needs"
        ) from error
