"""Scripts that call `optimize`, run as a user runs them: again, after a kill, and beside Optuna."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TUTORIAL = """\
import MODULE as optuna

def objective(trial):
    x = trial.suggest_float("x", -10, 10)
    return (x - 2) ** 2

study = optuna.create_study()
study.optimize(objective, n_trials=N)
print("found", study.best_params["x"], study.best_value, len(study.trials))
"""

CALLS = """\
import os, sys, time
import automl

def objective(trial):
    x = trial.suggest_float("x", 0, 1)
    if os.path.exists("gate"):
        open("waits", "w").close()
        while os.path.exists("gate"):
            time.sleep(0.01)
    return x

study = automl.create_study(study_name="calls")
study.optimize(objective, n_trials=3)
print("after the first", len(study.trials))
study.optimize(objective, n_trials=2, max_parallel=2)
print("after the second", len(study.trials))
open(f"ran-{os.getpid()}", "w").close()
"""


def run(script: str, text: str) -> subprocess.CompletedProcess[str]:
    Path(script).write_text(text)
    return subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, timeout=100
    )


@pytest.mark.parametrize("module", ["automl", "optuna"])
def test_the_tutorial_runs_with_both(module: str, place: Path) -> None:
    del place
    told = run("tune.py", TUTORIAL.replace("MODULE", module).replace("N)", "15)", 1))
    found = re.search(r"found (\S+) (\S+) 15", told.stdout)
    assert found
    assert float(found[2]) == pytest.approx((float(found[1]) - 2) ** 2)


@pytest.mark.integration
def test_a_hundred_trials_come_close(place: Path) -> None:
    del place
    told = run("tune.py", TUTORIAL.replace("MODULE", "automl").replace("N)", "100)", 1))
    found = re.search(r"found (\S+)", told.stdout)
    assert found
    assert abs(float(found[1]) - 2) < 0.1


@pytest.mark.integration
def test_a_script_run_again_shows_its_results_and_runs_nothing(place: Path) -> None:
    first = run("tune.py", CALLS)
    assert "after the first 3" in first.stdout
    assert "after the second 5" in first.stdout
    # No guard is needed: what stands behind is run once, and not for each trial.
    assert len(list(place.glob("ran-*"))) == 1
    before = sorted(path.stat().st_mtime_ns for path in place.glob("automl_studies/*/trials/*"))
    again = run("tune.py", CALLS)
    assert "after the second 5" in again.stdout
    assert "optimize number 1 of the study 'calls' has ended" in again.stderr
    assert "nothing was started" in again.stdout
    assert "raise n_trials=" in again.stdout
    after = sorted(path.stat().st_mtime_ns for path in place.glob("automl_studies/*/trials/*"))
    assert before == after


def test_a_killed_script_goes_on_in_the_call_where_it_was(
    place: Path, until: Callable[[Callable[[], object], str], None]
) -> None:
    Path("tune.py").write_text(CALLS)
    process = subprocess.Popen([sys.executable, "tune.py"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    until((place / "automl_studies/calls/trials/2/exit").exists, "the first call")
    (place / "gate").touch()
    until((place / "waits").exists, "a trial of the second call")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    (place / "gate").unlink()
    again = run("tune.py", CALLS)
    assert "after the second 5" in again.stdout
    attempts = list(place.glob("automl_studies/calls/trials/*/attempts"))
    assert attempts == []


@pytest.mark.integration
def test_an_interrupt_ends_what_runs_and_the_next_start_goes_on(
    place: Path, until: Callable[[Callable[[], object], str], None]
) -> None:
    # Whoever runs the tests may have it ignored.
    heard = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    Path("tune.py").write_text(heard + CALLS)
    (place / "gate").touch()
    process = subprocess.Popen(
        [sys.executable, "tune.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    until((place / "waits").exists, "a trial")
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=100)
    assert process.returncode == 130
    assert "stopped by Ctrl-C. 0 of 3 trials have ended" in told
    assert "after the first" not in told
    (place / "gate").unlink()
    assert "after the second 5" in run("tune.py", CALLS).stdout


@pytest.mark.integration
def test_a_study_between_two_calls_is_read_from_the_disk(place: Path) -> None:
    del place
    told = run(
        "tune.py",
        """\
import automl

def first(trial):
    return trial.suggest_float("x", 0, 1)

one = automl.create_study()
one.optimize(first, n_trials=2)
best = one.best_value

def second(trial):
    return best

two = automl.create_study()
two.optimize(second, n_trials=1)
print("same", two.best_value == one.best_value, one.study_name, two.study_name)
""",
    )
    assert "same True tune tune-2" in told.stdout


def test_a_package_run_by_its_name_works(place: Path) -> None:
    (place / "pkg").mkdir()
    (place / "pkg/__init__.py").touch()
    (place / "pkg/values.py").write_text("SHIFT = 5\n")
    (place / "pkg/tune.py").write_text(
        "import automl\nfrom .values import SHIFT\n"
        "def objective(trial):\n    return SHIFT\n"
        "study = automl.create_study()\nstudy.optimize(objective, n_trials=1)\n"
        "print('value', study.best_value)\n"
    )
    told = subprocess.run(
        [sys.executable, "-m", "pkg.tune"], capture_output=True, text=True, check=True, timeout=100
    )
    assert "value 5.0" in told.stdout


@pytest.mark.integration
def test_processes_of_the_function_itself_do_not_run_the_study(place: Path) -> None:
    told = run(
        "tune.py",
        """\
import automl
import multiprocessing
import os

def double(x):
    return 2 * x

def objective(trial):
    assert os.path.basename(__file__) == "tune.py"
    total = 0
    for how in ("spawn", "forkserver", "fork"):
        with multiprocessing.get_context(how).Pool(2) as pool:
            total += sum(pool.map(double, [1, 2]))
    return total

study = automl.create_study()
study.optimize(objective, n_trials=1)
open(f"ran-{os.getpid()}", "w").close()
print("value", study.best_value)
""",
    )
    assert "value 18.0" in told.stdout
    assert [path.name for path in (place / "automl_studies").iterdir()] == ["tune"]
    assert len(list(place.glob("ran-*"))) == 1
    assert (place / "automl_studies/tune/trials/0/stderr.log").read_text() == ""


@pytest.mark.integration
def test_options_that_were_typed_replace_those_of_the_script(place: Path) -> None:
    (place / "tune.py").write_text(TUTORIAL.replace("MODULE", "automl").replace("N)", "5)", 1))
    command = [sys.executable, "-m", "automl", "run", "tune.py", "-n", "3", "--name", "typed"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    assert re.search(r"found \S+ \S+ 3\n", told.stdout)
    assert (place / "automl_studies/typed/journal.jsonl").exists()
