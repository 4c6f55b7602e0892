"""The commands of a trial as one line that a person pastes into a terminal."""

import re
import shlex
from collections.abc import Mapping, Sequence

from automl.render.script import command_text

_OF_THE_SHELL = frozenset({"[", "echo", "false", "kill", "printf", "pwd", "test", "time", "true"})
"""Programs whose names a shell answers itself, in its own way."""

_SECRET = re.compile(
    r"(?:^|_)(?:API_?)?(?:KEY|TOKEN|SECRET|PASS(?:WORD|WD)?|PWD|CREDENTIALS?|AUTH)(?:_|$)",
    re.IGNORECASE,
)


def pasted_line(
    commands: Sequence[tuple[str, ...] | str],
    *,
    env: Mapping[str, str | None],
    cwd: str = "",
    path_first: str = "",
) -> str:
    """Return a line for a POSIX shell that runs commands in their order until one fails.

    It leaves the shell's own variables and working directory as they are.

    >>> pasted_line([("train", "a b")], env={"SEED": "1"})
    "SEED=1 train 'a b'"
    >>> pasted_line([("get", "x"), "train | tee log"], env={"SEED": "1"}, cwd="/my data")
    "(cd '/my data' && export SEED=1 && get x && ( train | tee log ))"

    Args:
        commands: words of one command, or a shell line, each.
        env: the variables that they get, None for those taken away. The value of one that is
            called a key, a password or the like is not shown: the line takes that of the shell,
            and does nothing without one.
        cwd: where they run, empty for where the line is pasted.
        path_first: a folder in which their programs are looked for first.

    Raises:
        LaunchError: a command has no program to start.
    """
    unset = [name for name, value in env.items() if value is None]
    assignments = [_assignment(name, value) for name, value in env.items() if value is not None]
    if path_first:
        assignments.insert(0, f'PATH={shlex.quote(path_first)}:"$PATH"')
    if not cwd and not unset and len(commands) == 1 and isinstance(commands[0], tuple):
        return " ".join([*assignments, _text(commands[0])])
    before = [f"cd {shlex.quote(cwd)}"] if cwd else []
    before += [f"unset {' '.join(unset)}"] if unset else []
    before += [f"export {' '.join(assignments)}"] if assignments else []
    line = " && ".join([*before, *map(_text, commands)])
    return f"({line})" if before else line


def is_secret(name: str) -> bool:
    """Tell whether a variable is called a key, a password or the like."""
    return _SECRET.search(name) is not None


def _assignment(name: str, value: str) -> str:
    shown = f'"${{{name}:?}}"' if is_secret(name) else shlex.quote(value)
    return f"{name}={shown}"


def _text(command: tuple[str, ...] | str) -> str:
    if isinstance(command, tuple):
        text = command_text(command)
        return f"env {text}" if command[0] in _OF_THE_SHELL else text
    # A comment or a here-document would take in the parenthesis, and `!` is the history of some.
    if set("\n\r#!\\") & set(command) or command.startswith(("-", "+")):
        return command_text(command)
    return f"( {command.strip()} )"
