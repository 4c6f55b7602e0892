"""`automl check`: whether a study would get numbers, before hours are spent on it."""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from automl import logs
from automl.cli.completion.paths import files
from automl.cli.ranges.part import number_of
from automl.cli.run.checked import checked, file_of, spelled_for
from automl.cli.run.described import Typed
from automl.cli.run.keyword_options import keyword_options
from automl.cli.run.replayed import of_log, of_trial
from automl.cli.run.reported import reported
from automl.cli.run.study_command import DESCRIBING, StudyCommand
from automl.cli.run.typed import typed_of
from automl.studies.checking.check import LIMIT_S, check_study
from automl.studies.checking.judging.report import Report
from automl.studies.checking.shown.live import LiveWatcher
from automl.studies.study_file.reading import MarkedFile
from automl.study.durations import parse_duration


@click.pass_context
def _check(ctx: click.Context, /, **values: Any) -> int:  # noqa: ANN401 - as click read them
    r"""Run one trial in a temporary folder, and tell whether a study would get numbers.

    \b
    Examples:
      automl check --maximize val_acc -p --lr=1e-5..1e-1:log -- python train.py
      automl check study.yaml --for 5m
      automl check --maximize val_acc --log train.log
      automl check study.yaml --trial digits 7

    No study is made, and all that runs is ended. The exit code is 0 if a study would get numbers, 1
    if not, 4 if there was none yet in the time.
    """
    logs.ensure_handler()
    typed = typed_of(ctx.meta.get("words", []), values)
    file = file_of(values["files"], "check")
    with spelled_for(file):
        report = _report(typed, file, values)
    if report:
        report = replace(report, next=f"{report.next}: {_how_to_run(typed, file)}")
    return reported(report, as_json=values["as_json"])


def _how_to_run(typed: Typed, file: MarkedFile | None) -> str:
    if file and not typed.words and not typed.asked.names:
        return f"automl run {shlex.quote(os.path.relpath(file.path))}"
    return "automl run in place of automl check, with the same words"


def _report(typed: Typed, file: MarkedFile | None, values: Mapping[str, Any]) -> Report:
    if values["trial"]:
        name, trial_id = values["trial"]
        return of_trial(name, trial_id, values["study_dir"], typed, file)
    if values["log"]:
        return of_log(values["log"], typed, file)
    watcher = None if values["as_json"] else LiveWatcher(sys.stderr)
    study = checked(typed, file, None)
    return check_study(study, limit_s=_limit_s(values["limit"]), watcher=watcher)


def _limit_s(given: str | None) -> float:
    if given is None:
        return LIMIT_S
    number = number_of(given)
    return parse_duration("--for", given if number is None else number)


_OWN: list[click.Parameter] = [
    click.Option(
        ["--for", "limit"], metavar="TIME", help="How long the trial may run; 60s if not given."
    ),
    click.Option(
        ["--log"],
        metavar="FILE",
        shell_complete=files,
        help="Run nothing: read FILE in place of a trial's output.",
    ),
    click.Option(
        ["--trial"],
        nargs=2,
        type=(str, int),
        metavar="NAME ID",
        help="Run nothing: read what a trial of a study left.",
    ),
    click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document."),
]

command = StudyCommand(
    "check", callback=_check, params=[*DESCRIBING, *_OWN, *keyword_options()], help=_check.__doc__
)
