"""What earlier lives of a study left running, whatever became of their journal and folder."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

Start = Callable[[str], "subprocess.Popen[str]"]
Run = Callable[[str], tuple[int, str, str]]
Until = Callable[[Callable[[], object], str], None]

DAEMON = "setsid sh -c 'echo $$ > daemon.pid; exec sleep 600' & until [ -s daemon.pid ]; do :; done"

SCRIPT = r"""
import automl.executors.local.executor
from automl.hpo import *

# As for a user without control groups, where what a brief trial left is looked for only later.
automl.executors.local.executor.open_groups = lambda: None
x = hyperparam.create(type='Categorical', name='x', candidates=[1, 2, 3])
score = reader.create(
    type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern='score ([0-9]+)'
)
one = task.create(type='BashTask', metric_reader=score, cmd=open('cmd').read())
AutoTuner([x], [one], 1, 3, algorithm='grid', grace=1.0, fresh=FRESH).fit()
"""


def write(place: Path, cmd: str, *, fresh: bool = False) -> None:
    (place / "cmd").write_text(cmd)
    (place / "study.py").write_text(SCRIPT.replace("FRESH", str(fresh)))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
@pytest.mark.parametrize(
    "again",
    ["same", *(pytest.param(how, marks=pytest.mark.integration) for how in ("fresh", "removed"))],
)
def test_a_daemon_of_a_trial_that_ended_before_the_kill_is_stopped_at_the_next_start(
    place: Path, start: Start, run_script: Run, until: Until, again: str
) -> None:
    # What so brief a trial leaves is looked for once a second, the first time after trial 0.
    first = (
        f"case {{{{ trial.id }}}} in 0) ;; 1) {DAEMON};; "
        "*) until [ -e gate ]; do sleep 0.01; done;; esac"
    )
    write(place, f"{first}; echo score {{{{ trial.param.x }}}}")
    process = start("study.py")
    journal = place / "automl_studies/study/journal.jsonl"
    until(lambda: journal.exists() and journal.read_bytes().count(b'"TrialEnded"') == 2, "two ends")
    process.kill()
    process.communicate()
    daemon = int((place / "daemon.pid").read_text())
    (place / "gate").touch()
    if again == "removed":
        shutil.rmtree(place / "automl_studies")
    if again != "same":
        write(place, "echo score {{ trial.param.x }}", fresh=again == "fresh")
    code, _, err = run_script("study.py")
    assert code == 0, err
    assert not is_alive(daemon)


@pytest.mark.integration
def test_ctrl_c_while_an_earlier_life_is_stopped_leaves_it_to_the_next_start(
    place: Path, start: Start, run_script: Run, until: Until
) -> None:
    write(
        place, "trap : TERM; : {{ trial.param.x }}; echo $$ > old.pid; while :; do sleep 0.1; done"
    )
    process = start("study.py")
    until(lambda: (place / "old.pid").exists() and (place / "old.pid").read_text(), "the trial")
    process.kill()
    process.communicate()
    old = int((place / "old.pid").read_text())
    cmd = "echo score {{ trial.param.x }}"
    write(place, cmd, fresh=True)
    (place / "study.py").write_text(
        (place / "study.py").read_text().replace("grace=1", "grace=1000")
    )
    process = start("study.py")
    assert process.stderr
    line = process.stderr.readline()
    assert "stopping what an earlier life of this study left running" in line
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode != 0
    assert [path.name for path in (place / "automl_studies").iterdir()] == ["study"]
    write(place, cmd, fresh=True)
    code, _, err = run_script("study.py")
    assert code == 0, err
    assert not is_alive(old)
