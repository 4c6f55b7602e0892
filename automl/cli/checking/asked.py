"""What a command line asks to be checked: a described study, a file, or what a trial left."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from automl.cli.checking.replayed import of_trial, with_command
from automl.cli.run.checked import Described, checked, described_file, spelled_for
from automl.cli.run.described import Typed
from automl.cli.run.script import first_study
from automl.cli.run.typed import check_script
from automl.errors import SpecError
from automl.studies.checking.check import LIMIT_S, check_study
from automl.studies.checking.judging.report import Report, with_words
from automl.studies.checking.replay import check_log
from automl.studies.checking.shown.live import LiveWatcher
from automl.studies.prepared import Prepared
from automl.studies.ranges.part import number_of
from automl.study.durations import parse_duration


def asked_report(typed: Typed, values: Mapping[str, Any]) -> Report:
    """Return the report of what is asked for, in the words of the command line.

    Args:
        typed: what was typed.
        values: the options, as click read them.

    Raises:
        AutomlError: it is no study, or cannot be started.
    """
    files: Sequence[str] = values["files"]
    if len(files) == 1 and files[0].endswith(".py"):
        check_script(files[0], typed, values, ("trial",))
        report = first_study(files[0], typed.keywords, lambda study: _of_study(study, values))
    else:
        file, typed = described_file(values, typed, "check")
        with spelled_for(file):
            report = _described(typed, file, values)
    return with_words(report, run=_how_to_run(typed, files), longer="--for 5m")


def _how_to_run(typed: Typed, files: Sequence[str]) -> str:
    if files and not typed.words and not typed.asked.names:
        return f"automl run {shlex.join(files)}"
    return "automl run in place of automl check, with the same words"


def _described(typed: Typed, file: Described | None, values: Mapping[str, Any]) -> Report:
    if values["trial"]:
        name, trial_id = values["trial"]
        return of_trial(name, trial_id, values["study_dir"], typed, file)
    if typed.words and not file and not typed.asked.names:
        raise SpecError(
            "which metric? Give --maximize NAME or --minimize NAME, as the program prints it; "
            f"automl init --try -- {shlex.join(typed.words)} tells which names it prints"
        )
    if values["log"] and not file:
        typed = with_command(typed)
    return _of_study(checked(typed, file, None), values)


def _of_study(study: Prepared, values: Mapping[str, Any]) -> Report:
    if values["log"]:
        return check_log(study.spec, values["log"])
    watcher = None if values["as_json"] else LiveWatcher(sys.stderr)
    return check_study(study, limit_s=_limit_s(values["limit"]), watcher=watcher)


def _limit_s(given: str | None) -> float:
    if given is None:
        return LIMIT_S
    number = number_of(given)
    return parse_duration("--for", given if number is None else number)
