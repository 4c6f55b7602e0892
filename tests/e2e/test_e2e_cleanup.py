"""`cleanup=`: what runs when nothing of an attempt is left."""

import os
import signal
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import AutoTuner, hyperparam, reader, task
from automl.loop.trials import cleanups

Start = Callable[[str], "subprocess.Popen[str]"]
Until = Callable[[Callable[[], object], str], None]
NOTE = "echo {{ trial.id }} >> cleaned"


def study(cmd: Any, cleanup: Any, values: Any = (1,), **keywords: Any) -> AutoTuner:
    metric = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"(\d+)"
    )
    one = hyperparam.create(type="Categorical", name="x", candidates=list(values))
    each = task.create(type="BashTask", cmd=cmd, metric_reader=metric, cleanup=cleanup)
    return AutoTuner(
        hyperparams=[one],
        task_list=[each],
        **{
            "max_parallel": 1,
            "max_trial_num": len(values),
            "name": "study",
            "algorithm": "grid",
            **keywords,
        },
    )


def cleaned(place: Path) -> list[str]:
    path = place / "cleaned"
    return path.read_text().split() if path.exists() else []


@pytest.mark.parametrize(
    ("cmd", "state"),
    [
        ("echo {{ trial.param.x }}", "completed"),
        ("echo {{ trial.param.x }}; exit 3", "failed"),
        ("echo {{ trial.param.x }}; kill -9 $$", "failed"),
        ("kill -9 $PPID; sleep 100; echo {{ trial.param.x }}", "failed"),
        ("echo {{ trial.param.x }}; sleep 100 & exit 0", "completed"),
    ],
    ids=["good", "failed", "killed", "its script killed", "left something"],
)
def test_it_runs_once_however_the_trial_ended(place: Path, cmd: str, state: str) -> None:
    tuner = study(cmd, NOTE)
    tuner.fit()
    assert tuner.trials[0].state == state
    assert cleaned(place) == ["0"]


@pytest.mark.integration
def test_it_runs_after_a_time_out_and_for_each_attempt(place: Path) -> None:
    tuner = study("echo {{ trial.param.x }}; sleep 100", NOTE, trial_timeout=0.2, grace=0.1)
    tuner.fit()
    assert tuner.trials[0].failure == "timed out"
    again = study("exit 1 {{ trial.param.x }}", NOTE, name="again", max_retries=1)
    again.fit()
    assert again.trials[0].attempts == 2
    assert cleaned(place) == ["0", "0", "0"]


def test_it_gets_what_the_trial_got(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "secret-value")
    show = "echo $PWD $A $KEY {{ trial.param.x }}; echo wrong >&2"
    study(["echo", "{{ trial.param.x }}"], show, [7], env={"A": "b"}, secret_env=["KEY"]).fit()
    trial = place / "automl_studies" / "study" / "trials" / "0"
    assert (trial / "cleanup.log").read_text() == f"{place} b secret-value 7\nwrong\n"
    script = trial / "cleanup.sh"
    assert "secret-value" not in script.read_text()
    assert script.stat().st_mode & 0o077 == 0


def test_a_list_of_words_may_remove_what_was_read(place: Path) -> None:
    remove = ["rm", "-r", "{{ trial.dir }}/stdout.log"]
    tuner = study(["echo", "{{ trial.param.x }}"], remove, [4])
    tuner.fit()
    assert tuner.best_value == 4.0
    assert not (place / "automl_studies/study/trials/0/stdout.log").exists()


@pytest.mark.parametrize("cleanup", ["exit 5", ["false"], "kill -9 $$"])
def test_its_failure_is_said_and_changes_nothing(
    place: Path, cleanup: object, caplog: pytest.LogCaptureFixture
) -> None:
    del place
    tuner = study(["echo", "{{ trial.param.x }}"], cleanup, [1, 2])
    tuner.fit()
    assert [trial.state for trial in tuner.trials] == ["completed", "completed"]
    told = [one for one in caplog.messages if "its cleanup failed" in one]
    assert len(told) == 2


def test_one_that_takes_too_long_is_ended_and_leaves_nothing(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    survivors: Callable[[], list[str]],
) -> None:
    del place
    monkeypatch.setattr(cleanups, "LIMIT_S", 0.2)
    monkeypatch.setattr(cleanups, "GRACE_S", 0.1)
    tuner = study(["echo", "{{ trial.param.x }}"], "trap '' TERM; setsid sleep 1000")
    tuner.fit()
    assert tuner.trials[0].state == "completed"
    assert sum("it takes more than" in one for one in caplog.messages) == 1
    assert survivors() == []


@pytest.mark.parametrize(
    ("cleanup", "told"),
    [
        ("echo {{ trial.param.y }}", "task 1: cleanup: .*placeholder 'trial.param.y' is unknown"),
        (["echo", "{{ trail.id }}"], "word 2 of cleanup.*unknown"),
        (["no-such-program"], "cannot start 'no-such-program'.* the first item of cleanup="),
        ("", "cleanup is an empty string"),
        ([], "cleanup must be a list of words or one string"),
        (7, "cleanup must be a list of words or one string"),
    ],
)
def test_what_cannot_run_is_refused_before_the_start(
    place: Path, cleanup: object, told: str
) -> None:
    del place
    with pytest.raises(SpecError, match=told):
        study(["echo", "{{ trial.param.x }}"], cleanup)


def test_a_study_goes_on_with_another_cleanup(place: Path) -> None:
    cmd = ["echo", "{{ trial.param.x }}"]
    study(cmd, None, [1]).fit()
    study(cmd, NOTE, [1, 2]).fit()
    assert cleaned(place) == ["1"]
    study(cmd, None, [1, 2, 3]).fit()
    assert cleaned(place) == ["1"]


SCRIPT = """
import sys

sys.path.insert(0, {tests!r})
from test_e2e_cleanup import study
study({cmd!r}, {cleanup!r}, [1, 2], max_parallel=2).fit()
"""


def write_script(place: Path, cmd: str, cleanup: str) -> None:
    tests = str(Path(__file__).parent)
    text = SCRIPT.format(tests=tests, cmd=cmd, cleanup=cleanup)
    (place / "script.py").write_text(textwrap.dedent(text))


def begun(place: Path, name: str, count: int = 2) -> Callable[[], bool]:
    return lambda: len(list(place.glob(f"{name}-*"))) == count


def test_ctrl_c_waits_for_the_cleanups_of_what_it_stops(
    place: Path, start: Start, until: Until
) -> None:
    write_script(place, "touch on-{{ trial.id }}; sleep 1000; echo {{ trial.param.x }}", NOTE)
    process = start("script.py")
    until(begun(place, "on"), "both trials")
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    assert sorted(cleaned(place)) == ["0", "1"]


def test_a_cleanup_that_a_killed_controller_did_not_see_end_is_done(
    place: Path, start: Start, until: Until, survivors: Callable[[], list[str]]
) -> None:
    wait = "touch off-{{ trial.id }}; while [ ! -e go ]; do sleep 0.01; done; " + NOTE
    write_script(place, "echo {{ trial.param.x }}", wait)
    process = start("script.py")
    until(begun(place, "off"), "both cleanups")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    (place / "go").touch()
    again = start("script.py")
    out, err = again.communicate()
    assert again.returncode == 0, err
    assert "results:" in out
    assert set(cleaned(place)) == {"0", "1"}
    assert survivors() == []


@pytest.mark.integration
@pytest.mark.parametrize("how", ["ended", "vanished"])
def test_a_trial_that_ended_unseen_is_cleaned_up_after(
    place: Path, start: Start, until: Until, how: str
) -> None:
    loop = "echo $PPID > on-{{ trial.id }}; while [ ! -e go ]; do sleep 0.01; done; "
    write_script(place, loop + "echo {{ trial.param.x }}", NOTE)
    process = start("script.py")
    until(begun(place, "on"), "both trials")
    until(lambda: all(path.read_text() for path in place.glob("on-*")), "their numbers")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    if how == "vanished":
        for path in place.glob("on-*"):
            os.killpg(int(path.read_text()), signal.SIGKILL)
    (place / "go").touch()
    if how == "ended":
        until(lambda: len(list(place.glob("*/study/trials/*/exit"))) == 2, "their ends")
    again = start("script.py")
    _, err = again.communicate()
    assert again.returncode == 0, err
    assert sorted(set(cleaned(place))) == ["0", "1"]
    assert len(cleaned(place)) == (2 if how == "ended" else 4)
