"""Stand-ins for what surrounds the loop: time, processes, memory, the user."""

import heapq
import itertools
import os
import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from automl.executors.executor import Found, Runs, Wanted
from automl.search.sampler import Answer, Nothing, Proposal
from automl.show.progress import Progress
from automl.space.parameters import Integer
from automl.space.space import SearchSpace
from automl.study.launch import Ended, EndKind, Exit, Handle, Launch, News
from automl.study.limits import Limits, TrialLimits
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial
from automl.testing import FakeClock, FakeExecutor, FakeMachine, FakeRun
from automl.waker import Waker

LIMITS = {"max_trials", "max_parallel", "fail_fast", "grace_s", "max_runtime_s"}
TRIAL_LIMITS = {"timeout_s", "timeout_factor", "no_progress_s", "max_retries", "retry_delay_s"}
PATTERN = r"value=(\S+)"
MANY = 20_000
DEADLINE_S = 100.0


def make_spec(cwd: Path | str = "/", **changes: Any) -> StudySpec:
    """A study over x = 0, 1, 2...; limits may be given beside the fields of the study."""
    limits = {name: changes.pop(name) for name in LIMITS & changes.keys()}
    trial_limits = {name: changes.pop(name) for name in TRIAL_LIMITS & changes.keys()}
    size = changes.pop("size", 1000)
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    task = BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader)
    fields: dict[str, Any] = {
        "name": "study",
        "space": SearchSpace((Integer(name="x", min_value=0, max_value=size - 1),)),
        "tasks": (task,),
        "limits": Limits(**{"max_trials": 4, "max_parallel": 2} | limits),
        "trial_limits": TrialLimits(**trial_limits),
        "seed": 7,
        "cwd": str(cwd),
    }
    return StudySpec(**fields | changes)


class Died(BaseException):
    """The controller was killed."""


def prints(launch: Launch, text: str = "value=1.0", **changes: Any) -> FakeRun:
    """A launch that prints one line at its start and ends well after a second."""
    return FakeRun(**{"after_s": 1.0, "files": {launch.stdout: f"{text}\n"}} | changes)


def fails(launch: Launch, line: str = "boom", code: int = 1, **changes: Any) -> FakeRun:
    """A launch that prints one line and fails after a second."""
    files = {launch.stderr: f"{line}\n"}
    return FakeRun(**{"after_s": 1.0, "files": files, "exit": Exit(code=code)} | changes)


class Stage:
    """An executor in whose `wait` everything else happens too, each at its second.

    Args:
        program: what a launch does.
        clock: the time.
        machine: what an earlier controller's executor left running.
        waker: wakes whoever waits.

    Attributes:
        thinks: whether another thread is at something that no time passes for.
    """

    def __init__(
        self,
        program: Callable[[Launch], FakeRun],
        clock: FakeClock,
        machine: FakeMachine,
        waker: Waker,
    ) -> None:
        self.thinks: Callable[[], bool] = lambda: False
        self._waker = waker
        self.refusals: list[Exception] = []
        self._refused: list[Ended] = []
        self.cancelled: list[tuple[int, float]] = []
        self.starts: list[int] = []
        self.starts_at: list[float] = []
        self.running: set[int] = set()
        self._exits: dict[int, str] = {}
        self.at_once = 0
        self.waits = 0
        self._clock = clock
        self._inner = FakeExecutor(program, clock, machine)
        self._ahead: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def after(self, delay_s: float, what: Callable[[], object]) -> None:
        """Let something happen in `delay_s` seconds."""
        when = self._clock.monotonic() + delay_s
        heapq.heappush(self._ahead, (when, next(self._order), what))

    def forget(self) -> None:
        """Let nothing more happen but the ends of launches."""
        self._ahead.clear()

    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        return [self._submit(launch) for launch in launches]

    def _submit(self, launch: Launch) -> Handle:
        if self.refusals:
            why = self.refusals.pop(0)
            refused = {"kind": EndKind.REFUSED, "problem": str(why)}
            number = getattr(why, "errno", None)
            self._refused.append(Ended(trial_id=launch.trial_id, errno=number, **refused))
            return launch.handle("fake")
        (handle,) = self._inner.submit([launch])
        self._set_time(launch.script)
        self._exits[launch.trial_id] = launch.exit_path
        self.starts.append(launch.trial_id)
        self.starts_at.append(self._clock.monotonic())
        self.running.add(launch.trial_id)
        self.at_once = max(self.at_once, len(self.running))
        return handle

    def wait(self, timeout_s: float | None) -> Sequence[News]:
        self.waits += 1
        assert self.waits < MANY, "the loop goes round and round"
        assert timeout_s is not None
        if self._refused or self._inner.is_due:
            refused, self._refused = self._refused, []
            return [*refused, *self._heard(0.0)]
        if self.thinks():
            assert select.select([self._waker], [], [], DEADLINE_S)[0], "no thought came"
            self._waker.clear()
            return []
        until = self._clock.monotonic() + timeout_s
        while True:
            now = self._clock.monotonic()
            pause = min([until] + [when for when, *_ in self._ahead[:1]]) - now
            news = self._heard(max(0.0, pause))
            now = self._clock.monotonic()
            while self._ahead and self._ahead[0][0] <= now:
                heapq.heappop(self._ahead)[2]()
            if news or now >= until:
                return news

    def _heard(self, timeout_s: float) -> Sequence[News]:
        news = self._inner.wait(timeout_s)
        for one in news:
            if isinstance(one, Ended):
                self.running.discard(one.trial_id)
                self._set_time(self._exits.get(one.trial_id, ""))
        return news

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        self.cancelled.extend((int(handle["trial"]), grace_s) for handle in handles)
        self._inner.cancel(handles, grace_s)

    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        found = self._inner.find(wanted)
        self.running.update(one.trial_id for one in found if isinstance(one, Runs))
        return found

    def close(self) -> None:
        self._inner.close()

    def _set_time(self, path: str) -> None:
        """Give a file the played time, which the file system does not know."""
        now_s = self._clock.now().timestamp()
        if Path(path).is_file():
            os.utime(path, (now_s, now_s))


class InOrder:
    """Proposes x = 0, 1, 2... up to the end of the space, never what was planned."""

    def __init__(self, size: int) -> None:
        self._size = size

    def propose(self, trial_id: int, history: Sequence[Any]) -> Answer:
        del trial_id
        seen = {told.params["x"] for told in history}
        free = (x for x in range(self._size) if x not in seen)
        return next((Proposal(params={"x": x}) for x in free), Nothing.USED_UP)


@dataclass
class Plenty:
    """A machine with memory to spare, or with as much as a test says."""

    total_bytes: int = 64 << 30
    available: int = 64 << 30

    def available_bytes(self) -> int:
        return self.available


@dataclass
class FakeObserver:
    """Remembers what it was told."""

    interval_s: float = 1.0
    holds: bool = False
    ended: list[Trial] = field(default_factory=list)
    shown: list[Progress] = field(default_factory=list)

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        del best
        self.ended.append(trial)

    def progress(self, progress: Progress) -> None:
        self.shown.append(progress)

    def close(self) -> None:
        """Nothing to clean up."""
