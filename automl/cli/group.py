"""The command `automl`: its verbs, each imported only when it is asked for."""

from importlib import import_module

import click
from click.shell_completion import CompletionItem

from automl import __version__
from automl.cli.exits import USAGE
from automl.cli.verb_table import VERBS
from automl.registry import did_you_mean

COMMAND = "automl"
"""What users type."""

_HELP = "Tune the hyperparameters of any command."


class Verbs(click.Group):
    """The verbs of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb; None if there is none of this name."""
        del ctx
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        command: click.Command = import_module(verb.module).command
        if command.help:
            # What click does not wrap begins with this character, which raw docstrings spell.
            command.help = command.help.replace("\\b\n", "\b\n")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that the words begin with.

        Raises:
            UsageError: there is none of this name; the message has the nearest.
        """
        if args[0] not in VERBS and not args[0].startswith("-"):
            near = did_you_mean(args[0], VERBS)
            known = ", ".join(VERBS)
            raise click.UsageError(f"there is no verb {args[0]!r}{near}; verbs: {known}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs and what they do."""
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl([(name, verb.help) for name, verb in VERBS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the verbs that begin like this, or the options."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=verb.help)
            for name, verb in VERBS.items()
            if name.startswith(incomplete)
        ]


@click.group(
    COMMAND,
    cls=Verbs,
    help=_HELP,
    invoke_without_command=True,
    subcommand_metavar="VERB ...",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`automl VERB --help` tells more, with an example.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def automl(ctx: click.Context) -> int | None:
    """Show the help where no verb is given."""
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help())
    return USAGE
