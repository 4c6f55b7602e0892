"""The words of a command: parameters marked in it, `{lr}`, and options that are added to it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from automl.studies.ranges.bounds import is_range
from automl.studies.ranges.functions import FUNCTIONS, is_call
from automl.studies.ranges.parameter import WrittenParameter, written
from automl.studies.ranges.part import Part

_MARK = re.compile(
    r"(?P<option>(?P<dashes>-{0,2})(?P<name>[A-Za-z_][\w.\-]*))~(?P<range>.+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class WrittenCommand:
    """A command, and all parameters of its trials.

    Attributes:
        words: with placeholders as templates have them.
        parameters: those that were given beside it, then those that are marked in it.
    """

    words: list[str]
    parameters: list[WrittenParameter]


def command_of(
    words: Sequence[str], beside: Iterable[WrittenParameter], others: Iterable[str] = ()
) -> WrittenCommand:
    """Return the command of a trial.

    Args:
        words: as they were typed.
        beside: the parameters that were given beside it, `-p`.
        others: names of parameters that are described elsewhere.

    Raises:
        SpecError: a mark in it has no right range; the message shows the place.

    >>> command_of(["./train", "--lr~uniform(0, 1)", "{lr}"], []).words
    ['./train', '--lr', '{{ trial.param.lr }}', '{{ trial.param.lr }}']
    """
    parameters = list(beside)
    typed: list[str] = []
    for word in words:
        marked = _marked(word)
        if marked is None:
            typed.append(word)
            continue
        parameters.append(marked)
        typed += _option(marked)
    names = [*(one.name for one in parameters), *others]
    made = [with_placeholders(word, names) for word in typed]
    return WrittenCommand(with_options(made, parameters), parameters)


def with_options(words: Sequence[str], parameters: Iterable[WrittenParameter]) -> list[str]:
    """Return a command with the options of parameters that it does not mention."""
    made = list(words)
    for one in parameters:
        if one.option and not any(_mentions(word, one.name) for word in made):
            made += _option(one)
    return made


def placeholder(name: str) -> str:
    """Return what stands in a template for a parameter's value."""
    return f"{{{{ trial.param.{name} }}}}"


def with_placeholders(word: str, names: Iterable[str]) -> str:
    """Return a word with `{lr}` as a placeholder, of parameters only; `${lr}` is the shell's."""
    listed = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    if "{" not in word or not listed:
        return word
    return re.sub(rf"(?<![{{$])\{{({listed})\}}(?!\}})", lambda found: placeholder(found[1]), word)


def is_told(words: Iterable[str], name: str) -> bool:
    """Tell whether a command as it was typed is told the value of a parameter.

    >>> is_told(["./train", "--rate={lr}"], "lr"), is_told(["--lr~uniform(0, 1)"], "lr")
    (True, True)
    """
    found = [one for word in words if (one := _marked(word)) is not None]
    return any(one.name == name for one in found) or any(
        _mentions(word, name) or placeholder(name) in with_placeholders(word, [name])
        for word in words
    )


def _marked(word: str) -> WrittenParameter | None:
    """Return the parameter that a word such as `--lr~loguniform(1e-5, 1e-1)` describes."""
    found = _MARK.fullmatch(word)
    if found is None:
        return None
    part = Part(word, *found.span("range"))
    # HEAD~1 and backup~ are words as any other.
    called = is_call(part) and (found["dashes"] or part.text.split("(")[0] in FUNCTIONS)
    if not called and not is_range(part) and not found["dashes"]:
        return None
    return written(part, found["name"], found["option"] if found["dashes"] else "")


def _option(one: WrittenParameter) -> list[str]:
    """Return the words by which a program gets an option and its value."""
    value = placeholder(one.name)
    if not one.option or one.described["type"] == "Flag":
        return [value]
    if one.may_begin_with_dash and one.option.startswith("--"):
        # As two words, -0.1 would be taken for an option.
        return [f"{one.option}={value}"]
    return [one.option, value]


def _mentions(word: str, name: str) -> bool:
    return re.search(rf"trial\.param(?:\.|\[['\"]){re.escape(name)}(?![\w\-])", word) is not None
