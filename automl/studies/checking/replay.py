"""Checking what a program wrote before: a file, or what a trial of a study left."""

import os

from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.secret_values import SecretValues
from automl.studies.checking.judging.evidence import Evidence
from automl.studies.checking.judging.report import Report, report_of
from automl.studies.checking.plan import Plan
from automl.studies.checking.running.kept import Kept, kept_log, kept_trial, read_to_end
from automl.studies.checking.running.watching import watching
from automl.study.spec import StudySpec
from automl.study.trial import Trial


def check_log(spec: StudySpec, file: str) -> Report:
    """Tell what the readers of a study find in a file, in the place of a trial's output and files.

    Args:
        spec: the study.
        file: the file, as the user names it.

    Raises:
        SpecError: there is no such file.
    """
    secrets = SecretValues()
    with kept_log(spec, file) as kept:
        return _read(spec, kept, secrets)


def check_trial(spec: StudySpec, folder: StudyFolder, trial: Trial) -> Report:
    """Tell what the readers of a study find in what a trial left.

    Args:
        spec: the study, whose readers may be others than those by which it was run.
        folder: the folder of the study that ran the trial.
        trial: the trial.
    """
    launcher = Launcher(spec, folder, 0, "", os.environ)
    return _read(spec, kept_trial(spec, folder, trial, launcher), launcher.secrets)


def _read(spec: StudySpec, kept: Kept, secrets: SecretValues) -> Report:
    told = _nobody
    with watching(spec, kept.trial, kept.paths, kept.files, secrets, told) as following:
        end = read_to_end(following)
        evidence = Evidence(
            spec=spec,
            plan=Plan(names=kept.names),
            end=end,
            seen=following.seen,
            files=kept.files,
            warnings=following.warnings,
            masked=secrets.masked,
            trial_id=kept.trial.id,
        )
        return report_of(evidence)


def _nobody(metric: str, point: object) -> None:
    """Tell nobody of a number as it is found: all are found at once."""
