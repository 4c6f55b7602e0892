"""The trial that a check runs: the first one of its study, out of the way of what is there."""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from automl.executors.site import Site
from automl.journal.folder import StudyFolder, TrialFolder
from automl.launch.launcher import Launcher
from automl.loop.remote.site import site_of
from automl.studies.checking.plan import Plan, plan_of
from automl.studies.checking.running.outside import undisturbing
from automl.studies.next_trials.preview import first_trials
from automl.studies.prepared import Prepared
from automl.study.spec import StudySpec
from automl.study.trial import Trial

_PROPOSALS = 50
"""So many are asked for at the most, where metric files are named by values and are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenTrial:
    """A trial that is ready to be run in a folder of its own.

    Attributes:
        spec: the study.
        site: where its trials run.
        folder: stands for the study's, for as long as the check lasts.
        launcher: prepares its trials.
        trial: the trial.
        plan: what it runs.
        before: metric files that were there before, which it leaves alone, with the second since
            1970 in which each was written.
        outside: files of its metrics, and for its commands, that are not in its folder.
    """

    spec: StudySpec
    site: Site
    folder: StudyFolder
    launcher: Launcher
    trial: Trial
    plan: Plan
    before: Mapping[str, float]
    outside: Sequence[str]

    @property
    def paths(self) -> TrialFolder:
        """The trial's folder."""
        return self.folder.trial(self.trial.id)

    @property
    def files(self) -> Mapping[str, str]:
        """Where each metric is looked for."""
        return self.launcher.metric_paths(self.trial)


def choose_trial(study: Prepared, folder: StudyFolder) -> ChosenTrial:
    """Return the first trial of a study, to be run in a folder that is not kept.

    Args:
        study: the study.
        folder: stands for its folder.

    Raises:
        RenderError: its commands cannot be filled in.
    """
    spec, site = study.spec, site_of(study.spec.mode)
    uid = secrets.token_hex(8)
    launcher = Launcher(spec, folder, spec.seed or 0, uid, os.environ, prologue=site.prologue)

    def outside(trial: Trial) -> list[str]:
        paths = [*launcher.own_paths(trial).values(), *launcher.file_paths(trial)]
        return [path for path in paths if not folder.trial(trial.id).holds(path)]

    proposals = first_trials(study, _PROPOSALS)
    trial, there = undisturbing(proposals, outside, spec.limits.max_trials)
    if launcher.objects(trial):
        # No trial of the study has this number, so that none loses what it has written.
        trial = replace(trial, id=max(trial.id, spec.limits.max_trials))
    before = {path: at for path, at in there.items() if path not in launcher.file_paths(trial)}
    return ChosenTrial(
        spec=spec,
        site=site,
        folder=folder,
        launcher=launcher,
        trial=trial,
        plan=plan_of(spec, launcher, folder, trial),
        before=before,
        outside=outside(trial),
    )
