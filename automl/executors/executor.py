"""The contract of everything that runs launches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from automl.study.launch import Ended, Handle, Launch, News, Queued


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A launch of an earlier controller that is looked for.

    Attributes:
        handle: what names it, with all that the journal knows to find it by.
        mark: what its processes carry.
        exit_path: where its script leaves its exit code.
        script: its script, which was written just before it was started.
        began_at: the wall time at which it began; None where the journal does not tell.
        adopt: whether it is to be watched if it still runs.
        rest_s: it was asked to end before, and may take so many more seconds; None if it was not.
    """

    handle: Handle
    mark: str
    exit_path: str
    script: str = ""
    began_at: datetime | None = None
    adopt: bool = True
    rest_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """A launch that was looked for runs, and is watched from now on.

    Attributes:
        trial_id: whose.
        handle: its handle, with all that finds it again.
        ran_s: for how long it has run by now.
    """

    trial_id: int
    handle: Handle
    ran_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Nothing of a launch that was looked for runs, and nobody knows how it ended.

    Attributes:
        trial_id: whose.
        why: what is known about that, for people; may be empty.
    """

    trial_id: int
    why: str = ""


Found: TypeAlias = Runs | Queued | Ended | Gone
"""What became of a launch that was looked for."""


class Executor(Protocol):
    """Runs launches, and tells when they begin and end.

    The trial's folder and its metric files are visible to the controller while the trial runs, at
    the latest when it ends. All methods are called from one thread, and none takes over 50 ms, but
    for the time that `wait` is given: what is slow is done aside.
    """

    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        """Take launches and return what names each, before it is started.

        `wait` tells when each has begun, or why it could not.

        Raises:
            LaunchError: none was taken, as `close` was called, or a trial has a launch already.
        """
        ...

    def wait(self, timeout_s: float | None) -> Sequence[News]:
        """Return what became of launches, as soon as there is something; empty after `timeout_s`.

        Of each launch that ran `Began` is told before `Ended`. It has ended when nothing of it is
        left running. None waits without limit; a waker given to the executor makes it return early.
        """
        ...

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        """Begin to stop launches: ask them to end, and kill what is left after `grace_s` seconds.

        Returns at once; `wait` tells the ends. Asking again can only shorten the grace. A launch
        that has ended already is left alone, and one that has not begun never begins.
        """
        ...

    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        """Look for launches of an earlier controller; return what became of each, in this order.

        Those that run are watched from now on, `wait` tells their ends; those that are still queued
        likewise. One that has left its whole exit code has ended, whatever it may have left
        running.

        Raises:
            StorageError: that cannot be told now; it can be done again.
            OSError: likewise.
        """
        ...

    def close(self) -> None:
        """Start nothing more and free what watching took; running launches go on."""
        ...
