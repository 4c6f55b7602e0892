"""A call of a function in a fork of the process that has imported it."""

import errno
import os
import sys
from collections.abc import Callable, Collection
from typing import Any, NoReturn

from automl.executors.local.starters.own_mark import OwnMark
from automl.executors.local.starters.program import ASKING, FRESH_LOG, MARK, Limits
from automl.inside.call import call_loaded, leave
from automl.inside.calling.given import PlainCall, call_in
from automl.inside.calling.words import Call, Target
from automl.inside.marks import TRIAL_DIR_VARIABLE
from automl.inside.trial import Trial

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    # The part in C alone: what Python adds to it would double the cost of setting up a fork.
    import _signal as signal


class Printed:
    """What an import prints, which goes to the log of each call as if that had imported it."""

    def __init__(self) -> None:
        self._files = [os.memfd_create("stdout"), os.memfd_create("stderr")]
        self._texts: list[tuple[int, bytes]] = []
        for number, file in enumerate(self._files, 1):
            os.dup2(file, number)

    def end(self, null: int) -> None:
        """Keep what was printed until now; what is printed from now on goes to a null device."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                continue  # The script closed or replaced it.
        for number, file in enumerate(self._files, 1):
            text = os.pread(file, os.fstat(file).st_size, 0)
            if text:
                self._texts.append((number, text))
            os.dup2(null, number)
            os.close(file)

    def repeat(self) -> None:
        """Write it to standard output and standard error."""
        for number, text in self._texts:
            os.write(number, text)


class ForkedCalls:
    """Forks this process for each call of a function.

    What is done before the fork is cheaper than the same behind it, where the kernel copies each
    page of the memory that changes. So as little as possible is left to the fork.

    Args:
        function: what is called.
        target: how it is named.
        mark: where the memory holds the mark that others read.
        printed: what the import printed.
        null: a descriptor of the null device.
        ours: the other descriptors that no call is to have.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        target: Target,
        mark: OwnMark,
        printed: Printed,
        null: int,
        ours: Collection[int],
    ) -> None:
        self._function = function
        self._target = target
        self._mark = mark
        self._printed = printed
        self._null = null
        self._kept = _open_now() - {*ours, null}
        self._ours: Collection[int] = ()
        # What asks a trial to end is not for this process; a call takes it as it would now.
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, ASKING)
        self._on_child = signal.getsignal(signal.SIGCHLD)
        modules = [sys.modules.get(name) for name in ("numpy.random", "torch")]
        # Those of `random` Python gives each fork itself.
        self._seeds = [module.seed for module in modules if module is not None]

    def start(
        self,
        sent: PlainCall,
        _: dict[bytes, bytes],
        marks: dict[bytes, bytes],
        files: tuple[bytes, bytes],
        limits: Limits | None,
    ) -> int:
        """Fork a call as the leader of a session; return its pid once it is set up.

        This process has the variables of all calls but for the mark.

        Raises:
            OSError: it cannot be set up.
        """
        call, trial = self._prepared(sent)
        mark = marks[MARK]
        self._mark.check(mark)
        os.environb[MARK] = mark
        os.environ[TRIAL_DIR_VARIABLE] = call.folder
        # The same for all calls, as this process does nothing else between them.
        self._ours = self._ours or _open_now() - self._kept
        heard, told = os.pipe()
        try:
            pid = self._forked(files, told)
            if not pid:
                os.close(heard)
                self._be_call(call, trial, mark, limits, told)
            problem = os.read(heard, 16)
        finally:
            os.close(heard)
        if problem:
            os.waitpid(pid, 0)
            raise OSError(int(problem), os.strerror(int(problem)))
        return pid

    def _prepared(self, sent: PlainCall) -> tuple[Call, Trial]:
        """Return a call that was sent, and what its function is called with.

        Raises:
            OSError: it cannot be told here, for whatever reason.
        """
        call, given = call_in(sent, self._target)
        try:
            return call, Trial(call, given)
        except (ValueError, LookupError, TypeError) as error:
            raise OSError(errno.EIO, str(error)) from error

    def _forked(self, files: tuple[bytes, bytes], told: int) -> int:
        """Fork a process with its output in files; return its pid, 0 in itself."""
        pid = -1
        try:
            for number, path in enumerate(files, 1):
                file = os.open(path, FRESH_LOG, 0o666)
                os.dup2(file, number)
                os.close(file)
            pid = os.fork()
        finally:
            if pid:
                os.close(told)
                for number in (1, 2):
                    os.dup2(self._null, number)
        return pid

    def _be_call(
        self, call: Call, trial: Trial, mark: bytes, limits: Limits | None, told: int
    ) -> NoReturn:
        """Be the process of a call, which tells why if it cannot be set up."""
        code = 1
        try:
            try:
                self._set_up(mark, limits)
            except BaseException as error:  # noqa: BLE001 - also of a library that is to seed
                os.write(told, b"%d" % (getattr(error, "errno", None) or errno.EIO))
                os._exit(1)
            os.close(told)
            code = call_loaded(self._function, call, trial)
        finally:
            leave(code)

    def _set_up(self, mark: bytes, limits: Limits | None) -> None:
        os.setsid()
        if limits:
            keep_to(*limits)
        os.dup2(self._null, 0)
        self._printed.repeat()
        for file in self._ours:
            os.close(file)
        self._mark.put(mark)
        if self._on_child not in {None, signal.SIG_DFL}:
            signal.signal(signal.SIGCHLD, self._on_child)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        for seed in self._seeds:
            seed()


def keep_to(cpus: tuple[int, ...], priority: int, group: bytes) -> None:
    """Keep this process to limits, and all that it starts.

    Raises:
        OSError: it cannot be kept to them.
    """
    if cpus:
        os.sched_setaffinity(0, cpus)
    if priority != os.getpriority(os.PRIO_PROCESS, 0):
        os.setpriority(os.PRIO_PROCESS, 0, priority)
    if group:
        try:
            file = os.open(group + b"/cgroup.procs", os.O_WRONLY)
        except OSError:
            return  # Whoever gave the limit sees that it is not in there, and watches its memory.
        try:
            os.write(file, b"0")
        except OSError:
            pass  # The same.
        finally:
            os.close(file)


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
