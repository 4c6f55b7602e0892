"""A script whose controller is killed while its trials save what they have, after Ctrl-C."""

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

SCRIPT = r"""
import os
from automl.hpo import *

os.dup2(os.open('said', os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
x = hyperparam.create(type='Categorical', name='x', candidates=list(range(100, 106)))
score = reader.create(
    type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern='score ([0-9]+)'
)
cmd = ['sh', 'work.sh', '{{ trial.param.x }}']
work = task.create(type='BashTask', metric_reader=score, cmd=cmd)
AutoTuner([x], [work], 2, 6, name='study', algorithm='grid', grace=1000).fit()
"""

WORK = r"""
if mkdir running.$1; then :; else echo >> overlaps; fi
save() {
    echo >> asked.$1
    until [ -e saved ]; do sleep 0.02; done
    echo "score 1"
    rmdir running.$1
    exit CODE
}
trap 'save $1' TERM
echo >> began.$1
# The first one ends by itself, the others once the file `gate` is there.
until [ -e gate ] || [ $1 = 100 ]; do sleep 0.02; done
trap '' TERM
rmdir running.$1
echo "score $1"
echo >> ended.$1
"""


def count(file: Path) -> int:
    return file.read_text().count("\n") if file.exists() else 0


def journal(place: Path) -> list[dict[str, Any]]:
    text = (place / "automl_studies" / "study" / "journal.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(params=[0, 143])
def killed(
    place: Path, start: Start, until: Until, survivors: Survivors, request: pytest.FixtureRequest
) -> None:
    """A study whose controller was killed while two trials save, which exit with that code."""
    (place / "study.py").write_text(SCRIPT)
    (place / "work.sh").write_text(WORK.replace("CODE", str(request.param)))
    first = start("study.py")
    until(lambda: count(place / "began.101") and count(place / "began.102"), "two at work")
    until(lambda: any(one["event"] == "TrialEnded" for one in journal(place)), "an end")
    first.send_signal(signal.SIGINT)
    until(lambda: count(place / "asked.101") and count(place / "asked.102"), "both asked to end")
    first.kill()
    first.communicate()
    assert survivors() != []


@pytest.mark.integration
@pytest.mark.usefixtures("killed")
def test_what_saved_before_the_same_command_came_is_run_again(
    place: Path, run_script: Run, until: Until, survivors: Survivors
) -> None:
    (place / "saved").touch()
    until(lambda: survivors() == [], "both to have saved")
    (place / "gate").touch()
    code, out, _ = run_script("study.py")
    assert code == 0, (place / "said").read_text()
    check_complete(place, out)
    assert survivors() == []


@pytest.mark.integration
@pytest.mark.usefixtures("killed")
def test_what_still_saves_when_the_same_command_comes_is_left_to_it_and_run_again(
    place: Path, start: Start, until: Until, survivors: Survivors
) -> None:
    again = start("study.py")
    until(lambda: "adopted, still running" in (place / "said").read_text(), "an adoption")
    (place / "gate").touch()
    (place / "saved").touch()
    out, _ = again.communicate()
    assert again.returncode == 0, (place / "said").read_text()
    check_complete(place, out)
    assert survivors() == []


def check_complete(place: Path, out: str) -> None:
    """Check that each trial ended once, with its own number, and that only the two ran again."""
    table = [line.split() for line in out.splitlines() if line[:1].isdigit() and "[" not in line]
    assert sorted((int(row[3]), int(row[1]), float(row[2])) for row in table) == [
        (trial, 100 + trial, 100.0 + trial) for trial in range(6)
    ]
    ended = [one for one in journal(place) if one["event"] == "TrialEnded"]
    assert Counter(one["trial"] for one in ended) == dict.fromkeys(range(6), 1)
    assert {one["state"] for one in ended} == {"completed"}
    starts = [count(place / f"began.{x}") for x in range(100, 106)]
    assert starts == [1, 2, 2, 1, 1, 1]
    assert [count(place / f"ended.{x}") for x in range(100, 106)] == [1] * 6
    assert [count(place / f"asked.{x}") for x in (101, 102)] == [1, 1]
    assert not (place / "overlaps").exists()
