"""Options and subcommands from a whole help text; pure, whatever the text holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from automl.discovery.help_text.entries import Entries, Entry, entries_of
from automl.discovery.help_text.head import Head
from automl.discovery.help_text.listed_option import option_of
from automl.discovery.help_text.plain_lines import plain_lines
from automl.discovery.help_text.usage import Used, options_stand_first, used_in
from automl.discovery.option import Option

_HELP = frozenset({"--help", "--version", "--usage", "--helpfull", "--helpshort"})


@dataclass(frozen=True, slots=True)
class HelpText:
    """What a help text tells.

    Attributes:
        options: in its order, without those that only show help or a version.
        commands: names of subcommands.
        options_first: whether options stand before other words in it.
    """

    options: tuple[Option, ...]
    commands: tuple[str, ...]
    options_first: bool = False


def parse_help(text: str, subcommand: str = "") -> HelpText:
    r"""Return what a help text tells.

    Args:
        text: all that the program printed.
        subcommand: the subcommand whose help it is.

    >>> [one.names for one in parse_help("usage: t [-n N]\n  --lr LR  rate: 0.1").options]
    [('--lr',), ('-n',)]
    """
    lines = plain_lines(text)
    entries = entries_of(lines)
    used = used_in(lines)
    whole = (*_listed(entries, used, subcommand), *_used(entries, used, subcommand))
    seen: dict[str, Option] = {}
    for one in whole:
        if not _is_help(one) and not any(name in seen for name in one.names):
            seen |= dict.fromkeys(one.names, one)
    options = tuple(dict.fromkeys(seen.values()))
    commands = tuple(dict.fromkeys(entries.commands))
    return HelpText(options, commands, options_stand_first(lines))


def _listed(entries: Entries, used: Sequence[Used], subcommand: str) -> Iterator[Option]:
    needed = {name for one in used if not one.optional for name in one.names}
    for entry in (*entries.options, *entries.positionals):
        required = not needed.isdisjoint(entry.head.names)
        yield option_of(entry, required=required, subcommand=subcommand)


def _used(entries: Entries, used: Sequence[Used], subcommand: str) -> Iterator[Option]:
    """Give what stands in the usage line alone."""
    listed = {name for one in entries.options for name in one.head.names}
    has_positionals = bool(entries.positionals or entries.commands)
    for one in used:
        is_option = one.names[0].startswith("-")
        if not listed.isdisjoint(one.names) or (not is_option and has_positionals):
            continue
        value = one.value if is_option else one.names[0]
        head = Head(one.names, None, value, 1 if value else 0, "", 0)
        yield option_of(Entry(head), required=not one.optional, subcommand=subcommand)


def _is_help(option: Option) -> bool:
    """Tell whether an option only makes the program tell of itself; `-h 16` has a value."""
    short = option.names in {("-h",), ("-?",), ("-help",), ("-V",)} and not option.default
    return short or not _HELP.isdisjoint(option.names)
