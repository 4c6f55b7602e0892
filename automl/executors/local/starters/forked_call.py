"""A call of a function in a fork of the process that has imported it."""

import errno
import os
import signal
import sys
from collections.abc import Callable, Collection
from typing import Any, NoReturn

from automl.executors.local.starters.own_mark import OwnMark
from automl.executors.local.starters.program import ASKING, FRESH_LOG, MARK
from automl.inside.call import call_loaded, leave
from automl.inside.calling.words import call_of, words_in


class Printed:
    """What an import prints, which goes to the log of each call as if that had imported it."""

    def __init__(self) -> None:
        self._files = [os.memfd_create("stdout"), os.memfd_create("stderr")]
        for number, file in enumerate(self._files, 1):
            os.dup2(file, number)

    @property
    def files(self) -> Collection[int]:
        """The descriptors of the files that keep it."""
        return self._files

    def flush(self) -> None:
        """Have all of it written, so that no fork writes it again."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                continue  # The script closed or replaced it.

    def repeat(self) -> None:
        """Write it to standard output and standard error."""
        for number, file in enumerate(self._files, 1):
            size = os.fstat(file).st_size
            if size:
                os.write(number, os.pread(file, size, 0))


class ForkedCalls:
    """Forks this process for each call of a function.

    Args:
        function: what is called.
        mark: where the memory holds the mark that others read.
        printed: what the import printed.
        ours: the descriptors that no call is to have.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        mark: OwnMark,
        printed: Printed,
        ours: Collection[int],
    ) -> None:
        self._function = function
        self._mark = mark
        self._printed = printed
        self._kept = _open_now() - {*ours, *printed.files}
        self._handlers = {number: signal.getsignal(number) for number in (*ASKING, signal.SIGCHLD)}
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    def start(
        self, argv: tuple[bytes, ...], environ: dict[bytes, bytes], files: tuple[bytes, bytes]
    ) -> int:
        """Fork a call as the leader of a session; return its pid once it is set up.

        Raises:
            OSError: it cannot be set up.
        """
        heard, told = os.pipe()
        try:
            pid = os.fork()
            if not pid:
                self._be_call(argv, environ[MARK], files, told)
        finally:
            os.close(told)
        try:
            problem = os.read(heard, 16)
        finally:
            os.close(heard)
        if problem:
            os.waitpid(pid, 0)
            raise OSError(int(problem), os.strerror(int(problem)))
        return pid

    def _be_call(
        self, argv: tuple[bytes, ...], mark: bytes, files: tuple[bytes, bytes], told: int
    ) -> NoReturn:
        """Be the process of a call, which tells why if it cannot be set up."""
        code = 1
        try:
            try:
                self._set_up(mark, files, told)
                call = call_of(words_in([*map(os.fsdecode, argv)]) or ())
            except BaseException as error:  # noqa: BLE001 - also of a library that is to seed
                os.write(told, b"%d" % (getattr(error, "errno", None) or errno.EIO))
                os._exit(1)
            os.close(told)
            code = call_loaded(self._function, call)
        finally:
            leave(code)

    def _set_up(self, mark: bytes, files: tuple[bytes, bytes], told: int) -> None:
        os.setsid()
        for number, path in enumerate((os.fsencode(os.devnull), *files)):
            file = os.open(path, FRESH_LOG if number else os.O_RDONLY, 0o666)
            os.dup2(file, number)
            os.close(file)
        self._printed.repeat()
        for file in _open_now() - self._kept - {told}:
            os.close(file)
        self._mark.put(mark)
        os.environb[MARK] = mark
        for number, handler in self._handlers.items():
            if handler is not None:
                signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        _seed()


def _open_now() -> set[int]:
    """Return the descriptors that are open."""
    listed = [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208 - no pathlib here
    return {file for file in listed if _is_open(file)}


def _is_open(file: int) -> bool:
    """Tell whether a descriptor is more than that by which it was listed."""
    try:
        os.fstat(file)
    except OSError:
        return False
    return True


def _seed() -> None:
    """Give the process random numbers of its own; those of `random` Python gives each fork."""
    for name in ("numpy.random", "torch"):
        module = sys.modules.get(name)
        if module is not None:
            module.seed()
