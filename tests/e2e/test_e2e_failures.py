"""Trials that go wrong are rows with a reason; files that look wrong still give their number."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from automl.errors import AutomlError
from automl.hpo import AutoTuner
from automl.show.reasons import reason_of
from automl.study.trial import TrialState

Tune = Callable[..., AutoTuner]

FAILURES = {
    "a code": ("echo boom >&2; exit 3", ["exit code 3", "boom"]),
    "a code without a word": ("exit 4", ["exit code 4"]),
    "a number, but a code": ("echo acc=0.9; exit 1", ["exit code 1", "acc=0.9"]),
    "a signal": ("kill -KILL $$", ["SIGKILL"]),
    "another signal": ("kill -SEGV $$", ["SIGSEGV"]),
    "a program that is not there": ("no-such-program", ["exit code 127", "no-such-program"]),
    "no match": ("echo loss is unknown", ["no match", "acc=", "stdout.log", "loss is unknown"]),
    "no number": ("echo acc=high", ["'high'", "not a number", "acc=high"]),
    "nan": ("echo acc=nan", ["nan"]),
    "inf": ("echo acc=-inf", ["inf"]),
    "nan at last": ("echo acc=0.5; echo acc=NaN", ["nan"]),
    "nothing": ("true", ["stdout.log", "empty"]),
    "undecodable bytes alone": (r"printf '\377\376\n'", ["no match"]),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_trial_that_goes_wrong_is_a_row_with_its_reason(case: str, tune: Tune) -> None:
    cmd, told = FAILURES[case]
    tuner = tune(cmd, [1], pattern=r"acc=(\S+)")
    table = tuner.fit()
    [trial] = tuner.trials
    with pytest.raises(AutomlError, match="has a value"):
        _ = tuner.best_trial
    assert trial.state is TrialState.FAILED
    assert [word for word in told if word not in trial.reason] == []
    assert "\n" not in trial.reason
    assert table["metadata", "reason"].tolist() == [reason_of(trial)]


@pytest.mark.parametrize("cmd", ["true", "mkdir -p out/metric.log"])
def test_without_a_metric_file_there_is_no_value(cmd: str, tune: Tune) -> None:
    tuner = tune(cmd, [1], location="out/metric.log")
    tuner.fit()
    [trial] = tuner.trials
    assert trial.state is TrialState.FAILED
    assert "out/metric.log" in trial.reason


def test_the_study_goes_on_after_a_failure_and_ranks_it_last(tune: Tune) -> None:
    tuner = tune("[ {{ trial.param.x }} -ne 1 ] && echo {{ trial.param.x }}", [0, 1, 2])
    table = tuner.fit()
    assert table["metadata", "id"].tolist() == [2, 0, 1]
    assert table["metadata", "reason"].tolist()[:2] == ["", ""]
    assert "exit code 1" in table["metadata", "reason"].tolist()[2]


def test_the_last_lines_of_a_failure_are_kept(tune: Tune) -> None:
    tuner = tune("for i in 1 2 3; do echo line $i >&2; done; exit 1", [1])
    tuner.fit()
    assert tuner.trials[0].output == ("line 1", "line 2", "line 3")


def test_tasks_run_in_order_and_the_first_failure_ends_the_trial(tune: Tune, place: Path) -> None:
    before = [
        ["sh", "-c", 'echo "1 $0" >> order', "{{ trial.id }}"],
        'echo 2 {{ trial.id }} >> order; [ {{ trial.param.x }} = "good" ]',
    ]
    tuner = tune("echo 3 {{ trial.id }} >> order; echo 1", ["good", "bad"], before=before)
    tuner.fit()
    assert (place / "order").read_text().split("\n") == ["1 0", "2 0", "3 0", "1 1", "2 1", ""]
    assert [str(trial.state) for trial in tuner.trials] == ["completed", "failed"]


def test_a_program_may_succeed_by_other_codes(tune: Tune) -> None:
    codes, cmd = [0, 10, 20], ["sh", "-c", "echo 0.5; exit $0", "{{ trial.param.x }}"]
    tuner = tune(cmd, [*codes, 1], success_codes=codes)
    tuner.fit()
    assert [str(trial.state) for trial in tuner.trials] == [*["completed"] * 3, "failed"]
    assert tuner.trials[3].reason == "exit code 1: 0.5"


ODD_FILES = {
    "undecodable bytes around": (r"printf 'caf\351 0.5\377\n\376\n'", 0.5),
    "no newline at the end": (r"printf '0.1\n0.7'", 0.7),
    "carriage returns": (r"printf '0.1\r0.2\r0.3\r\n'", 0.3),
    "an exponent": ("echo 1.2e-05", 1.2e-05),
}


@pytest.mark.parametrize("case", ODD_FILES)
def test_an_odd_file_gives_its_last_number(case: str, tune: Tune) -> None:
    cmd, value = ODD_FILES[case]
    tuner = tune(cmd, [1], pattern=r"(\d\.\d+(?:e-\d+)?)")
    tuner.fit()
    assert tuner.best_value == value


@pytest.mark.slow
def test_a_big_file_is_read_to_its_end(tune: Tune, place: Path) -> None:
    write = (
        "import sys; sys.stdout.write(('x' * 199 + '\\n') * 100_000); "
        "print('score 0.25'); print('score 0.75')"
    )
    cmd = [sys.executable, "-S", "-E", "-c", write]
    tuner = tune(cmd, [1], pattern=r"score (\S+)")
    tuner.fit()
    assert (tuner.best_value, tuner.best_trial.measurements) == (0.75, 2)
    written = place / "automl_studies" / "study" / "trials" / "0" / "stdout.log"
    assert written.stat().st_size > 20_000_000
