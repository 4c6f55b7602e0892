"""Parsers that make a command line of a data class: transformers, tyro, draccus, chz."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from automl.discovery.option import Option
from automl.discovery.source.evaluation.calls import Call, Native, Thing
from automl.discovery.source.evaluation.definitions import Bound, Class, Function
from automl.discovery.source.evaluation.objects.enumerations import external_bases
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import UNKNOWN, External, Generic, Value
from automl.discovery.source.libraries.command import Command
from automl.discovery.source.libraries.fields.annotations import meant
from automl.discovery.source.libraries.fields.dataclass_options import options_of
from automl.discovery.source.libraries.fields.parameters import parameters_of
from automl.discovery.source.libraries.fields.styles import (
    CHZ,
    DRACCUS,
    JSONARGPARSE,
    JSONARGPARSE_CLI,
    PYDANTIC,
    PYRALLIS,
    SIMPLE_PARSING,
    TAP,
    TRANSFORMERS,
    TYRO,
    Style,
)

_READERS = {"parse_args_into_dataclasses", "parse_args", "parse_known_args"}
_BEFORE_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WITHOUT_FIELDS = {"builtins", "typing", "typing_extensions", "abc", "enum", "pydantic"}
_WITHOUT_FIELDS |= {"pydantic_settings", "tap", "dataclasses", "simple_parsing", "draccus"}
_LIGHTNING_COMMANDS = ("fit", "validate", "test", "predict")


class FieldsLine(Thing):
    """A command line whose options are known when it is made."""

    def __init__(self, library: str, command: Command, *, read: bool = True) -> None:
        self.library = library
        self.read = read
        self._command = command

    def command(self) -> Command:
        """Return its options and subcommands."""
        return self._command

    def attribute(self, name: str) -> Value:
        """Return the method that reads the command line."""
        return Native(self._parse) if name in _READERS else UNKNOWN

    def called(self, call: Call) -> Value:
        """Read the command line, as a function does that was wrapped."""
        return self._parse(call)

    def _parse(self, call: Call) -> Value:
        self.read = True
        call.evaluation.parsed()
        return UNKNOWN


def _kept(line: FieldsLine, call: Call) -> FieldsLine:
    call.evaluation.keep(line)
    return line


def _unread(of: Value, call: Call) -> None:
    """Tell of a class whose fields cannot be read."""
    own_init = isinstance(of, Class) and "__init__" in of.scope.names
    above = external_bases(of) if isinstance(of, Class) and not own_init else []
    for name in above:
        if name.partition(".")[0] not in _WITHOUT_FIELDS:
            call.evaluation.doubt(
                f"{call.place} takes options of {name} too, whose source is not in the program's "
                "folder"
            )
    if not isinstance(of, (Class, Function)):
        name = of.name if isinstance(of, External) else "a class that only a run tells"
        call.evaluation.doubt(
            f"{call.place} takes options of {name}, whose source is not in the program's folder"
        )


def _options(classes: Sequence[Value], style: Style, call: Call) -> list[Option]:
    for one in classes:
        _unread(one, call)
    return [option for one in classes for option in options_of(one, style, call.evaluation)]


def _transformers(call: Call) -> Value:
    given = call.given("dataclass_types", 0)
    classes = items_of(given) if isinstance(given, (list, tuple)) else [given]
    command = Command(_options(classes or [], TRANSFORMERS, call))
    return _kept(FieldsLine("transformers", command, read=False), call)


def _of_one(style: Style, *names: str) -> Callable[[Call], Value]:
    """Return what makes a command line of its first argument, a class or function."""

    def make(call: Call) -> Value:
        of = next((call.given(name, 0) for name in names if call.given(name, 0)), UNKNOWN)
        if isinstance(call.keywords.get("args"), (list, tuple)):
            return UNKNOWN
        made = call.keywords.get("default")
        call.evaluation.parsed()
        return _kept(FieldsLine(style.library, _command(of, style, call, made)), call)

    return make


def _command(of: Value, style: Style, call: Call, made: Value = None) -> Command:
    """Return the options of a class or function; several of them are subcommands."""
    of = meant(of).of
    several: Mapping[str, Value] = {}
    if isinstance(of, dict):
        several = {str(name): one for name, one in of.items()}
    elif isinstance(of, (list, tuple, Generic)):
        members = of.args if isinstance(of, Generic) else of
        several = {_word_for(one, style): one for one in members}
    if several:
        return Command((), {name: _command(one, style, call) for name, one in several.items()})
    _unread(of, call)
    return Command(list(options_of(of, style, call.evaluation, (), made)))


def _word_for(of: Value, style: Style) -> str:
    """Return the subcommand that stands for a class or function."""
    inner = meant(of).of
    name = inner.name if isinstance(inner, (Class, Function)) else ""
    return _BEFORE_CAPITAL.sub("-", name).lower().replace("_", "-") if style is TYRO else name


def _wrap(style: Style) -> Callable[[Call], Value]:
    """Return a decorator that gives a function an object of the class that it asks for."""

    def decorate(call: Call) -> Value:
        function = call.args[0] if call.args else UNKNOWN
        return _of_first_parameter(function, style, call, read=False)

    def wrap(call: Call) -> Value:
        if call.args and isinstance(call.args[0], Function):
            return decorate(call)
        return Native(decorate)

    return wrap


def _of_first_parameter(function: Value, style: Style, call: Call, *, read: bool) -> Value:
    inner = function.function if isinstance(function, Bound) else function
    parameters = parameters_of(inner, call.evaluation)
    of = meant(parameters[0].annotation).of if parameters else UNKNOWN
    _unread(of, call)
    command = Command(list(options_of(of, style, call.evaluation)))
    return _kept(FieldsLine(style.library, command, read=read), call)


def _chz_nested(call: Call) -> Value:
    return _of_first_parameter(call.given("main", 0), CHZ, call, read=True)


def _settings(call: Call) -> Value:
    """Return an object of pydantic's settings, whose class says that it reads the command line."""
    of = call.derived
    if not isinstance(of, Class):
        return UNKNOWN
    config = of.scope.names.get("model_config")
    said = {**of.keywords, **(config if isinstance(config, dict) else {}), **call.keywords}
    if not said.get("cli_parse_args", said.get("_cli_parse_args")):
        return UNKNOWN
    options = list(options_of(of, PYDANTIC, call.evaluation))
    if said.get("cli_kebab_case"):
        options = [replace(one, names=(one.names[0].replace("_", "-"),)) for one in options]
    return _kept(FieldsLine(PYDANTIC.library, Command(options)), call)


def _tap(call: Call) -> Value:
    of = call.derived
    options = list(options_of(of, TAP, call.evaluation)) if isinstance(of, Class) else []
    return _kept(FieldsLine(TAP.library, Command(options), read=False), call)


def _as_dict(call: Call) -> Value:
    return dict(call.keywords)


def _lightning(call: Call) -> Value:
    """Return Lightning's command line: the options of a model and of its data."""
    options = []
    for group, name in enumerate(("model", "data")):
        of = call.given(f"{name}_class" if name == "model" else "datamodule_class", group)
        if isinstance(of, (Class, Function)):
            options += list(options_of(of, JSONARGPARSE, call.evaluation, (name,)))
    call.evaluation.doubt(
        f"{call.place} takes options of lightning too (--trainer and others), whose source is not "
        "in the program's folder"
    )
    below = dict.fromkeys(_LIGHTNING_COMMANDS, Command(options))
    command = Command(options) if call.keywords.get("run") is False else Command((), below)
    call.evaluation.parsed()
    return _kept(FieldsLine("lightning", command), call)


def _wrapped_names(library: str, style: Style) -> dict[str, Callable[[Call], Value]]:
    return {
        f"{library}.wrap": _wrap(style),
        f"{library}.parse": _of_one(style, "config_class"),
    }


FIELDS_LINES: Mapping[str, Callable[[Call], Value]] = {
    "transformers.HfArgumentParser": _transformers,
    "transformers.hf_argparser.HfArgumentParser": _transformers,
    "trl.TrlParser": _transformers,
    "tyro.cli": _of_one(TYRO, "f"),
    "simple_parsing.parse": _of_one(SIMPLE_PARSING, "config_class"),
    "jsonargparse.CLI": _of_one(JSONARGPARSE_CLI, "components"),
    "jsonargparse.auto_cli": _of_one(JSONARGPARSE_CLI, "components"),
    "tyro.extras.subcommand_cli_from_dict": _of_one(TYRO, "subcommands"),
    "chz.entrypoint": _of_one(CHZ, "target"),
    "chz.nested_entrypoint": _chz_nested,
    "pydantic_settings.CliApp.run": _of_one(PYDANTIC, "model_cls"),
    "pydantic_settings.BaseSettings": _settings,
    "pydantic_settings.SettingsConfigDict": _as_dict,
    "tap.Tap": _tap,
    "lightning.pytorch.cli.LightningCLI": _lightning,
    "pytorch_lightning.cli.LightningCLI": _lightning,
    "pytorch_lightning.utilities.cli.LightningCLI": _lightning,
    **_wrapped_names("draccus", DRACCUS),
    **_wrapped_names("pyrallis", PYRALLIS),
}
"""By dotted name."""
