"""A command with its options and subcommands, and which of them a command line asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from automl.discovery.option import Kind, Option


@dataclass
class Command:
    """A command of a program, or one of its subcommands.

    Attributes:
        options: of its own.
        subcommands: by name; one may stand under several names.
    """

    options: Sequence[Option] = ()
    subcommands: Mapping[str, "Command"] = field(default_factory=dict)


class _Subcommand(Protocol):
    def command(self) -> Command: ...


def commands_of(named: Mapping[str, _Subcommand]) -> dict[str, Command]:
    """Return subcommands by name: the same one for each name of one."""
    made = {id(one): one.command() for one in named.values()}
    return {name: made[id(one)] for name, one in named.items()}


class CommandLine(Protocol):
    """Something of a library that reads the command line."""

    library: str
    read: bool
    """Whether the program was seen to let it read the command line."""

    def command(self) -> Command:
        """Return its options and subcommands."""
        ...


def asked_for(command: Command, words: Sequence[str], above: str = "") -> list[Option]:
    """Return the options that count for a command line: those of its subcommand too.

    If the words name no subcommand, all of them count.

    Args:
        command: of the program.
        words: the program's own words.
        above: the subcommands that were named before.
    """
    own = [replace(one, subcommand=above) for one in command.options]
    if not command.subcommands:
        return own
    at = _subcommand_at(command, words)
    if at is not None:
        name = words[at]
        inner = asked_for(command.subcommands[name], words[at + 1 :], f"{above} {name}".strip())
        return [*own, *inner]
    every: dict[int, tuple[str, Command]] = {}
    for name, one in command.subcommands.items():
        every.setdefault(id(one), (name, one))
    below = [asked_for(one, (), f"{above} {name}".strip()) for name, one in every.values()]
    return [*own, *(option for options in below for option in options)]


def subcommands_left(command: Command, words: Sequence[str]) -> list[str]:
    """Return the subcommands of which the words would have to name one; empty if they do."""
    if not command.subcommands:
        return []
    at = _subcommand_at(command, words)
    if at is None:
        return list(command.subcommands)
    return subcommands_left(command.subcommands[words[at]], words[at + 1 :])


def _subcommand_at(command: Command, words: Sequence[str]) -> int | None:
    valued = {name for one in command.options if one.kind is not Kind.FLAG for name in one.names}
    for at, word in enumerate(words):
        if word in command.subcommands and (at == 0 or words[at - 1] not in valued):
            return at
    return None
