"""A parser of argparse, with its groups, parents and subcommands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from automl.discovery.option import Kind, Option
from automl.discovery.source.evaluation.calls import Call, Native, Thing
from automl.discovery.source.evaluation.definitions import Instance
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    UNKNOWN,
    External,
    Member,
    Unknown,
    Value,
)
from automl.discovery.source.libraries.arguments.added import Added, added_by
from automl.discovery.source.libraries.command import Command, commands_of
from automl.discovery.source.libraries.fields.dataclass_options import (
    ADDERS,
    options_added,
)

_READERS = {"parse_args", "parse_known_args", "parse_intermixed_args", "parse_args_and_config"}
_READERS |= {"parse_known_intermixed_args", "parse_args_into_dataclasses"}
_MANY_DEFAULTS = {Kind.FLOAT, Kind.INTEGER, Kind.CHOICE}


class ArgumentParser(Thing):
    """What `argparse.ArgumentParser(...)` makes, and others that are used like it."""

    def __init__(self, call: Call, library: str = "argparse") -> None:
        self.library = library
        self.read = False
        self.part_of_another = False
        self.added: list[Added] = []
        self.subparsers: dict[str, ArgumentParser] = {}
        self.exclusive: list[list[str]] = []
        self._call = call
        self.defaults: dict[str, Value] = {}
        prefix = call.keywords.get("prefix_chars", "-")
        self._prefix = prefix if isinstance(prefix, str) and prefix else "-"
        self._fallback: Value = call.keywords.get("argument_default")
        for parent in items_of(call.keywords.get("parents")) or ():
            self._take_from(parent)
        call.evaluation.keep(self)

    def _take_from(self, parent: Value) -> None:
        one = parent.base if isinstance(parent, Instance) else parent
        if isinstance(one, ArgumentParser):
            one.part_of_another = True
            self.added += one.added
            self.exclusive += one.exclusive
            self.defaults |= one.defaults

    def attribute(self, name: str) -> Value:
        """Return a method."""
        if name in _READERS:
            return Native(self._parse)
        if name in ADDERS:
            return Native(lambda call: self._add_class(call, name))
        method = _METHODS.get(name)
        return Native(lambda call: method(self, call)) if method else UNKNOWN

    def _parse(self, call: Call) -> Value:
        if isinstance(call.given("args", 0), (list, tuple)):
            # Words of the program's own: a test, or defaults.
            return UNKNOWN
        self.read = True
        call.evaluation.parsed()
        return UNKNOWN

    def add(self, call: Call, exclusive: list[str] | None = None) -> Value:
        """Take an option; `exclusive` has the names of those beside which it cannot be given."""
        if any(not isinstance(name, str) for name in call.args) or not call.whole:
            call.evaluation.doubt(
                f"{call.place} adds an option whose name or meaning only a run tells, so it is "
                "not known"
            )
            return UNKNOWN
        added = added_by(call, self._prefix, self.defaults, self._fallback)
        if added is None:
            return UNKNOWN
        names = set(added.option.names)
        self.added = [one for one in self.added if not names & set(one.option.names)] + [added]
        if exclusive is not None:
            exclusive.append(added.option.names[0])
        return UNKNOWN

    def _add_class(self, call: Call, name: str) -> Value:
        for option in options_added(name, call):
            dest = option.names[0].lstrip("-")
            self.added.append(Added(option, dest, NO_VALUE, NO_VALUE, call.place))
        return UNKNOWN

    def group(self, _call: Call) -> Value:
        """Return a group: its options are the parser's."""
        return _Group(self)

    def exclusive_group(self, _call: Call) -> Value:
        """Return a group of options of which one can be given."""
        names: list[str] = []
        self.exclusive.append(names)
        return _Group(self, names)

    def set_defaults(self, call: Call) -> Value:
        """Give options other defaults, those that are there and those to come."""
        self.defaults |= call.keywords
        self.added = [
            one.with_default(call.keywords[one.dest]) if one.dest in call.keywords else one
            for one in self.added
        ]
        return None

    def get_default(self, call: Call) -> Value:
        """Return the default of an option."""
        found = [one for one in self.added if one.dest == call.given("dest", 0)]
        return found[0].option.default if found else self.defaults.get(str(call.given("dest", 0)))

    def add_subparsers(self, _call: Call) -> Value:
        """Return what takes the subcommands."""
        return _Subparsers(self)

    def handed_to(self, name: str, call: Call) -> None:
        """Tell that something else may add options."""
        if name.rpartition(".")[2] not in {"print", "isinstance"}:
            who = name or "something that only a run tells"
            call.evaluation.doubt(
                f"{call.place} hands its parser to {who}, whose source is not in the program's "
                "folder: options that it adds are not known"
            )

    def command(self) -> Command:
        """Return its options and subcommands."""
        excluded = {
            name: tuple(other for other in names if other != name)
            for names in self.exclusive
            for name in names
        }
        options = [
            replace(one, excludes=excluded.get(one.names[0], ())) for one in _paired(self.added)
        ]
        return Command(options, commands_of(self.subparsers))

    def doubts(self, names: set[str]) -> list[str]:
        """Return what is not known of the options with some names."""
        own = [
            f"{one.option.names[0]} has a default that only a run tells ({one.place})"
            for one in self.added
            if one.worked_out and one.option.names[0] in names and _counts(one.option)
        ]
        return [*own, *(text for one in self.subparsers.values() for text in one.doubts(names))]


def _counts(option: Option) -> bool:
    return option.kind in _MANY_DEFAULTS


def _paired(added: Sequence[Added]) -> list[Option]:
    """Return the options, two flags that turn the same on and off as one."""
    found: list[Option] = []
    on = {one.dest: one for one in added if one.sets is True}
    off = {one.dest: one for one in added if one.sets is False}
    for one in added:
        pair = on.get(one.dest), off.get(one.dest)
        if pair[0] is None or pair[1] is None or one not in pair:
            found.append(one.option)
        elif one is pair[0]:
            first = min(pair, key=lambda flag: -1 if flag is None else added.index(flag))
            does = first is not None and first.starts is True
            found.append(replace(one.option, negative=pair[1].option.names[0], default=does))
    return found


class _Group(Thing):
    """A group of options; an exclusive one has the names of its options."""

    def __init__(self, parser: ArgumentParser, exclusive: list[str] | None = None) -> None:
        self._parser = parser
        self._exclusive = exclusive

    def attribute(self, name: str) -> Value:
        """Return a method: all are the parser's."""
        if name in {"add_argument", "add_option"}:
            return Native(lambda call: self._parser.add(call, self._exclusive))
        return self._parser.attribute(name)

    def handed_to(self, name: str, call: Call) -> None:
        """Tell that something else may add options."""
        self._parser.handed_to(name, call)


def option_group(call: Call) -> Value:
    """Return `optparse.OptionGroup(parser, ...)`."""
    of = call.given("parser", 0)
    one = of.base if isinstance(of, Instance) else of
    return _Group(one) if isinstance(one, ArgumentParser) else UNKNOWN


class _Subparsers(Thing):
    """What `add_subparsers()` gives."""

    def __init__(self, parser: ArgumentParser) -> None:
        self._parser = parser

    def attribute(self, name: str) -> Value:
        """Return the method that adds a subcommand."""
        return Native(self._add) if name == "add_parser" else UNKNOWN

    def _add(self, call: Call) -> Value:
        inner = ArgumentParser(call, self._parser.library)
        inner.part_of_another = True
        name = call.given("name", 0)
        aliases = items_of(call.keywords.get("aliases")) or []
        for one in [name, *aliases]:
            word = one.value if isinstance(one, Member) else one
            if isinstance(word, str):
                self._parser.subparsers[word] = inner
            elif isinstance(word, (Unknown, External)):
                call.evaluation.doubt(f"{call.place} adds a subcommand whose name is not known")
        return inner


_METHODS: Mapping[str, Callable[[ArgumentParser, Call], Value]] = {
    "add_argument": ArgumentParser.add,
    "add_option": ArgumentParser.add,
    "add": ArgumentParser.add,
    "add_argument_group": ArgumentParser.group,
    "add_option_group": ArgumentParser.group,
    "add_mutually_exclusive_group": ArgumentParser.exclusive_group,
    "set_defaults": ArgumentParser.set_defaults,
    "get_default": ArgumentParser.get_default,
    "add_subparsers": ArgumentParser.add_subparsers,
}
