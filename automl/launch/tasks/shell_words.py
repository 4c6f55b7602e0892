"""Words of a list that only a shell understands, where no shell reads them."""

import itertools
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from automl.study.tasks.task import Command, Task

_OPERATOR = re.compile(r"\|\|?|\|&|&&?|;;?|(?:\d?|&)>{1,2}(?:\||&\d?)?|\d?<{1,3}|\d?>&\d")
_REDIRECTED = re.compile(r"(?:[12]|&)?>{1,2}[A-Za-z_./~$\"'{][^=<>]*|<{1,3}[./~\w][^=<>]*")
_EXPANDED = re.compile(
    r"~(?:[a-z_]\w*)?(?:/.*)?|\$(?:\w+|\{\w+\})(?:[/.].*)?|[^=]*\$\([^)]+\).*|`[^`]+`", re.DOTALL
)
_PATTERN = re.compile(r"(?=.*[*?])(?:\*|[\w~*?.-]*/[\w./~*?-]*|[\w~*?.-]*\.[A-Za-z*?][\w*?]*)")

_CODE = {"-c", "-lc", "-ec", "-ic", "-e", "-E"}
"""Options behind which a word is a program that somebody reads."""

_TAKE_THEM = {"expr", "test", "[", "find", "bc", "jq", "awk", "sed", "grep", "perl", "parallel"}
"""Programs that take such words themselves."""

_SHOWN = 60


def shell_words(tasks: Iterable[Task]) -> list[str]:
    """Return what to warn of: words such as `|`, `>`, `&&`, `*.csv`, `$HOME` or `~` in a list."""
    return [
        warning
        for number, task in enumerate(tasks, 1)
        for what, command in (("cmd", task.cmd), ("cleanup", task.cleanup))
        for warning in _of_command(f"task {number}", what, command)
    ]


def _of_command(where: str, what: str, command: Command | None) -> Iterator[str]:
    if not isinstance(command, tuple):
        return
    found = dict(_found(command))
    if not found:
        return
    place, word = next(iter(found.items()))
    raw = {one for one in found.values() if one.split() == [one]}
    line = " ".join(one if one in raw else shlex.quote(one) for one in command)
    line = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."
    yield (
        f"{where}: word {place} of {what} is {word!r}, which the program gets as it is, as no "
        f"shell reads a list of words; if a shell should, give one string: {what}={line!r}"
    )


def _found(command: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give the place, from 1, of each word that only a shell understands."""
    if command[0].rpartition("/")[2] in _TAKE_THEM:
        return
    for place, (before, word) in enumerate(itertools.pairwise(command), 2):
        if before not in _CODE and _is_for_a_shell(word, of_option=before.startswith("-")):
            yield place, word


def _is_for_a_shell(word: str, *, of_option: bool) -> bool:
    option, _, value = word.partition("=")
    if _OPERATOR.fullmatch(word) or _EXPANDED.fullmatch(value if option[:1] == "-" else word):
        return True
    # Many options take a pattern, or a text such as `>x`.
    return not of_option and bool(_REDIRECTED.fullmatch(word) or _PATTERN.fullmatch(word))
