"""What a study gives its user: the number that counts, the table, the lines around it."""

import csv
import json
import logging
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from automl.errors import AutomlError
from automl.hpo import AutoTuner
from automl.journal.fold import fold
from automl.journal.journal import load

Tune = Callable[..., AutoTuner]

RESULTS_LINE = re.compile(r"\d{4}-\d\d-\d\d,\d\d:\d\d:\d\d\.\d{3} \[INFO\] results:")


@pytest.mark.parametrize(
    ("direction", "final", "value"),
    [
        ("maximize", "last", 0.5),
        ("maximize", "best", 0.75),
        ("minimize", "best", 0.25),
        ("maximize", "mean", 0.5),
        ("minimize", "max", 0.75),
        ("maximize", "min", 0.25),
    ],
)
def test_the_number_that_counts_is_the_one_asked_for(
    direction: str, final: str, value: float, tune: Tune
) -> None:
    cmd = "for value in 0.25 0.75 0.5; do echo $value; done"
    tuner = tune(cmd, [1], direction=direction, final=final)
    tuner.fit()
    assert tuner.best_value == value
    assert tuner.best_trial.measurements == 3


def test_the_lowest_is_best_when_minimizing(tune: Tune) -> None:
    tuner = tune("echo {{ trial.param.x }}", [3, 1, 2], direction="minimize")
    table = tuner.fit()
    assert table["params", "x"].tolist() == [1, 2, 3]
    assert tuner.best_params == {"x": 1}


def test_the_table_has_the_manuals_form(tune: Tune, capsys: pytest.CaptureFixture[str]) -> None:
    cmd = "case {{ trial.param.x }} in 0) exit 9;; 1|3) echo 0.5;; *) echo 0.25;; esac"
    tune(cmd, range(4), fixed={"b": "word", "a": 0.1}).fit()
    lines = capsys.readouterr().out.splitlines()
    assert RESULTS_LINE.fullmatch(lines[0])
    assert lines[1].split() == ["params", "results", "metadata"]
    assert lines[2].split() == ["x", "metric", "id", "reason"]
    assert [line.split(maxsplit=4) for line in lines[3:7]] == [
        ["0", "1", "0.50", "1"],
        ["1", "3", "0.50", "3"],
        ["2", "2", "0.25", "2"],
        ["3", "0", "-", "0", "exit code 9, and it printed nothing"],
    ]
    # Each group begins where its first column does, up to the width of a column.
    assert lines[1].index("params") <= lines[2].index("x")
    assert lines[1].index("metadata") <= lines[2].index("id")
    assert lines[7] == "the same in all trials: a=0.1 b=word"
    assert lines[8] == "with every digit: automl_studies/study/results.csv"
    assert lines[9].startswith("best: trial 1, metric 0.5, x=1")
    assert "word" not in lines[9]
    assert lines[-1] == "the study is complete: all 4 trials have ended"


def test_the_printed_commands_give_the_best_number_again(
    tune: Tune, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = place / "my work"
    work.mkdir()
    tune(
        ["sh", "-c", 'echo "$A $PWD score $0"', "{{ trial.param.x }}"],
        ["1", "3", "2"],
        pattern="(.)$",
        before=["echo first > /dev/null; exit 0"],
        env={"A": "it's {{ trial.id }}"},
        cwd=str(work),
    ).fit()
    lines = capsys.readouterr().out.splitlines()
    [again] = [line.removeprefix("again: ") for line in lines if line.startswith("again: ")]
    [script] = [line.rpartition(": ")[2] for line in lines if line.startswith("as it ran here")]
    assert shlex.split(script) == ["sh", "automl_studies/study/trials/1/trial.sh"]
    for command in (again, script):
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=place, capture_output=True, check=True, text=True
        )
        assert done.stdout == f"it's 1 {work} score 3\n"


def test_the_folder_holds_the_whole_table_and_the_best(tune: Tune, place: Path) -> None:
    tuner = tune("echo 0.123456789{{ trial.param.x }}", [1, 3, 2])
    table = tuner.fit()
    folder = place / "automl_studies" / "study"
    with (folder / "results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["results.metric"]) for row in rows] == table["results", "metric"].tolist()
    assert [int(row["metadata.id"]) for row in rows] == table["metadata", "id"].tolist()
    best = json.loads((folder / "best.json").read_text())
    assert (best["trial"], best["params"], best["value"]) == (1, {"x": 3}, 0.1234567893)
    assert best["command"].startswith(f"(cd {place}")
    assert "( echo 0.1234567893 )" in best["command"]
    # A start that only shows the table makes them anew.
    (folder / "best.json").unlink()
    tune("echo 0.123456789{{ trial.param.x }}", [1, 3, 2]).fit()
    assert json.loads((folder / "best.json").read_text()) == best


def test_the_full_table_tells_what_each_trial_took(tune: Tune) -> None:
    tuner = tune("echo 1; exit $(({{ trial.id }} * 3))", [7, 8])
    short = tuner.fit()
    full = tuner.table(full=True)
    assert [name for _, name in full.columns] == [
        *("x", "metric", "id", "state", "failure", "reason", "start", "duration_s", "attempts"),
        *("exit_code", "peak_memory_mb", "cpu_s", "measurements", "launches", "avoided", "origin"),
    ]
    assert full["metadata", "state"].tolist() == ["completed", "failed"]
    assert full["metadata", "exit_code"].tolist() == [0, 3]
    assert full["metadata", "attempts"].tolist() == [1, 1]
    assert full["metadata", "duration_s"].between(0, 20).all()
    # Unknown is right, some MB are right; this process's own size, far above, is not the trial's.
    assert not (full["metadata", "peak_memory_mb"] > 30).any()
    assert [name for _, name in short.columns] == ["x", "metric", "id", "reason"]


def test_each_trial_that_ended_is_one_log_line(
    tune: Tune, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "automl")
    tune("[ {{ trial.id }} -ne 1 ] && echo {{ trial.param.x }}", [4, 5, 6]).fit()
    lines = [record.getMessage() for record in caplog.records if record.name == "automl"]
    assert [line.split(" in ")[0].split(" after ")[0] for line in lines] == [
        "trial 0 completed: 4.0",
        "trial 1 failed",
        "trial 2 completed: 6.0",
    ]
    assert "exit code 1" in lines[1]
    assert "x=4" in lines[0]
    assert "(best so far)" in lines[2]


@pytest.mark.parametrize(
    ("line", "read", "whole"), [("loss 1.2e-05", "1.2", "1.2e-05"), ("loss 12.5", "2.5", "12.5")]
)
def test_a_pattern_that_cuts_numbers_is_shown_once_with_a_better_one(
    line: str, read: str, whole: str, tune: Tune, caplog: pytest.LogCaptureFixture
) -> None:
    tuner = tune(
        f"echo {line} # {{{{ trial.id }}}}",
        [1, 2, 3],
        pattern=r"loss .*?(\d.\d+)" if read == "" else r"(\d.\d+)",
    )
    tuner.fit()
    [warning] = [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING and "parser_pattern" in record.getMessage()
    ]
    assert f"{line!r}" in warning
    assert f"{whole!r}" in warning
    [better] = re.findall(r"use parser_pattern='(.*)'\.", warning)
    found = re.search(better.replace("\\\\", "\\"), line)
    assert found is not None
    assert found[1] == whole
    assert {trial.value for trial in tuner.trials} != {float(whole)}


def test_not_waiting_returns_at_once_and_wait_gives_the_table(
    tune: Tune, place: Path, until: Callable[[Callable[[], object], str], None]
) -> None:
    cmd = (
        "touch ran.{{ trial.id }}; until [ -e gate ]; do sleep 0.01; done; echo {{ trial.param.x }}"
    )
    tuner = tune(cmd, [1, 2])
    try:
        assert tuner.fit(synchronize=False) is None
        until((place / "ran.0").exists, "the first trial")
        with pytest.raises(AutomlError, match=r"running already; call wait\(\)"):
            tuner.fit()
        with pytest.raises(AutomlError, match="not been run"):
            _ = tuner.results
    finally:
        (place / "gate").touch()
        table = tuner.wait()
    assert table["results", "metric"].tolist() == [2, 1]
    assert tuner.best_params == {"x": 2}


def test_an_error_of_a_study_in_the_background_comes_out_of_wait(tune: Tune, place: Path) -> None:
    (place / "file").touch()
    tuner = tune("echo 1", [1], study_dir="file")
    assert tuner.fit(synchronize=False) is None
    with pytest.raises(AutomlError, match="cannot make the study's folder"):
        tuner.wait()


def test_the_journal_tells_the_state(tune: Tune, place: Path) -> None:
    cmd = "for i in 1 2 3; do echo 0.$i; done; [ {{ trial.param.x }} -ne 2 ]"
    first = tune(cmd, range(6), max_parallel=2, max_trial_num=3)
    first.fit()
    second = tune(cmd, range(6), max_parallel=2)
    second.fit()
    events, end = load(place / "automl_studies" / "study" / "journal.jsonl")
    assert end.size_bytes == (place / "automl_studies" / "study" / "journal.jsonl").stat().st_size
    assert list(fold(events).trials.values()) == second.trials
    assert second.trials[:3] == first.trials
    assert [trial.measurements for trial in second.trials] == [3] * 6
