"""Checking a study: one trial is run as the study would run it, and what it gives is judged."""

import time
from collections.abc import Sequence
from contextlib import ExitStack

from automl.loop.remote.fetches import fetches_of
from automl.studies.checking.judging.evidence import Evidence
from automl.studies.checking.judging.report import Report, report_of
from automl.studies.checking.running.chosen import ChosenTrial, choose_trial
from automl.studies.checking.running.outside import left_as_it_was
from automl.studies.checking.running.temporary import temporary_folder
from automl.studies.checking.running.trial_run import Job, TrialRun
from automl.studies.checking.running.watcher import Watcher
from automl.studies.checking.running.watching import watching
from automl.studies.checking.running.written import written_by
from automl.studies.prepared import Prepared

LOCAL = "local"
"""The mode in which trials run on this machine."""

LIMIT_S = 60.0
"""For how long a trial runs, if nothing else is said."""


def check_study(
    study: Prepared, *, limit_s: float = LIMIT_S, watcher: Watcher | None = None
) -> Report:
    """Run one trial of a study in a temporary folder, and tell whether the study would get numbers.

    No study is made, and nothing of the trial is left running. Files that its command writes
    elsewhere by itself stay where they are.

    Args:
        study: the study.
        limit_s: for how long the trial may run.
        watcher: is told how it goes.

    Raises:
        AutomlError: it cannot be started.
    """
    told = watcher or Watcher()
    # Other machines see where the study's folder will be.
    near = None if study.spec.mode == LOCAL else study.folder.path.parent
    with temporary_folder(study.spec.name, near) as folder:
        chosen = choose_trial(study, folder)
        told.began(chosen.plan, limit_s)
        with left_as_it_was(chosen.outside):
            return _ran(chosen, study.warnings, limit_s, told)


def _ran(chosen: ChosenTrial, warnings: Sequence[str], limit_s: float, told: Watcher) -> Report:
    with ExitStack() as stack:
        following = stack.enter_context(
            watching(
                chosen.spec,
                chosen.trial,
                chosen.paths,
                chosen.files,
                chosen.launcher.secrets,
                lambda metric, point: told.found(chosen.plan, metric, point),
                fetches=fetches_of(chosen.trial, 1, chosen.spec, chosen.launcher, chosen.paths),
            )
        )
        since_ns = time.time_ns()
        run = stack.enter_context(TrialRun(Job(chosen, limit_s, following)))
        end = run.wait()
        evidence = Evidence(
            spec=chosen.spec,
            plan=chosen.plan,
            end=end,
            seen=following.seen,
            files=chosen.files,
            others=written_by(chosen, since_ns),
            before=chosen.before,
            warnings=following.warnings,
            told_before=warnings,
            masked=chosen.launcher.secrets.masked,
            trial_id=chosen.trial.id,
        )
        # While its files are there.
        return report_of(evidence)
