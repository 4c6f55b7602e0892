"""Stand-ins for what surrounds the loop: time, processes, memory, the user."""

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from automl.report.progress import Progress
from automl.spec.launch import Ended, Exit, Handle, Launch
from automl.spec.limits import Limits, TrialLimits
from automl.spec.objective import Objective
from automl.spec.parameters import Integer
from automl.spec.space import SearchSpace
from automl.spec.study import StudySpec
from automl.spec.task import BashTask, LocalReader
from automl.spec.trial import Trial

LIMITS = {"max_trials", "max_parallel", "fail_fast", "grace_s", "max_runtime_s"}
TRIAL_LIMITS = {"timeout_s", "timeout_factor", "no_progress_s", "max_retries", "retry_delay_s"}
PATTERN = r"value=(\S+)"
MANY = 20_000


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
        "objective": Objective(),
        "limits": Limits(**{"max_trials": 4, "max_parallel": 2} | limits),
        "trial_limits": TrialLimits(**trial_limits),
        "seed": 7,
        "cwd": str(cwd),
    }
    return StudySpec(**fields | changes)


class FakeClock:
    """Time that stands still until it is moved; the wall clock may be set apart."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.wall = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, duration_s: float) -> None:
        self.seconds += duration_s
        self.wall += timedelta(seconds=duration_s)

    def jump(self, seconds: float) -> None:
        """Set the wall clock only."""
        self.wall += timedelta(seconds=seconds)


@dataclass(frozen=True, kw_only=True)
class Job:
    """What one attempt does."""

    lasts_s: float = 1.0
    code: int | None = 0
    prints: str = "value=1.0\n"
    stubborn: bool = False
    out_of_memory: bool = False


class Died(BaseException):
    """The controller was killed."""


class FakeExecutor:
    """Plays processes and everything else that happens at a certain second.

    `wait` is the one place where time passes, as in the real loop.
    """

    def __init__(self, clock: FakeClock, program: Callable[[Launch, int], Job]) -> None:
        self.launches: list[int] = []
        self.running: dict[int, Launch] = {}
        self.at_once = 0
        self.refusals: list[Exception] = []
        self.cancelled: list[tuple[int, float]] = []
        self.waits = 0
        self.idle_waits = 0
        self._clock = clock
        self._program = program
        self._attempts: dict[int, int] = {}
        self._jobs: dict[int, Job] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._ended: list[Ended] = []

    def after(self, delay_s: float, what: Callable[[], None]) -> None:
        """Let something happen in `delay_s` seconds."""
        when = self._clock.monotonic() + delay_s
        heapq.heappush(self._due, (when, next(self._order), what))

    def submit(self, launch: Launch) -> Handle:
        if self.refusals:
            raise self.refusals.pop(0)
        trial = launch.trial_id
        assert trial not in self.running, f"trial {trial} runs twice at once"
        attempt = self._attempts[trial] = self._attempts.get(trial, 0) + 1
        job = self._jobs[trial] = self._program(launch, attempt)
        self.launches.append(trial)
        self.running[trial] = launch
        self.at_once = max(self.at_once, len(self.running))
        Path(launch.stdout).write_text("")
        Path(launch.stderr).write_text("")
        if job.lasts_s < float("inf"):
            self.after(job.lasts_s, lambda: self._finish(launch, attempt, job.code))
        return {"trial": trial, "host": "here", "boot": "now", "mark": launch.mark}

    def wait(self, timeout_s: float | None) -> Sequence[Ended]:
        self.waits += 1
        assert self.waits < MANY, "the loop goes round and round"
        assert timeout_s is not None
        until = self._clock.monotonic() + timeout_s
        while self._due and self._due[0][0] <= until and not self._ended:
            when, _, what = heapq.heappop(self._due)
            self._clock.sleep(max(0.0, when - self._clock.monotonic()))
            what()
        if not self._ended:
            self.idle_waits += 1
            self._clock.sleep(max(0.0, until - self._clock.monotonic()))
        ended, self._ended = self._ended, []
        return ended

    def cancel(self, handle: Handle, grace_s: float) -> None:
        trial = int(handle["trial"])
        self.cancelled.append((trial, grace_s))
        if trial in self.running:
            launch, attempt = self.running[trial], self._attempts[trial]
            stubborn = self._jobs[trial].stubborn
            kill = -9 if stubborn else -15
            self.after(
                grace_s if stubborn else 0.0, lambda: self._finish(launch, attempt, kill, told=True)
            )

    def attach(self, handle: Handle) -> bool:
        return int(handle["trial"]) in self.running

    def close(self) -> None:
        """Nothing to free."""

    def _finish(
        self, launch: Launch, attempt: int, code: int | None, *, told: bool = False
    ) -> None:
        trial = launch.trial_id
        if self.running.get(trial) is not launch or self._attempts[trial] != attempt:
            return
        del self.running[trial]
        job = self._jobs[trial]
        if not told:
            Path(launch.stdout).write_text(job.prints)
        if code is not None and code >= 0:
            Path(launch.exit_path).write_text(f"{code}\n")
        end = Exit(code=code, peak_memory_bytes=1, cpu_s=0.5, out_of_memory=job.out_of_memory)
        self._ended.append(Ended(trial_id=trial, exit=end))


class InOrder:
    """Proposes x = 0, 1, 2... up to the end of the space, never what was planned."""

    def __init__(self, size: int) -> None:
        self._size = size

    def suggest(self, trial_id: int, history: Sequence[Any]) -> dict[str, Any] | None:
        del trial_id
        seen = {told.params["x"] for told in history}
        return next(({"x": x} for x in range(self._size) if x not in seen), None)


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
    ended: list[Trial] = field(default_factory=list)
    shown: list[Progress] = field(default_factory=list)

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        del best
        self.ended.append(trial)

    def progress(self, progress: Progress) -> None:
        self.shown.append(progress)

    def close(self) -> None:
        """Nothing to clean up."""


def offers(size: int, skip: set[int] = frozenset()) -> Iterator[dict[str, int]]:  # type: ignore[assignment]
    """The proposals x = 0, 1, 2..., without those to skip."""
    return ({"x": x} for x in range(size) if x not in skip)
