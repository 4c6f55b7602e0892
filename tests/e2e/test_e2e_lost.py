"""A study whose folder is taken away while its script runs."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow

SCRIPT = r"""
from automl.hpo import *

x = hyperparam.create(type='Categorical', name='x', candidates=list(range(6)))
score = reader.create(
    type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern='score ([0-9]+)'
)
wait = task.create(type='BashTask', metric_reader=score, cmd=[
    'sh', '-c', 'echo $$ > "pid.$0"; sleep 600; echo "score 1"', '{{ trial.id }}',
])
AutoTuner([x], [wait], 2, 6, name='study', algorithm='random').fit()
"""


def lives(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


@pytest.mark.parametrize(
    "loss",
    [
        "moved",
        *(
            pytest.param(loss, marks=pytest.mark.integration)
            for loss in ("deleted", "parent moved", "trials deleted")
        ),
    ],
)
def test_a_script_whose_folder_is_taken_away_ends_its_trials_and_fails(
    place: Path,
    start: Callable[[str], "subprocess.Popen[str]"],
    until: Callable[[Callable[[], object], str], None],
    loss: str,
) -> None:
    (place / "study.py").write_text(SCRIPT)
    process = start("study.py")
    pids = []
    for trial in range(2):
        file = place / f"pid.{trial}"
        until(lambda file=file: file.exists() and file.read_text().endswith("\n"), file.name)
        pids.append(int(file.read_text()))
    studies = place / "automl_studies"
    match loss:
        case "moved":
            (studies / "study").rename(studies / "moved")
        case "deleted":
            shutil.rmtree(studies / "study")
        case "parent moved":
            studies.rename(place / "moved")
        case _:
            shutil.rmtree(studies / "study" / "trials")
    out, err = process.communicate(timeout=100)
    assert process.returncode == 1
    assert "while the study ran" in err
    assert "moved away" in err or "deleted" in err
    assert out == ""
    assert not any(map(lives, pids))
    assert not (place / "pid.2").exists()
    if loss in {"moved", "deleted"}:
        assert not (studies / "study").exists()
    if loss == "parent moved":
        assert not studies.exists()


FORKS = r"""
import multiprocessing, os, sys
from automl.hpo import *

def wait():
    os.read(0, 1)

x = hyperparam.create(type='Categorical', name='x', candidates=[1, 2])
score = reader.create(
    type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern='([0-9]+)'
)
go = task.create(type='BashTask', metric_reader=score, cmd=[
    'sh', '-c', 'until [ -e gate ]; do sleep 0.02; done; echo 1; : {{ trial.param.x }}',
])
make = lambda: AutoTuner([x], [go], 1, 2, name='study', algorithm='grid')
tuner = make()
tuner.fit(synchronize=False)
while not os.path.exists('automl_studies/study/trials/0/trial.sh'):
    pass
child = multiprocessing.get_context('fork').Process(target=wait)
child.start()
open('gate', 'w').close()
tuner.wait()
make().fit()
print('second fit ended', child.is_alive(), flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.integration
def test_a_worker_forked_during_a_study_locks_nobody_out(place: Path) -> None:
    (place / "study.py").write_text(FORKS)
    again = FORKS.partition("tuner = make()")[0] + "make().fit()\n"
    (place / "again.py").write_text(again)
    with subprocess.Popen(
        [sys.executable, "study.py"], cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        lines: list[bytes] = []
        while not lines or not lines[-1].startswith(b"second"):
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        assert lines[-1] == b"second fit ended True\n"
        process.wait()
        # The worker still lives, and holds nothing.
        done = subprocess.run(
            [sys.executable, "again.py"], cwd=place, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert process.stdin is not None
        process.stdin.close()
        assert process.stdout.read() == b""
