"""A command, run for seconds by what runs trials, and ended with all that it started."""

import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from automl.clock import Clock, SystemClock
from automl.errors import LaunchError
from automl.executors.executor import Executor
from automl.executors.modes import MODES
from automl.executors.site import Clearing, Kin
from automl.journal.folder import StudyFolder, TrialFolder
from automl.launch.environment import shaping, shell_of
from automl.loop.machine.interrupts import Interrupts
from automl.render.script import export_lines, trial_script
from automl.study.launch import Began, Ended, EndKind, Exit, Handle, Launch
from automl.waker import Waker

GRACE_S = 1.0
"""Seconds between asking it to end and killing it."""

LOOK_S = 0.1
"""Seconds between two looks at what it prints."""


class EndedBy(StrEnum):
    """What ended it."""

    ITSELF = "itself"
    TIME = "time"
    OUTPUT = "output"
    """It printed too much."""

    ENOUGH = "enough"
    """What it had printed by then was enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is run, and for how long.

    Attributes:
        words: the command.
        cwd: absolute path of its working directory.
        environ: this process's environment, of which it gets all.
        more: variables that it gets besides.
        limit_s: for how long it may run.
        most_bytes: how much it may print on both streams together.
        enough: looks at what it printed, and tells whether that is enough.
        clock: the time.
    """

    words: Sequence[str]
    cwd: str
    environ: Mapping[str, str]
    more: Mapping[str, str] = field(default_factory=dict)
    limit_s: float
    most_bytes: int
    enough: Callable[[TrialFolder], bool] = lambda _: False
    clock: Clock = field(default_factory=SystemClock)


@dataclass(frozen=True, slots=True)
class Ran:
    """How it went.

    Attributes:
        by: what ended it.
        exit: how it ended.
        lasted_s: how long it ran.
    """

    by: EndedBy
    exit: Exit
    lasted_s: float


@contextmanager
def short_lived_folder() -> Iterator[TrialFolder]:
    """Make a folder for one short run, which is removed with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="automl-init-", ignore_cleanup_errors=True) as place:
        folder = StudyFolder(Path(place), "init").trial(0)
        Path(folder.path).mkdir(parents=True)
        yield folder


def run_shortly(job: Job, folder: TrialFolder) -> Ran:
    """Run a command until it ends, or it is time to end it; nothing of it is left running.

    Args:
        job: what is run.
        folder: where its script and what it prints are kept.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C, or a signal asked this process to end.
        LaunchError: it cannot be started.
        OSError: its script cannot be written.
    """
    site = MODES.create("local", {})
    uid = secrets.token_hex(8)
    script = trial_script(
        title="A short run for a study file",
        cwd=job.cwd,
        exports=export_lines({**shaping(job.environ), **job.more}),
        commands=[tuple(job.words)],
        prologue=site.prologue,
    )
    Path(folder.script).write_text(script, encoding="utf-8", errors="surrogateescape")
    launch = _launch(folder, uid, shell_of(job.environ))
    waker = Waker()
    try:
        with Interrupts(waker) as interrupts:
            executor = site.executor(waker, job.clock)
            try:
                return _Running(job, folder, executor, lambda: interrupts.count).run(launch)
            finally:
                executor.close()
                kin = Kin(place=launch.place, uid=uid, trials=(0,))
                clearing = Clearing(kin=kin, clock=job.clock, grace_s=0.0, asked=lambda: 1)
                site.clear(clearing)
    finally:
        waker.close()


def _launch(folder: TrialFolder, uid: str, shell: str) -> Launch:
    return Launch(
        trial_id=0,
        script=folder.script,
        stdout=folder.stdout,
        stderr=folder.stderr,
        exit_path=folder.exit,
        mark=f"{uid}:0",
        place=str(Path(folder.path).resolve()),
        shell=shell,
    )


class _Running:
    """One launch from its start to its end.

    Args:
        job: what is run.
        folder: where it prints.
        executor: runs it.
        asks: how often the user asked to end.
    """

    def __init__(
        self, job: Job, folder: TrialFolder, executor: Executor, asks: Callable[[], int]
    ) -> None:
        self._job = job
        self._folder = folder
        self._executor = executor
        self._asks = asks
        self._handle: Handle = {}
        self._by = EndedBy.ITSELF
        self._hurried = 0

    def run(self, launch: Launch) -> Ran:
        """Run it, and return how it went.

        Raises:
            LaunchError: it cannot be started.
        """
        since = self._job.clock.monotonic()
        self._handle = self._executor.submit([launch])[0]
        try:
            while True:
                for news in self._executor.wait(LOOK_S):
                    if isinstance(news, Began):
                        self._handle = news.handle
                    elif isinstance(news, Ended):
                        self._handle = {}
                        return self._ended(news, self._job.clock.monotonic() - since)
                self._end_in_time(self._job.clock.monotonic() - since)
        finally:
            self._end_now()

    def _ended(self, ended: Ended, lasted_s: float) -> Ran:
        if self._hurried:
            raise KeyboardInterrupt
        if ended.kind is not EndKind.EXITED:
            raise LaunchError(ended.problem or "the command could not be started")
        return Ran(self._by, ended.exit, lasted_s)

    def _end_in_time(self, lasted_s: float) -> None:
        asks = self._asks()
        if asks > self._hurried:
            self._hurried = asks
            self._executor.cancel([self._handle], GRACE_S if asks == 1 else 0.0)
        elif not asks and self._by is EndedBy.ITSELF and (by := self._due(lasted_s)):
            self._by = by
            self._executor.cancel([self._handle], GRACE_S)

    def _due(self, lasted_s: float) -> EndedBy | None:
        if lasted_s >= self._job.limit_s:
            return EndedBy.TIME
        if sum(map(_size, (self._folder.stdout, self._folder.stderr))) > self._job.most_bytes:
            return EndedBy.OUTPUT
        return EndedBy.ENOUGH if self._job.enough(self._folder) else None

    def _end_now(self) -> None:
        """End what an exception left running."""
        if not self._handle:
            return
        self._executor.cancel([self._handle], 0.0)
        while not any(isinstance(news, Ended) for news in self._executor.wait(None)):
            pass


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
