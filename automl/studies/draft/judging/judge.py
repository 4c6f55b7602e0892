"""An option to a parameter, or to the reason why it is left alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from automl.discovery.help_text.values import plain_of
from automl.discovery.option import MISSING, Kind, Missing, Option, Plain
from automl.space.numbers import is_number
from automl.studies.draft.judging.left_out import reason_to_leave
from automl.studies.draft.judging.lengths import is_length, may_be_length
from automl.studies.draft.judging.name_words import words_of
from automl.studies.draft.judging.numbers import Range
from automl.studies.draft.judging.option_range import range_of


class Verdict(StrEnum):
    """What becomes of an option."""

    TUNED = "tuned"
    LENGTH = "length"
    """It says how long a trial trains: nothing to search, but maybe a budget."""

    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Judged:
    """An option, and what becomes of it.

    Attributes:
        option: the option.
        verdict: what becomes of it.
        why: why, in a few words.
        described: what `hyperparams` has for it, but for its name; empty unless it is tuned.
        start: the value of the first trial; MISSING unless it is tuned.
        known: whether that is the program's own default, or was typed.
        length: whether it may be taken for how long a trial trains.
    """

    option: Option
    verdict: Verdict
    why: str
    described: dict[str, Any]
    start: "Plain | Missing"
    known: bool = True
    length: bool = False

    @property
    def name(self) -> str:
        """How the parameter is called: as the option, without its dashes."""
        return self.option.names[0].lstrip("-")


def judge(option: Option) -> Judged:
    """Return what becomes of an option.

    >>> from automl.discovery.option import Kind, Option
    >>> judge(Option(("--lr",), Kind.FLOAT, 0.01)).described
    {'type': 'Real', 'min_value': 0.0003, 'max_value': 0.3, 'log': True}
    >>> judge(Option(("--seed",), Kind.INTEGER, 0)).why
    'a seed'
    """
    words = words_of(option)
    default = start_of(option)
    may_be = may_be_length(option, words)
    if why := _not_tuned(option, words, default):
        return Judged(option, Verdict.LEFT, why, {}, MISSING)
    if is_length(option, words):
        return Judged(option, Verdict.LENGTH, "how long a trial trains", {}, default, length=True)
    found = range_of(option, words, default)
    if isinstance(found, str):
        return Judged(option, Verdict.LEFT, found, {}, MISSING, length=may_be)
    start = MISSING if default is None else _taken(found, default)
    known = start is not MISSING
    start = start if known else middle(found.described)
    return Judged(option, Verdict.TUNED, found.why, found.described, start, known, may_be)


def _not_tuned(option: Option, words: Sequence[str], default: "Plain | Missing") -> str:
    """Return why an option is left alone, whatever its range would be; empty if it is not."""
    if why := reason_to_leave(option, words):
        return why
    if option.many or isinstance(default, tuple | list):
        return "takes several words"
    if option.positional and option.given is None:
        return "not in the command"
    return ""


def start_of(option: Option) -> "Plain | Missing":
    """Return the value with which an option begins: what was typed, or else its default."""
    if option.given is None:
        if option.kind is Kind.FLOAT and is_number(option.default):
            return float(option.default)
        return option.default
    if option.kind is Kind.FLAG:
        return not option.given
    if not option.given:
        return MISSING
    return _typed(option, option.given[-1])


def _typed(option: Option, word: str) -> Plain:
    """Return a typed word with the type of its option."""
    as_choice = next((one for one in option.choices if str(one) == word), None)
    if as_choice is not None:
        return as_choice
    if option.kind is Kind.TEXT or option.kind is Kind.CHOICE:
        return word
    value = plain_of(word)
    if is_number(value) and option.kind is Kind.FLOAT:
        return float(value)
    return value


def _taken(found: Range, value: "Plain | Missing") -> "Plain | Missing":
    """Return a first value with the type of its range, MISSING if it lies outside."""
    described = found.described
    if "min_value" not in described:
        return value if value in described.get("candidates", [value]) else MISSING
    if not is_number(value) or not math.isfinite(value):
        return MISSING
    made: Plain = type(described["min_value"])(value)
    return made if described["min_value"] <= made <= described["max_value"] else MISSING


def middle(described: dict[str, Any]) -> Plain:
    """Return a value in the middle of a range."""
    if "candidates" in described:
        return described["candidates"][len(described["candidates"]) // 2]  # type: ignore[no-any-return]
    if described["type"] == "Flag":
        return False
    low, high = described["min_value"], described["max_value"]
    between = (low * high) ** 0.5 if described.get("log") else (low + high) / 2
    rounded = float(f"{between:.2g}")
    return type(low)(min(max(rounded, low), high))  # type: ignore[no-any-return]
