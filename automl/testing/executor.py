"""An executor that runs nothing: a function says what each launch does, on a clock that is turned.

def program(launch):
return FakeRun(after_s=30, exit=Exit(code=0), files={metric: "0.9"})

executor = FakeExecutor(program, FakeClock())
"""

import os
import select
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from automl.errors import LaunchError
from automl.study.launch import Ended, Exit, Handle, Launch
from automl.testing.clock import FakeClock
from automl.waker import Waker

_HOST, _BOOT = "fake", "boot"


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeRun:
    """What a launch does.

    Args:
        after_s: it ends by itself after so many seconds; never if None.
        exit: how it ends by itself.
        files: what it writes, text by path, at its start; appended as a program would.
        stop_s: how many seconds it takes to end once it is asked to; it has to be killed if None.
        error: why it cannot even be started; empty if it can.
    """

    after_s: float | None = 0.0
    exit: Exit = field(default_factory=lambda: Exit(code=0))
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stop_s: float | None = 0.0
    error: str = ""


@dataclass(slots=True)
class _Started:
    launch: Launch
    run: FakeRun
    ends_at: float
    exit: Exit
    reported: bool = False


class FakeMachine:
    """The processes that go on when their executor is gone; hand it to the next executor."""

    def __init__(self) -> None:
        self.started: dict[int, _Started] = {}

    def find(self, handle: Handle) -> _Started | None:
        """Return the launch that a handle tells of, by pid or else by mark."""
        if "pid" in handle:
            return self.started.get(int(handle["pid"]))
        marked = [one for one in self.started.values() if one.launch.mark == handle["mark"]]
        return marked[-1] if marked else None


class FakeExecutor:
    """Keeps the contract of executors without a process.

    `wait` turns the clock to the next end, or on by its time-out. Without a limit and with nothing
    that ever ends it returns nothing, where a real one would block.

    Args:
        program: says what a launch does; called at each start.
        clock: what is turned.
        machine: where launches run; a new one if not given.
        waker: makes `wait` return early, before any time passes.
    """

    def __init__(
        self,
        program: Callable[[Launch], FakeRun],
        clock: FakeClock,
        machine: FakeMachine | None = None,
        waker: Waker | None = None,
    ) -> None:
        self._program = program
        self._clock = clock
        self._machine = machine or FakeMachine()
        self._waker = waker
        self._watched: dict[int, _Started] = {}
        self._closed = False
        self.launches: list[Launch] = []

    def submit(self, launch: Launch) -> Handle:
        """Start a launch: its files are written at once."""
        if self._closed:
            raise LaunchError(f"trial {launch.trial_id}: not started, as the executor is closed")
        if launch.trial_id in self._watched:
            raise LaunchError(f"trial {launch.trial_id}: not started, as it is still running")
        run = self._program(launch)
        if run.error:
            raise LaunchError(f"trial {launch.trial_id}: {run.error}")
        for path, text in run.files.items():
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(text)
        ends_at = float("inf") if run.after_s is None else self._clock.monotonic() + run.after_s
        pid = len(self._machine.started) + 1
        started = _Started(launch, run, ends_at, run.exit)
        self._machine.started[pid] = self._watched[launch.trial_id] = started
        self.launches.append(launch)
        return {
            "trial": launch.trial_id,
            "host": _HOST,
            "boot": _BOOT,
            "pid": pid,
            "start": pid,
            "mark": launch.mark,
            "exit": launch.exit_path,
        }

    def wait(self, timeout_s: float | None) -> Sequence[Ended]:
        """Return the launches that are over by the time that the next one ends."""
        woken = self._woken()
        now = self._clock.monotonic()
        limit = float("inf") if timeout_s is None else now + timeout_s
        until = min([one.ends_at for one in self._watched.values()] + [limit])
        if not woken and until not in (now, float("inf")):
            self._clock.advance(max(0.0, until - now))
        return self._over()

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        """Let launches end when they would once asked, at the latest after the grace."""
        for handle in handles:
            self._cancel(handle, grace_s)

    def _cancel(self, handle: Handle, grace_s: float) -> None:
        started = self._watched.get(int(handle["trial"]))
        # An earlier attempt's handle must not stop the one after it.
        if started is None or started is not self._machine.find(handle):
            return
        now, run = self._clock.monotonic(), started.run
        asked = run.stop_s is not None and run.stop_s <= grace_s
        ends_at = now + (run.stop_s or 0.0 if asked else grace_s)
        if ends_at < started.ends_at:
            started.ends_at = ends_at
            started.exit = Exit(code=-15 if asked else -9)

    def attach(self, handles: Sequence[Handle]) -> Sequence[Handle]:
        """Watch launches that another executor of the same machine started."""
        attached = [self._attached(handle) for handle in handles]
        return [handle for handle in attached if handle]

    def _attached(self, handle: Handle) -> Handle | None:
        if (handle["host"], handle["boot"]) != (_HOST, _BOOT):
            return None
        started = self._machine.find(handle)
        if started is None or started.reported or started.ends_at <= self._clock.monotonic():
            return None
        self._watched[started.launch.trial_id] = started
        pid = next(pid for pid, one in self._machine.started.items() if one is started)
        return {**handle, "pid": pid, "start": pid}

    def close(self) -> None:
        """Start nothing more; what runs goes on in the machine."""
        self._closed = True

    def _woken(self) -> bool:
        if self._waker is None or not select.select([self._waker.fileno()], [], [], 0)[0]:
            return False
        self._waker.clear()
        return True

    def _over(self) -> list[Ended]:
        now = self._clock.monotonic()
        ended = []
        for trial_id, started in list(self._watched.items()):
            if started.ends_at <= now:
                del self._watched[trial_id]
                started.reported = True
                if started.exit.code is not None and os.path.isdir(  # noqa: PTH112
                    os.path.dirname(started.launch.exit_path)  # noqa: PTH120
                ):
                    _leave_code(started)
                ended.append(Ended(trial_id=trial_id, exit=started.exit))
        return ended


def _leave_code(started: _Started) -> None:
    """Write the exit file, which a script that was killed leaves out."""
    code = started.exit.code
    if code is not None and code >= 0:
        Path(started.launch.exit_path).write_text(f"{code}\n", encoding="ascii")
