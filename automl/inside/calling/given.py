"""A call with the values that its trial is given, for whoever forks it without reading files."""

from typing import NamedTuple

from automl.inside.calling.words import Call, Target

LARGEST_CHARS = 1 << 13
"""Values with more text are read from their file: what is sent must fit into one message."""


class Given(NamedTuple):
    """The values that a trial is given, as the file in its folder tells them.

    Attributes:
        text: what is in the file, which is JSON.
        ranges: whether it has the range of each, as where the space is learnt.
    """

    text: str
    ranges: bool


PlainCall = tuple[
    tuple[str, int, int, tuple[str, ...], float | None, float, str], tuple[str, bool] | None
]
"""A call without its function, and what its trial is given; None: that is to be read."""


def plain_call(call: Call, given: Given | None) -> PlainCall:
    """Return what is sent of a call to a process that has its function."""
    short = given is not None and len(given.text) <= LARGEST_CHARS
    return call[1:], (given.text, given.ranges) if given and short else None


def call_in(plain: PlainCall, target: Target) -> tuple[Call, Given | None]:
    """Return the call of a function that was sent, and what its trial is given."""
    call, given = plain
    return Call(target, *call), given and Given(*given)
