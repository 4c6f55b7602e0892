"""The commands of one trial as a shell script that runs by hand as it ran here."""

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

from automl.errors import LaunchError, SpecError
from automl.render.shell import single_quoted
from automl.study.launch import CGROUP_VARIABLE, EXIT_FILE_VARIABLE, GATE_VARIABLE

_KEPT = EXIT_FILE_VARIABLE.lower()

# Before any command, so that nothing is started outside of the group; no group is no reason to
# fail or to say a word, so what the shell says about a missing one goes nowhere.
_ENTER_GROUP = (
    f'if [ -n "${{{CGROUP_VARIABLE}-}}" ]; then '
    f'{{ echo $$ > "${CGROUP_VARIABLE}/cgroup.procs"; }} 2>/dev/null; unset {CGROUP_VARIABLE}; fi'
)

_PASS_GATE = (
    f'if [ -n "${{{GATE_VARIABLE}-}}" ]; then '
    f"read -r {GATE_VARIABLE}; exec < /dev/null; unset {GATE_VARIABLE}; fi"
)


def trial_script(
    *,
    title: str,
    cwd: str,
    exports: str,
    commands: Sequence[tuple[str, ...] | str],
    copy: tuple[str, str] | None = None,
    files: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the text of a trial's script, for any POSIX `sh`.

    The commands run in order; the first that fails ends the script, which exits with its code. A
    tuple is started as it is, each item one argument, and is always a program, never a builtin or
    function of the shell; a string is a line for `/bin/sh -c`. Each costs one fork.

    If `AUTOML_EXIT_FILE` is set, the exit code and a newline are written to the file it names; the
    commands do not inherit it. The file is not written by rename, which would cost another
    process: a reader accepts it only once it ends in a newline. If `AUTOML_CGROUP` is set, the
    script first enters the control group of that folder, if it can. If `AUTOML_GATE` is set, it
    starts nothing before its standard input is closed, and has `/dev/null` from then on.

    The text may hold lone surrogates where a value was no valid UTF-8: write it with
    `errors="surrogateescape"`.

    Args:
        title: what the script is; its first line becomes a comment.
        cwd: absolute path of the working directory.
        exports: what `export_lines` gave for the environment variables.
        commands: words of one command, or a shell line, each.
        copy: a folder that is copied before the commands, and what the copy is called. It gets
            that name once it is whole, and replaces what has the name.
        files: path and text of what is there when the commands begin. Whoever starts the script
            writes them; run by hand, where it has no exit file to write, it does so itself.

    Raises:
        LaunchError: a command has no program to start, its name begins with `-`, which `exec` of
            some shells takes for an option, or a text has a NUL.
    """
    steps = [
        *(_copy_steps(*copy) if copy else []),
        *(f'{{ [ -n "${_KEPT}" ] || {_written(*file)}; }}' for file in files),
        f"cd {single_quoted(cwd)}",
        *(f"(exec {_command(command)})" for command in commands),
    ]
    lines = [
        "#!/bin/sh",
        f"# {_comment(title)}",
        "# By hand: sh trial.sh",
        _PASS_GATE,
        _ENTER_GROUP,
        f"{_KEPT}=${{{EXIT_FILE_VARIABLE}-}}; unset {EXIT_FILE_VARIABLE}",
        f"{exports}" + " &&\n".join(steps),
        "code=$?",
        f'if [ -n "${_KEPT}" ]; then echo "$code" > "${_KEPT}"; fi',
        'exit "$code"',
        "",
    ]
    return _without_nul("\n".join(lines), title)


def cleanup_script(
    *, title: str, cwd: str, exports: str, commands: Sequence[tuple[str, ...] | str]
) -> str:
    """Return the text of a script that runs all its commands, whichever of them fail.

    It exits with the code of the last that failed. What it shares with `trial_script` is told
    there; it leaves no exit file.

    Raises:
        LaunchError: as `trial_script`.
    """
    lines = [
        "#!/bin/sh",
        f"# {_comment(title)}",
        "# By hand: sh cleanup.sh",
        _PASS_GATE,
        _ENTER_GROUP,
        f"unset {EXIT_FILE_VARIABLE}",
        f"{exports}cd {single_quoted(cwd)} || exit",
        "code=0",
        *(f"(exec {_command(command)}) || code=$?" for command in commands),
        'exit "$code"',
        "",
    ]
    return _without_nul("\n".join(lines), title)


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


def export_lines(variables: Mapping[str, str]) -> str:
    """Return the lines of a script that export variables, in their order.

    Raises:
        SpecError: `sh` cannot export a variable of that name, or it is automl's own.
    """
    return "".join(
        f"export {_exportable(name)}={single_quoted(value)}\n" for name, value in variables.items()
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
    if name.upper() == EXIT_FILE_VARIABLE:
        raise SpecError(f"env: {name!r} is automl's own; use another name")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise SpecError(
            f"env: {name!r} cannot be exported by a shell; "
            "allowed: letters, digits and underscores, not beginning with a digit"
        )
    return name


def _command(command: tuple[str, ...] | str) -> str:
    if isinstance(command, str):
        # A line that begins with a dash or plus would be read as an option of sh.
        line = f" {command}" if command.startswith(("-", "+")) else command
        return f"/bin/sh -c {single_quoted(line)}"
    program = command[0] if command else ""
    if not program or (program.startswith("-") and "/" not in program):
        raise LaunchError(
            f"cannot start {program!r}: it is no name of a program; "
            f"do: check the first item of cmd={list(command)!r}"
        )
    if program.startswith("-"):
        program = f"./{program}"
    return " ".join(map(shlex.quote, (program, *command[1:])))
