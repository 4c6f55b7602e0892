"""How soon after a walk of the process table the next one may begin."""

FLOOR_S = 0.01
"""Seconds between two walks, whoever asks for them."""

_REST = 4
"""How much longer the pause after a walk is than the walk, so that walking never fills a CPU."""


class Pace:
    """Keeps the walks of one executor apart, whatever they are for.

    Attributes:
        next_s: the monotonic second from which on the next walk may begin.
    """

    def __init__(self) -> None:
        self.next_s = 0.0

    def walked(self, began_s: float, ended_s: float) -> None:
        """Take note of a walk, told in monotonic seconds."""
        self.next_s = ended_s + max(FLOOR_S, _REST * (ended_s - began_s))
