"""Why the command of an attempt could not be started, where its shell only says: not found."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence

from automl.program_file import why_not_started

_NOT_EXECUTED, _NOT_FOUND = 126, 127
"""How a shell ends that cannot start a program."""

_SAYS_SO = re.compile(
    r"not found|No such file|cannot execute|[Pp]ermission denied|[Ee]xec format|[Ii]s a directory"
    r"|bad interpreter|cannot open"
)


def unstarted(code: int | None, output: Sequence[str], cwd: str) -> str:
    """Return what is wrong with a program that the output names, empty if nothing can be told.

    Args:
        code: the exit code of the attempt.
        output: the last lines that it printed.
        cwd: the working directory of its commands.
    """
    if code not in {_NOT_EXECUTED, _NOT_FOUND}:
        return ""
    search = os.environ.get("PATH", os.defpath)
    for line in reversed(output):
        for path in _named(line, cwd, search) if _SAYS_SO.search(line) else ():
            if os.path.lexists(path) and (why := why_not_started(path, search)):
                return f"{os.path.normpath(path)} {why}"
    return ""


def _named(line: str, cwd: str, search: str) -> Iterator[str]:
    """Give the paths of the programs that a line may be about; the shell is at its beginning."""
    for part in reversed(line.split(": ")[1:-1] or line.split(": ")[:1]):
        word = part.strip("'\"‘’`")  # noqa: RUF001 - quotes of programs
        if "/" in word:
            yield os.path.join(cwd, word)  # noqa: PTH118 - may be no path at all
        elif word and not word.isspace():
            found = shutil.which(word, mode=os.F_OK, path=search)
            yield from [found] if found else []
