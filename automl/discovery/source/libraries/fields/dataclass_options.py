"""Options that parsers make of the fields of data classes and the parameters of functions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from automl.discovery.option import MISSING, Kind, Option
from automl.discovery.source.evaluation.calls import Call, Evaluation
from automl.discovery.source.evaluation.values import NO_VALUE, Member, Value
from automl.discovery.source.libraries.fields.annotations import (
    Meant,
    is_group,
    is_yes_or_no,
    meant,
    taken_by_annotation,
)
from automl.discovery.source.libraries.fields.field_calls import default_of_field, field_of
from automl.discovery.source.libraries.fields.parameters import (
    Parameter,
    parameters_of,
    with_values,
)
from automl.discovery.source.libraries.fields.styles import (
    JSONARGPARSE,
    SIMPLE_PARSING,
    Style,
    YesNo,
)
from automl.discovery.source.libraries.kinds import Taken, plain_of, with_taken

_DEEPEST = 6


def options_of(
    of: Value, style: Style, evaluation: Evaluation, above: tuple[str, ...] = (), made: Value = None
) -> Iterator[Option]:
    """Yield the options of a class or function, those of classes within it too.

    Args:
        of: the class or function.
        style: how the parser names them.
        evaluation: which evaluates annotations.
        above: names of the fields in which this class stands.
        made: the object that is the default, None if there is none.
    """
    if len(above) > _DEEPEST:
        return
    for parameter in with_values(parameters_of(of, evaluation), made):
        said = meant(parameter.annotation)
        path = (*above, parameter.name)
        default = default_of_field(parameter.default)
        if said.left_out or (parameter.name.startswith("_") and not above):
            continue
        if is_group(said.of):
            yield from options_of(said.of, style, evaluation, path, default)
        else:
            yield _option(parameter, said, path, style)


def _option(parameter: Parameter, said: Meant, path: tuple[str, ...], style: Style) -> Option:
    field = field_of(parameter.default)
    default = default_of_field(parameter.default)
    aliases = field.aliases if field else ()
    needed = default is NO_VALUE and not said.optional
    by_place = needed and style.by_place and len(path) == 1
    option = Option(
        path
        if by_place
        else (*style.names(path), *(one for one in aliases if one not in style.names(path))),
        Kind.UNKNOWN,
        MISSING if default is NO_VALUE else plain_of(default),
        choices=field.choices if field else (),
        required=needed,
        positional=by_place,
        joined=style.joined,
        help=(field.help if field else "") or parameter.help,
        place=f"{parameter.place}",
    )
    if default is NO_VALUE and said.optional:
        option = replace(option, default=None)
    if is_yes_or_no(said.of) or (parameter.annotation is None and isinstance(default, bool)):
        return yes_or_no(option, style, path)
    names = style.member_names
    taken = taken_by_annotation(said.of, default, member_names=names)
    if names and isinstance(default, Member):
        option = replace(option, default=default.name)
    return with_taken(option, _within(taken, parameter))


def yes_or_no(option: Option, style: Style, path: tuple[str, ...]) -> Option:
    """Return an option for a yes or no, as the parser takes it."""
    if style.yes_no is YesNo.WORD:
        return with_taken(option, Taken(Kind.CHOICE, style.words))
    default = option.default is True
    if style.yes_no is YesNo.CHANGE:
        return replace(option, kind=Kind.FLAG, default=False)
    has_negative = style.yes_no is YesNo.ON_OFF or default
    negative = style.negative(path) if style.negative and has_negative else None
    return replace(option, kind=Kind.FLAG, negative=negative)


def _within(taken: Taken, parameter: Parameter) -> Taken:
    """Return what is taken with the bounds that a field of pydantic has."""
    field = field_of(parameter.default)
    for one in (field, *meant(parameter.annotation).extras):
        call = field_of(one)
        if call is None:
            continue
        low, high = (call.bound("ge"), call.bound("gt")), (call.bound("le"), call.bound("lt"))
        for at, bound in enumerate(low):
            taken = taken if bound is None else replace(taken, low=bound, low_open=at == 1)
        for at, bound in enumerate(high):
            taken = taken if bound is None else replace(taken, high=bound, high_open=at == 1)
    return taken


@dataclass(frozen=True)
class _Adder:
    """A method of a parser that adds all fields of a class.

    Attributes:
        style: how they are named.
        nested: the parameter that says in which field they stand; empty if they stand in none.
    """

    style: Style
    nested: str = ""


ADDERS: Mapping[str, _Adder] = {
    "add_arguments": _Adder(SIMPLE_PARSING),
    "add_class_arguments": _Adder(JSONARGPARSE, "nested_key"),
    "add_dataclass_arguments": _Adder(JSONARGPARSE, "nested_key"),
    "add_function_arguments": _Adder(JSONARGPARSE, "nested_key"),
    "add_lightning_class_args": _Adder(JSONARGPARSE, "nested_key"),
}
"""Methods of parsers that are used like argparse's and take classes too."""


def options_added(name: str, call: Call) -> list[Option]:
    """Return the options that one of `ADDERS` adds."""
    adder = ADDERS[name]
    key = call.given(adder.nested, 1) if adder.nested else None
    above = tuple(key.split(".")) if isinstance(key, str) and key else ()
    return list(options_of(call.args[0], adder.style, call.evaluation, above)) if call.args else []
