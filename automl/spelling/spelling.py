"""How keywords are spelled in messages, by the door in use.

Who raises an error or writes to the log says which keyword is meant. How that is written, the door
knows: `fresh=True` in a script, `--fresh` on a command line, `max_trial_num: 40` in a file.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from automl.spelling.script import Script

OPEN: Any = ...
"""A value that is the user's to choose."""

_NOT_GIVEN = object()


class Described(Protocol):
    """How the description of a study is written."""

    def name(self, keyword: str) -> str:
        """Return a keyword, or an option of a part, without a value."""
        ...

    def setting(self, keyword: str, value: object) -> str:
        """Return a keyword, or an option of a part, with a value; `OPEN` is any value."""
        ...

    def part(self, keyword: str, options: Mapping[str, object]) -> str:
        """Return one part of what a keyword takes; without options, how such a part is made."""
        ...


class Spelling(Described, Protocol):
    """What a door writes: the description, and what is done beside it."""

    def retry(self, study: str) -> str:
        """Return how the failed trials of a study are run again before it goes on."""
        ...


_IN_USE: list[Spelling] = [Script()]
"""The spellings in use, of which the last one counts; a script's, unless another door took over."""


def spelled(keyword: str, value: object = _NOT_GIVEN) -> str:
    """Return a keyword of a study, or an option of one of its parts, as the user would write it.

    >>> spelled("fresh", True), spelled("name", OPEN), spelled("study_dir")
    ('fresh=True', 'name=...', 'study_dir=')
    """
    if value is _NOT_GIVEN:
        return _IN_USE[-1].name(keyword)
    return _IN_USE[-1].setting(keyword, value)


def spelled_part(keyword: str, **options: object) -> str:
    """Return one part of what a keyword takes, as the user would write it.

    >>> spelled_part("objectives", metric="val_acc"), spelled_part("metric_reader")
    ("objective.create(metric='val_acc')", 'reader.create(...)')
    """
    return _IN_USE[-1].part(keyword, options)


def spelled_retry(study: str) -> str:
    """Return how the failed trials of a study are run again before it goes on.

    >>> spelled_retry("digits")
    'tuner.retry_failed() before fit()'
    """
    return _IN_USE[-1].retry(study)


@contextmanager
def spelled_by(spelling: Spelling) -> Iterator[None]:
    """Let a door spell all that is said meanwhile, by any thread.

    Several threads may do so at once, and end in any order.
    """
    _IN_USE.append(spelling)
    try:
        yield
    finally:
        # Of two that are equal, it does not matter which one goes.
        _IN_USE.remove(spelling)
