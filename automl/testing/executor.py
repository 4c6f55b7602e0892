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
from automl.executors.executor import Found, Runs, Wanted
from automl.executors.local.adoption.collected import collected
from automl.study.launch import Began, Ended, EndKind, Exit, Handle, Launch, News, Queued
from automl.testing.clock import FakeClock
from automl.waker import Waker

NAME = "fake"
_BOOT = "boot"


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeRun:
    """What a launch does.

    Args:
        queued_s: it begins only after so many seconds.
        after_s: it ends by itself so many seconds after it began; never if None.
        exit: how it ends by itself.
        files: what it writes, text by path, at its start; appended as a program would.
        stop_s: how many seconds it takes to end once it is asked to; it has to be killed if None.
        error: why it cannot even be started; empty if it can.
    """

    queued_s: float = 0.0
    after_s: float | None = 0.0
    exit: Exit = field(default_factory=lambda: Exit(code=0))
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stop_s: float | None = 0.0
    error: str = ""


@dataclass(slots=True)
class _Taken:
    launch: Launch
    run: FakeRun
    begins_at: float
    exit: Exit
    began: bool = False
    ends_at: float = float("inf")
    reported: bool = False

    @property
    def next_s(self) -> float:
        """The second at which something happens to it."""
        return self.ends_at if self.began else self.begins_at


class FakeMachine:
    """The processes that go on when their executor is gone; hand it to the next executor."""

    def __init__(self) -> None:
        self.started: dict[int, _Taken] = {}

    def find(self, handle: Handle) -> _Taken | None:
        """Return the launch that a handle tells of, by pid or else by trial and attempt."""
        if "pid" in handle:
            return self.started.get(int(handle["pid"]))
        asked = handle["trial"], handle.get("study", ""), handle.get("attempt", 1)
        named = [one for one in self.started.values() if _names(one) == asked]
        return named[-1] if named else None


def _names(one: _Taken) -> tuple[object, ...]:
    handle = one.launch.handle(NAME)
    return handle["trial"], handle["study"], handle["attempt"]


class FakeExecutor:
    """Keeps the contract of executors without a process.

    `wait` turns the clock to the next beginning or end, or on by its time-out. Without a limit and
    with nothing that ever happens it returns nothing, where a real one would block.

    Args:
        program: says what a launch does; called at each submission.
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
        self._watched: dict[int, _Taken] = {}
        self._refused: list[Ended] = []
        self._closed = False
        self.launches: list[Launch] = []

    @property
    def is_due(self) -> bool:
        """Whether `wait` tells something before any time passes."""
        now = self._clock.monotonic()
        return bool(self._refused) or any(one.next_s <= now for one in self._watched.values())

    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        """Take launches, to begin in the next `wait` that reaches their second."""
        for launch in launches:
            why = "the executor is closed" if self._closed else "it is still running"
            if self._closed or launch.trial_id in self._watched:
                raise LaunchError(f"trial {launch.trial_id}: not started, as {why}")
        return [self._take(launch) for launch in launches]

    def _take(self, launch: Launch) -> Handle:
        run = self._program(launch)
        if run.error:
            why = f"trial {launch.trial_id}: {run.error}"
            refusal = Ended(trial_id=launch.trial_id, kind=EndKind.REFUSED, problem=why)
            self._refused.append(refusal)
            return launch.handle(NAME)
        taken = _Taken(launch, run, self._clock.monotonic() + run.queued_s, run.exit)
        self._machine.started[len(self._machine.started) + 1] = taken
        self._watched[launch.trial_id] = taken
        self.launches.append(launch)
        return launch.handle(NAME)

    def wait(self, timeout_s: float | None) -> Sequence[News]:
        """Return what has happened by the time that the next thing happens."""
        woken = self._woken()
        now = self._clock.monotonic()
        limit = float("inf") if timeout_s is None else now + timeout_s
        until = min([one.next_s for one in self._watched.values()] + [limit])
        if not (woken or self._refused) and until not in (now, float("inf")):
            self._clock.advance(max(0.0, until - now))
        refused, self._refused = self._refused, []
        return [*refused, *self._begun(), *self._over()]

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        """Let launches end when they would once asked, at the latest after the grace."""
        for handle in handles:
            self._cancel(handle, grace_s)

    def _cancel(self, handle: Handle, grace_s: float) -> None:
        taken = self._watched.get(int(handle["trial"]))
        # An earlier attempt's handle must not stop the one after it.
        if taken is None or taken is not self._machine.find(handle):
            return
        now, run = self._clock.monotonic(), taken.run
        if not taken.began:
            taken.reported = True
            del self._watched[taken.launch.trial_id]
            self._refused.append(Ended(trial_id=taken.launch.trial_id, kind=EndKind.CANCELLED))
            return
        asked = run.stop_s is not None and run.stop_s <= grace_s
        ends_at = now + (run.stop_s or 0.0 if asked else grace_s)
        if ends_at < taken.ends_at:
            taken.ends_at = ends_at
            taken.exit = Exit(code=-15 if asked else -9)

    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        """Look for launches that another executor of the same machine took."""
        return [self._found(one) for one in wanted]

    def _found(self, wanted: Wanted) -> Found:
        handle, now = wanted.handle, self._clock.monotonic()
        here = (handle.get("host", NAME), handle.get("boot", _BOOT)) == (NAME, _BOOT)
        taken = self._machine.find(handle) if here and wanted.adopt else None
        if taken is None or taken.reported or taken.ends_at <= now:
            return collected(wanted, self._clock.now())
        trial_id = taken.launch.trial_id
        self._watched[trial_id] = taken
        if not taken.began:
            return Queued(trial_id=trial_id)
        ran_s = now - taken.begins_at
        return Runs(trial_id=trial_id, handle={**self._handle(taken), **handle}, ran_s=ran_s)

    def close(self) -> None:
        """Start nothing more; what runs goes on in the machine."""
        self._closed = True

    def _handle(self, taken: _Taken) -> Handle:
        pid = next(pid for pid, one in self._machine.started.items() if one is taken)
        named = taken.launch.handle(NAME)
        return {**named, "host": NAME, "boot": _BOOT, "pid": pid, "start": pid}

    def _woken(self) -> bool:
        if self._waker is None or not select.select([self._waker.fileno()], [], [], 0)[0]:
            return False
        self._waker.clear()
        return True

    def _begun(self) -> list[News]:
        now = self._clock.monotonic()
        news: list[News] = []
        for trial_id, taken in self._watched.items():
            if not taken.began and taken.begins_at <= now:
                _begin(taken)
                news.append(Began(trial_id=trial_id, handle=self._handle(taken)))
        return news

    def _over(self) -> list[Ended]:
        now = self._clock.monotonic()
        ended = []
        for trial_id, taken in list(self._watched.items()):
            if taken.ends_at <= now:
                del self._watched[trial_id]
                taken.reported = True
                _leave_code(taken)
                ended.append(Ended(trial_id=trial_id, exit=taken.exit))
        return ended


def _begin(taken: _Taken) -> None:
    """Write what the program writes, and let its time run."""
    for path, text in taken.run.files.items():
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    taken.began = True
    if taken.run.after_s is not None:
        taken.ends_at = taken.begins_at + taken.run.after_s


def _leave_code(taken: _Taken) -> None:
    """Write the exit file, which a script that was killed leaves out."""
    code, path = taken.exit.code, taken.launch.exit_path
    if code is not None and code >= 0 and os.path.isdir(os.path.dirname(path)):  # noqa: PTH112, PTH120
        Path(path).write_text(f"{code}\n", encoding="ascii")
