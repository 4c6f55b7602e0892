"""Applications of typer: commands of functions with annotations."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from automl.discovery.option import MISSING, Kind, Option
from automl.discovery.source.evaluation.calls import Call, Evaluation, Native, Thing
from automl.discovery.source.evaluation.definitions import Function
from automl.discovery.source.evaluation.values import NO_VALUE, UNKNOWN, Member, Value
from automl.discovery.source.libraries.command import Command
from automl.discovery.source.libraries.commands.click_types import ClickType
from automl.discovery.source.libraries.fields.annotations import (
    Meant,
    is_yes_or_no,
    meant,
    short_name,
    taken_by_annotation,
)
from automl.discovery.source.libraries.fields.parameters import Parameter, parameters_of
from automl.discovery.source.libraries.kinds import one_line, plain_of, with_taken
from automl.space.numbers import is_number

_NO_PARAMETER = {"Context", "CallbackParam"}


class TyperParameter(Thing):
    """What `typer.Option(...)` or `typer.Argument(...)` says of a parameter."""

    def __init__(self, call: Call, *, positional: bool) -> None:
        self.args = tuple(call.args)
        self.keywords = dict(call.keywords)
        self.positional = positional


class TyperApp(Thing):
    """An application of typer, with its commands and the applications below it."""

    library = "typer"

    def __init__(self, call: Call) -> None:
        self.read = False
        self._evaluation = call.evaluation
        self._commands: dict[str, Function] = {}
        self._below: dict[str, TyperApp] = {}
        self._callback: Function | None = None
        call.evaluation.keep(self)

    def attribute(self, name: str) -> Value:
        """Return what adds commands, or starts it."""
        methods = {
            "command": self._command,
            "callback": self._set_callback,
            "add_typer": self._add,
            "__call__": self.called,
        }
        return Native(methods[name]) if name in methods else UNKNOWN

    def _command(self, call: Call) -> Value:
        name = call.given("name", 0)

        def decorate(inner: Call) -> Value:
            function = inner.args[0] if inner.args else UNKNOWN
            if isinstance(function, Function):
                word = name if isinstance(name, str) else function.name.replace("_", "-").lower()
                self._commands[word] = function
            return function

        return Native(decorate)

    def _set_callback(self, _call: Call) -> Value:
        def decorate(inner: Call) -> Value:
            function = inner.args[0] if inner.args else UNKNOWN
            self._callback = function if isinstance(function, Function) else None
            return function

        return Native(decorate)

    def _add(self, call: Call) -> Value:
        other = call.given("typer_instance", 0)
        name = call.keywords.get("name")
        if isinstance(other, TyperApp) and isinstance(name, str):
            self._below[name] = other
        return None

    def called(self, call: Call) -> Value:
        """Start it: it reads the command line."""
        self.read = True
        call.evaluation.parsed()
        return UNKNOWN

    def command(self) -> Command:
        """Return its options and commands; a lone command needs no name."""
        whole = self._group()
        if len(whole.subcommands) == 1 and not self._below and self._callback is None:
            return next(iter(whole.subcommands.values()))
        return whole

    def _group(self) -> Command:
        own = _options(self._callback, self._evaluation) if self._callback else []
        commands = {
            name: Command(_options(one, self._evaluation)) for name, one in self._commands.items()
        }
        below = {name: one._group() for name, one in self._below.items()}  # noqa: SLF001
        return Command(own, {**commands, **below})


def _run(call: Call) -> Value:
    """Do `typer.run(main)`."""
    app = TyperApp(call)
    app.attribute("command").called(call.of()).called(call)  # type: ignore[attr-defined]
    return app.called(call)


def _options(function: Function, evaluation: Evaluation) -> list[Option]:
    found = [_option(one) for one in parameters_of(function, evaluation)]
    return [one for one in found if one is not None]


def _option(parameter: Parameter) -> Option | None:
    said = meant(parameter.annotation)
    if short_name(said.of) in _NO_PARAMETER:
        return None
    info, default, names = _described(parameter, said)
    positional = info.positional if info else default is NO_VALUE
    keywords = info.keywords if info else {}
    own = parameter.name.replace("_", "-")
    option = Option(
        (parameter.name,) if positional else (names or (f"--{own}",)),
        Kind.UNKNOWN,
        MISSING if default is NO_VALUE else plain_of(default),
        required=default is NO_VALUE,
        positional=positional,
        help=one_line(keywords.get("help")) or parameter.help,
        place=f"{parameter.place}",
    )
    if is_yes_or_no(said.of) and not positional:
        return _flag(option, names, own)
    if isinstance(default, Member):
        option = replace(option, default=plain_of(default.value))
    if keywords.get("count") is True:
        return replace(option, kind=Kind.FLAG, many=True)
    own_type = keywords.get("click_type")
    taken = own_type.taken if isinstance(own_type, ClickType) else None
    taken = taken or taken_by_annotation(said.of, default)
    return _bounded(with_taken(option, taken), keywords)


def _described(
    parameter: Parameter, said: Meant
) -> tuple[TyperParameter | None, Value, tuple[str, ...]]:
    """Return what is said of a parameter, its default and the names of its option."""
    if isinstance(parameter.default, TyperParameter):
        info: TyperParameter | None = parameter.default
        default = parameter.default.keywords.get("default", NO_VALUE)
        names = parameter.default.args[1:]
        if parameter.default.args:
            default = parameter.default.args[0]
    else:
        info = next((one for one in said.extras if isinstance(one, TyperParameter)), None)
        default, names = parameter.default, info.args if info is not None else ()
    if default is Ellipsis:
        default = NO_VALUE
    texts = [one for one in names if isinstance(one, str) and one.startswith("-")]
    return info, default, tuple(sorted(texts, key=lambda name: not name.startswith("--")))


def _flag(option: Option, names: tuple[str, ...], own: str) -> Option:
    """Return a flag: with names of its own, it can be turned off only by one of them."""
    default = option.default is True
    if not names:
        return replace(option, kind=Kind.FLAG, negative=f"--no-{own}")
    on = tuple(one for name in names if (one := name.partition("/")[0].strip()))
    off = [one for name in names if (one := name.partition("/")[2].strip())]
    negative = off[0] if on and off else None
    return replace(
        option, names=on or tuple(off), kind=Kind.FLAG, negative=negative, default=default
    )


def _bounded(option: Option, keywords: Mapping[str, Value]) -> Option:
    low, high = keywords.get("min"), keywords.get("max")
    return replace(
        option,
        low=low if is_number(low) else option.low,
        high=high if is_number(high) else option.high,
    )


def _parameter(*, positional: bool) -> Callable[[Call], Value]:
    return lambda call: TyperParameter(call, positional=positional)


TYPER_APPS: Mapping[str, Callable[[Call], Value]] = {
    "typer.Typer": TyperApp,
    "typer.run": _run,
    "typer.Option": _parameter(positional=False),
    "typer.Argument": _parameter(positional=True),
}
"""By dotted name."""
