"""A study that this process holds, with all that its trials need but processes."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from automl.clock import Clock, SystemClock
from automl.engine.engine import Engine
from automl.executors.modes import MODES
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.loop.leavings.disposal import Disposal
from automl.loop.opening.study import OpenStudy, open_study
from automl.loop.results_writer import ResultsWriter
from automl.loop.resuming import engine_of
from automl.loop.trials.earlier_lives import EarlierLives
from automl.search.sampler import Told
from automl.study.spec import StudySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A study that this process holds.

    Attributes:
        spec: the study.
        clock: the time.
        study: its journal and state.
        engine: decides what becomes of its trials.
        launcher: prepares their folders.
        disposal: removes what they leave.
        results: writes the files that tell how it stands.
        closing: lets all of it go.
    """

    spec: StudySpec
    clock: Clock
    study: OpenStudy
    engine: Engine
    launcher: Launcher
    disposal: Disposal
    results: ResultsWriter
    closing: ExitStack


def hold(spec: StudySpec, folder: StudyFolder, *, fresh: bool, known: Sequence[Told]) -> Held:
    """Take up a study; its trials that run in processes are left alone.

    Args:
        spec: the study.
        folder: where it lives.
        fresh: begin anew; an earlier study in the folder is kept aside.
        known: what the search is told of other studies.

    Raises:
        SpecError: the folder holds another study.
        JournalError: it cannot be used.
        StorageError: it cannot be used now.
        StudyBusyError: another process has it.
    """
    clock, site = SystemClock(), MODES.create(spec.mode, {})
    earlier = EarlierLives(
        site=site, folder=folder, clock=clock, grace_s=spec.limits.grace_s, asked=lambda: 0
    )
    count = sum(told.state.finished for told in known)
    with ExitStack() as stack:
        study = open_study(
            spec, folder, clock, fresh=fresh, clear=earlier.clear, known=count, launches=False
        )
        stack.callback(study.close)
        launcher = Launcher(spec, folder, study.seed, study.uid, os.environ, prologue=site.prologue)
        began_s = clock.monotonic()
        engine = engine_of(spec, study, launcher, began_s, known=known)
        trials = engine.view.trials
        disposal = Disposal(spec, folder, launcher, lambda: False)
        stack.enter_context(disposal.going_on((), engine.view.losers))
        results = ResultsWriter(spec, folder, trials, launcher.command_line)
        stack.enter_context(results)
        return Held(
            spec=spec,
            clock=clock,
            study=study,
            engine=engine,
            launcher=launcher,
            disposal=disposal,
            results=results,
            closing=stack.pop_all(),
        )
