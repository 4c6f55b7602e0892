"""Two studies in one working directory whose metric files have the same names."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from automl.errors import StudyBusyError
from automl.hpo import AutoTuner, open_study

Tune = Callable[..., AutoTuner]
Start = Callable[[str], "subprocess.Popen[str]"]
Until = Callable[[Callable[[], object], str], None]

PROGRAM = """
import pathlib, sys, time
number, value = sys.argv[1:]
pathlib.Path("begun").touch()
while not pathlib.Path("go").exists():
    time.sleep(0.01)
pathlib.Path(f"log/{number}.txt").write_text(f"{value}\\n")
"""

FIRST = """
import sys
from automl.hpo import AutoTuner, hyperparam, reader, task

metric = reader.create(
    type="local_reader", location="log/<<trial.id>>.txt", parser_pattern=r"(\\S+)"
)
AutoTuner(
    hyperparams=[hyperparam.create(type="Categorical", name="x", candidates=[1])],
    task_list=[
        task.create(
            type="BashTask",
            cmd=[sys.executable, "program.py", "{{ trial.id }}", "{{ trial.param.x }}"],
            metric_reader=metric,
        )
    ],
    max_parallel=1,
    max_trial_num=1,
    name="first",
).fit()
"""


@pytest.fixture
def second(place: Path, tune: Tune) -> Callable[[], AutoTuner]:
    (place / "program.py").write_text(PROGRAM)
    (place / "first.py").write_text(FIRST)
    words = [sys.executable, "program.py", "{{ trial.id }}", "{{ trial.param.x }}"]
    return lambda: tune(words, [20], name="second", location="log/{{ trial.id }}.txt")


def test_the_second_is_refused_until_nothing_of_the_first_runs(
    place: Path, second: Callable[[], AutoTuner], start: Start, until: Until
) -> None:
    process = start("first.py")
    until((place / "begun").exists, "the first trial")
    with pytest.raises(StudyBusyError, match=r"the study .first. in .*one study would read"):
        second().fit()
    assert not list(place.glob("*/second/trials/*"))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    # Its trial outlives it and still writes there.
    with pytest.raises(StudyBusyError, match="its trials still run"):
        second().fit()
    (place / "go").touch()
    until(lambda: list(place.glob("*/first/trials/0/exit")), "the end of the first trial")
    tuner = second()
    until(lambda: _runs(tuner), "the second study")
    assert tuner.best_value == 20.0
    assert [path.name for path in (place / "log" / ".automl-claims").iterdir()] == [".gitignore"]


def test_the_first_does_not_read_what_the_second_wrote_after_it_was_killed(
    place: Path, second: Callable[[], AutoTuner], start: Start, until: Until
) -> None:
    process = start("first.py")
    until((place / "begun").exists, "the first trial")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    (place / "go").touch()
    until(lambda: list(place.glob("*/first/trials/0/exit")), "the end of the first trial")
    second().fit()
    assert (place / "log/0.txt").read_text() == "20\n"
    again = start("first.py")
    assert again.wait(60) == 0
    first = open_study("first")
    assert (first.trials[0].attempts, first.best_value) == (2, 1.0)


@pytest.mark.integration
def test_a_study_that_is_complete_shows_its_table_while_another_runs(
    place: Path, second: Callable[[], AutoTuner], start: Start, until: Until
) -> None:
    (place / "go").touch()
    assert start("first.py").wait() == 0
    for name in ("go", "begun"):
        (place / name).unlink()
    tuner = second()
    tuner.fit(synchronize=False)
    until((place / "begun").exists, "the second study's trial")
    again = start("first.py")
    out, err = again.communicate()
    assert again.returncode == 0, err
    assert "results:" in out
    (place / "go").touch()
    tuner.wait()
    assert tuner.best_value == 20.0


def _runs(tuner: AutoTuner) -> bool:
    """Run a study unless it is refused: a process of the first may just be ending."""
    try:
        tuner.fit()
    except StudyBusyError:
        return False
    return True
