"""One run of a study that was opened: what was left of it, its loop, and what becomes of it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from automl.executors.executor import Executor
from automl.loop.leavings.disposal import Disposal
from automl.loop.machine.interrupts import Interrupts
from automl.loop.observer import Observer
from automl.loop.opening.claims import Claims
from automl.loop.opening.study import OpenStudy
from automl.loop.rereading.rereading import Rereading
from automl.loop.result import StudyResult, changes_since, plan_of, result_of
from automl.loop.results_writer import ResultsWriter
from automl.loop.resuming import Patiently, Resuming
from automl.loop.rooms import Rooms
from automl.loop.runner import Runner
from automl.loop.trials.earlier_lives import EarlierLives
from automl.search.sampler import Told
from automl.study.spec import StudySpec

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRun:
    """Runs an opened study to its end, or until it is interrupted.

    Args:
        spec: the study.
        claims: its claims on metric files.
        interrupts: what the user asks by signals.
        observer: who is told how it goes.
        patiently: does a step once the machine can.
        known: what the search is told of other studies.
    """

    spec: StudySpec
    claims: Claims
    interrupts: Interrupts
    observer: Observer
    patiently: Patiently
    known: Sequence[Told] = ()

    def run(self, study: OpenStudy, executor: Executor, earlier: EarlierLives) -> StudyResult:
        """Take up what an earlier controller left, and run the rest."""
        resumed = Resuming(
            spec=self.spec,
            study=study,
            executor=executor,
            earlier=earlier,
            patiently=self.patiently,
            before_launch=self.claims.take,
            reread=self._rereading(study, earlier).run,
            known=self.known,
        ).resume()
        engine, legacy = resumed.engine, resumed.legacy
        disposal = Disposal(
            self.spec, study.folder, resumed.launcher, lambda: bool(self.interrupts.count)
        )
        rooms = Rooms(
            clock=earlier.clock,
            disposal=disposal,
            executor=executor,
            folder=study.folder,
            interrupts=self.interrupts,
            journal=study.journal,
            launcher=resumed.launcher,
            observer=self.observer,
            resources=resumed.resources,
            search=resumed.search,
            waker=self.interrupts.waker,
        )
        for note in changes_since(engine.view, self.spec, study.changed, study.ran):
            logger.info("%s", note)
        idle = engine.view.over and not (legacy.any or engine.view.to_run_again)
        if not idle:
            self.patiently(self.claims.take)
            logger.info(
                "study %r in %s: %s", self.spec.name, study.folder.path, plan_of(engine.view)
            )
            for note in filter(None, (*resumed.launcher.notes, resumed.search.note)):
                logger.info("%s", note)
        if self.claims.changed_hands:
            legacy.disbelieve(resumed.launcher.own_paths)
        command = resumed.launcher.command_line
        with (
            ResultsWriter(self.spec, study.folder, engine.view.trials, command) as results,
            disposal.going_on(engine.view.trials.values(), engine.view.losers),
        ):
            runner = Runner(self.spec, engine, rooms, results.trial_ended)
            runner.take_over(legacy)
            launched = engine.view.launches
            runner.run()
        idle = idle and engine.view.launches == launched
        signal = self.interrupts.name
        result = result_of(self.spec, engine.view, resumed.launcher, idle=idle, signal=signal)
        return replace(result, news=not idle or study.died)

    def _rereading(self, study: OpenStudy, earlier: EarlierLives) -> Rereading:
        return Rereading(
            spec=self.spec,
            study=study,
            clock=earlier.clock,
            waker=self.interrupts.waker,
            asked=earlier.asked,
        )
