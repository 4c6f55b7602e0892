"""A script that lets its study run aside, and what signals do to it."""

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

Start = Callable[[str], "subprocess.Popen[str]"]
Until = Callable[[Callable[[], object], str], None]
Survivors = Callable[[], list[str]]

SCRIPT = r"""
import threading
import time
from automl.hpo import *

def tuner(name):
    x = hyperparam.create(type='Categorical', name='x', candidates=list(range(2)))
    score = reader.create(
        type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern='score ([0-9]+)'
    )
    wait = task.create(type='BashTask', metric_reader=score, cmd=[
        'sh', '-c', 'echo >> "began.$0"; until [ -e gate ]; do sleep 0.02; done; echo "score 1"',
        name + '{{ trial.id }}', '{{ trial.param.x }}',
    ])
    return AutoTuner([x], [wait], 2, 2, algorithm='random', name=name)

a, b = tuner('a'), tuner('b')
a.fit(synchronize=False)
b.fit(synchronize=False)
"""

ENDS = {
    "does something else": "while True: time.sleep(0.1)",
    "is done": "pass",
    "waits": "a.wait(); b.wait()",
}


@pytest.fixture
def begun(place: Path, start: Start, until: Until) -> Callable[[str], "subprocess.Popen[str]"]:
    """A way to start two studies aside and go on with something, until all four trials run."""

    def begin(last_line: str) -> "subprocess.Popen[str]":
        (place / "aside.py").write_text(SCRIPT + last_line + "\n")
        process = start("aside.py")
        for name in ("a0", "a1", "b0", "b1"):
            until((place / f"began.{name}").exists, f"trial {name}")
        return process

    return begin


@pytest.mark.parametrize("main", ENDS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_every_study_and_ends_the_process_by_it(
    begun: Callable[[str], "subprocess.Popen[str]"],
    survivors: Survivors,
    main: str,
    number: signal.Signals,
) -> None:
    process = begun(ENDS[main])
    process.send_signal(number)
    process.communicate()
    # While it waits, the table is shown, and the exit code is the shell's for the signal.
    assert process.returncode == (128 + number if main == "waits" else -number)
    assert survivors() == []


@pytest.mark.parametrize("main", ["does something else", "is done"])
def test_a_lost_terminal_leaves_the_trials_running(
    begun: Callable[[str], "subprocess.Popen[str]"],
    survivors: Survivors,
    place: Path,
    until: Until,
    main: str,
) -> None:
    process = begun(ENDS[main])
    process.send_signal(signal.SIGHUP)
    process.communicate()
    assert process.returncode == -signal.SIGHUP
    assert survivors() != []
    (place / "gate").touch()
    until(lambda: survivors() == [], "the end of the trials")


def test_after_the_studies_ended_signals_do_what_they_did(place: Path, start: Start) -> None:
    (place / "gate").touch()
    last = (
        "before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)\n"
        "a.wait(); b.wait()\n"
        "assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL\n"
        "assert signal.getsignal(signal.SIGINT) is signal.default_int_handler\n"
        "signal.raise_signal(signal.SIGTERM)\n"
    )
    (place / "aside.py").write_text("import signal\n" + SCRIPT + last)
    process = start("aside.py")
    process.communicate()
    assert process.returncode == -signal.SIGTERM


def test_a_forked_child_ends_by_the_signal_that_asks_it_to(place: Path, start: Start) -> None:
    (place / "gate").touch()
    last = (
        "import multiprocessing\n"
        "child = multiprocessing.get_context('fork').Process(target=time.sleep, args=(1000,))\n"
        "child.start()\n"
        "child.terminate()\n"
        "child.join()\n"
        "a.wait(); b.wait()\n"
        "raise SystemExit(child.exitcode == -15)\n"
    )
    (place / "aside.py").write_text(SCRIPT + last)
    process = start("aside.py")
    process.communicate()
    assert process.returncode == 1
