"""`automl watch`: what is shown of a study, on a terminal and elsewhere."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from written_studies import AT, opened, running, trial, write_study

from automl.cli.exits import INTERRUPTED, WELL, WITHOUT_VALUE
from automl.cli.verbs.reading.watch import Changes
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock
from automl.journal.tail import Tail
from automl.studies.on_disk.progress import progress_of, spec_on_disk

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
    """A study of which one trial has ended well, one badly, and one runs."""
    events = [
        opened(),
        *trial(0, 0.5, "adam", 0.75),
        *trial(1, 0.25, "sgd"),
        *running(2, 0.125, "sgd"),
    ]
    folder = write_study(here, "live", events)
    folder.spec.write_text(DESCRIPTION)
    return folder


def test_the_progress_of_a_study_on_disk(live: StudyFolder) -> None:
    spec, state = spec_on_disk(live), Tail(live.journal).look()
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


def test_on_a_terminal_the_view_has_a_screen_of_its_own(live: StudyFolder) -> None:
    lock, (ours, theirs) = StudyLock(live), pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "automl", "watch", "live"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = read_until(ours, b"Ctrl-C ends this view")
        process.send_signal(signal.SIGINT)
        shown += read_until(ours, b"\x1b[?1049l")
        assert process.wait(60) == INTERRUPTED
    os.close(ours)
    lock.release()
    assert shown.startswith(b"\x1b[?1049h")
    assert re.search(rb"live\S* .* 2/4, 1 failed", re.sub(rb"\x1b\[[\d;]*m", b"", shown))
    assert shown.endswith(b"\x1b[?25h\x1b[?1049l")


def read_until(terminal: int, text: bytes) -> bytes:
    shown = b""
    while text not in shown:
        shown += os.read(terminal, 1 << 16)
    return shown
