"""What one call of `add_argument` adds to a program's options."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from automl.discovery.option import MISSING, Kind, Missing, Option, Plain
from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.definitions import Class
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    External,
    Place,
    Unknown,
    Value,
)
from automl.discovery.source.libraries.kinds import (
    Taken,
    choices_of,
    is_external,
    one_line,
    plain_of,
    taken_by_value,
    with_taken,
)
from automl.discovery.source.libraries.type_functions import taken_by_type

_NO_OPTION = {"help", "version"}
_FLAGS = {"store_true", "store_false", "store_const", "append_const", "count"}
_OPTIONAL = {"?", "*", "..."}
_SEVERAL = {"*", "+", "..."}
_BOOLEAN = ("argparse.BooleanOptionalAction", "configargparse.BooleanOptionalAction")
_ANY_WORD = "builtins.bool"
_OPTPARSE_TYPES = {"int": "builtins.int", "long": "builtins.int", "float": "builtins.float"}
_OPTPARSE_TYPES |= {"string": "builtins.str", "str": "builtins.str"}


@dataclass(frozen=True)
class Added:
    """An option with what argparse knows of it besides.

    Attributes:
        option: as it is told.
        dest: the name under which the program gets its value.
        sets: what a flag sets; `NO_VALUE` of anything else.
        starts: what the program gets without the flag.
        place: the line of the call.
        worked_out: whether its default is there, but only a run tells it.
    """

    option: Option
    dest: str
    sets: Value
    starts: Value
    place: Place
    worked_out: bool = False

    def with_default(self, value: Value) -> "Added":
        """Return it with another default, as `set_defaults` gives it."""
        if self.option.kind is Kind.FLAG and self.sets is not NO_VALUE:
            does = value == self.sets
            return replace(self, starts=value, option=replace(self.option, default=does))
        found = plain_of(value)
        return replace(
            self,
            option=replace(self.option, default=found, required=False),
            worked_out=isinstance(found, Missing) and value is not NO_VALUE,
        )


@dataclass(frozen=True)
class _Words:
    """The arguments of the call that several parts ask for."""

    names: tuple[str, ...]
    call: Call
    default: Value

    def value(self, name: str) -> Value:
        return self.call.keywords.get(name)


def added_by(
    call: Call, prefix: str, defaults: dict[str, Value], fallback: Value = None
) -> Added | None:
    """Return what a call adds; None for `--help` and the like, or where it has no names.

    Args:
        call: of `add_argument`.
        prefix: the characters with which options begin.
        defaults: what `set_defaults` gave before, by dest.
        fallback: the default of an option for which the program gives none.
    """
    names = tuple(name for name in call.args if isinstance(name, str) and name)
    action = call.keywords.get("action", "store")
    only_dest = call.keywords.get("dest")
    if not call.args and isinstance(only_dest, str) and only_dest:
        # Without a name it is known by its place.
        names = (only_dest,)
    if not names or len(names) < len(call.args) or action in _NO_OPTION:
        return None
    positional = names[0][0] not in prefix
    dest = _dest(names, call.keywords.get("dest"), prefix)
    default = call.keywords.get("default", defaults.get(dest, fallback))
    words = _Words(_long_first(names, prefix), call, default)
    option = replace(
        _option(words, action, positional=positional),
        place=f"{call.place}",
        stands_for=_stands_for(names, call),
    )
    worked_out = isinstance(default, Unknown) and isinstance(option.default, Missing)
    sets = _what_is_set(action, call)
    added = Added(option, dest, sets, NO_VALUE, call.place, worked_out)
    if sets is NO_VALUE:
        return added
    off = not sets if isinstance(sets, bool) else None
    return added.with_default(off if default is None else default)


def _what_is_set(action: Value, call: Call) -> Value:
    if action in {"store_true", "store_false"}:
        return action == "store_true"
    return call.keywords.get("const") if action == "store_const" else NO_VALUE


def _dest(names: Sequence[str], dest: Value, prefix: str) -> str:
    if isinstance(dest, str):
        return dest
    long = [name for name in names if len(name) > 1 and name[1] in prefix]
    return (long or names)[0].lstrip(prefix).replace("-", "_")


def _stands_for(names: Sequence[str], call: Call) -> str:
    """Return what the program calls a value whose names may not tell."""
    called = [call.keywords.get("dest"), call.keywords.get("metavar")]
    return next((one for one in called if isinstance(one, str) and one not in names), "")


def _long_first(names: tuple[str, ...], prefix: str) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: name[1:2] not in prefix if name[1:] else True))


def _option(words: _Words, action: Value, *, positional: bool) -> Option:
    help_text = _told(words)
    option = Option(words.names, Kind.UNKNOWN, plain_of(words.default), help=help_text)
    if is_external(action, *_BOOLEAN):
        return _on_and_off(option, words)
    if action == "count":
        default = 0 if option.default is None else option.default
        return replace(option, kind=Kind.FLAG, default=default, many=True)
    if isinstance(action, str) and action in _FLAGS:
        return replace(option, kind=Kind.FLAG, default=False)
    return _valued(option, words, action, positional=positional)


def _told(words: _Words) -> str:
    """Return the help text with the default in its place."""
    text = one_line(words.value("help"))
    default = plain_of(words.default)
    shown = "" if isinstance(default, Missing) else str(default)
    return text.replace("%(default)s", shown).replace("%(default)r", shown).replace("%%", "%")


def _on_and_off(option: Option, words: _Words) -> Option:
    long = next((name for name in words.names if name.startswith("--")), words.names[0])
    return replace(option, kind=Kind.FLAG, negative=f"--no-{long.lstrip('-')}")


def _valued(option: Option, words: _Words, action: Value, *, positional: bool) -> Option:
    nargs = words.value("nargs")
    several = nargs in _SEVERAL or (isinstance(nargs, int) and nargs > 1)
    needed = words.value("required") is True
    if positional:
        needed = nargs not in _OPTIONAL
    appended = action in {"append", "extend"}
    option = replace(
        option,
        many=several or appended,
        required=needed,
        positional=positional,
        default=MISSING if needed and words.default is None else option.default,
        choices=_choices(words),
    )
    return with_taken(option, _taken(words, action))


def _choices(words: _Words) -> tuple[Plain, ...]:
    given = words.value("choices")
    items = items_of(given)
    return () if items is None else choices_of(items)


def _taken(words: _Words, action: Value) -> Taken:
    of = words.value("type")
    if is_external(of, _ANY_WORD):
        words.call.evaluation.doubt(
            f"{words.call.place}: {words.names[0]} has type=bool, which takes every word for true, "
            "`False` too, so it is left out"
        )
        return Taken(Kind.UNKNOWN)
    if isinstance(of, str):
        of = External(_OPTPARSE_TYPES.get(of, of))
    taken = None if of is None else taken_by_type(of, words.call)
    if taken is None:
        custom = isinstance(action, Class)
        taken = (
            taken_by_value(words.default) if not custom or words.default is not None else Taken()
        )
    if taken.choices and of is None:
        # A default that is a yes or no, of an option without a type, says nothing of its words.
        return Taken(Kind.UNKNOWN)
    return taken
