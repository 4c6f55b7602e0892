"""Names to factories: how a `type='...'` string of a script becomes an object."""

import difflib
import functools
import inspect
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, ParamSpec, TypeVar

from automl.errors import SpecError
from automl.plain_data import plain
from automl.spelling.spelling import spelled

logger = logging.getLogger(__name__)

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
        group: the group of entry points by which installed packages add to them; none if empty.
            They are loaded once a name is asked for that is not known without them.
        also: what other spelling stands for which name.
    """

    def __init__(
        self,
        what: str,
        factories: Mapping[str, Callable[..., T]],
        *,
        group: str = "",
        also: Mapping[str, str] | None = None,
    ) -> None:
        self._also = dict(also or {})
        self._what = what
        self._factories = dict(factories)
        self._group = group

    def names(self) -> list[str]:
        """Return the known names, those of installed packages too, sorted."""
        self._load_plugins()
        return sorted(self._factories)

    def options(self, type_name: str) -> list[str]:
        """Return the option names of one type, in the order of its signature."""
        return list(_named(self._factories[type_name]))

    def add(self, type_name: str, factory: Callable[..., T]) -> None:
        """Let a name stand for a factory, which a package without an entry point adds itself.

        Raises:
            SpecError: the name stands for another one.
        """
        if self._factories.setdefault(type_name, factory) is not factory:
            raise SpecError(
                f"{self._what} type {type_name!r} is there already; give yours another name"
            )

    def factory(self, type_name: object) -> Callable[..., T]:
        """Return what makes objects of the named type.

        Raises:
            SpecError: the name is unknown; the message lists the known ones.
        """
        if isinstance(type_name, str):
            type_name = self._also.get(type_name, type_name)
            if type_name not in self._factories:
                self._load_plugins()
            if type_name in self._factories:
                return self._factories[type_name]
        raise SpecError(
            f"{self._what} type {type_name!r} is unknown"
            f"{did_you_mean(str(type_name), self.names())}; "
            f"known types: {', '.join(self.names())}"
        )

    def create(self, type_name: object, options: Mapping[str, Any]) -> T:
        """Return a new object of the named type.

        Raises:
            SpecError: the name or an option is unknown, or a required option is missing; the
                message lists the known ones.
        """
        factory = self.factory(type_name)
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
                f"{self._what} type {type_name!r} needs {', '.join(map(spelled, missing))}; "
                f"given: {', '.join(map(spelled, options)) or 'nothing'}"
            )
        return factory(**plain(dict(options)))

    def _load_plugins(self) -> None:
        """Add what installed packages have; what automl itself has keeps its name."""
        group, self._group = self._group, ""
        for name, factory in _installed(group).items() if group else ():
            self._factories.setdefault(name, factory)


def _installed(group: str) -> dict[str, Callable[..., Any]]:
    """Return what installed packages register in a group; a broken one is logged and left out."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - 20 ms, for plugins alone

    found: dict[str, Callable[..., Any]] = {}
    for point in entry_points(group=group):
        try:
            loaded = point.load()
        except Exception:
            logger.exception("the plugin %s of %s cannot be loaded: left out", point.value, group)
            continue
        if callable(loaded):
            found[point.name] = loaded
        else:
            logger.error("the plugin %s of %s cannot be called: left out", point.value, group)
    return found


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
            return make(*plain(args), **plain(options))

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
