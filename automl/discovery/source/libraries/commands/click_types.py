"""The types of click: `IntRange(1, 12)`, `Choice(["sgd", "adam"])`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from automl.discovery.option import Kind
from automl.discovery.source.evaluation.calls import Call, Thing
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import Member, Value
from automl.discovery.source.libraries.kinds import YES_NO, Taken, choices_of, taken_by_value
from automl.discovery.source.libraries.type_functions import taken_by_type
from automl.space.numbers import is_number


@dataclass(frozen=True)
class ClickType(Thing):
    """A type of click with what it takes."""

    taken: Taken


def _range(kind: Kind) -> Callable[[Call], Value]:
    def make(call: Call) -> Value:
        low, high = call.given("min", 0), call.given("max", 1)
        return ClickType(
            Taken(
                kind,
                low=low if is_number(low) else None,
                high=high if is_number(high) else None,
                low_open=call.given("min_open", 2) is True,
                high_open=call.given("max_open", 3) is True,
            )
        )

    return make


def _choice(call: Call) -> Value:
    items = items_of(call.given("choices", 0)) or []
    words = [one.name if isinstance(one, Member) else one for one in items]
    return ClickType(Taken(Kind.CHOICE if words else Kind.TEXT, choices_of(words)))


def _of(taken: Taken) -> Callable[[Call], Value]:
    return lambda _call: ClickType(taken)


CLICK_TYPES: Mapping[str, Callable[[Call], Value]] = {
    "click.IntRange": _range(Kind.INTEGER),
    "click.FloatRange": _range(Kind.FLOAT),
    "click.Choice": _choice,
    "click.Path": _of(Taken(Kind.PATH)),
    "click.File": _of(Taken(Kind.PATH)),
    "click.DateTime": _of(Taken(Kind.TEXT)),
    "click.types.BoolParamType": _of(Taken(Kind.CHOICE, YES_NO)),
}
"""By dotted name."""


def taken_by_click(of: Value, default: Value, call: Call) -> Taken:
    """Return what an option of click takes: by its type, or by its default if it has none."""
    if isinstance(of, ClickType):
        return of.taken
    if isinstance(of, (list, tuple)) and of:
        first = taken_by_click(of[0], None, call)
        return Taken(first.kind, many=True)
    known = None if of is None else taken_by_type(of, call)
    if known is not None:
        return known
    return Taken(Kind.TEXT) if default is None else taken_by_value(default)
