"""`field(default=3, metadata={...})` of data classes, and what other libraries have like it."""

from collections.abc import Callable, Mapping

from automl.discovery.option import Plain
from automl.discovery.source.evaluation.calls import Call, Thing
from automl.discovery.source.evaluation.definitions import Class, Instance
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    UNKNOWN,
    External,
    Unknown,
    Value,
)
from automl.discovery.source.libraries.fields.parameters import parameters_of
from automl.discovery.source.libraries.kinds import choices_of, one_line
from automl.space.numbers import is_number


class FieldCall(Thing):
    """What the source says of a field besides its name and type."""

    is_field = True

    def __init__(self, call: Call, default: Value, choices: tuple[Plain, ...] = ()) -> None:
        self.keywords = dict(call.keywords)
        self.default = default
        metadata = call.keywords.get("metadata")
        self.metadata = metadata if isinstance(metadata, dict) else {}
        self.choices = choices or self._choices()

    def attribute(self, name: str) -> Value:
        """Return what the class itself has under the name of the field."""
        if name != "default":
            return self.keywords.get(name, UNKNOWN)
        return UNKNOWN if self.default is NO_VALUE else self.default

    def _choices(self) -> tuple[Plain, ...]:
        given = self.metadata.get("choices", self.keywords.get("choices"))
        return choices_of(items_of(given) or ())

    @property
    def help(self) -> str:
        """What it tells of the field."""
        texts = [self.metadata.get("help")]
        texts += [self.keywords.get(name) for name in ("help", "doc", "description")]
        return next((one_line(text) for text in texts if one_line(text)), "")

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names of the option."""
        given = [self.keywords.get("alias"), self.metadata.get("aliases")]
        given += items_of(self.keywords.get("aliases")) or []
        flat = [
            one
            for part in given
            for one in (items_of(part) or [] if not isinstance(part, str) else [part])
        ]
        return tuple(one for one in flat if isinstance(one, str))

    def bound(self, name: str) -> float | None:
        """Return a bound such as `ge` or `lt`, None if it has none."""
        value = self.keywords.get(name)
        return value if is_number(value) else None


def _field(call: Call) -> Value:
    """Return a field: its default by name, by its factory, or the first argument."""
    first = call.args[0] if call.args else NO_VALUE
    default = call.keywords.get("default", first)
    factory = call.keywords.get("default_factory", call.keywords.get("factory", NO_VALUE))
    if factory is not NO_VALUE:
        default = call.evaluation.call(factory, call.of())
    no_default = default is Ellipsis or _is_missing(default)
    return FieldCall(call, NO_VALUE if no_default else default)


def _fields(call: Call) -> Value:
    """Return what `dataclasses.fields` gives: objects with name, type and default."""
    of = call.args[0] if call.args else UNKNOWN
    own = of.of if isinstance(of, Instance) else of
    if not isinstance(own, Class):
        return Unknown(list)
    return [
        Instance(
            None,
            {
                "name": one.name,
                "type": one.annotation,
                "default": default_of_field(one.default),
                "metadata": field.metadata if (field := field_of(one.default)) else {},
            },
        )
        for one in parameters_of(own, call.evaluation)
    ]


def _is_missing(value: Value) -> bool:
    return isinstance(value, External) and value.name == "dataclasses.MISSING"


def _mutable(call: Call) -> Value:
    """Return a field whose first argument makes its default."""
    if not call.args:
        return FieldCall(call, NO_VALUE)
    return FieldCall(call, call.evaluation.call(call.args[0], call.of(*call.args[1:])))


def _choice(call: Call) -> Value:
    """Return a field with the choices that are given one by one, in a list or a dictionary."""
    first = items_of(call.args[0]) if len(call.args) == 1 else None
    words = list(call.args) if first is None or isinstance(call.args[0], str) else first
    return FieldCall(call, call.keywords.get("default", NO_VALUE), choices_of(words))


def field_of(value: Value) -> FieldCall | None:
    """Return the call that describes a field, None if its value is a mere default."""
    return value if isinstance(value, FieldCall) else None


def default_of_field(value: Value) -> Value:
    """Return the default of a field, `NO_VALUE` if it has none."""
    if isinstance(value, FieldCall):
        return value.default
    return value


FIELD_CALLS: Mapping[str, Callable[[Call], Value]] = {
    **dict.fromkeys(
        (
            "dataclasses.field",
            "attr.ib",
            "attr.field",
            "attrs.field",
            "pydantic.Field",
            "pydantic.fields.Field",
            "pydantic.dataclasses.field",
            "chz.field",
            "simple_parsing.field",
            "simple_parsing.helpers.field",
            "simple_parsing.helpers.fields.field",
            "pyrallis.field",
            "draccus.field",
            "trl.field",
        ),
        _field,
    ),
    "dataclasses.fields": _fields,
    **dict.fromkeys(("simple_parsing.choice", "simple_parsing.helpers.choice"), _choice),
    **dict.fromkeys(
        (
            "simple_parsing.mutable_field",
            "simple_parsing.helpers.mutable_field",
            "pyrallis.mutable_field",
        ),
        _mutable,
    ),
}
"""By dotted name."""
