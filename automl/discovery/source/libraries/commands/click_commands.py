"""Commands and groups of click."""

import re
from collections.abc import Callable, Mapping

from automl.discovery.option import Option
from automl.discovery.source.evaluation.calls import Call, Native, Thing
from automl.discovery.source.evaluation.definitions import Function
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import UNKNOWN, Value
from automl.discovery.source.libraries.command import Command, commands_of
from automl.discovery.source.libraries.commands.click_options import (
    argument,
    argument_of,
    option,
    option_of,
)

_SUFFIX = re.compile(r"-(command|cmd|group|grp)$")


class ClickCommand(Thing):
    """A command of click; a group has others below it."""

    library = "click"

    def __init__(self, function: Function | None, call: Call) -> None:
        self.read = False
        self.function = function
        self.name = call.given("name", 0)
        self.below: dict[str, ClickCommand] = {}
        self._more = [one for one in items_of(call.keywords.get("params")) or () if _is_option(one)]

    def names(self) -> list[str]:
        """Return the words by which a group knows it: newer click cuts off `-command`."""
        if isinstance(self.name, str):
            return [self.name]
        own = (self.function.name if self.function else "").lower().replace("_", "-")
        return list(dict.fromkeys((own, _SUFFIX.sub("", own))))

    def attribute(self, name: str) -> Value:
        """Return what adds commands below it, or starts it."""
        if name in {"command", "group"}:
            return Native(lambda call: made(call, self))
        if name == "add_command":
            return Native(self._add)
        if name in {"main", "__call__", "callback"}:
            return Native(self.called)
        return UNKNOWN

    def _add(self, call: Call) -> Value:
        other = call.given("cmd", 0)
        if isinstance(other, ClickCommand):
            name = call.given("name", 1)
            for one in [name] if isinstance(name, str) else other.names():
                self.below[one] = other
        return None

    def called(self, call: Call) -> Value:
        """Start it: it reads the command line."""
        self.read = True
        call.evaluation.parsed()
        return UNKNOWN

    def command(self) -> Command:
        """Return its options and those of the commands below it."""
        own = [one for one in (self.function.marks if self.function else []) if _is_option(one)]
        return Command(
            [one for one in [*own, *self._more] if isinstance(one, Option)],
            commands_of(self.below),
        )


def _is_option(one: object) -> bool:
    return isinstance(one, Option)


def made(call: Call, above: ClickCommand | None = None) -> Value:
    """Return a command, or the decorator that makes one of a function."""
    first = call.args[0] if call.args else None
    if isinstance(first, Function):
        return _of_function(call.of(), first, above)

    def decorate(inner: Call) -> Value:
        function = inner.args[0] if inner.args else UNKNOWN
        return _of_function(call, function, above) if isinstance(function, Function) else function

    return Native(decorate)


def _of_function(call: Call, function: Function, above: ClickCommand | None) -> Value:
    command = ClickCommand(function, call)
    call.evaluation.keep(command)
    if above is not None:
        for name in command.names():
            above.below[name] = command
    return command


def _group(call: Call) -> Value:
    """Return `click.Group("name")`, or what `click.CommandCollection` makes."""
    group = ClickCommand(None, call)
    given = call.keywords.get("commands")
    for name, one in given.items() if isinstance(given, dict) else ():
        if isinstance(one, ClickCommand) and isinstance(name, str):
            group.below[name] = one
    for one in items_of(given) or () if not isinstance(given, dict) else ():
        if isinstance(one, ClickCommand):
            group.below |= dict.fromkeys(one.names(), one)
    call.evaluation.keep(group)
    return group


def _unchanged(_call: Call) -> Value:
    """Return a decorator that adds no option."""
    return Native(lambda inner: inner.args[0] if inner.args else UNKNOWN)


CLICK_COMMANDS: Mapping[str, Callable[[Call], Value]] = {
    "click.command": made,
    "click.group": made,
    "click.option": option,
    "click.argument": argument,
    "click.Option": lambda call: option_of(_flat(call)),
    "click.Argument": lambda call: argument_of(_flat(call)),
    "click.Group": _group,
    "click_option_group.optgroup.option": option,
    "click_option_group.optgroup.group": _unchanged,
    "click_option_group.optgroup": _unchanged,
    "click.version_option": _unchanged,
    "click.help_option": _unchanged,
    "click.confirmation_option": _unchanged,
    "click.pass_context": lambda call: call.args[0] if call.args else UNKNOWN,
    "click.pass_obj": lambda call: call.args[0] if call.args else UNKNOWN,
}
"""By dotted name."""


def _flat(call: Call) -> Call:
    """Return the call of a class of click as one of the function: its names are in a list."""
    names = items_of(call.given("param_decls", 0)) or []
    return Call(call.evaluation, call.place, names, call.keywords)
