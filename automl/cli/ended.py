"""A verb that a signal ends: what it did to the terminal is undone first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""What ends a program from outside, or by Ctrl-\\; Ctrl-C is Python's own."""


class _Ended(BaseException):
    """A signal is to end the process."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def ending_well() -> Iterator[None]:
    """Leave the block in order where a signal ends the process, and let it end by that signal.

    One that is ignored stays so, and one that comes while the block is left changes nothing.
    """
    taken = [one for one in _ENDING if signal.getsignal(one) is signal.SIG_DFL]

    def end(number: int, frame: FrameType | None) -> None:
        del frame
        for one in taken:
            signal.signal(one, signal.SIG_IGN)
        raise _Ended(number)

    for one in taken:
        signal.signal(one, end)
    by = None
    try:
        yield
    except _Ended as ended:
        by = ended.number
    finally:
        for one in taken:
            signal.signal(one, signal.SIG_DFL)
    if by is not None:
        signal.raise_signal(by)
