"""Played processes: they print what a task's trainings print, on a clock that is turned."""

import json
import math
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from automl.executors.executor import Found, Wanted
from automl.study.launch import Ended as LaunchEnded
from automl.study.launch import Handle, Launch, News
from automl.testing import FakeClock, FakeExecutor, FakeRun
from benchmarks.search.task import Played, Trained, Values, counted
from benchmarks.search.trace import Ended

WORDS = ("{{ trial.seed }}",)
"""What the played command is told of its trial."""

BUDGET_WORDS = ("{{ trial.budget }}", "{{ trial.previous_budget }}", "{{ trial.checkpoint_dir }}")
"""What it is told as well where there are budgets."""

BUDGET = 27
"""The whole budget, in parts of a full training."""

VALUE = "value"
"""What is printed before the number that counts."""

_COMMAND = re.compile(r"^.*\(exec (true .*)\)", re.MULTILINE)


def more_name(number: int) -> str:
    """Return what is printed before a further objective, from 0."""
    return f"more{number}"


@dataclass(slots=True, kw_only=True)
class _Process:
    """One launch: it prints the part of a training from one share of it to another."""

    launch: Launch
    values: Values
    played: Played
    began_s: float
    since: float
    until: float
    printed: int = field(default=0)

    @property
    def takes_s(self) -> float:
        return self.played.duration_s * (self.until - self.since)

    def print_until(self, now_s: float, *, whole: bool) -> None:
        """Write the lines that are due: those of an earlier launch at once, one at the least.

        Args:
            now_s: this second.
            whole: it has just ended by itself, whatever floats make of its time.
        """
        passed = 1.0 if whole else min(1.0, (now_s - self.began_s) / self.takes_s)
        share = self.since + (self.until - self.since) * passed
        # A float that falls just short of a line must not hold it back.
        due = max(math.floor(len(self.played.curve) * share + 1e-9), int(whole))
        if due > self.printed:
            lines = [f"{VALUE}={value!r}\n" for value in self.played.curve[self.printed : due]]
            if whole:
                lines += [f"{more_name(n)}={value!r}\n" for n, value in enumerate(self.played.more)]
            self.printed = due
            with Path(self.launch.stdout).open("a", encoding="utf-8") as file:
                file.write("".join(lines))


class PlayedProcesses:
    """Keeps the contract of executors; every launch is a training of a task.

    Args:
        task: what is trained.
        clock: the time; `wait` turns it.
        streams: lines appear while a launch runs, not only at its end, which costs time.
        continues: a launch with a larger budget goes on where the one before it ended.

    Attributes:
        ends: the launches that ended, in the order of time.
    """

    def __init__(
        self, task: Trained, clock: FakeClock, *, streams: bool = False, continues: bool = True
    ) -> None:
        self.ends: list[Ended] = []
        self._task = task
        self._clock = clock
        self._streams = streams
        self._continues = continues
        self._inner = FakeExecutor(self._program, clock)
        self._running: dict[int, _Process] = {}

    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        """Start trainings."""
        return self._inner.submit(launches)

    def wait(self, timeout_s: float | None) -> Sequence[News]:
        """Let time pass until a training begins or ends, at most so long."""
        news = self._inner.wait(timeout_s)
        now_s = self._clock.monotonic()
        codes = {one.trial_id: one.exit.code for one in news if isinstance(one, LaunchEnded)}
        for trial_id, process in self._running.items():
            if self._streams or trial_id in codes:
                process.print_until(now_s, whole=codes.get(trial_id) == 0)
        for trial_id, code in codes.items():
            self._end(self._running.pop(trial_id), now_s, stopped=code != 0)
        return news

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        """Stop trainings at once."""
        self._inner.cancel(handles, grace_s)

    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        """Look for trainings of an earlier controller; there is none."""
        return self._inner.find(wanted)

    def close(self) -> None:
        """Start nothing more."""
        self._inner.close()

    def _program(self, launch: Launch) -> FakeRun:
        folder = Path(launch.script).parent
        values = json.loads((folder / "params.json").read_text("utf-8"))
        _, seed, *budgets = _words(Path(launch.script))
        until, since = (float(text) / BUDGET for text in budgets[:2]) if budgets else (1.0, 0.0)
        process = _Process(
            launch=launch,
            values=values,
            played=self._task.play(values, int(seed)),
            began_s=self._clock.monotonic(),
            since=since if self._continues else 0.0,
            until=until,
        )
        self._running[launch.trial_id] = process
        return FakeRun(after_s=process.takes_s)

    def _end(self, process: _Process, now_s: float, *, stopped: bool) -> None:
        seen = process.played.curve[: process.printed]
        self.ends.append(
            Ended(
                trial_id=process.launch.trial_id,
                values=process.values,
                ended_s=now_s,
                spent_s=now_s - process.began_s,
                value=None if stopped else counted(self._task.final, seen),
                whole=process.played.value,
                budget=process.until,
            )
        )


def _words(script: Path) -> list[str]:
    found = _COMMAND.search(script.read_text("utf-8"))
    return shlex.split(found[1]) if found else []
