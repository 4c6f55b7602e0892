"""Requests to a study that really runs: each is answered once, whatever kills its controller."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from automl.hpo import open_study
from automl.journal.events import RequestTaken, TrialPlanned
from automl.journal.journal import load
from automl.studies.study import Study
from automl.study.trial import TrialState

PROGRAM = Path(__file__).parents[1] / "programs" / "waiting_study.py"
DEADLINE_S = 120.0

pytestmark = pytest.mark.slow


@contextmanager
def controller(folder: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the study in a process of its own; it is stopped with what it runs if it is left."""
    command = [sys.executable, str(PROGRAM), str(folder), *more]
    output = (folder / "output").open("ab")
    with output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def study_that_runs(folder: Path) -> Study:
    """Return the study once its first trial runs."""
    until_s = time.monotonic() + DEADLINE_S
    while time.monotonic() < until_s:
        if (folder / "automl_studies" / "study" / "journal.jsonl").exists():
            study = open_study("study", folder / "automl_studies")
            if [trial.state for trial in study.trials] == [TrialState.RUNNING]:
                return study
        time.sleep(0.05)
    raise AssertionError((folder / "output").read_text())


@pytest.mark.integration
def test_a_running_study_answers(tmp_path: Path) -> None:
    with controller(tmp_path) as process:
        study = study_that_runs(tmp_path)
        wider = study.set_max_parallel(2).wait(DEADLINE_S)
        unknown = study.retry_trial(0).wait(DEADLINE_S)
        stopped = study.stop_trial(0).wait(DEADLINE_S)
        assert process.wait(DEADLINE_S) == 0
    assert str(wider) == "set_max_parallel 2: done"
    assert str(unknown).startswith("retry_trial 0: refused: trial 0 is running, not ")
    assert stopped is not None
    assert stopped.done
    assert [trial.state for trial in study.trials] == [TrialState.STOPPED, TrialState.COMPLETED]
    late = study.pause().wait(DEADLINE_S)
    assert str(late).startswith("pause: refused: nothing runs the study 'study'")


@pytest.mark.integration
@pytest.mark.parametrize("place", ["none", "answer", "torn", "all"])
def test_a_controller_that_is_killed_while_it_answers(tmp_path: Path, place: str) -> None:
    with controller(tmp_path, place) as process:
        study = study_that_runs(tmp_path)
        asked = [study.stop_trial(0), study.add_trial(x=1), study.add_trial(x=0)]
        assert process.wait(DEADLINE_S) == -signal.SIGKILL
    with controller(tmp_path) as process:
        answers = [one.wait(DEADLINE_S) for one in asked]
        assert process.wait(DEADLINE_S) == 0, (tmp_path / "output").read_text()
    assert [bool(one and one.done) for one in answers] == [True, True, False]
    assert "trial 0 has this combination" in str(answers[2])
    events = load(tmp_path / "automl_studies" / "study" / "journal.jsonl")[0]
    taken = [event.id for event in events if isinstance(event, RequestTaken)]
    assert taken == [one.id for one in asked]
    assert sum(isinstance(event, TrialPlanned) for event in events) == 2
    assert [trial.state for trial in study.trials] == [TrialState.STOPPED, TrialState.COMPLETED]
    assert study.trials[1].origin == "request"
