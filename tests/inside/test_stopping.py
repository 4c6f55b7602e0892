"""An objective that ends the `optimize` that called it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from automl.inside.calling.function import call_function
from automl.inside.calling.stopping import stop_study
from automl.inside.calling.words import Call, Target
from automl.inside.outcome import outcome_in
from automl.inside.stand_in import create_study
from automl.inside.trial import Trial
from automl.journal.asking.asker import Asker
from automl.journal.control import read_requests
from automl.journal.requests import Drain

Objective = Callable[[Trial], float]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of trial 3 of a study."""
    (tmp_path / "journal.jsonl").touch()
    trial = tmp_path / "trials" / "3"
    trial.mkdir(parents=True)
    (trial / "params.json").write_text("{}")
    return trial


def call(folder: Path, objective: Objective) -> None:
    words = Call(Target("f", module="m"), str(folder), 3, 17, ("value",))
    call_function(lambda: objective, words)


def test_its_study_is_asked_to_start_nothing_more(folder: Path) -> None:
    study = create_study(study_name="a")

    def objective(_: Trial) -> float:
        study.stop()
        study.stop()
        return 1

    control = folder.parents[1] / "control.jsonl"
    # Somebody died in the middle of a line.
    control.write_text('{"request": "dra')
    call(folder, objective)
    outcome = outcome_in(str(folder))
    assert outcome is not None
    assert outcome.state == "completed"
    torn, *asked = [one for one, _ in read_requests(control, 0)]
    assert torn.problem
    assert [one.request for one in asked] == [Drain(trial=3)] * 2
    assert asked[0].id != asked[1].id
    assert isinstance(asked[0].who, Asker)
    assert str(asked[0].who).startswith("trial 3 (study.stop(), process ")


def test_a_trial_that_is_run_by_hand_asks_nobody(folder: Path) -> None:
    (folder.parents[1] / "journal.jsonl").unlink()
    call(folder, lambda _: float(stop_study()))
    assert [path.name for path in folder.parents[1].iterdir()] == ["trials"]


def test_outside_of_an_objective_it_is_refused(folder: Path) -> None:
    del folder
    assert not stop_study()
    with pytest.raises(RuntimeError, match="inside an objective"):
        create_study(study_name="a").stop()


def test_a_process_that_the_objective_forks_may_ask_too(folder: Path) -> None:
    program = f"""
import os
from automl.inside.calling.stopping import calling, stop_study
with calling({str(folder)!r}, 3):
    if not os.fork():
        stop_study()
        os._exit(0)
os.wait()
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    lines = (folder.parents[1] / "control.jsonl").read_text().split()
    assert json.loads("".join(lines))["trial"] == 3
