"""Runs one command and tells what it took.

    python -I -S measured.py ASKED COMMAND...

ASKED is JSON: `into`, the file that gets the numbers, in the form of `reports.jsonl`, and
`numbers`, each with its name, what it is, and the path of a size. Where nothing says that a study
runs it, the numbers are printed instead. A command that was asked to end tells none: they would
be those of a part of it.

It loads nothing of this package, so that it is there in some milliseconds, and so that the Python
that runs it need not have the package.
"""

import json
import os
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn

MARK = b"AUTOML_MARK"
"""The variable of `automl.inside.marks`."""

WALL, CPU, MEMORY, CODE, SIZE = (
    "wall_seconds",
    "cpu_seconds",
    "peak_memory_mb",
    "exit_code",
    "size_bytes",
)
"""What can be told of a command."""

_BYTES_PER_MB = 10**6
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
_ASKS_TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_NOT_FOUND, _NOT_STARTED, _BY_SIGNAL = 127, 126, 128
"""Exit codes, as shells have them."""

State = tuple[tuple[str, int, int, int, int], ...]


class Run:
    """One run of a command.

    Attributes:
        numbers: what is known of it once it has ended, but for sizes.
        asked_to_end: whether a signal came that asks to end.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, float] = {}
        self.asked_to_end = False

    def run(self, words: list[str], environment: "dict[bytes, bytes]") -> None:
        """Run the command to its end."""
        begun = time.monotonic()
        # One that comes before it would be noted must wait, not end this process.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ASKS_TO_END)
        child = os.fork()
        if not child:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            _become(words, environment)
        # They reach the command as well: how it takes them is what counts.
        for number in _ASKS_TO_END:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._note)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        _, status, usage = os.wait4(child, 0)
        code = os.waitstatus_to_exitcode(status)
        self.numbers = {
            WALL: time.monotonic() - begun,
            CPU: usage.ru_utime + usage.ru_stime,
            MEMORY: usage.ru_maxrss * _MAXRSS_UNIT / _BYTES_PER_MB,
            CODE: code if code >= 0 else _BY_SIGNAL - code,
        }

    def _note(self, *_: object) -> None:
        self.asked_to_end = True


def main(words: list[str]) -> int:
    """Run the command; return its exit code as a shell tells it."""
    asked = json.loads(words[0])
    environment = _environment()
    before = {path: state_of(path) for _, _, path in asked["numbers"] if path}
    run = Run()
    run.run(words[1:], environment)
    lines = []
    for name, what, path in asked["numbers"]:
        value = _written_size(path, before[path]) if path else run.numbers[what]
        if value is not None:
            lines.append(json.dumps({"name": name, "value": value, "final": True}))
    if lines and not run.asked_to_end:
        _tell("\n".join([*lines, ""]), asked["into"] if MARK in environment else "")
    return int(run.numbers[CODE])


def _environment() -> dict[bytes, bytes]:
    """Return the variables as they were given: in the C locale, Python changes one of them."""
    changed = b"LC_CTYPE"
    given = {name: value for name, value in os.environb.items() if name != changed}
    try:
        with open("/proc/self/environ", "rb") as file:  # noqa: PTH123 - no pathlib here
            before = [one.partition(b"=") for one in file.read().split(b"\0")]
    except OSError:
        return dict(os.environb)
    return given | {name: value for name, _, value in before if name == changed}


def _become(words: list[str], environment: dict[bytes, bytes]) -> "NoReturn":
    """Be the command from now on, in a child."""
    try:
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)  # Python ignores them, and so would the command.
        _execute(words, environment)
    except OSError as error:
        os.write(2, os.fsencode(f"cannot start {words[0]!r}: {error.strerror}\n"))
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        os._exit(_NOT_FOUND if missing else _NOT_STARTED)
    finally:
        os._exit(_NOT_STARTED)


def _execute(words: list[str], environment: dict[bytes, bytes]) -> None:
    try:
        os.execvpe(words[0], words, environment)  # noqa: S606 - it is what was asked for
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        raise
    except OSError:
        # A script whose first line names no shell; shells start it so.
        os.execve("/bin/sh", ["sh", *words], environment)  # noqa: S606


def _written_size(path: str, before: State) -> int | None:
    """Return the bytes of what the command wrote, None if it did not write it."""
    return None if state_of(path) == before else size_of(path)


def size_of(path: str) -> int | None:
    """Return the bytes of a file, or of all files in a folder, each once; None if there is none."""
    found = {(one.st_dev, one.st_ino): one.st_size for _, one in _files(path)}
    return sum(found.values()) if found or os.path.isdir(path) else None  # noqa: PTH112


def state_of(path: str) -> State:
    """Return what tells whether a file, or anything in a folder, was written since."""
    return tuple(
        sorted(
            (one, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            for one, found in _files(path, folders=True)
        )
    )


def _files(path: str, *, folders: bool = False) -> "Iterator[tuple[str, os.stat_result]]":
    """Yield a file, or those in a folder, with their status; links in a folder are as they are."""
    if not os.path.isdir(path):  # noqa: PTH112
        try:
            yield path, os.stat(path)  # noqa: PTH116
        except OSError:
            return
    for folder, _, names in os.walk(path):
        for one in (*([folder] if folders else []), *(f"{folder}/{name}" for name in names)):
            try:
                yield one, os.lstat(one)
            except OSError:
                continue  # It was removed meanwhile.


def _tell(lines: str, into: str) -> None:
    """Add lines to a file, or print them where there is none."""
    if not into:
        sys.stderr.write(lines)
        return
    try:
        file = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        data = lines.encode()
        while data:
            data = data[os.write(file, data) :]
    except OSError as error:
        sys.stderr.write(f"cannot tell what the command took: {error}\n")


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)
