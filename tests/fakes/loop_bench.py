"""One study whose controllers run on played processes, with a real folder and journal."""

import contextlib
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from loop_fakes import Died, FakeObserver, InOrder, Plenty, Stage, make_spec, prints

from automl.engine.actions import Moment
from automl.engine.engine import Engine
from automl.engine.view import View
from automl.errors import StorageError
from automl.executors.machine.resources import Resources
from automl.journal.control import append_request
from automl.journal.events import Event
from automl.journal.fold import StudyState, fold
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal, load
from automl.journal.requests import Request
from automl.launch.launcher import Launcher
from automl.loop.leavings.disposal import Disposal
from automl.loop.machine.interrupts import Interrupts
from automl.loop.opening.study import OpenStudy, open_study
from automl.loop.rereading.rereading import Rereading
from automl.loop.rooms import Rooms
from automl.loop.runner import Runner
from automl.loop.trials.adoption import Legacy, take_stock
from automl.search.algorithms import Search
from automl.search.pruning.pruner import Pruner
from automl.search.pruning.pruners import make_pruner
from automl.study.launch import Launch
from automl.study.resources import Grant
from automl.study.trial import Trial
from automl.testing import FakeClock, FakeMachine, FakeRun
from automl.waker import Waker


class Disk:
    """What may be full: a journal and a launcher that cannot write then."""

    def __init__(self) -> None:
        self.full = False
        self.trials_full = False


class DiskJournal:
    """A journal on a disk that may be full."""

    def __init__(self, journal: Journal, disk: Disk) -> None:
        self._journal = journal
        self._disk = disk

    def append(self, events: Sequence[Event]) -> None:
        if self._disk.full:
            raise StorageError("cannot write to the journal: No space left on device")
        self._journal.append(events)

    def lost(self) -> str:
        return self._journal.lost()


class DiskLauncher(Launcher):
    """A launcher on a disk that may be full."""

    disk: Disk

    def prepare(self, trial: Trial, attempt: int, grant: Grant) -> Launch:
        if self.disk.trials_full:
            raise StorageError(f"trial {trial.id}: No space left on device")
        return super().prepare(trial, attempt, grant)


class Bench:
    """Plays controllers one after the other, each taking up what the last one left.

    Attributes:
        program: what a launch does; to be replaced before `run`.
        stage: the executor of the controller that runs or ran last.
        thinks: whether the time stands still, as a proposal is being made.
        pruner: what stops trials in place of the one of the study.
        search: makes what proposes trials, anew for each controller, from the seed in force.
    """

    def __init__(self, path: Path, **changes: Any) -> None:
        self.size = changes.get("size", 1000)
        self.spec = make_spec(path, **changes)
        self.clock = FakeClock()
        self.folder = StudyFolder(path, "study")
        self.disk = Disk()
        self.machine = FakeMachine()
        self.memory = Plenty()
        self.observer = FakeObserver()
        self.program: Callable[[Launch], FakeRun] = prints
        self.waker = Waker()
        self.stage = self._stage()
        self.interrupts = Interrupts(self.waker)
        self.legacy = Legacy()
        self.engine: Engine | None = None
        self.thinks: Callable[[Engine], bool] = lambda _: False
        self.pruner: Pruner | None = None
        self.search: Callable[[int], Search] | None = None

    def run(self) -> View:
        """Let one controller run to its end; raises Died where it is killed."""
        clock, spec = self.clock, self.spec
        self.interrupts = Interrupts(self.waker)
        study = open_study(spec, self.folder, clock, fresh=False)
        try:
            launcher = DiskLauncher(spec, self.folder, study.seed, study.uid, {"PATH": "/bin"})
            launcher.disk = self.disk
            self._rereading(study).run(launcher)
            now = Moment(clock.now(), clock.monotonic())
            trials = list(study.state.trials.values())
            self.legacy = take_stock(trials, self.folder, self.stage, launcher.note, name="fake")
            resources = Resources(
                spec.resources,
                spec.limits.max_parallel,
                memory=self.memory,
                cpus=range(8),
                environ={},
            )
            pruner = self.pruner
            if spec.pruner and not pruner:
                direction = spec.objectives.direction
                pruner = make_pruner(spec.pruner.type, spec.pruner.options, direction)
            self.engine = engine = Engine(
                spec,
                study.state,
                now.monotonic_s,
                resources.capacity,
                pruner,
                continues=launcher.continues,
            )
            search = self.search(study.seed) if self.search else None
            self.stage.thinks = lambda: self.thinks(engine)
            disposal = Disposal(spec, self.folder, launcher, lambda: bool(self.interrupts.count))
            rooms = Rooms(
                clock=clock,
                disposal=disposal,
                executor=self.stage,
                folder=self.folder,
                interrupts=self.interrupts,
                journal=DiskJournal(study.journal, self.disk),  # type: ignore[arg-type]
                launcher=launcher,
                observer=self.observer,
                resources=resources,
                search=search or Search(proposer=InOrder(self.size), aside=False),
                waker=self.waker,
            )
            runner = Runner(spec, engine, rooms)
            runner.take_over(self.legacy)
            with disposal.going_on(engine.view.trials.values(), engine.view.losers):
                runner.run()
            return engine.view
        finally:
            study.close()
            self.last_stage, self.stage = self.stage, self._stage()

    def live(self, lives: Sequence[tuple[float, float]]) -> View:
        """Run controllers that are killed one after the other, then one to its end; close all.

        Args:
            lives: for each that is killed, its seconds, and those until the next one begins.
        """
        try:
            for alive_s, away_s in lives:
                self.die_after(alive_s)
                with contextlib.suppress(Died):
                    self.run()
                self.away(away_s)
            return self.run()
        finally:
            self.close()

    def die_after(self, delay_s: float) -> None:
        """Kill the controller in `delay_s` seconds of its time."""

        def die() -> None:
            raise Died

        self.stage.after(delay_s, die)

    def interrupt_after(self, delay_s: float) -> None:
        """Let the user press Ctrl-C in `delay_s` seconds."""

        def press() -> None:
            self.interrupts.ask()

        self.stage.after(delay_s, press)

    def hang_up_after(self, delay_s: float) -> None:
        """Let the terminal go away in `delay_s` seconds."""

        def hang_up() -> None:
            self.interrupts.take(signal.SIGHUP)

        self.stage.after(delay_s, hang_up)

    def away(self, duration_s: float) -> None:
        """Let time pass in which the processes of the last controller go on without one."""
        self.last_stage.forget()
        until = self.clock.monotonic() + duration_s
        while self.clock.monotonic() < until:
            self.last_stage.wait(until - self.clock.monotonic())

    def ask_after(self, delay_s: float, request: Request) -> None:
        """Let a user ask for something in `delay_s` seconds."""
        self.stage.after(delay_s, lambda: append_request(self.folder.control, request))

    def events(self) -> list[Event]:
        """What the journal holds."""
        return load(self.folder.journal)[0]

    def state(self) -> StudyState:
        """What the journal tells."""
        return fold(self.events())

    def close(self) -> None:
        self.waker.close()

    def _rereading(self, study: OpenStudy) -> Rereading:
        return Rereading(
            spec=self.spec, study=study, clock=self.clock, waker=self.waker, asked=lambda: 0
        )

    def _stage(self) -> Stage:
        # The program may be replaced later.
        def run(launch: Launch) -> FakeRun:
            return self.program(launch)

        return Stage(run, self.clock, self.machine, self.waker)
