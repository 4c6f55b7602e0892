"""Two signals that reach a controller at the same instant."""

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DEADLINE_S = 120

SCRIPT = r"""
from automl.hpo import *

x = hyperparam.create(type='Categorical', name='x', candidates=[1, 2])
score = reader.create(
    type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern='score ([0-9]+)'
)
# Its trials do not end when they are asked to, and are given a day for it.
deaf = task.create(type='BashTask', metric_reader=score, cmd=[
    'sh', '-c', 'trap "" TERM; echo >> "began.$0"; while :; do sleep 0.1; done', '{{ trial.id }}',
])
AutoTuner([x], [deaf], 2, 2, algorithm='random', grace='1d').fit()
"""


def test_the_second_of_two_signals_at_once_kills(
    place: Path,
    start: Callable[[str], "subprocess.Popen[str]"],
    until: Callable[[Callable[[], object], str], None],
    survivors: Callable[[], list[str]],
) -> None:
    (place / "study.py").write_text(SCRIPT)
    process = start("study.py")
    until(lambda: (place / "began.0").exists() and (place / "began.1").exists(), "both trials")
    # Both wait for it, so they come within one turn of its loop; two alike would be one.
    for number in (signal.SIGSTOP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT):
        process.send_signal(number)
    _, err = process.communicate(timeout=DEADLINE_S)
    assert "killing what is left" in err
    assert process.returncode in {130, 143}
    until(lambda: survivors() == [], "the end of every process")
