"""`automl rerun`: run a trial once more as it ran, in a new folder."""

import os
import subprocess
import sys
from pathlib import Path

import click

from automl.cli.completion.of_study import trials_in
from automl.cli.documents import json_option, print_document
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.printed import Printed
from automl.cli.study_names import chosen, known_trial, trial_ids, words_argument
from automl.inside.marks import MARK_VARIABLE
from automl.studies.rerun import new_folder, prepare_rerun, values_of
from automl.study.launch import EXIT_FILE_VARIABLE, Launch

_PLACE = "automl_reruns"
_PAUSE_S = 0.1

_MARK = "rerun:0"
"""Tells a function's process that its files are read, as in a study; it is the mark of none."""


@click.command()
@words_argument("[NAME] ID", complete=trials_in())
@click.option("--into", type=click.Path(), default=_PLACE, show_default=True, help="Where to run.")
@json_option
def command(*, words: tuple[str, ...], study_dir: str | None, into: str, as_json: bool) -> int:
    """Run a trial once more as it ran, in a new folder; its study is left alone.

    Example: automl rerun digits 7

    What it gives now stands beside what it gave at first. With --json, what it prints is only
    in its folder.
    """
    name, (trial_id,) = trial_ids(words, 1)
    study = chosen(name, study_dir)
    trial = known_trial(study, trial_id)
    folder = new_folder(Path(into).absolute(), study, trial)
    again = prepare_rerun(study, trial, folder, os.environ)
    code = _run(again.launch, shown=not as_json)
    outcome = again.outcome(code)
    failure = outcome.failure()
    reason = f"{failure.kind}: {failure.reason}" if failure else ""
    values = values_of(again.spec, outcome.value, outcome.metrics)
    place = str(Path(again.launch.script).parent)
    if as_json:
        print_document(
            study=study.folder.path.name,
            trial=trial_id,
            folder=place,
            exit_code=code,
            metrics=values,
            first=again.first,
            reason=reason,
        )
    else:
        told = [
            _beside(name, values.get(name), again.first.get(name))
            for name in {**values, **again.first}
        ]
        why = f" ({reason})" if reason else ""
        click.echo(f"trial {trial_id} ran again: exit code {code}{why}, in {place}")
        for line in told:
            click.echo(line)
    return WITHOUT_VALUE if failure else WELL


def _beside(name: str, now: float | None, first: float | None) -> str:
    """Return what a metric is now and what it was at first."""
    shown = ["none" if one is None else repr(one) for one in (now, first)]
    same = "the same as at first" if now == first else f"at first {shown[1]}"
    return f"  {name}: {shown[0]}, {same}"


def _run(launch: Launch, *, shown: bool) -> int:
    """Run a launch, and show what it prints if wished; it is kept in its folder, too."""
    environ = {**os.environ, MARK_VARIABLE: _MARK, EXIT_FILE_VARIABLE: launch.exit_path}
    with open(launch.stdout, "wb") as out, open(launch.stderr, "wb") as err:  # noqa: PTH123
        process = subprocess.Popen(
            [launch.shell, launch.script],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environ,
        )
    streams = [
        Printed(Path(launch.stdout), sys.stdout.buffer.write),
        Printed(Path(launch.stderr), sys.stderr.buffer.write),
    ][: 2 * shown]
    with process:
        ended = False
        while not ended:
            ended = _ended(process)
            for stream in streams:
                stream.more()
            sys.stdout.flush()
            sys.stderr.flush()
    return process.returncode


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_PAUSE_S)
    except subprocess.TimeoutExpired:
        return False
    return True
