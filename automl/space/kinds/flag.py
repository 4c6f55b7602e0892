"""A parameter that is a word of the command, or is left out."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from automl.errors import SpecError
from automl.space.conditions import Condition
from automl.space.kinds.kind import Kind
from automl.space.parameter import Parameter
from automl.space.values import Params, ParamValue, shown

_SEVERAL = re.compile(r"--?[A-Za-z][^\s=]*\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Kind):
    """A switch of a command: True or False, which are one word or another, or none.

    A word of a command that is only its placeholder becomes `on`, or `off`, or is left out. In any
    other place it is its value, `True` or `False`.

    Args:
        name: how templates and the table call it.
        on: the word for True, such as `--nesterov`.
        off: the word for False, such as `--no-nesterov`; the word is left out if not given.
        when: the condition under which it is used; always if not given. Where it does not hold,
            the word is left out.
    """

    name: str
    on: str
    off: str | None = None
    when: Condition | None = None

    def __post_init__(self) -> None:
        Kind.__post_init__(self)
        object.__setattr__(self, "on", _word(self.name, "on", self.on))
        if self.off is not None:
            object.__setattr__(self, "off", _word(self.name, "off", self.off))
        if self.on == self.off:
            raise SpecError(
                f"parameter {self.name!r}: on and off are both {self.on!r}; leave out off, or "
                "give the word that switches it off"
            )

    __repr__ = shown

    @property
    def ordered(self) -> bool:
        """Whether neighbouring values are alike: off and on are two categories."""
        return False

    @property
    def count(self) -> int:
        """The number of values: 2."""
        return 2

    @property
    def allowed(self) -> str:
        """The values in words."""
        return "True or False"

    def value_at(self, index: int) -> bool:
        """Return False for 0, True for 1."""
        return (False, True)[index]

    def index_of(self, value: ParamValue) -> int:
        """Return 0 for False, 1 for True."""
        return int(value is True)

    def contains(self, value: ParamValue) -> bool:
        """Tell whether `value` is True or False; 0 and 1 are not."""
        return isinstance(value, bool)

    def word(self, value: ParamValue) -> str | None:
        """Return the word that stands for a value, None where it is left out."""
        return self.on if value is True else self.off


def is_several(word: str) -> bool:
    """Tell whether a word looks like several of a command, such as `--opt sgd`."""
    return _SEVERAL.match(word) is not None


def flags_in(parameters: Iterable[Parameter]) -> list[Flag]:
    """Return the flags among parameters of any kind."""
    return [one for one in parameters if isinstance(one, Flag)]


def flag_words(flags: Iterable[Flag], params: Params) -> dict[str, str | None]:
    """Return the word of each flag in a trial; None where it is left out, as of one not in use."""
    return {one.name: one.word(params[one.name]) if one.name in params else None for one in flags}


def _word(name: str, option: str, given: object) -> str:
    word = os.fspath(given) if isinstance(given, os.PathLike) else given
    if not isinstance(word, str) or not word or "\0" in word:
        raise SpecError(
            f"parameter {name!r}: {option} must be a word of the command such as '--{name}', got "
            f"{given!r}"
        )
    if is_several(word):
        raise SpecError(
            f"parameter {name!r}: {option} {word!r} would reach the program as one word; give one "
            "word, and put the others into the command by themselves"
        )
    return word
