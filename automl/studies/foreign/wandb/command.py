"""The command of a sweep: its macros to words and placeholders."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from automl.studies.foreign.entry import Entry, unknown
from automl.studies.foreign.parameters import expression, placeholder

DEFAULT = ("${env}", "${interpreter}", "${program}", "${args}")
"""What W&B runs where a sweep has no command."""

_MACRO = re.compile(r"\$\{([^{}]+)\}")
_VARIABLE = re.compile(r"\$\{envvar:(\w+)\}")
_MACROS = (
    *("env", "interpreter", "program", "args", "args_no_hyphens", "args_no_boolean_flags"),
    *("args_json", "args_json_file", "envvar:NAME"),
)
_FLAGS = "${args_no_boolean_flags}"
Tree = Mapping[str, Any]
"""Names of parameters as a sweep nests them: a name to the whole name, or to what is below it."""


@dataclass(frozen=True, slots=True)
class SweepCommand:
    """What a sweep runs.

    Attributes:
        words: with placeholders.
        variables: those of the environment that are in the words as `${NAME}`.
    """

    words: list[str]
    variables: list[str]


def has_flags(sweep: Entry) -> bool:
    """Tell whether truth values are told as words that are there or not."""
    return _FLAGS in sweep.listed("command", DEFAULT)


def command_of(sweep: Entry, described: list[dict[str, Any]], tree: Tree) -> SweepCommand | None:
    """Return the command of a sweep; None where it names no program.

    Args:
        sweep: the sweep.
        described: its parameters.
        tree: how it nests them.

    Raises:
        SpecError: a macro is unknown, or needs what the sweep has not.
    """
    given = [str(one) for one in sweep.listed("command", DEFAULT)]
    if "command" not in sweep.data and "program" not in sweep.data:
        return None
    words: list[str] = []
    for number, word in enumerate(given):
        following = given[number + 1 : number + 2]
        words += _words(sweep, word, following, described, tree)
    variables = [name for word in given for name in _VARIABLE.findall(word)]
    return SweepCommand(words, list(dict.fromkeys(variables)))


def _words(
    sweep: Entry,
    word: str,
    following: list[str],
    described: list[dict[str, Any]],
    tree: Tree,
) -> list[str]:
    found = _MACRO.fullmatch(word)
    if found is None or _VARIABLE.fullmatch(word):
        # `${NAME}` is filled in from the environment where a study's file lists the name.
        return [_VARIABLE.sub(r"${\1}", word)]
    name = found[1]
    if name == "env":
        # It finds the interpreter by PATH, as the start of a command does without it.
        return [] if following == ["${interpreter}"] else ["env"]
    if name == "interpreter":
        return ["python"]
    if name == "program":
        return [sweep.text("program")]
    if name not in _MACROS:
        sweep.fail(unknown("the macro", word, [f"${{{one}}}" for one in _MACROS]), "command")
    return list(_arguments(name, described, tree))


def _arguments(macro: str, described: list[dict[str, Any]], tree: Tree) -> Iterator[str]:
    """Yield the words of a macro that stands for all values."""
    if macro == "args_json":
        yield f"{{{{ {_literal(tree)} }}}}"
    elif macro == "args_json_file":
        yield "{{ trial.params_file }}"
    else:
        for one in described:
            yield from _argument(macro, one)


def _argument(macro: str, described: dict[str, Any]) -> Iterator[str]:
    name = str(described["name"])
    value = placeholder(name)
    if macro == "args_no_hyphens":
        yield f"{name}={value}"
    elif macro == "args_no_boolean_flags" and described["type"] == "Flag":
        yield value
    elif macro == "args_no_boolean_flags" and isinstance(described.get("value"), bool):
        yield from [f"--{name}"] if described["value"] else []
    else:
        yield f"--{name}={value}"


def _literal(tree: Tree) -> str:
    """Return a dictionary of all values, as an expression of templates."""
    pairs = (
        f"{key!r}: {expression(below) if isinstance(below, str) else _literal(below)}"
        for key, below in tree.items()
    )
    return f"{{{', '.join(pairs)}}}"
