"""The commands of one trial as a shell script that runs by hand as it ran here."""

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap

from automl.errors import LaunchError, SpecError
from automl.render.shell import single_quoted
from automl.study.launch import SHELL, Prologue


def trial_script(  # noqa: PLR0913 - each is a part of the text
    *,
    title: str,
    cwd: str,
    exports: str,
    commands: Sequence[tuple[str, ...] | str],
    prologue: Prologue,
    shell: str = SHELL,
    copy: tuple[str, str] | None = None,
    folders: Sequence[str] = (),
    files: Sequence[tuple[str, str]] = (),
    first: tuple[str, ...] = (),
    late: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the text of a trial's script, for any POSIX shell.

    The commands run in order; the first that fails ends the script, which exits with its code. A
    tuple is started as it is, each item one argument, and is always a program, never a builtin or
    function of the shell; a string is a line for the shell's `-c`. Each costs one fork.

    The text may hold lone surrogates where a value was no valid UTF-8: write it with
    `errors="surrogateescape"`.

    Args:
        title: what the script is; its first line becomes a comment.
        cwd: absolute path of the working directory.
        exports: what `export_lines` gave for the environment variables.
        commands: words of one command, or a shell line, each.
        prologue: what the place puts around them where the script is to run.
        shell: the path of the shell that runs the script and its lines.
        copy: a folder that is copied first, and what the copy is called, which it replaces.
        folders: what is there as well; run by hand, the script makes them.
        files: path and text of what is there when the commands begin. Whoever starts the script
            writes them; run by hand, it does so itself.
        first: words of a command that makes the working directory, if any.
        late: what is written into it then.

    Raises:
        LaunchError: a command has no program to start, its name begins with `-`, which `exec` of
            some shells takes for an option, or a text has a NUL.
    """
    there = [f"mkdir -p {single_quoted(one)}" for one in folders]
    steps = [
        *(_copy_steps(*copy) if copy else []),
        *(f"{{ {prologue.started} || {one}; }}" for one in (*there, *starmap(_written, files))),
        *([command_text(first, shell)] if first else []),
        *starmap(_written, late),
        f"cd {single_quoted(cwd)}",
        *(f"(exec {command_text(command, shell)})" for command in commands),
    ]
    lines = [
        *_head(shell, title, "trial.sh"),
        *prologue.trial,
        f"{exports}" + " &&\n".join(steps),
        *("code=$?", *prologue.end, 'exit "$code"', ""),
    ]
    return _without_nul("\n".join(lines), title)


def cleanup_script(
    *,
    title: str,
    cwd: str,
    exports: str,
    commands: Sequence[tuple[str, ...] | str],
    prologue: Prologue,
    shell: str = SHELL,
) -> str:
    """Return the text of a script that runs all its commands, whichever of them fail.

    It exits with the code of the last that failed. What it shares with `trial_script` is told
    there; it leaves no exit code.

    Raises:
        LaunchError: as `trial_script`.
    """
    lines = [
        *_head(shell, title, "cleanup.sh"),
        *prologue.cleanup,
        f"{exports}cd {single_quoted(cwd)} || exit",
        "code=0",
        *(f"(exec {command_text(command, shell)}) || code=$?" for command in commands),
        'exit "$code"',
        "",
    ]
    return _without_nul("\n".join(lines), title)


def _head(shell: str, title: str, name: str) -> list[str]:
    by_hand = f"# By hand: {os.path.basename(shell)} {name}"  # noqa: PTH119 - hot
    return [f"#!{shell}", f"# {_comment(title)}", by_hand]


def _without_nul(text: str, title: str) -> str:
    if "\0" in text:
        raise LaunchError(
            f"{_comment(title)}: the working directory, a variable or a command has a NUL "
            "character, which no program can get"
        )
    return text


def _copy_steps(source: str, target: str) -> list[str]:
    old, new, part = single_quoted(source), single_quoted(target), single_quoted(f"{target}.part")
    return [f"rm -rf {part}", f"cp -R {old} {part}", f"rm -rf {new}", f"mv {part} {new}"]


def _written(path: str, text: str) -> str:
    folder, target = single_quoted(os.path.dirname(path)), single_quoted(path)  # noqa: PTH120
    # Private, as it may be made from a file that is.
    return f"(umask 077 && mkdir -p {folder} && printf %s {single_quoted(text)} > {target})"


def export_lines(variables: Mapping[str, str | None]) -> str:
    """Return the lines of a script that export variables, in their order, or unset them (None).

    Raises:
        SpecError: `sh` cannot export a variable of that name.
    """
    return "".join(
        f"unset {_exportable(name)}\n"
        if value is None
        else f"export {_exportable(name)}={single_quoted(value)}\n"
        for name, value in variables.items()
    )


def need_lines(names: Iterable[str]) -> str:
    """Return the lines of a script that end it, and say why, if a variable is not set.

    >>> print(need_lines(["KEY"]), end="")
    : "${KEY:?is not set. Its value is in no file, so set it before you run this script}"
    """
    why = "is not set. Its value is in no file, so set it before you run this script"
    return "".join(f': "${{{name}:?{why}}}"\n' for name in names)


def _comment(title: str) -> str:
    first_line = (title.splitlines() or [""])[0]
    if first_line.isprintable():
        return first_line
    return "".join(char if char.isprintable() else "?" for char in first_line)


def _exportable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise SpecError(
            f"env: {name!r} cannot be exported by a shell; "
            "allowed: letters, digits and underscores, not beginning with a digit"
        )
    return name


def only_argv(
    commands: Sequence[tuple[str, ...] | str], shell: str = SHELL
) -> tuple[str, ...] | None:
    """Return the program and the arguments of the only command; None if there are several.

    >>> only_argv(["echo $HOME"])
    ('/bin/sh', '-c', 'echo $HOME')

    Raises:
        LaunchError: as `trial_script`.
    """
    return _argv(commands[0], shell) if len(commands) == 1 else None


def _argv(command: tuple[str, ...] | str, shell: str) -> tuple[str, ...]:
    if isinstance(command, str):
        # A line that begins with a dash or plus would be read as an option of sh.
        return shell, "-c", f" {command}" if command.startswith(("-", "+")) else command
    program = command[0] if command else ""
    if not program or (program.startswith("-") and "/" not in program):
        raise LaunchError(
            f"cannot start {program!r}: it is no name of a program; "
            f"do: check the first word of the command {list(command)!r}"
        )
    return (f"./{program}" if program.startswith("-") else program, *command[1:])


def command_text(command: tuple[str, ...] | str, shell: str = SHELL) -> str:
    """Return a command as a shell takes it: a program and its arguments, a line as one for a shell.

    Raises:
        LaunchError: it has no program to start, or one whose name is taken for an option.
    """
    program, *words = _argv(command, shell)
    if isinstance(command, str):
        return f"{program} {words[0]} {single_quoted(words[1])}"
    return " ".join(map(shlex.quote, (program, *words)))
