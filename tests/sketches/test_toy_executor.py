"""An executor is one added file: the one of docs/contributing/executor.md, run as it stands."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from toy_package import ROOT, blocks, install, run

from automl.journal.events import TrialStarted
from automl.journal.fold import StudyState, fold
from automl.journal.journal import load
from automl.study.trial import TrialState

pytestmark = pytest.mark.slow

SOURCE, SCRIPT, CHECKS = blocks("executor.md", "python")

TRAIN = """import pathlib, sys, time
x = int(sys.argv[1])
pathlib.Path("runs").mkdir(exist_ok=True)
with open(f"runs/{x}", "a") as file:
    file.write("run\\n")
while pathlib.Path("hold").exists():
    time.sleep(0.01)
print("score", 2 * x)
"""
DEADLINE_S = 100.0


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder where the executor is installed, beside a program for it."""
    place = tmp_path / "site"
    install(place, "toy_cluster", SOURCE, blocks("executor.md", "toml")[0])
    (tmp_path / "train.py").write_text(TRAIN)
    return place


def script() -> str:
    return SCRIPT.replace('"python"', repr(sys.executable))


def journal(folder: Path) -> Path:
    return folder / "automl_studies" / "toy" / "journal.jsonl"


def state(folder: Path) -> StudyState:
    return fold(load(journal(folder))[0])


def started(folder: Path) -> list[TrialStarted]:
    path = journal(folder)
    events = load(path)[0] if path.exists() and path.stat().st_size else []
    return [event for event in events if isinstance(event, TrialStarted)]


def until(holds: Callable[[], object], otherwise: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.01)


def check_all_ran_once(folder: Path) -> None:
    trials = state(folder).trials.values()
    assert [one.state for one in trials] == [TrialState.COMPLETED] * 8
    assert all(one.value == 2 * one.params["x"] for one in trials)
    assert all((folder / "runs" / str(x)).read_text() == "run\n" for x in range(8))
    assert {event.handle["executor"] for event in started(folder)} == {"toy"}


@pytest.mark.integration
def test_a_whole_study_runs_there(tmp_path: Path, site: Path) -> None:
    done = run(script(), tmp_path, site)
    assert done.returncode == 0, done.stderr
    check_all_ran_once(tmp_path)
    # Its scripts do what this place has them do, and nothing that another place would.
    text = (journal(tmp_path).parent / "trials/0/trial.sh").read_text()
    assert 'echo "on $(uname -n)" > where.txt' in text
    assert "AUTOML_GATE" not in text


@pytest.mark.integration
def test_nothing_is_lost_or_run_twice_when_its_controller_is_killed(
    tmp_path: Path, site: Path
) -> None:
    (tmp_path / "hold").touch()
    (tmp_path / "tune.py").write_text(script(), "utf-8")
    env = os.environ | {"PYTHONPATH": f"{site}:{ROOT}", "NO_COLOR": "1"}
    command = [sys.executable, "tune.py"]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL) as first:
        until(lambda: len(started(tmp_path)) >= 2, "no batch began")
        first.send_signal(signal.SIGKILL)
    (tmp_path / "hold").unlink()
    done = run(script(), tmp_path, site)
    assert done.returncode == 0, done.stderr
    check_all_ran_once(tmp_path)


@pytest.mark.integration
def test_a_ctrl_c_ends_what_runs_and_what_waits(tmp_path: Path, site: Path) -> None:
    (tmp_path / "hold").touch()
    (tmp_path / "tune.py").write_text(script(), "utf-8")
    env = os.environ | {"PYTHONPATH": f"{site}:{ROOT}", "NO_COLOR": "1"}
    command = [sys.executable, "tune.py"]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL) as first:
        until(lambda: len(started(tmp_path)) >= 2, "no batch began")
        first.send_signal(signal.SIGINT)
        assert first.wait(DEADLINE_S) == 130
    assert {one.state for one in state(tmp_path).trials.values()} == {TrialState.PLANNED}
    for event in started(tmp_path):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(event.handle["pid"]), 0)
            raise AssertionError(f"process {event.handle['pid']} was left")


def test_programs_of_this_machine_are_not_looked_for(tmp_path: Path, site: Path) -> None:
    elsewhere = script().replace(repr(sys.executable), '"no-such-program-here"')
    done = run(elsewhere, tmp_path, site)
    assert "not found on PATH" not in done.stderr
    assert {one.state for one in state(tmp_path).trials.values()} <= {
        TrialState.FAILED,
        TrialState.PLANNED,
    }


def test_an_unknown_mode_lists_it(tmp_path: Path, site: Path) -> None:
    done = run(script().replace('mode="toy"', 'mode="toys"'), tmp_path, site)
    assert (
        "mode type 'toys' is unknown (did you mean 'toy'?); known types: local, toy" in done.stderr
    )


@pytest.mark.integration
def test_the_contract_suite_passes_as_the_page_runs_it(tmp_path: Path, site: Path) -> None:
    (tmp_path / "test_toy.py").write_text(CHECKS, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_toy.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{site}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
