"""What can be called for a trial, told before anything is started."""

import inspect
from collections.abc import Callable
from typing import Any

from automl.errors import SpecError

_WAYS: tuple[tuple[Callable[[object], bool], str], ...] = (
    (inspect.iscoroutinefunction, "is async; call it within a plain one: asyncio.run(...)"),
    (inspect.isasyncgenfunction, "is an async generator; it must return a number"),
    (inspect.isgeneratorfunction, "is a generator, as it has `yield`; it must return a number"),
)
"""What calls of a function may give that is no number yet, and what to do."""


def check_objective(function: object) -> None:
    """Raise SpecError unless a trial can be given to a function, and it may return a number."""
    if not callable(function):
        raise SpecError(
            f"optimize() needs a function that takes a trial, got {function!r}; give the function "
            "itself, without calling it"
        )
    called = inspect.getattr_static(type(function), "__call__", None)
    for is_so, told in _WAYS:
        if is_so(function) or is_so(called):
            raise SpecError(f"optimize() needs a function of a trial; {_name(function)} {told}")
    problem = _cannot_take_one(function)
    if problem:
        raise SpecError(
            f"optimize() needs a function that takes a trial alone; {_name(function)}: {problem}. "
            "Give other values by default arguments, functools.partial or a closure"
        )


def _cannot_take_one(function: Callable[..., Any]) -> str:
    """Return why a function cannot be called with one argument, empty if nobody knows."""
    try:
        # That of a wrapper is its own, whatever it wraps.
        signature = inspect.signature(function, follow_wrapped=False)
    except (TypeError, ValueError):
        return ""
    try:
        signature.bind(None)
    except TypeError as error:
        return str(error)
    return ""


def _name(function: object) -> str:
    return getattr(function, "__qualname__", "") or type(function).__qualname__
