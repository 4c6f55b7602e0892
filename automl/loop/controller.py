"""A controller: everything that one run of a study needs, put together."""

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from automl.clock import Clock, SystemClock
from automl.engine.actions import Moment
from automl.engine.engine import Engine
from automl.engine.stops import rest_s
from automl.executors.executor import Executor
from automl.executors.modes import MODES
from automl.executors.site import Allotment, Clearing, Kin
from automl.journal.disk.files import is_there
from automl.journal.folder import StudyFolder, holds_study
from automl.launch.base_files import with_digests
from automl.launch.launcher import Launcher
from automl.loop.claims import Claims
from automl.loop.machine.blockage import RETRY_S
from automl.loop.machine.interrupts import Interrupts
from automl.loop.observer import Observer
from automl.loop.opening import OpenStudy, open_study
from automl.loop.problem import problem_of
from automl.loop.rooms import Rooms
from automl.loop.runner import Runner
from automl.loop.trials.adoption import Legacy, take_stock
from automl.loop.trials.starting import granted
from automl.patience import patiently
from automl.search.algorithms import make_proposer
from automl.search.pruning.pruner import Pruner
from automl.search.pruning.pruners import make_pruner
from automl.search.sampler import Told
from automl.study.ranking.finalists import default_of, finalists
from automl.study.ranking.rank import best
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState
from automl.waker import Waker

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """What a controller leaves.

    Attributes:
        trials: every trial, by id.
        best: the best completed one that keeps the constraints, None if there is none.
        confirmed: the trials that were to be judged anew, by id.
        default: the trial with the user's own values, None if there is none.
        reached: whether a trial was good enough to end the study.
        best_command: the shell line that runs the best one again, empty without one.
        continued: whether a launch goes on from what the one before it left.
        max_trials: the limit in force, which requests may have changed.
        reason: why the controller ended.
        complete: whether nothing is left to do.
        idle: whether the study was complete before, so that nothing was started.
        signal: what the user stopped it with, such as `SIGINT`; empty if it ended by itself.
    """

    trials: tuple[Trial, ...]
    best: Trial | None
    confirmed: tuple[int, ...]
    default: Trial | None
    reached: bool
    best_command: str
    continued: bool
    max_trials: int
    reason: str
    complete: bool
    idle: bool
    signal: str


class Controller:
    """Runs one study.

    Args:
        spec: the study.
        folder: where it lives.
        observer: who is told how it goes.
        fresh: begin anew; an earlier study in the folder is kept aside.
        known: what the search is told of other studies, before anything of this one.
    """

    def __init__(
        self,
        spec: StudySpec,
        folder: StudyFolder,
        observer: Observer,
        *,
        fresh: bool = False,
        known: Sequence[Told] = (),
    ) -> None:
        self._known = known
        self._spec = with_digests(spec)
        self._folder = folder
        self._observer = observer
        self._fresh = fresh
        self._waker = Waker()
        self._interrupts = Interrupts(self._waker)
        self._site = MODES.create(spec.mode, {})
        self._claims = Claims(spec, folder, self._site.trials_run)

    def interrupt(self) -> None:
        """Ask the study to stop, from any thread; asking again kills what is left at once."""
        self._interrupts.ask()

    def listen(self, *, aside: bool) -> None:
        """Take signals in the main thread for a study that runs in another one.

        Args:
            aside: the main thread does something else meanwhile; else it waits for the study.
        """
        self._interrupts.listen(aside=aside)

    def unlisten(self) -> None:
        """Take signals no longer, as the study ended."""
        self._interrupts.unlisten()

    def run(self) -> StudyResult:
        """Run the study to its end, or until it is interrupted; call it once.

        Raises:
            SpecError: the folder holds another study, or the algorithm cannot take the space.
            JournalError: the folder cannot be used, or was lost while the study ran.
            StorageError: the machine could not do it until the user interrupted.
            LaunchError: no trial could be started on this machine.
            StudyBusyError: another controller has the study, or another study its metric files.
        """
        clock = SystemClock()
        executor: Executor | None = None
        try:
            with self._interrupts:
                executor = self._patiently(lambda: self._site.executor(self._waker, clock))
                self._patiently(self._claim_first)
                study = self._patiently(lambda: self._opened(clock))
                try:
                    self._patiently(lambda: self._claims.sign(study.uid))
                    return self._go_on(study, executor, clock)
                finally:
                    # Before the lock, so that whoever gets it finds no claim of this controller.
                    self._claims.release(keep=_any_running(study))
                    study.close()
        finally:
            self._claims.release(keep=True)
            self._observer.close()
            if executor is not None:
                executor.close()
            self._waker.close()

    def _patiently(self, step: Callable[[], T]) -> T:
        """Return what a step gives, once the machine can do it; until interrupted."""
        return patiently(step, self._asked, then="the study begins")

    def _asked(self) -> bool:
        """Wait until the next try, unless the user asks to end; return whether that was done."""
        # By no executor: the ends that it tells are for the loop, which has not begun.
        if not self._interrupts.count:
            self._waker.wait(RETRY_S)
        return bool(self._interrupts.count)

    def _claim_first(self) -> None:
        """Claim the metric files if something will be launched; of a study that is there, later."""
        if self._fresh or not is_there(self._folder.journal):
            self._claims.take()

    def _opened(self, clock: Clock) -> OpenStudy:
        """Take up the study."""
        return open_study(
            self._spec,
            self._folder,
            clock,
            fresh=self._fresh,
            clear=lambda uid: self._clear(clock, uid),
        )

    def _go_on(self, study: OpenStudy, executor: Executor, clock: Clock) -> StudyResult:
        """Take up what an earlier controller left, and run the rest."""
        spec = self._spec
        launcher = self._patiently(lambda: self._launcher(study))
        now = Moment(clock.now(), clock.monotonic())
        trials = list(study.state.trials.values())
        stops, grace_s = study.state.stops.items(), spec.limits.grace_s
        rests_s = {trial_id: rest_s(stop, grace_s, now.at) for trial_id, stop in stops}
        legacy = self._patiently(
            lambda: take_stock(
                trials, self._folder, executor, launcher.note, rests_s, self._site.name
            )
        )
        legacy.log()
        adopted = legacy.adopted + [~one for one in legacy.cleaned]
        self._patiently(
            lambda: self._stop_earlier_lives(clock, study.uid, study.state.trials, adopted)
        )
        resources = self._patiently(lambda: self._resources(clock, legacy))
        for note in resources.notes:
            logger.info("%s", note)
        pruner = self._patiently(self._pruner)
        engine = Engine(
            spec,
            study.state,
            now.monotonic_s,
            resources.capacity,
            pruner,
            continues=launcher.continues,
            known=self._known,
        )
        problem = problem_of(spec, study.seed, engine.view.max_trials)
        search = self._patiently(lambda: make_proposer(spec.algorithm, problem))
        rooms = Rooms(
            clock=clock,
            executor=executor,
            folder=self._folder,
            interrupts=self._interrupts,
            journal=study.journal,
            launcher=launcher,
            observer=self._observer,
            resources=resources,
            search=search,
            waker=self._waker,
        )
        idle = engine.view.over and not legacy.any
        if not idle:
            self._patiently(self._claims.take)
            logger.info("study %r in %s: %s", spec.name, self._folder.path, _plan(engine, trials))
            if search.note:
                logger.info("%s", search.note)
        if self._claims.changed_hands:
            legacy.disbelieve(launcher.metric_paths)
        runner = Runner(spec, engine, rooms)
        runner.take_over(legacy)
        launched = _launches(engine)
        runner.run()
        return self._result(engine, launcher, idle=idle and _launches(engine) == launched)

    def _launcher(self, study: OpenStudy) -> Launcher:
        return Launcher(
            self._spec,
            self._folder,
            study.seed,
            study.uid,
            os.environ,
            before_launch=self._claims.take,
        )

    def _resources(self, clock: Clock, legacy: Legacy) -> Allotment:
        held = [gpu for _, found in legacy.running for gpu in granted(found.handle)[0]]
        spec = self._spec
        return self._site.allotment(spec.resources, spec.limits.max_parallel, clock, held)

    def _pruner(self) -> Pruner | None:
        chosen = self._spec.pruner
        if chosen is None:
            return None
        return make_pruner(chosen.type, chosen.options, self._spec.objectives.direction)

    def _clear(self, clock: Clock, uid: str) -> None:
        """Stop all processes of the study that is set aside; it stays in place if interrupted."""
        self._stop_earlier_lives(clock, uid)
        if self._interrupts.count:
            raise KeyboardInterrupt

    def _stop_earlier_lives(
        self, clock: Clock, uid: str, trials: Iterable[int] = (), adopted: Iterable[int] = ()
    ) -> None:
        """Stop all processes of the study but those of the adopted trials."""
        kin = Kin(
            place=os.path.realpath(self._folder.path),
            uid=uid,
            trials=trials,
            adopted=[f"{uid}:{trial}" for trial in adopted],
            is_study=holds_study,
        )
        grace_s = self._spec.limits.grace_s
        self._site.clear(
            Clearing(kin=kin, clock=clock, grace_s=grace_s, asked=lambda: self._interrupts.count)
        )

    def _result(self, engine: Engine, launcher: Launcher, *, idle: bool) -> StudyResult:
        view = engine.view
        found = best(view.trials.values(), self._spec.objectives)
        return StudyResult(
            trials=tuple(view.trials.values()),
            best=found,
            confirmed=tuple(trial.id for trial in finalists(view.trials, self._spec)),
            default=default_of(view.trials.values(), self._spec),
            reached=view.reached,
            max_trials=view.max_trials,
            continued=launcher.continues,
            best_command=launcher.command_line(found) if found else "",
            reason=view.closed.reason if view.closed else view.reason,
            complete=view.complete,
            idle=idle,
            signal=self._interrupts.name,
        )


def _any_running(study: OpenStudy) -> bool:
    running = {TrialState.RUNNING, TrialState.STOPPING}
    return any(trial.state in running for trial in study.state.trials.values())


def _launches(engine: Engine) -> int:
    return sum(trial.attempts for trial in engine.view.trials.values())


def _plan(engine: Engine, known: list[Trial]) -> str:
    view = engine.view
    ahead = f"up to {view.max_trials} trials, {view.max_parallel} at a time"
    if not known:
        return ahead
    return f"going on after {view.finished} trials, {ahead}"
