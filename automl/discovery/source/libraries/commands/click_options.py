"""What `@click.option` and `@click.argument` add to a command."""

from dataclasses import replace

from automl.discovery.option import MISSING, Kind, Option
from automl.discovery.source.evaluation.calls import Call, Native
from automl.discovery.source.evaluation.definitions import Class, Function
from automl.discovery.source.evaluation.values import NO_VALUE, UNKNOWN, Member, Value
from automl.discovery.source.libraries.commands.click_types import taken_by_click
from automl.discovery.source.libraries.kinds import one_line, plain_of, with_taken

_FALSY = (None, False)


def option(call: Call) -> Value:
    """Return the decorator that adds an option."""
    return Native(lambda inner: _added(inner, option_of(call)))


def argument(call: Call) -> Value:
    """Return the decorator that adds an argument."""
    return Native(lambda inner: _added(inner, argument_of(call)))


def _added(call: Call, made: Option | None) -> Value:
    """Put an option before those that the decorators below have added."""
    of = call.args[0] if call.args else UNKNOWN
    if isinstance(of, Function) and made is not None:
        of.marks.insert(0, made)
    elif not isinstance(of, Function) and made is not None:
        inner = getattr(of, "function", None)
        if isinstance(inner, Function):
            inner.marks.insert(0, made)
    return of


def option_of(call: Call) -> Option | None:
    """Return an option of click, None if its names are not known."""
    declared = [one for one in call.args if isinstance(one, str)]
    on, off = _names(declared)
    if not (on or off):
        if declared:
            call.evaluation.doubt(f"{call.place} adds an option without a name")
        else:
            call.evaluation.doubt(
                f"{call.place} adds an option whose name only a run tells, so it is not known"
            )
        return None
    default = call.keywords.get("default", NO_VALUE)
    if isinstance(default, Function):
        default = call.evaluation.call(default, call.of())
    made = Option(
        tuple(on or off),
        Kind.UNKNOWN,
        MISSING if default is NO_VALUE or default is Ellipsis else plain_of(default),
        required=_required(call, default),
        help=one_line(call.keywords.get("help")),
        stands_for=next((one for one in declared if one.isidentifier()), ""),
        place=f"{call.place}",
    )
    if _is_flag(call, off):
        value = call.keywords.get("flag_value", True)
        does = default is True or (isinstance(default, str) and default == value)
        return replace(
            made,
            kind=Kind.FLAG,
            default=does and bool(on),
            negative=off[0] if on and off else None,
            many=call.keywords.get("count") is True,
        )
    return _valued(made, call, default)


def _required(call: Call, default: Value) -> bool:
    asks = call.keywords.get("prompt") not in _FALSY and default is NO_VALUE
    return call.keywords.get("required") is True or asks


def _is_flag(call: Call, off: list[str]) -> bool:
    keywords = call.keywords
    if "is_flag" in keywords:
        return keywords["is_flag"] is True
    return bool(off) or keywords.get("count") is True or keywords.get("flag_value") is not None


def _valued(made: Option, call: Call, default: Value) -> Option:
    nargs = call.keywords.get("nargs", 1)
    several = isinstance(nargs, int) and nargs != 1
    many = several or call.keywords.get("multiple") is True
    known = None if default is NO_VALUE else default
    taken = taken_by_click(call.keywords.get("type"), known, call)
    if isinstance(default, Member) and default.name in taken.choices:
        made = replace(made, default=default.name)
    return with_taken(replace(made, many=many), taken)


def _names(declared: list[str]) -> tuple[list[str], list[str]]:
    """Return the names that turn an option on, the long ones first, and those that turn it off."""
    on: list[str] = []
    off: list[str] = []
    for one in declared:
        if one.isidentifier():
            continue
        first, slash, second = one.partition("/")
        on += [first.strip()] if first.strip() else []
        off += [second.strip()] if slash and second.strip() else []
    return sorted(on, key=_is_short), sorted(off, key=_is_short)


def _is_short(name: str) -> bool:
    return not name.startswith("--")


def argument_of(call: Call) -> Option | None:
    """Return an argument of click, None if its name is not known."""
    name = next((one for one in call.args if isinstance(one, str)), None)
    if name is None or isinstance(name, Class):
        return None
    default = call.keywords.get("default", NO_VALUE)
    nargs = call.keywords.get("nargs", 1)
    required = call.keywords.get("required", default is NO_VALUE and nargs != -1)
    made = Option(
        (name,),
        Kind.UNKNOWN,
        MISSING if default is NO_VALUE else plain_of(default),
        many=isinstance(nargs, int) and nargs != 1,
        required=required is True,
        positional=True,
        help=one_line(call.keywords.get("help")),
        place=f"{call.place}",
    )
    known = None if default is NO_VALUE else default
    return with_taken(made, taken_by_click(call.keywords.get("type"), known, call))
