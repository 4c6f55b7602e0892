"""The entry point of the command `automl`: every error of a user becomes two lines and a code."""

import os
import sys
from collections.abc import Sequence

import click

from automl import streams
from automl.cli.exits import INTERRUPTED, UNREAD, WELL, exit_code
from automl.cli.fitted import fitted
from automl.cli.group import COMMAND, automl
from automl.cli.spellings.command_line import CommandLine
from automl.errors import AutomlError
from automl.spelling.spelling import spelled_by

COMPLETION = "_AUTOML_COMPLETE"
"""The variable by which a shell asks for completions."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        words: what follows `automl` on the command line; those of this process if not given.
    """
    try:
        with spelled_by(CommandLine()):
            code = _run(words)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads on, which is no mistake; else Python would tell of it as it ends.
        streams.let_go(sys.stdout)
        return UNREAD
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except OSError as error:
        streams.let_go(sys.stdout)
        streams.write(sys.stderr, told(error))
        return exit_code(error)
    except (AutomlError, click.ClickException) as error:
        streams.write(sys.stderr, told(error))
        return exit_code(error)
    return code


def told(error: Exception) -> str:
    """Return an error in the form in which all are told: what is wrong, and where help is."""
    message = error.format_message() if isinstance(error, click.ClickException) else str(error)
    lines = [f"{COMMAND}: error: {message}"]
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        lines.append(f"try: {context.command_path} --help")
    return "".join(f"{fitted(line, sys.stderr)}\n" for line in lines)


def _run(words: Sequence[str] | None) -> int:
    """Run the verb; without click's own `main`, which ends the process in its own way."""
    if asked := os.environ.get(COMPLETION):
        # Only a shell asks so, at TAB.
        from automl.cli.completion.shells import complete  # noqa: PLC0415

        return complete(automl, COMMAND, COMPLETION, asked)
    color = False if os.environ.get("NO_COLOR") else None
    try:
        with automl.make_context(
            COMMAND, list(sys.argv[1:] if words is None else words), color=color
        ) as context:
            code = automl.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return WELL if code is None else int(code)
