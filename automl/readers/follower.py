"""The contract of what reads the metrics of one running trial."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

NO_MATCH_YET = "no match yet"
"""The kind of a warning that is told only as long as no trial of the study gave a number."""


@dataclass(frozen=True, slots=True)
class Points:
    """The new numbers of one metric.

    Attributes:
        values: the numbers in order, NaN and infinities included.
        steps: the step of each, NaN where none is known; None if the reader knows of no steps, and
            the numbers are counted.
        restarted: what was read of this metric before no longer counts, as the file was written
            anew; these numbers do.
    """

    values: tuple[float, ...] = ()
    steps: tuple[float, ...] | None = None
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found.

    Attributes:
        measurements: by metric, without those of which there is nothing new.
        more: there is more to be read now.
        warnings: what the user should know of, each in a sentence or more, by what kind it is: of a
            kind, the first in a study is told.
        left_out: what could not be read although it is there, in words; empty if nothing was.
        pending: the look still goes on, aside: nothing is known yet, and the next call asks again.
        waits: for what a pending look waits, in words, where its reader knows.
    """

    measurements: Mapping[str, Points] = field(default_factory=dict)
    more: bool = False
    warnings: Mapping[str, str] = field(default_factory=dict)
    left_out: str = ""
    pending: bool = False
    waits: str = ""


NO_NEWS = Look()


class Follower(Protocol):
    """Reads the metrics of one launch while its program writes them.

    One that is sure to be quick may say so by an attribute `quick` that is true: it is then read
    in the loop itself. Every other is read by a thread beside the loop, each by one at a time.
    One whose looks may well take long, however the machine is, has `patience_s`, how long.
    """

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return what is new; nothing, if there is no file yet.

        Args:
            ended: nothing will be written any more: what is unfinished counts as it stands.
            limit_bytes: read about this many bytes at the most, and tell whether there are more.

        Raises:
            ReadError: it cannot be read; if its `errno` tells a state of the machine that may
                pass, nothing is lost, and it is read again.
        """
        ...

    def problem(self) -> str:
        """Return one line on why there is no usable number, once everything was read."""
        ...

    def close(self) -> None:
        """Free what it holds; nothing is asked of it afterwards."""
        ...
