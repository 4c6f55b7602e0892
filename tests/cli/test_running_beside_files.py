"""A study that really runs, asked from other terminals, interrupted, and gone on with."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from automl.cli.exits import INTERRUPTED, WELL, WITHOUT_VALUE
from automl.studies.study import Study, open_study
from automl.study.trial import TrialState

Verb = Callable[..., subprocess.Popen[str]]
Run = Callable[..., tuple[int, str, str]]

WAITS = "echo score={{ trial.param.x }}; while [ ! -e go ]; do sleep 0.05; done"
FILE = f"""\
name: waits
hyperparams: [{{type: Integer, name: x, min_value: 1, max_value: 100}}]
task_list:
- type: BashTask
  cmd: "{WAITS}"
  metric_reader: {{type: stdout_reader, metric: score}}
max_parallel: 2
max_trial_num: 4
"""
DEADLINE_S = 60


@pytest.fixture
def verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Verb]:
    """Start `automl` with some words, in a folder beside that of a study file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "study.yaml").write_text(FILE)
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "automl", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    (tmp_path / "part" / "go").touch()
    for process in started:
        process.communicate(timeout=DEADLINE_S)


def told(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=DEADLINE_S)
    return process.returncode, out, err


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def running(count: int) -> Study:
    """Return the study once so many of its trials run."""
    place = Path("part", "automl_studies")
    wait_until((place / "waits" / "journal.jsonl").exists)
    study = open_study("waits", place)
    wait_until(lambda: in_state(study, TrialState.RUNNING) == count)
    return study


def in_state(study: Study, state: TrialState) -> int:
    return sum(one.state is state for one in study.trials)


@pytest.mark.integration
@pytest.mark.slow
def test_who_asks_a_running_study_reads_done_or_why_not(verb: Verb, automl: Run) -> None:
    run = verb("run", "part/study.yaml", "--quiet")
    study = running(2)
    path = "part/automl_studies/waits"
    given = [one.params["x"] for one in study.trials]
    new = next(value for value in range(1, 101) if value not in given)
    # Each in a terminal of its own, at the same time.
    asked = {
        words: verb(words[0], path, *words[1:])
        for words in (
            ("stop", "1"),
            ("stop", "0", "--json"),
            ("set", "max_trial_num=6"),
            ("add", f"x={new}", "--note", "a hunch"),
            ("add", f"x={given[0]}"),
        )
    }
    assert told(asked["stop", "1"]) == (WELL, "stop_trial 1: done\n", "")
    (answer,) = json.loads(told(asked["stop", "0", "--json"])[1])["requests"]
    assert (answer["state"], answer["reason"]) == ("done", "")
    assert told(asked["set", "max_trial_num=6"])[:2] == (WELL, "set_max_trial_num 6: done\n")
    assert told(asked["add", f"x={new}", "--note", "a hunch"])[0] == WELL
    code, out, err = told(asked["add", f"x={given[0]}"])
    assert (code, out) == (WITHOUT_VALUE, "")
    assert "refused: trial 0 has this combination, and none is run twice" in err
    wait_until(lambda: in_state(study, TrialState.STOPPED) == 2)
    code, _, err = automl("stop", path, "1")
    assert code == WITHOUT_VALUE
    assert "stop_trial 1: refused: trial 1 is stopped, not planned or running" in err
    for word in ("pause", "resume", "drain"):
        assert automl(word, path) == (WELL, f"{word}: done\n", "")
    assert run.poll() is None
    Path("part", "go").touch()
    code, out, err = told(run)
    assert code == WELL, err
    assert "drained by request" in out + err
    assert [one.note for one in study.trials if one.note] == ["a hunch"]


@pytest.mark.integration
@pytest.mark.slow
def test_what_was_interrupted_is_listed_and_goes_on(verb: Verb, automl: Run) -> None:
    words = ("run", "part/study.yaml", "--quiet")
    run = verb(*words)
    running(2)
    assert "running" in automl("ls")[1]
    os.kill(run.pid, signal.SIGINT)
    code, _, err = told(run)
    assert code == INTERRUPTED, err
    # It lies beside its file, and is found from where it was started.
    listed = automl("ls")[1].splitlines()[1].split()
    assert listed[:3] == ["part/automl_studies/waits", "paused", "0"]
    code, _, err = automl("show", "waits")
    assert "found elsewhere, to be given as NAME: part/automl_studies/waits" in err
    assert "state: paused" in automl("show", listed[0])[1]
    Path("part", "go").touch()
    assert told(verb(*words))[0] == WELL
    assert automl("ls")[1].splitlines()[1].split()[1:3] == ["complete", "4"]
