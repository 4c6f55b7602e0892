"""A script that is stopped, or killed, and started again with the same command."""

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Start = Callable[[str], "subprocess.Popen[str]"]
Run = Callable[[str], tuple[int, str, str]]
Until = Callable[[Callable[[], object], str], None]
Survivors = Callable[[], list[str]]
Waiting = Callable[[str], "subprocess.Popen[str]"]

SCRIPT = r"""
from automl.hpo import *

x = hyperparam.create(type='Categorical', name='x', candidates=list(range(6)))
score = reader.create(
    type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern='score ([0-9]+)'
)
# Trial 0 ends by itself, the others once the file `gate` is there.
wait = task.create(type='BashTask', metric_reader=score, cmd=[
    'sh', '-c',
    'echo >> "began.$0"; until [ -e gate ] || [ "$0" = 0 ]; do sleep 0.02; done; echo "score $1"',
    '{{ trial.id }}', '{{ trial.param.x }}',
])
tuner = AutoTuner([x], [wait], 2, 6, algorithm='random')
FIT
"""


def journal(place: Path) -> list[dict[str, Any]]:
    text = (place / "automl_studies" / "study" / "journal.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def rows(out: str) -> list[list[str]]:
    """Return the rows of the printed table: number, x, metric and id."""
    return [line.split() for line in out.splitlines() if line[:1].isdigit() and "[" not in line]


@pytest.fixture
def two_waiting(place: Path, start: Start, until: Until) -> Waiting:
    """A way to start the script, with its last line, until trial 0 ended and 1 and 2 run."""

    def begin(last_line: str) -> "subprocess.Popen[str]":
        (place / "study.py").write_text(SCRIPT.replace("FIT", last_line))
        process = start("study.py")
        until((place / "began.1").exists, "trial 1")
        until((place / "began.2").exists, "trial 2")
        until(lambda: any(event["event"] == "TrialEnded" for event in journal(place)), "an end")
        return process

    return begin


def check_complete(place: Path, out: str) -> None:
    """Check that each of the six trials is in the table once, with its own number."""
    table = rows(out)
    assert sorted(int(row[3]) for row in table) == list(range(6))
    assert [float(row[1]) for row in table] == [float(row[2]) for row in table]
    events = journal(place)
    planned = [event["trial"] for event in events if event["event"] == "TrialPlanned"]
    assert planned == list(range(6))
    ended = Counter(event["trial"] for event in events if event["event"] == "TrialEnded")
    assert ended == dict.fromkeys(range(6), 1)


def test_an_interrupted_study_stops_its_trials_and_goes_on_with_the_same_command(
    place: Path, two_waiting: Waiting, run_script: Run, survivors: Survivors
) -> None:
    process = two_waiting("tuner.fit()")
    assert survivors() != []
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert survivors() == []
    assert process.returncode == 130
    assert "Traceback" not in err
    assert [row[3] for row in rows(out)] == ["0"]
    assert "1 of 6 trials have ended; the same command goes on from here" in out

    (place / "gate").touch()
    code, out, _ = run_script("study.py")
    assert code == 0
    check_complete(place, out)
    assert (place / "began.0").read_text().count("\n") == 1

    code, out, _ = run_script("study.py")
    assert code == 0
    assert len(rows(out)) == 6
    assert "nothing was started" in out
    assert [(place / f"began.{n}").read_text().count("\n") for n in range(6)] == [1, 2, 2, 1, 1, 1]


def test_a_killed_controller_loses_nothing_and_runs_nothing_twice(
    place: Path, two_waiting: Waiting, run_script: Run, until: Until, survivors: Survivors
) -> None:
    process = two_waiting("tuner.fit()")
    process.kill()
    process.communicate()
    # The trials go on without it.
    assert survivors() != []

    (place / "gate").touch()
    code, out, err = run_script("study.py")
    assert code == 0, err
    check_complete(place, out)
    assert (place / "began.0").read_text().count("\n") == 1
    until(lambda: survivors() == [], "the end of every process")


@pytest.mark.integration
def test_a_study_that_is_waited_for_is_interrupted_as_well(
    two_waiting: Waiting, survivors: Survivors
) -> None:
    process = two_waiting("tuner.fit(synchronize=False)\ntuner.wait()")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "the same command goes on from here" in out
    assert survivors() == []
