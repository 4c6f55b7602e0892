"""Behaves as no training program should; prints `acc=0.5` once it does. Notes all its processes."""

import os
import signal
import sys
import time
from pathlib import Path

FOREVER_S = 600


def noted() -> None:
    with Path("pids").open("a") as file:
        file.write(f"{os.getpid()}\n")


def stubborn(*, session: bool) -> None:
    """Start a child that ignores TERM."""
    if os.fork() == 0:
        if session:
            os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        noted()
        time.sleep(FOREVER_S)
        os._exit(0)


def says(text: bytes = b"acc=0.5\n") -> None:
    os.write(1, text)


def forks() -> None:
    stubborn(session=False)
    stubborn(session=True)
    noted()
    says()


def daemon() -> None:
    there, ready = os.pipe()
    if os.fork():
        os.read(there, 1)
        os._exit(0)
    os.setsid()
    stubborn(session=True)
    noted()
    says()
    os.write(ready, b"x")


def no_newline() -> None:
    noted()
    says(b"x" * 1000 + b" acc=0.5 ")
    os._exit(0)


def stdin() -> None:
    noted()
    sys.stdin.read()
    says()


def binary() -> None:
    noted()
    says(bytes(range(256)) * 40 + b"\n")
    says()


def closed() -> None:
    noted()
    os.close(0)
    os.close(2)
    says()
    os.close(1)


def locked(folder: str) -> None:
    noted()
    inner = Path(folder, "a", "b")
    inner.mkdir(parents=True)
    inner.chmod(0)
    inner.parent.chmod(0)
    says()


def unmarked() -> None:
    if os.fork() == 0:
        os.execve(  # noqa: S606 - its environment is the point
            sys.executable, [sys.executable, __file__, "forks"], {}
        )
    noted()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    time.sleep(FOREVER_S)
