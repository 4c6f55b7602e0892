"""The verbs that describe a study: their options, and a command after `--`."""

import click

from automl.cli.completion.paths import files


class StudyCommand(click.Command):
    """A command whose words after `--` are another command, whatever they look like."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words after `--` aside, and read the others."""
        before = args
        if "--" in args:
            at = args.index("--")
            before, ctx.meta["words"] = args[:at], args[at + 1 :]
        return super().parse_args(ctx, before)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the verb in the line on how it is used."""
        del ctx
        return ["[OPTIONS] [FILE]", "[-- COMMAND ...]"]


DESCRIBING: list[click.Parameter] = [
    click.Argument(["files"], nargs=-1, metavar="[STUDY_FILE]", shell_complete=files),
    click.Option(
        ["--maximize"], multiple=True, metavar="NAME", help="A metric as the program prints it."
    ),
    click.Option(["--minimize"], multiple=True, metavar="NAME", help="The same; small is good."),
    click.Option(
        ["-p", "--param"],
        multiple=True,
        metavar="NAME=RANGE",
        help="lr=1e-5..1e-1:log, layers=1..4, p=0.0..1.0:step=0.1, opt=adam,sgd, amp=flag, "
        "'lr=loguniform(1e-5, 1e-1)', 'momentum=0.0..0.9 if opt == \"sgd\"'. {NAME} in the "
        "command is its value; --NAME=RANGE adds the option to the command.",
    ),
    click.Option(
        ["--pattern"],
        multiple=True,
        metavar="REGEX",
        help="Finds a metric; its group is the number.",
    ),
    click.Option(
        ["--metric-file"],
        metavar="FILE",
        shell_complete=files,
        help="Where metrics are, if not in the output.",
    ),
    click.Option(
        ["--set", "settings"],
        multiple=True,
        metavar="KEY=VALUE",
        help="Any value of the study, as in algorithm.initial_trials_num=5.",
    ),
]
"""Options that describe a study, besides those of its keywords."""
