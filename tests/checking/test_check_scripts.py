"""A check in a script, a notebook, or of a script from the terminal: the same text."""

import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import automl
from automl.cli import main as cli
from automl.cli.exits import NOT_YET, USAGE, WELL, WITHOUT_VALUE
from automl.errors import SpecError
from automl.hpo import AutoTuner, hyperparam, reader, task
from automl.studies.checking.running.watcher import Watcher

Captured = pytest.CaptureFixture[str]

SCRIPT = """
from automl.hpo import *

acc = reader.create(type="stdout_reader", metric="acc")
train = task.create(type="BashTask", cmd={cmd!r}, metric_reader=acc)
x = hyperparam.create(type="Integer", name="x", min_value=1, max_value=9)
tuner = AutoTuner(hyperparams=[x], task_list=[train], max_parallel=1, max_trial_num=3)
try:
    open("begun", "w").close()
    tuner.fit()
except Exception:
    pass
finally:
    open("left", "w").close()
open("gone on", "w").close()
"""


def tuner(cmd: str, **options: Any) -> AutoTuner:
    return AutoTuner(
        hyperparams=[hyperparam.create(type="Integer", name="x", min_value=1, max_value=9)],
        task_list=[
            task.create(
                type="BashTask",
                cmd=cmd,
                metric_reader=reader.create(type="stdout_reader", metric="acc"),
            )
        ],
        max_parallel=1,
        max_trial_num=3,
        **options,
    )


def without_times(text: str) -> str:
    return re.sub(r"time +[\d.]+ s", "time", text)


def test_a_tuner_is_checked_and_can_be_run_then(place: Path, capsys: Captured) -> None:
    made = tuner("echo acc 0.{{ trial.param.x }}", study_dir=place.parent / "studies")
    report = automl.check(made)
    assert report
    out = capsys.readouterr().out
    assert out.startswith("yes: a study would get numbers for acc\n")
    assert "run the study: tuner.fit()" in out
    assert repr(report) == "Report('numbers', numbers found: acc: 1)"
    assert without_times(out) == without_times(_again(made, capsys))
    assert len(made.fit()) == 3


def _again(made: AutoTuner, capsys: Captured) -> str:
    assert made.check("5m")
    return capsys.readouterr().out


def test_a_log_is_read_by_the_readers_of_a_tuner(place: Path, capsys: Captured) -> None:
    (place / "train.log").write_text("accuracy 0.5\n")
    report = tuner("echo {{ trial.param.x }}").check(log="train.log")
    assert not report
    out = capsys.readouterr().out
    assert "script      reader.create(type='stdout_reader', metric='accuracy')" in out


def test_a_limit_is_a_duration(place: Path, capsys: Captured) -> None:
    assert place
    made = tuner("sleep 600; echo {{ trial.param.x }}")
    with pytest.raises(SpecError, match="limit must be a number of seconds above 0"):
        made.check("soon")
    assert not made.check(0.01)
    assert "give it more time: tuner.check('5m')" in capsys.readouterr().out


def test_ctrl_c_ends_the_script_once_all_is_told(
    place: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def presses(self: Watcher, *_: object) -> None:
        del self
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("automl.studies.checking.shown.live.LiveWatcher.found", presses)
    assert place
    with pytest.raises(SystemExit) as ended:
        tuner("echo acc 0.{{ trial.param.x }}; sleep 600").check()
    assert ended.value.code == 130
    assert "acc (maximize, last counts): 1 number" in capsys.readouterr().out


@pytest.fixture
def script(place: Path) -> Callable[[str], str]:
    def written(cmd: str) -> str:
        (place / "tune.py").write_text(SCRIPT.format(cmd=cmd))
        return "tune.py"

    return written


@pytest.mark.parametrize(
    ("cmd", "more", "code"),
    [
        ("echo acc 0.{{ trial.param.x }}", [], WELL),
        ("echo loss 0.{{ trial.param.x }}", [], WITHOUT_VALUE),
        ("sleep 600; echo {{ trial.param.x }}", ["--for", "0.01"], NOT_YET),
        ("echo acc 0.{{ trial.param.x }}", ["--maximize", "acc"], USAGE),
        ("echo acc 0.{{ trial.param.x }}", ["--max-trial-num", "7"], WELL),
    ],
)
def test_a_script_is_run_up_to_its_study(
    script: Callable[[str], str],
    place: Path,
    capsys: Captured,
    cmd: str,
    more: list[str],
    code: int,
) -> None:
    assert cli.main(["check", script(cmd), *more]) == code
    assert not (place / "gone on").exists()
    if code == USAGE:
        assert "tune.py is a script" in capsys.readouterr().err
        return
    assert (place / "left").exists()
    if code == WELL:
        assert "run the study: automl run tune.py" in capsys.readouterr().out


def test_a_script_that_runs_no_study_is_refused(place: Path, capsys: Captured) -> None:
    (place / "none.py").write_text("import automl\n")
    assert cli.main(["check", "none.py"]) == USAGE
    assert "none.py ended without running a study" in capsys.readouterr().err


def test_the_package_has_nothing_else_of_that_kind() -> None:
    assert "check" in dir(automl)
    with pytest.raises(AttributeError, match="module 'automl' has no attribute 'nix'"):
        _ = automl.nix
