"""All that is known of libraries, by dotted name."""

from collections.abc import Callable, Mapping

from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.natives.builtins import BUILTIN_FUNCTIONS
from automl.discovery.source.evaluation.natives.standard import STANDARD_FUNCTIONS
from automl.discovery.source.evaluation.values import Value
from automl.discovery.source.libraries.absl_flags import Flags
from automl.discovery.source.libraries.arguments.parser import ArgumentParser, option_group
from automl.discovery.source.libraries.commands.click_commands import CLICK_COMMANDS
from automl.discovery.source.libraries.commands.click_types import CLICK_TYPES
from automl.discovery.source.libraries.commands.fire_calls import FIRE_CALLS
from automl.discovery.source.libraries.commands.typer_apps import TYPER_APPS
from automl.discovery.source.libraries.fields.field_calls import FIELD_CALLS
from automl.discovery.source.libraries.fields.lines import FIELDS_LINES
from automl.discovery.source.libraries.texts import TEXTS

_PARSERS = {
    "argparse.ArgumentParser": "argparse",
    "configargparse.ArgumentParser": "configargparse",
    "configargparse.ArgParser": "configargparse",
    "jsonargparse.ArgumentParser": "jsonargparse",
    "lightning.pytorch.cli.LightningArgumentParser": "jsonargparse",
    "pytorch_lightning.cli.LightningArgumentParser": "jsonargparse",
    "simple_parsing.ArgumentParser": "simple_parsing",
    "rich_argparse.ArgumentParser": "argparse",
    "optparse.OptionParser": "optparse",
}

_LIKE = {"rich_click.": "click.", "asyncclick.": "click.", "attrs.": "attr."}
"""Libraries whose names mean what another's do."""

MARKS = (
    *("ArgumentParser", "ArgParser", "OptionParser", "click.", "typer.", "HfArgumentParser"),
    *("tyro", "fire.Fire", "docopt(", "DEFINE_", "getopt(", "LightningCLI", "chz.", "TrlParser"),
    *("draccus", "pyrallis", "simple_parsing", "auto_cli", "CliApp", "cli_parse_args"),
)
"""Words of a source that reads its command line by one of them."""


def _parser(library: str) -> Callable[[Call], Value]:
    return lambda call: ArgumentParser(call, library)


def libraries() -> Mapping[str, Callable[[Call], Value]]:
    """Return what is known of functions and classes of libraries, for one program."""
    known: dict[str, Callable[[Call], Value]] = {
        **BUILTIN_FUNCTIONS,
        **STANDARD_FUNCTIONS,
        **{name: _parser(library) for name, library in _PARSERS.items()},
        "optparse.OptionGroup": option_group,
        **CLICK_COMMANDS,
        **CLICK_TYPES,
        **TYPER_APPS,
        **FIRE_CALLS,
        **FIELD_CALLS,
        **FIELDS_LINES,
        **TEXTS,
        **Flags().functions(),
    }
    for like, name in _LIKE.items():
        alike = {
            key.replace(name, like, 1): one for key, one in known.items() if key.startswith(name)
        }
        known |= {key: one for key, one in alike.items() if key not in known}
    return known
