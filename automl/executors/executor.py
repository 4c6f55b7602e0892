"""The contract of everything that runs launches."""

from collections.abc import Sequence
from typing import Protocol

from automl.study.launch import Ended, Handle, Launch


class Executor(Protocol):
    """Starts launches and tells when they ended.

    The trial's folder and its metric files are visible to the controller while the trial runs.
    All methods are called from one thread.
    """

    def submit(self, launch: Launch) -> Handle:
        """Start a launch and return the data that finds it again, also after a restart.

        Raises:
            LaunchError: it could not be started, or `close` was called.
        """
        ...

    def wait(self, timeout_s: float | None) -> Sequence[Ended]:
        """Return the launches that are over, as soon as there is one; empty after `timeout_s`.

        A launch is over when nothing of it is left running. None waits without limit; a waker
        given to the executor makes it return early.
        """
        ...

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        """Begin to stop launches: ask them to end, and kill what is left after `grace_s` seconds.

        Returns at once; `wait` reports the ends. Asking again can only shorten the grace. A launch
        that is over already is left alone.
        """
        ...

    def attach(self, handles: Sequence[Handle]) -> Sequence[Handle]:
        """Watch launches that another controller started; return those that are still running.

        One that has left its whole exit code has ended, whatever it may have left running. A handle
        with `REST_MS` is that of a launch that was asked to end before, and may take that long.
        """
        ...

    def close(self) -> None:
        """Start nothing more and free what watching took; running launches go on."""
        ...
