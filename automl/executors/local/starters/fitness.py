"""Whether a process may be forked once it has imported a script, and by what that can be told."""

import ast
import os
import sys
import sysconfig
import time
from collections.abc import Iterator

DEVICES = ("/dev/nvidia", "/dev/kfd", "/dev/dri/", "/dev/accel")
"""What a library opens that uses an accelerator, which no fork may use after it."""

_MTIME_NS = 10_000_000
"""By so much the time of a change may lie before its moment, as the kernel counts in ticks."""

_NEVER = 0, -1

SourceStates = dict[str, tuple[int, int]]
"""By the path of each file: when it was changed, in nanoseconds, and its size."""


def own_sources(first: str) -> list[str]:
    """Return the files of the script, and of what it imported that no package manager installed.

    Args:
        first: a file that counts in any case, none if empty.
    """
    roots = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    below = tuple(f"{root}/" for root in roots)
    files = {os.path.abspath(first)} if first else set()  # noqa: PTH100 - no pathlib here
    for module in list(sys.modules.values()):
        path = module.__dict__.get("__file__") if hasattr(module, "__dict__") else None
        ours = f"{getattr(module, '__name__', '')}.".startswith("automl.")
        if isinstance(path, str) and not path.startswith(below) and not ours:
            files.add(os.path.abspath(path))  # noqa: PTH100
    return sorted(files)


def states_of(paths: list[str]) -> SourceStates:
    """Return the states of those of some files that are there."""
    found: SourceStates = {}
    for path in paths:
        try:
            stat = os.stat(path)  # noqa: PTH116 - no pathlib here
        except OSError:
            continue
        found[path] = stat.st_mtime_ns, stat.st_size
    return found


def imported_states(paths: list[str], began_ns: int) -> SourceStates:
    """Return the states in which some files were imported.

    One that changed meanwhile may have been read before that: it gets a state that none ever has.

    Args:
        paths: the files.
        began_ns: the wall time at which importing them began, in nanoseconds since 1970.
    """
    changing = began_ns - _MTIME_NS, time.time_ns()
    # A time still to come is that of a clock that is ahead.
    return {
        path: _NEVER if changing[0] <= state[0] <= changing[1] else state
        for path, state in states_of(paths).items()
    }


def why_not_forked(paths: list[str], *, seeded: bool) -> str:
    """Return why this process is not to be forked, as the end of `as ...`; empty if it may be.

    Args:
        paths: the user's own files that it imported.
        seeded: whether that has seeded random numbers, as far as it was seen.
    """
    if _has_children():
        return "importing it starts processes"
    if _uses_device():
        return "importing it uses a GPU"
    if _has_threads():
        return "importing it starts threads"
    # What follows a seed is the same in each process that imports it, and in no fork.
    if seeded or any(_seeds(path) for path in paths):
        return "importing it seeds random numbers"
    return ""


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _uses_device() -> bool:
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
        if "/libcuda.so" in file.read():
            return True
    return any(target.startswith(DEVICES) for target in _open_files())


def _open_files() -> Iterator[str]:
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - no pathlib here
        try:
            yield os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115
        except OSError:
            continue


def _has_threads() -> bool:
    """Tell whether there are threads that do not end by themselves at a fork.

    Those of OpenBLAS do, which numpy has, and are begun again once they are needed.
    """
    if _threads() == 1:
        return False
    # Only now: it loads what most servers do without.
    from automl.quiet import muted  # noqa: PLC0415

    with muted(DeprecationWarning):
        child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return _threads() > 1


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - no pathlib here


def _seeds(path: str) -> bool:
    """Tell whether importing a file calls something that is named after a seed."""
    if not path.endswith(".py"):
        return False
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - no pathlib here
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return True
    return any(_is_seed(call) for call in _calls(tree))


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that are done by an import, not by what it defines."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _calls(child)


def _is_seed(call: ast.Call) -> bool:
    function = call.func
    name = str(getattr(function, "attr", "") or getattr(function, "id", ""))
    return "seed" in name.lower()
