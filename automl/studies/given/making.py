"""Making what a dictionary of a type and options describes, with errors that name the place."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from automl.errors import SpecError, shown
from automl.registry import Registry, did_you_mean
from automl.studies.given.place import at, below


def typed(
    registry: Registry[Any],
    is_made: Callable[[object], bool],
    value: Any,  # noqa: ANN401 - as users give it
    place: str,
    maker: str,
) -> Any:  # noqa: ANN401 - of the registry's kind
    """Return what a dictionary with a type describes, or what was made already."""
    if is_made(value):
        return value
    if not isinstance(value, Mapping):
        raise SpecError(f"{place} is {shown(value)}; give it {maker}", place=place)
    type_name, options = type_and_options(value, place, maker)
    with at(place, ["type", *options, *_options_of(registry, type_name)]):
        return registry.create(type_name, options)


def is_a(kind: Any) -> Callable[[object], bool]:  # noqa: ANN401 - a type or union
    """Return what tells whether a value is of a type."""
    return lambda value: isinstance(value, kind)


def untyped(kind: Callable[..., Any], value: Any, place: str, maker: str) -> Any:  # noqa: ANN401
    """Return what a dictionary without a type describes, or what was made already."""
    if isinstance(value, kind):  # type: ignore[arg-type]
        return value
    if not isinstance(value, Mapping):
        raise SpecError(f"{place} is {shown(value)}; give it {maker}", place=place)
    known = inspect.signature(kind).parameters
    listing = ", ".join(known)
    for key in value:
        if key not in known:
            near = did_you_mean(str(key), known)
            told = f"{place}: unknown key {key!r}{near}; known: {listing}"
            raise SpecError(told, place=below(place, str(key)))
    for name, option in known.items():
        if option.default is inspect.Parameter.empty and name not in value:
            told = f"{place}: the key {name!r} is missing; known: {listing}"
            raise SpecError(told, place=below(place, name))
    with at(place, known):
        return kind(**value)


def type_and_options(value: object, place: str, maker: str) -> tuple[Any, dict[str, Any]]:
    """Return the type and the options that a text or a dictionary gives."""
    if isinstance(value, str):
        return value, {}
    if not isinstance(value, Mapping):
        raise SpecError(f"{place} is {shown(value)}; give it {maker}", place=place)
    options = dict(value)
    if "type" not in options:
        raise SpecError(
            f"{place}: {shown(options)} has no 'type'; give it one", place=below(place, "type")
        )
    return options.pop("type"), options


def _options_of(registry: Registry[Any], type_name: object) -> list[str]:
    known = isinstance(type_name, str) and type_name in registry.names()
    return registry.options(str(type_name)) if known else []
