"""Names to factories: how a `type='...'` string of a script becomes an object."""

import difflib
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, ParamSpec, TypeVar

from automl.errors import SpecError

T = TypeVar("T")
P = ParamSpec("P")


def did_you_mean(asked: str, known: Iterable[str]) -> str:
    """Return ` (did you mean 'x'?)` for a near miss among `known`, else an empty string.

    >>> did_you_mean("Catgorical", ["Categorical", "Real"])
    " (did you mean 'Categorical'?)"
    """
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(asked.casefold(), by_folded, n=1, cutoff=0.6)
    return f" (did you mean {by_folded[near[0]]!r}?)" if near else ""


class Registry(Generic[T]):
    """The factories of one room by the name that a script uses for them.

    Args:
        what: what is created, for messages ("parameter", "reader").
        factories: name to a callable that takes the options as keywords.
    """

    def __init__(self, what: str, factories: Mapping[str, Callable[..., T]]) -> None:
        self._what = what
        self._factories = dict(factories)

    def names(self) -> list[str]:
        """Return the known names, sorted."""
        return sorted(self._factories)

    def options(self, type_name: str) -> list[str]:
        """Return the option names of one type, in the order of its signature."""
        return list(_named(self._factories[type_name]))

    def create(self, type_name: object, options: Mapping[str, Any]) -> T:
        """Return a new object of the named type.

        Raises:
            SpecError: the name or an option is unknown, or a required option is missing; the
                message lists the known ones.
        """
        if not isinstance(type_name, str) or type_name not in self._factories:
            raise SpecError(
                f"{self._what} type {type_name!r} is unknown"
                f"{did_you_mean(str(type_name), self.names())}; "
                f"known types: {', '.join(self.names())}"
            )
        factory = self._factories[type_name]
        known = _named(factory)
        for option in options:
            if option not in known and not _takes_any(factory):
                raise SpecError(
                    f"{self._what} type {type_name!r} has no option {option!r}"
                    f"{did_you_mean(option, known)}; known options: {', '.join(known) or 'none'}"
                )
        missing = [
            name
            for name, parameter in known.items()
            if parameter.default is inspect.Parameter.empty and name not in options
        ]
        if missing:
            raise SpecError(
                f"{self._what} type {type_name!r} needs {', '.join(f'{name}=' for name in missing)}"
                f"; given: {', '.join(f'{name}=' for name in options) or 'nothing'}"
            )
        return factory(**options)


def names_its_options(what: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that refuses unknown keywords with the known ones, as `Registry` does.

    Args:
        what: what the function makes, for the message ("budget.create").
    """

    def decorate(make: Callable[P, T]) -> Callable[P, T]:
        known = [name for name in _named(make) if name != "self"]

        @functools.wraps(make)
        def checked(*args: P.args, **options: P.kwargs) -> T:
            for option in options:
                if option not in known:
                    raise SpecError(
                        f"{what} has no option {option!r}{did_you_mean(option, known)}; "
                        f"known options: {', '.join(known)}"
                    )
            return make(*args, **options)

        return checked

    return decorate


def _named(factory: Callable[..., object]) -> dict[str, inspect.Parameter]:
    """Return the options that a factory names, without its `*args` and `**options`."""
    return {
        name: parameter
        for name, parameter in inspect.signature(factory).parameters.items()
        if parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    }


def _takes_any(factory: Callable[..., object]) -> bool:
    parameters = inspect.signature(factory).parameters.values()
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
