"""The program that starts brief commands of one slot, without a shell for each.

    python -I -S program.py PARENT

Its standard input is a socket that keeps messages apart. It first says `ready`, then takes orders
(`starter.Order`, each a `marshal` of a plain tuple) and does one after another. To each it answers
`began PID START` once the command runs, and `ended CODE CPU_S PEAK` once it has ended and its exit
file is written; both in one message, which wakes the parent once, if it ends within `BRIEF_S`; or
`refused ERRNO` alone. START is in the kernel's ticks since boot, CODE as a shell tells it, PEAK in
bytes or 0 where it is not certain.

Told `stopped`, it leaves no exit code of the command that runs: a program may end with 0 because it
was asked to end. The shell that runs a script is ended by what asks, and leaves none either. Where
the command tells its code elsewhere too, an empty exit file says that this does not count.

It ends with its socket, or with its parent, but not before the command that runs has ended and its
exit file is written. It starts nothing that its parent ordered and did not live to see.

What cannot be started directly, for whatever reason, is started as `sh SCRIPT`, so that the shell
says what is wrong as it would have said it. It imports little, as it is to be there soon.
"""

import marshal
import os
import resource
import select
import sys

Limits = tuple[tuple[int, ...], int, bytes]
"""The CPUs that a fork keeps to, none for all; its priority; the folder of the control group that
it enters, empty for none."""

# ruff: noqa: SIM105 - contextlib takes longer to import than all the rest
TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
    from typing import Any

    from automl.executors.local.starters.starter import Order

    Environ = dict[bytes, bytes]
    Start = Callable[[Any, Environ, Environ, tuple[bytes, bytes], Limits | None], int]
else:
    # The part in C alone: the whole takes longer to import than all the rest.
    import _signal as signal

FRESH_LOG = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ENDS = (signal.SIGCHLD,)
DEFAULT_SIGNALS = (*ASKING, signal.SIGPIPE, signal.SIGXFSZ)
UNTOLD = (signal.SIGINT, signal.SIGPIPE)
"""The signals of which a shell does not say that they ended a command."""

BRIEF_S = 0.02
"""Seconds after which it is told that a command began which has not ended yet."""

ORDER_BYTES = 1 << 16
STOPPED = b"stopped"
MARK, PATH = b"AUTOML_MARK", b"PATH"
SHELL = b"/bin/sh"


def main() -> None:
    """Do every order until there are no more, or the parent is gone."""
    # They ask trials to end: this process ends when nothing needs it any more.
    for number in ASKING:
        signal.signal(number, signal.SIG_IGN)
    parent = int(sys.argv[1])
    lives = os.pidfd_open(parent)
    if os.getppid() == parent:
        serve(lives, _spawn)


def serve(lives: int, start: "Start", *, tells: bool = False) -> None:
    """Do what is ordered through standard input.

    Args:
        lives: the file that can be read once the parent is gone.
        start: starts a program, given its arguments, or a call as it was sent, as the leader of a
            session; it is given the environment of this process too, what is added to that, the
            files of its output, and its limits; returns its pid.
        tells: whether such a program tells its exit code elsewhere too.
    """
    # Only so can its coming be waited for.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    environ = dict(os.environb)
    environ.pop(MARK, None)
    # Between commands it is where it began, and in nobody's way.
    home = os.open(".", os.O_PATH)
    poll = select.poll()
    poll.register(0, select.POLLIN)
    # A child that the parent forked may hold the other end of the socket after its death.
    poll.register(lives, select.POLLIN)
    _answer("ready")
    while lives not in dict(poll.poll()) and (data := _next()):
        # One that was stopped may have ended before we were told.
        if data != STOPPED:
            order = marshal.loads(data)  # noqa: S302 - of our parent
            _do(order, start, environ, home, poll, tells=tells)


def _next() -> bytes:
    try:
        return os.read(0, ORDER_BYTES)
    except OSError:
        return b""


def _do(
    order: "Order",
    start: "Start",
    environ: "Environ",
    home: int,
    poll: "select.poll",
    *,
    tells: bool,
) -> None:
    """Do an order, with `home` as the folder between commands; `poll` tells of what comes."""
    argv, cwd, marks, exports, script, for_script, files, exit_path, brands, limits, call = order
    before = [(limit, resource.getrlimit(limit)) for limit, _ in brands]
    try:
        # All that it starts inherits its brands: there is no earlier moment for them.
        _brand(brands)
        try:
            os.chdir(cwd)
            pid = start(call or argv, environ, marks | exports, files, limits)
            by_script = False
        except OSError:
            if limits:
                raise  # A shell would not keep to them.
            pid = _spawn((SHELL, script), environ, marks | for_script, files)
            by_script = True
    except OSError as error:
        _answer(f"refused {error.errno}")
        return
    finally:
        os.fchdir(home)
        for limit, values in before:
            resource.setrlimit(limit, values)
    began = f"began {pid} {_birth(pid)}"
    signal.sigtimedwait(ENDS, BRIEF_S)
    ended, status, usage = os.wait4(pid, os.WNOHANG)
    if not ended:
        _answer(began)
        began = ""
        _, status, usage = os.wait4(pid, 0)
        # Else it would be taken for that of the next one.
        signal.sigtimedwait(ENDS, 0)
    code = os.waitstatus_to_exitcode(status)
    if not by_script:
        if code < 0:
            code = _told_of_signal(status, files[1])
        stopped = 0 in dict(poll.poll(0)) and _next() == STOPPED
        if tells:
            _leave(exit_path, b"" if stopped else b"%d\n" % code)
        elif not stopped:
            _add(exit_path, b"%d\n" % code, os.O_TRUNC)
    # A child begins with a view of our memory and is counted with that size.
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage.ru_maxrss * 1024 if usage.ru_maxrss > ours else 0
    _answer(f"{began} ended {code} {usage.ru_utime + usage.ru_stime:.6f} {peak}")


def _brand(brands: tuple[tuple[int, int], ...]) -> None:
    for limit, soft in brands:
        try:
            resource.setrlimit(limit, (soft, resource.getrlimit(limit)[1]))
        except (OSError, ValueError):
            pass  # Where that is not allowed, the environment tells all the same.


def _spawn(
    argv: tuple[bytes, ...],
    environ: "Environ",
    added: "Environ",
    files: tuple[bytes, bytes],
    _: Limits | None = None,
) -> int:
    """Start a program as the leader of a session; return its pid. It has no limits.

    Raises:
        OSError: it cannot be started, or its files cannot be opened.
    """
    whole = environ | added
    # Programs are looked for by this one, not by that which they get.
    os.environb[PATH] = whole[PATH]
    return os.posix_spawnp(
        argv[0],
        argv,
        whole,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, files[0], FRESH_LOG, 0o666),
            (os.POSIX_SPAWN_OPEN, 2, files[1], FRESH_LOG, 0o666),
        ],
        setsid=True,
        setsigmask=[],
        setsigdef=DEFAULT_SIGNALS,
    )


def _told_of_signal(status: int, log: bytes) -> int:
    """Tell what killed a command, as a shell does, and return the number that it makes of it."""
    number = os.WTERMSIG(status)
    if number not in UNTOLD:
        core = " (core dumped)" if os.WCOREDUMP(status) else ""
        _add(log, f"{signal.strsignal(number)}{core}\n".encode(), os.O_APPEND)
    return 128 + number


def _birth(pid: int) -> int:
    """Return when a child started, also if it ended since: it has its entry until it is reaped."""
    file = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
    try:
        return int(os.read(file, 1024).rpartition(b")")[2].split()[19])
    finally:
        os.close(file)


def _leave(path: bytes, text: bytes) -> None:
    """Write a file that is never seen in part: an empty one has a meaning of its own."""
    part = path + b".part"
    if _add(part, text, os.O_TRUNC):
        try:
            os.rename(part, path)  # noqa: PTH104 - no pathlib here
        except OSError:
            pass  # Whoever gave the order is told the code all the same.


def _add(path: bytes, text: bytes, how: int) -> bool:
    """Write to a file; False if that is not possible, of which nobody needs to be told."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o666)
        try:
            os.write(file, text)
        finally:
            os.close(file)
    except OSError:
        return False
    return True


def _answer(line: str) -> None:
    try:
        os.write(0, line.encode())
    except OSError:
        pass  # Nobody is there any more to hear it.


if __name__ == "__main__":
    main()
    # Python's own end takes longer than a command.
    os._exit(0)
