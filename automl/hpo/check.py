"""`automl.check(tuner)` and `tuner.check()`: whether a study would get numbers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from automl import streams
from automl.studies.telling.end import leave
from automl.study.durations import parse_duration

if TYPE_CHECKING:
    from automl.hpo.tuner import AutoTuner
    from automl.studies.checking.judging.report import Report as Report  # noqa: PLC0414 - for tuners
    from automl.studies.prepared import Prepared


def check(tuner: AutoTuner, limit: float | str = "60s", *, log: str | None = None) -> Report:
    """Run one trial of a tuner's study in a temporary folder, and print what it gives.

    Args:
        tuner: the tuner; nothing of its study is started or kept.
        limit: for how long the trial may run, in seconds or a text such as '5m'.
        log: a file that is read in the place of a trial's output; nothing is run.

    Returns:
        The report, which is true if the study would get numbers.

    Raises:
        SpecError: `limit` is no duration, or there is no such file.
        AutomlError: the trial cannot be started.
    """
    return tuner.check(limit, log=log)


def checked(study: Prepared, limit: float | str, log: str | None) -> Report:
    """Check a study, and print the report; the arguments are those of `check`."""
    limit_s = parse_duration("limit", limit)
    # Only few scripts ask for it.
    from automl.studies.checking.check import check_study  # noqa: PLC0415
    from automl.studies.checking.end import EndedBy  # noqa: PLC0415
    from automl.studies.checking.judging.report import with_words  # noqa: PLC0415
    from automl.studies.checking.replay import check_log  # noqa: PLC0415
    from automl.studies.checking.shown.live import LiveWatcher  # noqa: PLC0415
    from automl.studies.checking.shown.printed import printed  # noqa: PLC0415

    if log is not None:
        report = check_log(study.spec, log)
    else:
        report = check_study(study, limit_s=limit_s, watcher=LiveWatcher(sys.stderr))
    report = with_words(report, run="tuner.fit()", longer="tuner.check('5m')")
    streams.write(sys.stdout, printed(report))
    if report.end.by is EndedBy.USER:
        leave("SIGINT")
    return report
