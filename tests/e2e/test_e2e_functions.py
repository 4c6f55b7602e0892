"""Studies of Python functions, each call in a process of its own."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.executors.local.starters import forks
from automl.hpo import AutoTuner, hyperparam, pruner
from automl.journal.folder import TrialFolder
from automl.study.trial import TrialState

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("begun")]

SCRIPT = """\
import ctypes, os, sys, threading, time
from automl.inside.pruned import TrialPruned

def hangs(trial):
    while True:
        time.sleep(0.1)

def recursive(trial):
    return recursive(trial)

def interrupted(trial):
    raise KeyboardInterrupt

def raises(trial):
    raise ValueError("bad luck")

def closed(trial):
    sys.stderr.close()
    raise ValueError("bad luck")

def pruned(trial):
    trial.report(7, step=3)
    raise TrialPruned("no use")

def forks(trial):
    os.fork()
    return 0.5

def threads(trial):
    threading.Thread(target=time.sleep, args=(1000,)).start()
    return 0.5

def child(trial):
    os.posix_spawn("/bin/sleep", ["sleep", "1000"], os.environ)
    return 0.5

def leaks(trial):
    kept = []
    while True:
        kept.append(bytearray(b"x" * 10_000_000))

def climbs(trial):
    for step in range(20 if trial.number == 0 else 10):
        trial.report(trial.number, step)
    deadline = time.monotonic() + 60
    while trial.number and time.monotonic() < deadline:
        if trial.should_prune():
            raise TrialPruned
        time.sleep(0.01)
    return 0

def objective(trial):
    return eval(trial.suggest_categorical("how", HOW))(trial)
"""

TOLD = {
    "raises": "ValueError: bad luck (train.py, line 15)",
    "closed": "ValueError: bad luck (train.py, line 19)",
    "recursive": "RecursionError: maximum recursion depth exceeded (train.py, line 9)",
    "interrupted": "KeyboardInterrupt (train.py, line 12)",
    "lambda trial: sys.exit(3)": "SystemExit: 3 (",
    "lambda trial: os.abort()": "killed by SIGABRT: Fatal Python error: Aborted",
    "lambda trial: ctypes.string_at(0)": "killed by SIGSEGV: Fatal Python error: Segment",
    "lambda trial: os._exit(0)": "its process ended with exit code 0 before the function",
    "lambda trial: os._exit(7)": "exit code 7, and it printed nothing",
    "lambda trial: input()": "EOFError: EOF when reading a line (",
    "lambda trial: None": "TypeError: the function returned nothing; it must return a number",
    "lambda trial: threading.Lock()": "TypeError: what the function returns must be a number",
    "lambda trial: float('nan')": "TypeError: what the function returns must be a finite number",
    "lambda trial: trial.set_user_attr('a', os)": "TypeError: Object of type module is not JSON",
    "pruned": "ended itself early: no use",
    "forks": "",
    "threads": "",
    "child": "",
}
"""Each call, and how the reason begins in the table."""

STATES = {"pruned": "pruned"} | dict.fromkeys(("forks", "threads", "child"), "completed")


@pytest.fixture(params=["spawned", "forked"])
def begun(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the process of each call is begun; the test fails where it is begun otherwise."""
    how = str(request.param)
    if how == "spawned":
        monkeypatch.setattr(forks.Forks, "calls_in", lambda *_: None)
    return how


@pytest.fixture
def study(place: Path) -> Callable[..., AutoTuner]:
    """A study of the function of a script, with one trial for each of some calls."""

    def make(calls: list[str], **keywords: Any) -> AutoTuner:
        Path(place, "train.py").write_text(f"{SCRIPT}\nHOW = {calls!r}\n")
        how = hyperparam.create(type="Categorical", name="how", candidates=calls)
        return AutoTuner(  # type: ignore[call-arg]
            hyperparams=[how],
            function="train.py:objective",
            **{
                "max_parallel": 2,
                "max_trial_num": len(calls),
                "algorithm": "grid",
                "fail_fast": None,
                **keywords,
            },
        )

    return make


def folder_of(tuner: AutoTuner, trial_id: int) -> TrialFolder:
    return tuner._study.folder.trial(trial_id)


def test_whatever_a_function_does_is_one_trials_affair(study: Callable[..., AutoTuner]) -> None:
    tuner = study([*TOLD])
    tuner.fit()
    reasons = {trial.params["how"]: trial.reason for trial in tuner.trials}
    assert {how: reasons[how][: len(told)] for how, told in TOLD.items()} == TOLD
    states = {trial.params["how"]: str(trial.state) for trial in tuner.trials}
    assert states == {how: STATES.get(how, "failed") for how in TOLD}
    pruned = next(one for one in tuner.trials if one.state is TrialState.PRUNED)
    assert (pruned.value, pruned.stopped_step) == (7, 3)
    crashed = next(one for one in tuner.trials if "abort" in str(one.params["how"]))
    assert "train.py" in Path(folder_of(tuner, crashed.id).stderr).read_text()


@pytest.mark.integration
def test_one_that_hangs_is_stopped_and_its_log_tells_where(study: Callable[..., AutoTuner]) -> None:
    tuner = study(["hangs"], trial_timeout=4)
    tuner.fit()
    assert tuner.trials[0].reason == "stopped after 4 s (trial_timeout)"
    assert "line 6 in hangs" in Path(folder_of(tuner, 0).stderr).read_text()


def test_one_that_leaks_is_stopped_and_the_other_goes_on(study: Callable[..., AutoTuner]) -> None:
    tuner = study(["leaks", "lambda trial: 0.5"], memory_per_trial="300M")
    tuner.fit()
    leaks, well = tuner.trials
    assert "used more than its memory_per_trial of 300 MB" in leaks.reason
    assert well.value == 0.5


def test_one_that_is_to_end_early_is_asked_and_ends_itself(
    study: Callable[..., AutoTuner],
) -> None:
    tuner = study(
        ["climbs", "climbs or 1", "climbs or 2"],
        max_parallel=1,
        direction="minimize",
        pruner=pruner.create(type="median", startup_trials=1),
    )
    tuner.fit()
    first, *others = tuner.trials
    assert first.state is TrialState.COMPLETED
    assert {one.state for one in others} == {TrialState.PRUNED}
    assert all(one.reason.startswith("stopped early (median): ") for one in others)
    assert all(one.exit and one.exit.code == 0 for one in others)


def test_a_study_goes_on_and_a_changed_script_is_told(
    study: Callable[..., AutoTuner], caplog: pytest.LogCaptureFixture
) -> None:
    study(["lambda trial: 1", "lambda trial: 2"], max_trial_num=1).fit()
    caplog.set_level("INFO", "automl")
    tuner = study(["lambda trial: 1", "lambda trial: 2"])
    with Path("train.py").open("a") as file:
        file.write("changed = True\n")
    tuner.fit()
    assert [trial.value for trial in tuner.trials] == [1, 2]
    assert "train.py changed since 1 trial ran; it keeps its result" in caplog.text


def test_the_interpreter_is_that_of_the_study(study: Callable[..., AutoTuner]) -> None:
    tuner = study([f"lambda trial: 1 if sys.executable == {sys.executable!r} else 0"])
    tuner.fit()
    assert tuner.best_value == 1
