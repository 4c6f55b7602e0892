"""A controller: everything that one run of a study needs, put together."""

import os
from dataclasses import dataclass

from automl.clock import SystemClock
from automl.executors.local import LocalExecutor
from automl.journal.folder import StudyFolder
from automl.loop.engine import Engine
from automl.loop.interrupts import Interrupts
from automl.loop.launcher import Launcher
from automl.loop.observer import Observer
from automl.loop.opening import open_study
from automl.loop.runner import Rooms, Runner
from automl.search.algorithms import Problem, make_sampler
from automl.spec.study import StudySpec
from automl.spec.trial import Trial
from automl.waker import Waker


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """What a controller leaves.

    Attributes:
        trials: every trial, by id.
        best: the best completed one, None if none has a value.
        best_command: the shell line that runs the best one again, empty without one.
        reason: why the controller ended.
        complete: whether nothing is left to do.
        idle: whether the study was complete before, so that nothing was started.
        interrupted: whether the user stopped it.
    """

    trials: tuple[Trial, ...]
    best: Trial | None
    best_command: str
    reason: str
    complete: bool
    idle: bool
    interrupted: bool


class Controller:
    """Runs one study on this machine.

    Args:
        spec: the study.
        folder: where it lives.
        observer: who is told how it goes.
        fresh: begin anew; an earlier study in the folder is kept aside.
    """

    def __init__(
        self, spec: StudySpec, folder: StudyFolder, observer: Observer, *, fresh: bool = False
    ) -> None:
        self._spec = spec
        self._folder = folder
        self._observer = observer
        self._fresh = fresh
        self._waker = Waker()
        self._interrupts = Interrupts(self._waker)

    def interrupt(self) -> None:
        """Ask the study to stop, from any thread; asking again kills what is left at once."""
        self._interrupts.ask()

    def run(self) -> StudyResult:
        """Run the study to its end, or until it is interrupted; call it once.

        Raises:
            SpecError: the folder holds another study, or the algorithm cannot take the space.
            JournalError: the folder cannot be used.
        """
        clock = SystemClock()
        executor = LocalExecutor(self._waker, clock)
        try:
            study = open_study(self._spec, self._folder, clock, fresh=self._fresh)
            try:
                problem = Problem(
                    space=self._spec.space,
                    direction=self._spec.objective.direction,
                    seed=study.seed,
                )
                rooms = Rooms(
                    clock=clock,
                    executor=executor,
                    folder=self._folder,
                    interrupts=self._interrupts,
                    journal=study.journal,
                    launcher=Launcher(self._spec, self._folder, study.seed, study.uid, os.environ),
                    observer=self._observer,
                    sampler=make_sampler(
                        self._spec.algorithm, problem, self._spec.limits.max_trials
                    ),
                )
                engine = Engine(self._spec, study.state, clock.monotonic())
                return self._run(engine, rooms)
            finally:
                study.close()
        finally:
            self._observer.close()
            executor.close()
            self._waker.close()

    def _run(self, engine: Engine, rooms: Rooms) -> StudyResult:
        idle = engine.over
        with self._interrupts:
            Runner(self._spec, engine, rooms).run()
        state = engine.state
        return StudyResult(
            trials=tuple(state.trials.values()),
            best=engine.best,
            best_command=rooms.launcher.command_line(engine.best) if engine.best else "",
            reason=state.closed.reason if state.closed else "",
            complete=engine.complete,
            idle=idle,
            interrupted=self._interrupts.count > 0,
        )
