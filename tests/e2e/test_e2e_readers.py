"""Patterns that find no end, and the process that matches them, in whole studies."""

import contextlib
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow

Start = Callable[[str], "subprocess.Popen[str]"]
Run = Callable[[str], tuple[int, str, str]]
Until = Callable[[Callable[[], object], str], None]
Survivors = Callable[[], list[str]]

SCRIPT = r"""
from automl.hpo import *

x = hyperparam.create(type='Integer', name='x', min_value=1, max_value=2)
score = reader.create(
    type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern=r'PATTERN'
)
wait = task.create(type='BashTask', metric_reader=score, cmd=[
    'sh', '-c', 'echo LINE; echo > "began.$0"; until [ -e gate ]; do sleep 0.02; done; echo "LAST"',
    '{{ trial.id }}', '{{ trial.param.x }}',
])
AutoTuner([x], [wait], 2, TRIALS, algorithm='grid', grace=5).fit()
"""

ENDLESS = "a" * 40 + "b"
NESTED = r"(?:score ?)+(\d+)"
"""Quick for what is printed, but no proof of it is known."""


@pytest.fixture
def study(place: Path, start: Start, until: Until) -> Callable[..., "subprocess.Popen[str]"]:
    """A way to start trials that wait for the gate, until their pattern is being matched."""

    def begin(pattern: str, line: str, last: str, trials: int = 1) -> "subprocess.Popen[str]":
        text = SCRIPT.replace("PATTERN", pattern).replace("LINE", line).replace("LAST", last)
        text = text.replace("TRIALS", str(trials))
        (place / "study.py").write_text(text)
        process = start("study.py")
        until(lambda: matching(process.pid), "a process that matches")
        return process

    return begin


def matching(pid: int) -> list[psutil.Process]:
    """Return the processes that match patterns for a controller."""
    found = []
    for child in psutil.Process(pid).children():
        # A trial may end while it is looked at.
        with contextlib.suppress(psutil.Error):
            if any("automl.readers" in word for word in child.cmdline()):
                found.append(child)
    return found


def rows(out: str) -> list[list[str]]:
    """Return the rows of the printed table: number, x, metric and id."""
    return [line.split() for line in out.splitlines() if line[:1].isdigit() and "[" not in line]


@pytest.mark.integration
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_study_whose_pattern_finds_no_end(
    study: Callable[..., "subprocess.Popen[str]"],
    survivors: Survivors,
    number: signal.Signals,
    code: int,
) -> None:
    process = study("(a+)+$", ENDLESS, "")
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == code
    assert survivors() == []
    assert "Traceback" not in err


@pytest.mark.integration
def test_a_pattern_that_finds_no_end_is_told_in_words(
    place: Path, study: Callable[..., "subprocess.Popen[str]"]
) -> None:
    (place / "gate").touch()
    process = study("(a+)+$", ENDLESS, "")
    out, err = process.communicate()
    told = "parser_pattern '(a+)+$' found no end within 2 s of work in a line that begins with 'aaa"
    assert len([line for line in err.splitlines() if f"[WARNING] {told}" in line]) == 1
    assert told in " ".join(out.split())


@pytest.mark.integration
def test_numbers_before_and_behind_a_line_without_end_count(
    place: Path, study: Callable[..., "subprocess.Popen[str]"]
) -> None:
    (place / "gate").touch()
    process = study("^(?:a+)+c$|(?P<value>[0-9]+)", ENDLESS, "$1")
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "found no end within 2 s" in err
    assert [(row[1], float(row[2])) for row in rows(out)] == [("1", 1.0)]


@pytest.mark.integration
def test_the_process_that_matches_may_die_and_dies_with_its_controller(
    place: Path, study: Callable[..., "subprocess.Popen[str]"]
) -> None:
    process = study(NESTED, "epoch 1", "score $1", trials=2)
    matcher = matching(process.pid)[0]
    assert "AUTOML_MARK" not in matcher.environ()
    assert not [file for file in files_of(matcher) if file.startswith(str(place))]
    matcher.kill()
    (place / "gate").touch()
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "found no end" not in err
    assert sorted((row[1], float(row[2])) for row in rows(out)) == [("1", 1.0), ("2", 2.0)]
    assert not matcher.is_running()


def test_the_process_that_matches_does_not_outlive_a_killed_controller(
    study: Callable[..., "subprocess.Popen[str]"], until: Until
) -> None:
    process = study(NESTED, "epoch 1", "score $1")
    (matcher,) = matching(process.pid)
    process.kill()
    process.communicate()
    until(lambda: ended(matcher), "the end of the matching process")


def ended(process: psutil.Process) -> bool:
    # Where nobody takes note of its end, it stays in the table.
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def files_of(process: psutil.Process) -> list[str]:
    """Return what a process has open, without what it closes meanwhile."""
    found = []
    for one in Path("/proc", str(process.pid), "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(one.readlink()))
    return found


HANGING = """
import os
import time
from automl.hpo import *

def score(folder):
    with open("part", "w") as file:
        file.write(str(os.getpid()))
    os.rename("part", "began")
    time.sleep(1000)

x = hyperparam.create(type='Integer', name='x', min_value=1, max_value=2)
found = reader.create(type='function_reader', function='study.py:score', timeout=1000)
run = task.create(type='BashTask', metric_reader=found, cmd=['true', '{{ trial.param.x }}'])
AutoTuner([x], [run], 1, 1).fit()
"""


@pytest.mark.integration
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_function_that_reads_ends_with_its_study(
    place: Path, start: Start, until: Until, number: signal.Signals
) -> None:
    (place / "study.py").write_text(HANGING)
    process = start("study.py")
    until((place / "began").exists, "a function that was called")
    reading = psutil.Process(int((place / "began").read_text()))
    process.send_signal(number)
    process.communicate()
    until(lambda: has_ended(reading), "the end of the function")


def has_ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
