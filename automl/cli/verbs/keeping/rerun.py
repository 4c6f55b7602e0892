"""`automl rerun`: run a trial once more as it ran, in a new folder."""

import os
import subprocess
import sys
from pathlib import Path

import click

from automl.cli.completion.of_study import trials_in
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.printed import Printed
from automl.cli.study_names import chosen, known_trial, trial_ids, words_argument
from automl.studies.rerun import new_folder, prepare_rerun
from automl.study.launch import Launch

_PLACE = "automl_reruns"
_PAUSE_S = 0.1


@click.command()
@words_argument("[NAME] ID", complete=trials_in())
@click.option("--into", type=click.Path(), default=_PLACE, show_default=True, help="Where to run.")
def command(*, words: tuple[str, ...], study_dir: str | None, into: str) -> int:
    """Run a trial once more as it ran, in a new folder; its study is left alone.

    Example: automl rerun digits 7
    """
    name, (trial_id,) = trial_ids(words, 1)
    study = chosen(name, study_dir)
    trial = known_trial(study, trial_id)
    folder = new_folder(Path(into).absolute(), study, trial)
    launch = prepare_rerun(study, trial, folder, os.environ)
    code = _run(launch)
    before = "" if trial.value is None else f"; its value was {trial.value!r}"
    click.echo(
        f"trial {trial_id} ran again: exit code {code}, in {Path(launch.script).parent}{before}"
    )
    return WELL if code == 0 else WITHOUT_VALUE


def _run(launch: Launch) -> int:
    """Run a launch and show what it prints; both streams are kept in its folder, too."""
    environ = {**os.environ, "AUTOML_EXIT_FILE": launch.exit_path}
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
    ]
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
