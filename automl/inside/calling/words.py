"""The words of the command that calls a function, read and written in one place."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

MODULE = "automl.inside.call"
"""What `python -m` runs."""

CELL = "<cell>"
"""What the code of a notebook's cell has as its file, where other processes call it."""

_RUN = ("-P", "-m", MODULE)

SCRIPT = "--script"
IMPORTED = "-m"
PICKLED = "--pickled"
FUNCTION = "--function"
PATH = "--path"
DIR = "--dir"
TRIAL = "--trial"
SEED = "--seed"
VALUE = "--value"
BUDGET = "--budget"
FROM_BUDGET = "--from-budget"
CHECKPOINT = "--checkpoint"
ARGUMENTS = "--"


class Target(NamedTuple):
    """The function that is called, and how it is found.

    Attributes:
        function: its qualified name.
        script: the path of the script that has it, or for a pickled one that made it.
        module: the name of the module that has it.
        pickled: the path of the file that holds it, where it cannot be imported.
        path: where modules are looked for besides, first the folder of the script.
        arguments: those of the script.
    """

    function: str
    script: str = ""
    module: str = ""
    pickled: str = ""
    path: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    def words(self) -> Iterator[str]:
        """Yield the words that tell of it, but for the arguments, which come last."""
        for option, value in (
            (IMPORTED, self.module),
            (PICKLED, self.pickled),
            (SCRIPT, self.script),
            (FUNCTION, self.function),
        ):
            if value:
                yield from (option, value)
        for folder in self.path:
            yield from (PATH, folder)


class Call(NamedTuple):
    """One call of a function.

    Attributes:
        target: what is called.
        folder: the trial's.
        trial: its number.
        seed: its seed.
        values: the names of what the function returns, in this order.
        budget: how far it is to go, None without a budget.
        from_budget: how far what it left before went, 0 if nothing.
        checkpoint: the folder for that; empty where the study gives none.
    """

    target: Target
    folder: str
    trial: int
    seed: int
    values: tuple[str, ...]
    budget: float | None = None
    from_budget: float = 0
    checkpoint: str = ""

    def words(self) -> Iterator[str]:
        """Yield the words behind the name of the module."""
        yield from self.target.words()
        yield from (DIR, self.folder, TRIAL, str(self.trial), SEED, str(self.seed))
        for name in self.values:
            yield from (VALUE, name)
        if self.budget is not None:
            yield from (BUDGET, repr(self.budget), FROM_BUDGET, repr(self.from_budget))
        if self.checkpoint:
            yield from (CHECKPOINT, self.checkpoint)
        if self.target.arguments:
            yield from (ARGUMENTS, *self.target.arguments)


def command_of(python: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return the command that has a Python do what words ask for."""
    return (python, *_RUN, *words)


def words_in(command: Sequence[str]) -> Sequence[str] | None:
    """Return the words of such a command, None of any other."""
    return command[4:] if tuple(command[1:4]) == _RUN else None


def call_of(words: Sequence[str]) -> Call:
    """Return the call that words ask for.

    Raises:
        ValueError, KeyError: a word is missing or is none of ours.
    """
    own = list(words)
    arguments: list[str] = []
    if ARGUMENTS in own:
        end = own.index(ARGUMENTS)
        own, arguments = own[:end], own[end + 1 :]
    given: dict[str, list[str]] = {}
    for option, value in zip(own[::2], own[1::2], strict=True):
        given.setdefault(option, []).append(value)
    one = {option: values[-1] for option, values in given.items()}
    target = Target(
        function=one[FUNCTION],
        script=one.get(SCRIPT, ""),
        module=one.get(IMPORTED, ""),
        pickled=one.get(PICKLED, ""),
        path=tuple(given.get(PATH, ())),
        arguments=tuple(arguments),
    )
    return Call(
        target=target,
        folder=one[DIR],
        trial=int(one[TRIAL]),
        seed=int(one[SEED]),
        values=tuple(given[VALUE]),
        budget=_number(one[BUDGET]) if BUDGET in one else None,
        from_budget=_number(one.get(FROM_BUDGET, "0")),
        checkpoint=one.get(CHECKPOINT, ""),
    )


def _number(text: str) -> float:
    """Return a budget with the type that it has in the study."""
    return float(text) if {".", "e", "n"} & set(text) else int(text)
