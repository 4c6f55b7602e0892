"""The exit codes of the command `automl`, and which error has which."""

import click

from automl.errors import AutomlError, SpecError

WELL = 0
"""All went well; of a study: a trial has a value."""
WITHOUT_VALUE = 1
"""No trial has a value, or what was asked for could not be done."""
USAGE = 2
"""The command line or the study file is wrong."""
NO_STUDY = 3
"""There is no such study."""
NOT_YET = 4
"""A check found no number yet in the time that it had."""
INTERRUPTED = 130
"""By Ctrl-C."""
UNREAD = 141
"""Whoever read the output ended before its end, as with `| head`; SIGPIPE ends programs so."""


class NoStudyError(AutomlError):
    """There is no study of the name that was given."""


def exit_code(error: Exception) -> int:
    """Return the exit code that tells of an error."""
    if isinstance(error, NoStudyError):
        return NO_STUDY
    if isinstance(error, click.Abort):
        return INTERRUPTED
    if isinstance(error, SpecError | click.ClickException):
        return USAGE
    return WITHOUT_VALUE
