"""What the process of a function tells of its end, and what it is told, by files in its folder."""

from contextlib import suppress
from dataclasses import replace

from automl.engine.outcome import Outcome
from automl.errors import ReadError, may_pass
from automl.inside.outcome import outcome_in
from automl.inside.verdict import write_verdict
from automl.launch.secret_values import SecretValues


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


def ask_to_end(folder: str, reason: str) -> None:
    """Let the process of a running trial know that it is to end early.

    Raises:
        OSError: that cannot be written.
    """
    # Whoever removed its folder has ended it already.
    with suppress(FileNotFoundError):
        write_verdict(folder, reason)
