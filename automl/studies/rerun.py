"""A trial that is to run once more as it ran, in a folder of its own, outside of its study."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from automl.clock import SystemClock
from automl.engine.actions import moment_of
from automl.engine.outcome import Outcome
from automl.errors import AutomlError, StorageError
from automl.journal.folder import StudyFolder
from automl.journal.tail import Tail
from automl.launch.launcher import Launcher
from automl.loop.trials.watched import Watched
from automl.readers.registry import follow_in
from automl.studies.on_disk.progress import spec_on_disk
from automl.studies.study import Study
from automl.study.launch import Exit, Launch
from automl.study.resources import Grant
from automl.study.spec import StudySpec
from automl.study.trial import Trial

FIRST = 1
"""The number of its only attempt."""


def new_folder(place: Path, study: Study, trial: Trial) -> StudyFolder:
    """Return a folder for one run of a trial, which is not there yet."""
    name, number = f"{study.folder.path.name}-{trial.id}", 1
    folder = StudyFolder(place, name)
    while folder.path.exists():
        number += 1
        folder = StudyFolder(place, f"{name}-{number}")
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """A trial that is about to run once more.

    Attributes:
        launch: what runs.
        trial: the trial, at the stage that it runs with.
        spec: its study.
        folder: where it runs.
        launcher: prepared it.
        first: the number of each metric that the study has of this launch; empty without one.
    """

    launch: Launch
    trial: Trial
    spec: StudySpec
    folder: StudyFolder
    launcher: Launcher
    first: Mapping[str, float]

    def outcome(self, code: int) -> Outcome:
        """Return what it gave, read as the study reads its trials.

        Args:
            code: the exit code that it ended with; that of a signal is negative.

        Raises:
            StorageError: what it left cannot be read now.
        """
        paths = self.folder.trial(self.trial.id)
        outputs = (paths.stdout, paths.stderr)
        places = self.launcher.metric_paths(self.trial).items()
        watched = Watched(
            trial=self.trial,
            handle={},
            followers={
                name: follow_in(
                    (paths.path, self.spec.cwd),
                    self.spec.reader_of(name),
                    path,
                    outputs,
                    objectives=self.spec.objectives,
                )
                for name, path in places
            },
            objectives=self.spec.objectives,
            paths=paths,
            since_s=0.0,
            secrets=self.launcher.secrets,
            tells=self.spec.of_functions,
        )
        watched.gone(Exit(code=code), 0.0)
        more = True
        while more or watched.pending:
            _, more = watched.read(moment_of(SystemClock()))
        found = watched.outcome()
        watched.close()
        if found is None:
            raise StorageError(watched.blocked)
        return found


def prepare_rerun(
    study: Study, trial: Trial, folder: StudyFolder, environ: Mapping[str, str]
) -> Rerun:
    """Write all that a trial needs to run once more, with its values, seed and budget.

    Args:
        study: the trial's.
        trial: which.
        folder: where it is to run; it is made.
        environ: the environment of its commands.

    Raises:
        AutomlError: it cannot run elsewhere than in its study, or nothing can be written.
    """
    state = Tail(study.folder.journal).look()
    gave = trial.counted[-1:]
    again = replace(trial, stage=gave[0].stage if gave else trial.stage)
    _check_alone(study, again)
    seed = state.latest.seed if state.latest else 0
    spec = spec_on_disk(study.folder)
    launcher = Launcher(spec, folder, seed, state.uid, environ)
    for metric, path in {**launcher.metric_paths(again), **launcher.objects(again)}.items():
        if not folder.trial(trial.id).holds(os.path.normpath(path)):
            raise AutomlError(
                f"the commands of trial {trial.id} write {metric!r} to {path}, where what the "
                f"trial printed would be lost; {_by_hand(study, trial)}"
            )
    folder.create()
    launch = launcher.prepare(again, FIRST, Grant(env={}))
    first = values_of(spec, gave[0].value, gave[0].metrics) if gave else {}
    return Rerun(
        launch=launch, trial=again, spec=spec, folder=folder, launcher=launcher, first=first
    )


def values_of(spec: StudySpec, value: float, metrics: Mapping[str, float]) -> dict[str, float]:
    """Return the finite number of each metric.

    Args:
        spec: the study.
        value: the number that ranks.
        metrics: those of all metrics, empty where there is one alone.
    """
    found = metrics or {spec.objectives.name: value}
    return {name: one for name, one in found.items() if math.isfinite(one)}


def _check_alone(study: Study, trial: Trial) -> None:
    """Raise AutomlError where a trial went on from what another launch had left, or had none."""
    if trial.asked:
        raise AutomlError(
            f"trial {trial.id} is a program's, which asked for it and told what it gave: there is "
            "nothing to run again"
        )
    if trial.source >= 0 or trial.stage.previous_budget:
        raise AutomlError(
            f"trial {trial.id} went on from a checkpoint, which may have changed since; "
            f"{_by_hand(study, trial)}"
        )


def _by_hand(study: Study, trial: Trial) -> str:
    return f"to run it in its own folder: sh {study.folder.trial(trial.id).script}"
