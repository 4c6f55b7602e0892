"""The keywords of a study as options, one for each row of the table, and what they were given."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from automl.studies.given.keyword import NEEDED, Keyword
from automl.studies.keywords import BY_NAME, KEYWORDS
from automl.studies.ranges.bounds import is_range, range_of
from automl.studies.ranges.part import Part, mistake, number_of, value_of

_DICTIONARY, _NUMBERS = "Mapping[str, object]", ("int", "float")


def keyword_options() -> list[click.Parameter]:
    """Return an option for each keyword that has a spelling, in the order of the table."""
    return [_option(row) for row in KEYWORDS if row.spellings and row.name != "hyperparams"]


def given_keywords(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given for keywords, as plain data.

    Args:
        values: what click read, by keyword; None or nothing where an option was not given.

    Raises:
        SpecError: a text is not written as it must be.
    """
    return {
        name: _plain(BY_NAME[name], value)
        for name, value in values.items()
        if value is not None and value != ()
    }


def _option(row: Keyword) -> click.Option:
    names = [row.name, *row.spellings]
    annotation = row.kind.annotation
    text = _HELP.get(row.name, row.help)
    text = text[:1].upper() + text[1:]
    if row.default is not NEEDED and type(row.default) in {int, float}:
        text = f"{text.rstrip('.')}; {row.default:g} if not given."
    if annotation == "bool":
        both = "/".join((row.spellings[0], f"--no-{row.spellings[0][2:]}"))
        return click.Option([row.name, both], default=None, help=text)
    return click.Option(names, multiple=_is_repeated(row), metavar=metavar(row), help=text)


def _is_repeated(row: Keyword) -> bool:
    return row.kind.annotation.startswith(("Sequence", _DICTIONARY))


def metavar(row: Keyword) -> str:
    """Return what stands for the value of a keyword's option."""
    if row.name in _METAVARS:
        return _METAVARS[row.name]
    annotation = row.kind.annotation
    if annotation.startswith("int") and "str" not in annotation:
        return "N"
    return row.spellings[-1].rpartition("-")[2].upper()


def _plain(row: Keyword, value: Any) -> Any:  # noqa: ANN401 - as click or a study has it
    """Return the text or texts of an option as plain data."""
    if row.name in _OWN:
        return _OWN[row.name](value)
    if not isinstance(value, str):
        return list(value) if isinstance(value, tuple) else value
    annotation = row.kind.annotation
    if value.lower() == "none" and "None" in annotation:
        return None
    number = number_of(value) if any(one in annotation for one in _NUMBERS) else None
    return value if number is None else number


def _budget(text: str) -> dict[str, Any]:
    """Return `epochs=3..27` as a budget."""
    name, equals, _ = text.partition("=")
    part = Part(text, len(name) + len(equals), len(text))
    allowed = "NAME=LEAST..WHOLE, as in epochs=3..27"
    if not equals or not is_range(part):
        raise mistake(Part(text, 0, len(text)), "a budget is a name and a range", allowed)
    found = range_of(part)
    if found.keys() - {"type", "min_value", "max_value"}:
        raise mistake(part, "a budget has no step and no log; --set budget.factor=3", allowed)
    return {"name": name, "min": found["min_value"], "max": found["max_value"]}


def assigned(text: str) -> list[tuple[str, Part]]:
    """Return the names and values of `lr=0.1,opt=adam`.

    Raises:
        SpecError: a name or its value is missing.
    """
    found = []
    for item in Part(text, 0, len(text)).items():
        name, equals, _ = item.text.partition("=")
        if not equals or not name.strip():
            raise mistake(item, "a value is written NAME=VALUE", "lr=0.1 or lr=0.1,opt=adam")
        found.append((name.strip(), item.between(len(name) + 1, len(item.text)).stripped()))
    return found


def _combinations(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: _value(part) for name, part in assigned(text)} for text in texts]


def _value(part: Part) -> Any:  # noqa: ANN401 - plain data
    """Return a value of a parameter; those of flags are true and false."""
    words = {"true": True, "false": False}
    return words.get(part.text.lower(), value_of(part))


def _variables(texts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise mistake(Part(text, 0, len(text)), "a variable is written NAME=VALUE")
        found[name] = value
    return found


def _gpus(text: str) -> Any:  # noqa: ANN401 - plain data
    if text == "auto":
        return text
    return [value_of(item) for item in Part(text, 0, len(text)).items()]


_OWN: dict[str, Callable[[Any], Any]] = {
    "budget": _budget,
    "start_with": _combinations,
    "env": _variables,
    "gpus": _gpus,
}
"""Keywords whose values have a form of their own on a command line."""

_METAVARS = {
    "budget": "NAME=LOW..HIGH",
    "start_with": "NAME=VALUE,...",
    "warm_start": "STUDY",
    "workspace": "TYPE",
    "env": "NAME=VALUE",
    "secret_env": "NAME",
    "max_runtime": "TIME",
    "trial_timeout": "TIME",
    "no_progress_timeout": "TIME",
    "grace": "TIME",
    "memory_per_trial": "SIZE",
    "gpus_per_trial": "SHARE",
    "on_end": "LINE",
    "artifacts": "PATTERN",
    "algorithm": "TYPE",
    "pruner": "TYPE",
    "final": "WHICH",
    "keep": "WHICH",
}

_HELP = {
    "max_trial_num": "how many trials are started, at the most; 20 for a command without a file.",
    "max_parallel": "how many trials run at once, at the most; 1 for a command without a file.",
    "name": "the study's name and folder; that of the program or of the file if not given.",
    "constraints": "a comparison of metrics that a good trial keeps, such as 'latency_ms <= 20'.",
    "rules": "an expression over parameters that every trial keeps, such as 'n * d <= 200'.",
    "algorithm": "what proposes values; `auto` if not given. Options: --set algorithm.KEY=VALUE.",
    "start_with": "a combination that is tried first; that of the first one is the default.",
    "warm_start": "what earlier searches found: a study's name or folder, or a CSV file.",
    "pruner": "what stops running trials, such as `median`. Options: --set pruner.KEY=VALUE.",
    "budget": "trials start small, and the best go on, as with epochs=3..27 and "
    "{{ trial.budget }} in the command.",
    "workspace": "a working folder for each trial: `copy` of --cwd, made anew at each launch. "
    "Options: --set workspace.KEY=VALUE.",
    "env": "a variable for the commands; its value may hold {NAME} and placeholders.",
    "secret_env": "a variable whose value commands get, but no file does.",
    "artifacts": "what the other trials lose once they have ended, below their folders.",
    "fail_fast": "pause once this many first trials failed alike; none: never.",
    "nice": "how much lower than that of `automl` a trial's priority is, 0 to 19.",
    "detach": "on Ctrl-C, leave the running trials to the next start of this command.",
}
"""What is told of keywords where that of the table is of what scripts have."""
