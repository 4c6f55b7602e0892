"""From a study that was opened to its engine: what is left of an earlier controller is taken in."""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from automl.engine.actions import moment_of
from automl.engine.engine import Engine
from automl.engine.stops import rest_s
from automl.executors.executor import Executor
from automl.executors.site import Allotment
from automl.launch.launcher import Launcher
from automl.loop.opening.study import OpenStudy
from automl.loop.trials.adoption import Legacy, take_stock
from automl.loop.trials.earlier_lives import EarlierLives
from automl.loop.trials.starting import granted
from automl.search.algorithms import make_proposer
from automl.search.problem import Search, problem_of
from automl.search.pruning.pruners import make_pruner
from automl.search.sampler import Told
from automl.study.spec import StudySpec

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Patiently(Protocol):
    """Does a step once the machine can do it."""

    def __call__(self, step: Callable[[], T]) -> T:
        """Return what the step gives."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """A study that is ready to go on.

    Attributes:
        engine: decides what it does.
        launcher: prepares its trials.
        legacy: what an earlier controller left.
        resources: what the place has.
        search: proposes its trials.
    """

    engine: Engine
    launcher: Launcher
    legacy: Legacy
    resources: Allotment
    search: Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Resuming:
    """Takes up an opened study.

    Args:
        spec: the study.
        study: its journal and state.
        executor: finds the launches of an earlier controller.
        earlier: stops what is not taken over.
        patiently: does each step once the machine can.
        before_launch: called before each launch is prepared; what it raises ends the controller.
        reread: reads anew what trials left, if the readers or what is better changed.
        known: what the search is told of other studies.
    """

    spec: StudySpec
    study: OpenStudy
    executor: Executor
    earlier: EarlierLives
    patiently: Patiently
    before_launch: Callable[[], None]
    reread: Callable[[Launcher], None]
    known: Sequence[Told] = ()

    def resume(self) -> Resumed:
        """Return the study ready to go on; nothing of an earlier life runs that is not its own."""
        launcher = self.patiently(self._launcher)
        now = moment_of(self.earlier.clock)
        self.patiently(lambda: self.reread(launcher))
        legacy = self.patiently(lambda: self._legacy(launcher))
        legacy.log()
        adopted = legacy.adopted + [~one for one in legacy.cleaned]
        trials = self.study.state.trials
        self.patiently(lambda: self.earlier.stop(self.study.uid, trials, adopted))
        resources = self.patiently(lambda: self._resources(legacy))
        for note in resources.notes:
            logger.info("%s", note)
        engine = self.patiently(lambda: self._engine(launcher, resources, now.monotonic_s))
        problem = replace(
            problem_of(self.spec, self.study.seed, engine.view.max_trials),
            changed=bool(self.study.changed),
        )
        search = self.patiently(lambda: make_proposer(self.spec.algorithm, problem))
        return Resumed(
            engine=engine, launcher=launcher, legacy=legacy, resources=resources, search=search
        )

    def _launcher(self) -> Launcher:
        study = self.study
        return Launcher(
            self.spec,
            study.folder,
            study.seed,
            study.uid,
            os.environ,
            prologue=self.earlier.site.prologue,
            before_launch=self.before_launch,
        )

    def _legacy(self, launcher: Launcher) -> Legacy:
        state, grace_s = self.study.state, self.spec.limits.grace_s
        at = self.earlier.clock.now()
        rests_s = {trial_id: rest_s(stop, grace_s, at) for trial_id, stop in state.stops.items()}
        return take_stock(
            list(state.trials.values()),
            self.study.folder,
            self.executor,
            launcher.note,
            rests_s,
            self.earlier.site.name,
        )

    def _resources(self, legacy: Legacy) -> Allotment:
        held = [gpu for _, found in legacy.running for gpu in granted(found.handle)[0]]
        spec, earlier = self.spec, self.earlier
        return earlier.site.allotment(spec.resources, spec.limits.max_parallel, earlier.clock, held)

    def _engine(self, launcher: Launcher, resources: Allotment, began_s: float) -> Engine:
        return engine_of(
            self.spec, self.study, launcher, began_s, capacity=resources.capacity, known=self.known
        )


def engine_of(
    spec: StudySpec,
    study: OpenStudy,
    launcher: Launcher,
    began_s: float,
    *,
    capacity: int | None = None,
    known: Sequence[Told] = (),
) -> Engine:
    """Return what decides for a study.

    Args:
        spec: the study.
        study: what its journal tells, which is the engine's own from now on.
        launcher: prepares its trials.
        began_s: this monotonic second.
        capacity: how many trials the place takes at once, None for any number.
        known: what the search is told of other studies.
    """
    chosen, direction = spec.pruner, spec.objectives.direction
    return Engine(
        spec,
        study.state,
        began_s,
        capacity,
        make_pruner(chosen.type, chosen.options, direction) if chosen else None,
        continues=launcher.continues,
        known=known,
    )
