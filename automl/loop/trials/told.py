"""What an attempt tells of its end, and what it is told, by files in its trial's folder."""

from contextlib import suppress
from dataclasses import replace

from automl.engine.outcome import Outcome
from automl.errors import ReadError, may_pass
from automl.inside.outcome import outcome_in
from automl.inside.verdict import write_verdict
from automl.journal.folder import TrialFolder
from automl.launch.secret_values import SecretValues
from automl.loop.trials.output import telling_lines
from automl.loop.trials.unstarted import unstarted


def with_told(outcome: Outcome, folder: str, secrets: SecretValues) -> Outcome:
    """Return an outcome with what the function's process told of it.

    Args:
        outcome: what is known besides.
        folder: the trial's.
        secrets: what it may not hold.

    Raises:
        ReadError: the machine cannot read it now, as its `errno` tells.
    """
    try:
        told = outcome_in(folder)
    except OSError as error:
        if not may_pass(error.errno):
            return replace(outcome, tells=True)
        unread = ReadError(f"how the function ended cannot be read: {error.strerror}")
        unread.errno = error.errno
        raise unread from error
    if told is not None:
        told = told._replace(message=secrets.masked(told.message))
    return replace(outcome, told=told, tells=True)


def with_output(outcome: Outcome, paths: TrialFolder, secrets: SecretValues, cwd: str) -> Outcome:
    """Return the outcome of an attempt that failed with what it printed, and why it did not start.

    Args:
        outcome: what is known besides.
        paths: the trial's.
        secrets: what it may not hold.
        cwd: the working directory of its commands; why they did not start is not told, if empty.

    Raises:
        ReadError: the machine cannot read it now, as its `errno` tells.
    """
    output = telling_lines(paths.stderr, paths.stdout, secrets)
    code = outcome.exit.code if outcome.exit and cwd else None
    return replace(outcome, output=output, cause=unstarted(code, output, cwd))


def ask_to_end(folder: str, reason: str) -> None:
    """Let the process of a running trial know that it is to end early.

    Raises:
        OSError: that cannot be written.
    """
    # Whoever removed its folder has ended it already.
    with suppress(FileNotFoundError):
        write_verdict(folder, reason)
