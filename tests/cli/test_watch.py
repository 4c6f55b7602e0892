"""`automl watch`: what is shown of a study, on a terminal and elsewhere."""

import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from msgspec import structs
from written_studies import AT, opened, running, trial, write_study

from automl.cli.changes import Changes
from automl.cli.ended import ending_well
from automl.cli.exits import INTERRUPTED, WELL, WITHOUT_VALUE
from automl.journal.events import StudyOpened
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock
from automl.journal.tail import Tail
from automl.studies.on_disk.progress import progress_of
from automl.studies.on_disk.recorded import recorded_spec
from automl.studies.spec_from import spec_from

Run = Callable[..., tuple[int, str, str]]

DESCRIPTION = """\
hyperparams:
- {type: Real, name: lr, min_value: 0.0, max_value: 1.0}
- {type: Categorical, name: opt, candidates: [adam, sgd]}
task_list:
- type: BashTask
  cmd: echo {{ trial.param.lr }} {{ trial.param.opt }}
  metric_reader:
    type: local_reader
    location: "{{ trial.dir }}/stdout.log"
    parser_pattern: (.)
    metric: acc
objectives: [{metric: acc, direction: maximize}]
max_parallel: 2
max_trial_num: 4
"""


@pytest.fixture
def live(here: Path) -> StudyFolder:
    """A study of which one trial has ended well, one badly, and one runs; it has no study.yaml."""
    study = spec_from(yaml.safe_load(DESCRIPTION), str(here)).describe()
    first = opened()
    assert isinstance(first, StudyOpened)
    events = [
        structs.replace(first, study=study),
        *trial(0, 0.5, "adam", 0.75),
        *trial(1, 0.25, "sgd"),
        *running(2, 0.125, "sgd"),
    ]
    return write_study(here, "live", events)


def test_the_progress_of_a_study_on_disk(live: StudyFolder) -> None:
    state = Tail(live.journal).look()
    spec = recorded_spec("live", state.latest)
    now = progress_of(spec, state, AT + timedelta(seconds=30), "what to do")
    assert (now.done, now.total, now.failed, now.completed) == (2, 4, 1, 1)
    assert [(one.id, one.elapsed_s) for one in now.running] == [(2, 30.0)]
    assert now.best is not None
    assert [one.id for one in now.leaders] == [now.best.id] == [0]
    assert (now.elapsed_s, now.hint, now.note) == (30.0, "what to do", "")
    # A request has raised the limit since.
    assert progress_of(spec, replace(state, max_trials=9), AT).total == 9


def test_changes_are_told_once(live: StudyFolder) -> None:
    changes, state = Changes(), Tail(live.journal).look()
    assert [one.id for one in changes.of(state)] == [0, 1, 2]
    assert changes.of(state) == []
    later = replace(state.trials[2], newest=0.5)
    assert changes.of(replace(state, trials={**state.trials, 2: later})) == [later]


@pytest.mark.usefixtures("digits")
def test_a_study_that_has_ended_is_told_line_by_line(automl: Run, here: Path) -> None:
    code, out, _ = automl("watch")
    assert code == WELL
    assert out.splitlines()[:3] == [
        "trial 0 completed, acc 0.75: lr=0.5 opt=adam",
        "trial 1 completed, acc 0.5: lr=0.25 opt=sgd",
        "trial 2 failed, exit code 1: oops: lr=0.125 opt=sgd",
    ]
    assert "state: complete" in out
    events = [json.loads(line) for line in automl("watch", "--json")[1].splitlines()]
    assert [one["version"] for one in events] == [1, 1, 1, 1]
    assert [one["event"] for one in events] == ["trial", "trial", "trial", "study"]
    assert events[0]["params"] == {"lr": 0.5, "opt": "adam"}
    assert (events[-1]["study"], events[-1]["state"]) == ("digits", "complete")
    write_study(here, "bad", [opened(), *trial(0, 0.5, "adam")])
    assert automl("watch", "bad")[0] == WITHOUT_VALUE


@contextmanager
def watched(live: StudyFolder) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """Watch a study on a terminal; give the process, and both sides of the terminal."""
    lock, (ours, theirs) = StudyLock(live), pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "automl", "watch", "live"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        try:
            yield process, ours, theirs
        finally:
            process.kill()  # Where a test failed it would watch on, and be waited for.
    os.close(theirs)
    os.close(ours)
    lock.release()


def echoes(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
def test_on_a_terminal_the_view_has_a_screen_of_its_own(live: StudyFolder, number: str) -> None:
    end = signal.Signals[number]
    with watched(live) as (process, ours, theirs):
        shown = read_until(ours, b"Ctrl-C ends this view")
        process.send_signal(end)
        shown += read_until(ours, b"\x1b[?1049l")
        code = INTERRUPTED if end is signal.SIGINT else -end
        assert process.wait(60) == code
        assert echoes(theirs)
    assert shown.startswith(b"\x1b[?1049h")
    assert re.search(rb"live\S* .* 2/4, 1 failed", re.sub(rb"\x1b\[[\d;]*m", b"", shown))
    assert shown.endswith(b"\x1b[?25h\x1b[?1049l")


def test_the_shell_has_the_usual_screen_while_the_view_is_stopped(live: StudyFolder) -> None:
    lock = StudyLock(live)
    with at_bash() as terminal:
        stop_and_go_on(terminal)
    lock.release()


@contextmanager
def at_bash() -> Iterator[int]:
    """Give the terminal of a shell that waits for a command."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the shell
        os.environ["PS1"] = "READY "
        os.execvp("bash", ["bash", "--norc", "-i"])  # noqa: S606
    try:
        read_until(terminal, b"READY")
        yield terminal
    finally:
        os.close(terminal)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def stop_and_go_on(terminal: int) -> None:
    os.write(terminal, f"{shlex.quote(sys.executable)} -m automl watch live\r".encode())
    read_until(terminal, b"Ctrl-C ends this view")
    os.write(terminal, b"\x1a")
    shown = read_until(terminal, b"READY")
    assert b"\x1b[?25h\x1b[?1049l" in shown
    os.write(terminal, b"fg\r")
    shown = read_until(terminal, b"Ctrl-C ends this view")
    assert b"\x1b[?1049h" in shown
    os.write(terminal, b"\x03")
    shown = read_until(terminal, b"READY")
    assert b"\x1b[?1049l" in shown


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending_well():
            signal.raise_signal(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_of_several_signals_the_first_ends_the_process() -> None:
    code = (
        "import signal; from automl.cli.ended import ending_well\n"
        "with ending_well():\n"
        "    try:\n        signal.raise_signal(signal.SIGHUP)\n"
        "    finally:\n        signal.raise_signal(signal.SIGTERM); print('left', flush=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGHUP, "left\n", "")


def test_a_study_that_is_not_described_is_told_line_by_line(here: Path) -> None:
    folder = write_study(here, "live", [opened(), *running(0, 0.5, "adam")])
    with watched(folder) as (process, ours, _):
        shown = read_until(ours, b"trial 0 running")
        process.terminate()
        process.wait(60)
    assert b"there is no live view, so each change is a line: " in shown
    assert b"'tasks' is missing" in shown
    assert b"\x1b[?1049h" not in shown


def read_until(terminal: int, text: bytes) -> bytes:
    shown = b""
    while text not in shown:
        shown += os.read(terminal, 1 << 16)
    return shown
