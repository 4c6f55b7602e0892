"""Functions that ask for their parameters, in processes of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from automl.hpo import AutoTuner
from automl.journal.events import Drawn
from automl.journal.folder import StudyFolder
from automl.journal.journal import load
from automl.studies.study import open_study
from automl.study.trial import TrialState

pytestmark = pytest.mark.slow

DEADLINE_S = 60.0

SCRIPT = """\
import os, time

def objective(trial):
    if trial.suggest_categorical("kind", ["svm", "tree"]) == "svm":
        value = abs(trial.suggest_float("C", 0.0, 1.0) - 0.5)
    else:
        value = 1 + trial.suggest_int("depth", 1, 9, step=2)
    # Those of a test that kills the study wait until they may end.
    while os.path.exists("wait"):
        time.sleep(0.01)
    return value

def dies(trial):
    if trial.number == 1:
        os.abort()
    return trial.suggest_float("x", 0, 1)
"""


@pytest.fixture
def script(place: Path) -> Iterator[Path]:
    Path(place, "train.py").write_text(SCRIPT)
    yield place
    Path(place, "wait").unlink(missing_ok=True)


def tuner(**keywords: Any) -> AutoTuner:
    usual = {
        "name": "study",
        "function": "train.py:objective",
        "max_parallel": 2,
        "max_trial_num": 10,
        "direction": "minimize",
        "seed": 1,
    }
    return AutoTuner(**{**usual, **keywords})


def test_a_function_is_searched_by_what_it_asks_for(script: Path) -> None:
    study = tuner(algorithm="tpe", start_with=[{"kind": "tree", "depth": 3}])
    study.fit()
    trials = study.trials
    assert [trial.state for trial in trials] == [TrialState.COMPLETED] * 10
    assert trials[0].params == {"kind": "tree", "depth": 3}
    for trial in trials:
        other = "C" if trial.params["kind"] == "svm" else "depth"
        assert trial.params.keys() == {"kind", other}
        proposed = json.loads(
            (script / f"automl_studies/study/trials/{trial.id}/proposed.json").read_text()
        )
        assert proposed.keys() == (trial.proposed or {}).keys()
    taken = [one for one in trials[4:] if {**one.planned, **one.params} == one.planned]
    # But for a branch that no trial before had come to, all is as proposed.
    assert len(taken) >= 5
    assert study.best_params["kind"] == "svm"
    assert len(study.to_optuna().trials) == 10


@pytest.mark.usefixtures("script")
def test_one_that_dies_before_it_asks_says_so() -> None:
    study = tuner(function="train.py:dies", max_trial_num=3, max_parallel=1, fail_fast=None)
    study.fit()
    died = study.trials[1]
    assert (died.state, died.params) == (TrialState.FAILED, {})
    assert died.reason.endswith("(before it asked for any parameter)")
    assert [trial.params.keys() for trial in (study.trials[0], study.trials[2])] == [{"x"}] * 2


@pytest.mark.integration
def test_killed_it_takes_up_what_runs_and_knows_what_that_drew(script: Path) -> None:
    (script / "study.yaml").write_text(
        "function: train.py:objective\ndirection: minimize\nmax_parallel: 2\nmax_trial_num: 6\n"
    )
    (script / "wait").touch()
    command = [sys.executable, "-m", "automl", "run", "study.yaml"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        folder = StudyFolder(script / "automl_studies", "study")
        wait_until(lambda: all(Path(folder.trial(one).drawn).exists() for one in (0, 1)))
        os.kill(first.pid, signal.SIGKILL)
    (script / "wait").unlink()
    subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE_S)
    events, _ = load(folder.journal)
    drawn = [one.trial for one in events if isinstance(one, Drawn)]
    assert sorted(drawn) == list(range(6))
    trials = open_study("study").trials
    assert [trial.attempts for trial in trials] == [1] * 6
    assert all(trial.params.keys() >= {"kind"} for trial in trials)


def wait_until(fact: Any) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.01)
