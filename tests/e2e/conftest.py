"""Whole studies with real processes, each in a folder of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from automl.hpo import AutoTuner, hyperparam, reader, task

DEADLINE_S = 100.0
MARK = "AUTOML_MARK"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current directory; no process of its studies outlives a test that failed."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for left, _ in _marked(tmp_path):
        with contextlib.suppress(psutil.NoSuchProcess):
            left.kill()


@pytest.fixture
def until() -> Callable[[Callable[[], object], str], None]:
    """A wait for a condition, which fails the test if it does not come true."""

    def wait(condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, f"waited {DEADLINE_S} s in vain for {what}"
            time.sleep(0.005)

    return wait


@pytest.fixture
def tune(place: Path) -> Callable[..., AutoTuner]:
    """A study over `x`, one trial at a time in the order of the values, unless told otherwise."""
    del place

    def make(
        cmd: Any, values: Any = range(10), *, pattern: str = r"(\S+)", **keywords: Any
    ) -> AutoTuner:
        location = keywords.pop("location", "{{ trial.dir }}/stdout.log")
        metric = reader.create(type="local_reader", location=location, parser_pattern=pattern)
        first = hyperparam.create(type="Categorical", name="x", candidates=list(values))
        more = [
            hyperparam.create(type="Constant", name=name, value=value)
            for name, value in keywords.pop("fixed", {}).items()
        ]
        codes = {name: keywords.pop(name) for name in {"success_codes"} & keywords.keys()}
        before = [task.create(type="BashTask", cmd=one) for one in keywords.pop("before", [])]
        return AutoTuner(
            hyperparams=[first, *more],
            task_list=[
                *before,
                task.create(type="BashTask", cmd=cmd, metric_reader=metric, **codes),
            ],
            **{
                "max_parallel": 1,
                "max_trial_num": len(list(values)),
                "name": "study",
                "algorithm": "grid",
                **keywords,
            },
        )

    return make


@pytest.fixture
def survivors(place: Path) -> Callable[[], list[str]]:
    """What still runs of the studies in this test's folder, as command lines."""

    def look() -> list[str]:
        return [told for _, told in _marked(place)]

    return look


@pytest.fixture
def start(place: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """A way to run a script of the test's folder as a process, which does not outlive the test."""
    begun: list[subprocess.Popen[str]] = []

    def begin(name: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, name],
            cwd=place,
            env=os.environ | {"COLUMNS": "80"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Tests that run in the background of a shell inherit an ignored Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def run_script(
    start: Callable[[str], subprocess.Popen[str]],
) -> Callable[[str], tuple[int, str, str]]:
    """A way to run a script to its end: exit code, standard output, standard error."""

    def run(name: str) -> tuple[int, str, str]:
        process = start(name)
        out, err = process.communicate(timeout=DEADLINE_S)
        return process.returncode, out, err

    return run


def _marked(place: Path) -> list[tuple[psutil.Process, str]]:
    """Return the processes of the studies below `place`, each with its command line."""
    uids = set()
    for journal in place.glob("*/*/journal.jsonl"):
        first = journal.read_text(encoding="utf-8").partition("\n")[0]
        if first:
            uids.add(json.loads(first)["uid"])
    found = []
    for process in psutil.process_iter():
        # One that ends while it is looked at is none of the survivors.
        with contextlib.suppress(psutil.Error):
            uid = process.environ().get(MARK, "").partition(":")[0]
            if uid in uids and process.status() != psutil.STATUS_ZOMBIE:
                found.append((process, f"{process.pid} {' '.join(process.cmdline())}"))
    return found
