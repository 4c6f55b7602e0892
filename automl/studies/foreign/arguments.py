"""A command with words for the values that it is not told otherwise."""

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from automl.discovery.source.asked_params import asked_params
from automl.discovery.source.reading import options_in_source
from automl.studies.foreign.parameters import expression
from automl.studies.foreign.space import Argument
from automl.studies.ranges.command import is_told

_READ_BY_PROGRAM = ("trial.params_file", "trial.overrides", "trial.file.", "params.json")
"""By what of these is in a command, its program is told all values."""

_OF_SHELLS = re.compile(r"[|&;<>()$`\n*?\[\]#~={}]")


def with_arguments(
    words: Sequence[str],
    arguments: Sequence[Argument],
    cwd: str,
    instead: Argument | None = None,
) -> list[str]:
    """Return a command that is told all values.

    Args:
        words: its words; a single one with blanks is a line for the shell.
        arguments: how it may be told each value.
        cwd: where it runs; a script there that asks by `automl.params` is told nothing twice.
        instead: how it is told all of them, if its source has this option, but not all others.
    """
    more = list(_untold(words, arguments, cwd)) if words else []
    if more and instead is not None and _takes(words, instead, more, cwd):
        more = [instead]
    if len(words) == 1 and len(words[0].split()) > 1:
        # A line for the shell, in which values are quoted.
        return [" ".join([words[0], *map(_in_line, more)])]
    return [*words, *(word for one in more for word in one.words)]


def _takes(words: Sequence[str], instead: Argument, others: Sequence[Argument], cwd: str) -> bool:
    """Tell whether a program has an option, and lacks one of the others, by its source."""
    line = words[0].split() if len(words) == 1 else words
    read = options_in_source(line, Path(cwd), os.environ)
    names = {name for one in read.options for name in one.names} if read else set()
    return instead.words[0] in names and not all(
        one.words[0].partition("=")[0] in names for one in others
    )


def words_of(line: str) -> list[str]:
    """Return the words of a line, or the line alone where only a shell understands it.

    >>> words_of("python train.py --epochs 3"), words_of("python train.py | tee log")
    (['python', 'train.py', '--epochs', '3'], ['python train.py | tee log'])
    """
    try:
        return [line] if _OF_SHELLS.search(line) else shlex.split(line)
    except ValueError:
        return [line]


def _untold(words: Sequence[str], arguments: Sequence[Argument], cwd: str) -> Iterator[Argument]:
    if any(way in word for word in words for way in _READ_BY_PROGRAM):
        return
    line = words[0].split() if len(words) == 1 else words
    asked = asked_params(line, Path(cwd), os.environ)
    if asked is not None and asked.every:
        return
    known = asked.names if asked is not None else frozenset()
    for one in arguments:
        told = any(name in known or is_told(words, name) for name in one.names)
        # Words of no parameter, such as those of a budget, are told by what they begin with.
        begins = one.words[-1].partition("=")[0]
        if not told and (one.names or not any(begins in word for word in words)):
            yield one


def _in_line(argument: Argument) -> str:
    """Return the words as a part of a line, where an option that is off must be left out by it."""
    text = " ".join(argument.words)
    if not argument.sometimes:
        return text
    condition = " and ".join(f"{expression(name)} is defined" for name in argument.names)
    return f"{{% if {condition} %}}{text}{{% endif %}}"
