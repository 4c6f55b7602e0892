"""One call of a function in a process of its own, with a time limit."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import IO, NamedTuple

from automl.forks import held_off
from automl.inside.reading.call import CURVES, MODULE, REASON
from automl.inside.reading.curves import Curve

MOST_BYTES = 64 << 20
"""So much it may print, or answer."""

_LOOK_S = 0.02
_SHOWN_BYTES = 4096
_SHOWN_CHARS = 200
_MARGIN_S = 10.0
"""So much later it ends by itself, should nobody be left who ends it."""

_CRASHED_AT = re.compile(r'^  File "(?P<file>[^"]*)", line (?P<line>\d+) in', re.MULTILINE)
"""How Python's fault handler shows the first frame."""


class Answer(NamedTuple):
    """What came of a call.

    Attributes:
        curves: what it gave, by name, an empty one for a number without one.
        reason: why it gave nothing; empty if it did.
    """

    curves: Mapping[str, Curve]
    reason: str = ""


class FunctionProcess:
    """A call that was begun; it leads a group of processes, all of which end with it.

    Args:
        function: `module:name` or `path/to/file.py:name`.
        arguments: what it is called with.
        cwd: its working directory, in which it is looked for; that of this process if empty.
        limit_s: the seconds that it may take.

    Raises:
        OSError: no process can be started.
    """

    def __init__(self, function: str, arguments: Sequence[str], cwd: str, limit_s: float) -> None:
        self._limit_s = limit_s
        self._answers: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - as long as it lives
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - likewise
        number = self._answers.fileno()
        words = [str(os.getpid()), str(number), repr(limit_s + _MARGIN_S), function, *arguments]
        try:
            with held_off():
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", MODULE, *words],
                    cwd=cwd or None,
                    stdin=subprocess.DEVNULL,
                    stdout=self._output,
                    stderr=self._output,
                    pass_fds=[number],
                    start_new_session=True,
                )
        except BaseException:
            self._close()
            raise
        self._until_s = time.monotonic() + limit_s

    def answer(self, wait_s: float) -> Answer | None:
        """Return what came of it, at the latest after so many seconds; None if it goes on."""
        until_s = min(time.monotonic() + wait_s, self._until_s)
        while not self._has_ended():
            if os.fstat(self._output.fileno()).st_size > MOST_BYTES:
                return self._given_up(f"it printed more than {MOST_BYTES >> 20} MiB")
            if time.monotonic() >= self._until_s:
                return self._given_up(f"it took more than {self._limit_s:g} s, and was ended")
            if time.monotonic() >= until_s:
                return None
            time.sleep(_LOOK_S)
        # Before it is waited for: until then its group has no other owner.
        self._kill()
        code = self._process.wait()
        try:
            return self._read(code)
        finally:
            self._close()

    def end(self) -> None:
        """End it, with all processes of its group."""
        if self._process.returncode is None:
            self._kill()
            self._process.wait()
        self._close()

    def _given_up(self, reason: str) -> Answer:
        self.end()
        return Answer({}, reason)

    def _has_ended(self) -> bool:
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, flags) is not None

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _close(self) -> None:
        self._answers.close()
        self._output.close()

    def _read(self, code: int) -> Answer:
        self._answers.seek(0)
        data = self._answers.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            return Answer({}, f"it gave more than {MOST_BYTES >> 20} MiB of numbers")
        with contextlib.suppress(ValueError, TypeError, KeyError):
            told = json.loads(data)
            return Answer({}, told[REASON]) if REASON in told else Answer(told[CURVES])
        how = f"signal {_name_of(-code)}" if code < 0 else f"exit code {code}"
        return Answer({}, f"its process ended by {how} before it returned{self._last_words()}")

    def _last_words(self) -> str:
        size = os.fstat(self._output.fileno()).st_size
        self._output.seek(max(0, size - _SHOWN_BYTES))
        text = self._output.read(_SHOWN_BYTES).decode(errors="replace")
        if crashed := _CRASHED_AT.search(text):
            return f" ({os.path.basename(crashed['file'])}, line {crashed['line']})"  # noqa: PTH119
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return f": {lines[-1][:_SHOWN_CHARS]}" if lines else ""


def _name_of(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
