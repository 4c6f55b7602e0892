"""A trial that is to run once more as it ran, in a folder of its own, outside of its study."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from automl.errors import AutomlError
from automl.journal.folder import StudyFolder
from automl.journal.tail import Tail
from automl.launch.launcher import Launcher
from automl.studies.on_disk.progress import spec_on_disk
from automl.studies.study import Study
from automl.study.launch import Launch
from automl.study.resources import Grant
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


def prepare_rerun(
    study: Study, trial: Trial, folder: StudyFolder, environ: Mapping[str, str]
) -> Launch:
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
    launcher = Launcher(spec_on_disk(study.folder), folder, seed, state.uid, environ)
    for metric, path in launcher.metric_paths(again).items():
        if not folder.trial(trial.id).holds(os.path.normpath(path)):
            raise AutomlError(
                f"the commands of trial {trial.id} write {metric!r} to {path}, where what the "
                f"trial printed would be lost; {_by_hand(study, trial)}"
            )
    folder.create()
    return launcher.prepare(again, FIRST, Grant(env={}))


def _check_alone(study: Study, trial: Trial) -> None:
    """Raise AutomlError where a trial went on from what another launch had left."""
    if trial.source >= 0 or trial.stage.previous_budget:
        raise AutomlError(
            f"trial {trial.id} went on from a checkpoint, which may have changed since; "
            f"{_by_hand(study, trial)}"
        )


def _by_hand(study: Study, trial: Trial) -> str:
    return f"to run it in its own folder: sh {study.folder.trial(trial.id).script}"
