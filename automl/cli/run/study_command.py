"""The verbs that describe a study: their options, and a command after `--`."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from automl.cli.completion.paths import files
from automl.inside.measured import SIZE
from automl.readers.run.reader import MEASURES

_DIRECTIONS = ("maximize", "minimize")


class StudyCommand(click.Command):
    """A command whose words after `--` are another command, whatever they look like."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words after `--` aside, and read the others."""
        # Other tools write the same options with underscores.
        ctx.token_normalize_func = _with_hyphens
        before = args
        if "--" in args:
            at = args.index("--")
            before, ctx.meta["words"] = args[:at], args[at + 1 :]
        # What is left is read below, and click does not keep the order of different options.
        typed = list(before)
        rest = super().parse_args(ctx, before)
        ctx.params["ranked"] = in_order(typed, ctx.params)
        return rest

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the verb in the line on how it is used."""
        del ctx
        return ["[OPTIONS] [FILE]", "[-- COMMAND ...]"]


def _with_hyphens(name: str) -> str:
    return name.replace("_", "-")


def in_order(typed: Sequence[str], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what trials are ranked by, each with its direction, in the order of the words.

    Args:
        typed: the words.
        values: what click read of them.

    >>> in_order(["--minimize", "b", "--maximize=a"], {"maximize": ("a",), "minimize": ("b",)})
    [('b', 'minimize'), ('a', 'maximize')]
    """
    given = [(name, one) for one in _DIRECTIONS for name in values.get(one) or ()]
    found = []
    for at, word in enumerate(typed):
        option, equals, name = word.partition("=")
        if option.startswith("--") and option[2:] in _DIRECTIONS:
            found.append((name if equals else "".join(typed[at + 1 : at + 2]), option[2:]))
    # Such a word may be the value of another option.
    return found if sorted(found) == sorted(given) else given


DESCRIBING: list[click.Parameter] = [
    click.Argument(["files"], nargs=-1, metavar="[STUDY_FILE]", shell_complete=files),
    click.Option(
        ["--maximize"],
        multiple=True,
        metavar="NAME",
        help="A metric as the program prints or reports it.",
    ),
    click.Option(["--minimize"], multiple=True, metavar="NAME", help="The same; small is good."),
    click.Option(
        ["--weight", "weights"],
        multiple=True,
        metavar="NAME=NUMBER",
        help="Rank by a weighted sum: the share of each metric that is named above.",
    ),
    click.Option(
        ["-p", "--param"],
        multiple=True,
        metavar="NAME=RANGE",
        help="lr=1e-5..1e-1:log, layers=1..4, p=0.0..1.0:step=0.1, opt=adam,sgd, amp=flag, "
        "'lr=loguniform(1e-5, 1e-1)', 'momentum=0.0..0.9 if opt == \"sgd\"'. {NAME} in the "
        "command is its value; --NAME=RANGE adds the option to the command.",
    ),
    click.Option(
        ["--file", "config_files"],
        multiple=True,
        metavar="BASE:PATH=VALUE",
        shell_complete=files,
        help="A config file of which each trial gets a copy with its values, as in "
        "conf.yaml:optimizer.lr=lr; BASE alone for one with placeholders. It replaces BASE in the "
        "command, or is {{ trial.file.NAME }}, with NAME=BASE.",
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
        help="Where metrics are, if not in the output; in .json by paths, in .csv by columns.",
    ),
    click.Option(
        ["--measure"],
        multiple=True,
        metavar="NAME=WHAT",
        help=f"A metric of the run itself: {', '.join(one for one in MEASURES if one != SIZE)}, "
        f"or {SIZE}:FILE.",
    ),
    click.Option(
        ["--set", "settings"],
        multiple=True,
        metavar="KEY=VALUE",
        help="Any value of the study, as in algorithm.initial_trials_num=5.",
    ),
]
"""Options that describe a study, besides those of its keywords."""
