"""A file descriptor that wakes a waiting thread from another thread or a signal handler."""

import os
import select


class Waker:
    """A pipe whose reading end can be waited for together with processes.

    Making one raises OSError where no file can be opened.

    `wake` may be called from any thread and from signal handlers; everything else belongs to the
    thread that waits.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def fileno(self) -> int:
        """Return the descriptor that becomes readable once woken."""
        return self._read

    def wake(self) -> None:
        """Make the descriptor readable; calling it again before it is cleared changes nothing."""
        try:
            os.write(self._write, b"\0")
        except (BlockingIOError, OSError):
            # Full: it is awake already. Closed: nobody waits any more.
            return

    def clear(self) -> None:
        """Make the descriptor wait again."""
        try:
            while os.read(self._read, 4096):
                pass
        except BlockingIOError:
            return

    def wait(self, timeout_s: float) -> None:
        """Return once woken, or after so long; it opens no file."""
        poll = select.poll()
        poll.register(self._read, select.POLLIN)
        poll.poll(timeout_s * 1000)
        self.clear()

    def close(self) -> None:
        """Free both descriptors."""
        os.close(self._read)
        os.close(self._write)
        self._read = self._write = -1
