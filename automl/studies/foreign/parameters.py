"""The parameters that a space becomes, checked one by one, with what differs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from automl.errors import SpecError
from automl.space.kinds.registry import item_from
from automl.studies.foreign.distributions import Distribution
from automl.studies.foreign.space import Argument


class Parameters:
    """Collects the parameters of a space, in its order.

    Attributes:
        described: what `hyperparams` of a study has for them.
        notes: in what they differ from those of the other tool.
    """

    def __init__(self) -> None:
        self.described: list[dict[str, Any]] = []
        self.notes: list[str] = []

    @property
    def names(self) -> list[str]:
        """The names of those that are one value."""
        return [name for one, _ in self._flat() for name in _names(one)]

    def add(self, name: str, made: Distribution, place: str, when: Any = None) -> None:  # noqa: ANN401 - a condition
        """Take in a parameter.

        Raises:
            SpecError: it is not allowed; with the place.
        """
        self.insert({"type": made.described["type"], "name": name, **made.described}, place, when)
        self.notes += [f"{name}: {note}" for note in made.notes]

    def insert(self, described: dict[str, Any], place: str, when: Any = None) -> None:  # noqa: ANN401 - a condition
        """Take in a parameter as a study's file describes it."""
        if when is not None:
            described = {**described, "when": when}
        with placed(place):
            item_from(described)
        self.described.append(described)
        names = self.names
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise SpecError(f"the parameter {twice!r} is there twice; rename one", place=place)

    def _flat(self) -> Iterator[tuple[dict[str, Any], bool]]:
        """Yield all parameters, each with whether a trial may be without it."""
        for one in self.described:
            yield from _flattened(one, sometimes="when" in one)

    def options(self, form: str = "--{name}") -> tuple[Argument, ...]:
        """Return the words by which a command gets each value: an option and the value behind it.

        Args:
            form: how the option is written; one that ends with `=` is one word with its value.
        """
        return tuple(
            Argument((name,), _option(form.format(name=name), name, one), sometimes)
            for one, sometimes in self._flat()
            for name in _names(one)
        )


def _option(option: str, name: str, described: dict[str, Any]) -> tuple[str, ...]:
    """Return an option and its value, in one word where the value may begin with a dash."""
    if option.endswith("="):
        return (f"{option}{placeholder(name)}",)
    if _may_be_negative(described):
        return (f"{option}={placeholder(name)}",)
    return option, placeholder(name)


def placeholder(name: str) -> str:
    """Return what stands in a template for the value of a parameter, whatever its name.

    >>> placeholder("lr"), placeholder("model.dim")
    ('{{ trial.param.lr }}', "{{ trial.param['model.dim'] }}")
    """
    return f"{{{{ {expression(name)} }}}}"


def expression(name: str) -> str:
    """Return the same without the braces, to be a part of what stands between them."""
    return f"trial.param.{name}" if name.isidentifier() else f"trial.param[{name!r}]"


@contextmanager
def placed(place: str) -> Iterator[None]:
    """Let each error within have a place in the file, if it has none yet."""
    try:
        yield
    except SpecError as error:
        error.place = error.place or place
        raise


def _flattened(
    described: dict[str, Any], *, sometimes: bool
) -> Iterator[tuple[dict[str, Any], bool]]:
    yield described, sometimes
    for items in described.get("options", {}).values():
        for item in items:
            yield from _flattened(item, sometimes=True)


@contextmanager
def placed_here(place: str) -> Iterator[None]:
    """Let each error within have this place: what it has is of another text."""
    try:
        yield
    except SpecError as error:
        error.place = place
        raise


def _names(described: dict[str, Any]) -> list[str]:
    return list(described["names"]) if "names" in described else [str(described["name"])]


def _may_be_negative(described: dict[str, Any]) -> bool:
    values = described.get("candidates", described.get("options", [described.get("value")]))
    if any(str(one).startswith("-") for one in values):
        return True
    return bool(described["type"] == "Normal" or described.get("min_value", 0) < 0)
