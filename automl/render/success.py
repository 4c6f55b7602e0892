"""A command whose success is told by other exit codes than 0."""

from collections.abc import Sequence

from automl.render.script import command_text
from automl.render.shell import single_quoted


def accepting(command: tuple[str, ...] | str, codes: Sequence[int]) -> tuple[str, ...] | str:
    """Return a command that ends with 0 where `command` ends with one of the codes.

    Any other code stays what it is, but for a 0 that is none of the codes, which becomes 1. The
    command is a line for `sh`, unless 0 alone is a success: then it is `command` itself.

    >>> accepting(("solve", "a b"), [0, 10])
    "(exec solve 'a b') || case $? in 0|10) ;; *) exit $? ;; esac"

    Raises:
        LaunchError: the command has no program to start.
    """
    if list(codes) == [0]:
        return command
    line = isinstance(command, str)
    run = f"(eval {single_quoted(f' {command}')})" if line else f"(exec {command_text(command)})"
    accepted = f"{'|'.join(map(str, codes))}) ;;"
    if 0 in codes:
        return f"{run} || case $? in {accepted} *) exit $? ;; esac"
    listed = ", ".join(map(str, codes))
    told = f"echo 'error: exit code 0 is none of success_codes=[{listed}]' >&2; exit 1"
    return f"{run}; case $? in {accepted} 0) {told} ;; *) exit $? ;; esac"
