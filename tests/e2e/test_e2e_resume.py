"""The same study again: shown, gone on with, refused, or begun anew."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import AutomlError, SpecError, StudyBusyError
from automl.hpo import AutoTuner, algorithm, open_study

Tune = Callable[..., AutoTuner]
Run = Callable[[str], tuple[int, str, str]]

CMD = "echo {{ trial.id }} >> ran; echo {{ trial.param.x }}"


def ran(place: Path) -> list[str]:
    return (place / "ran").read_text().split()


def test_a_study_that_has_all_its_trials_shows_its_table_and_starts_nothing(
    tune: Tune, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = tune(CMD, [1, 2]).fit()
    shown = capsys.readouterr().out.splitlines()
    second = tune(CMD, [1, 2]).fit()
    again = capsys.readouterr().out.splitlines()
    assert ran(place) == ["0", "1"]
    assert second.equals(first)
    assert again[1:-1] == [one for one in shown[1:-1] if not one.startswith("its folder takes")]
    assert "nothing was started" in again[-1]
    for way_on in ("max_trial_num=", "fresh=True", "name="):
        assert way_on in again[-1]


def test_what_is_tried_again_on_request_is_not_called_nothing(
    tune: Tune, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cmd = f"{CMD}; [ -e mended ]"
    tune(cmd, [1]).fit()
    (place / "mended").touch()
    open_study("study").retry_trial(0)
    capsys.readouterr()
    tune(cmd, [1]).fit()
    assert ran(place) == ["0", "0"]
    shown = capsys.readouterr().out
    assert "nothing was started" not in shown
    assert shown.splitlines()[-1].startswith("the study is complete")


AGAIN = r"""
from pathlib import Path
from automl.hpo import *

x = hyperparam.create(type="Integer", name="x", min_value=1, max_value=2)
score = reader.create(
    type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"score=(\S+)"
)
run = task.create(type="BashTask", metric_reader=score, cmd=[
    "./train.sh", "{{ trial.id }}", "{{ trial.param.x }}",
])
tuner = AutoTuner([x], [run], 1, 2, algorithm="grid")
tuner.retry_failed()
tuner.fit()
"""

TRAIN = """#!/bin/sh
echo $1 >> ran
%s
echo score=$2
"""


@pytest.mark.integration
def test_a_mended_program_killed_while_its_failed_trials_run_again_runs_each_once(
    run_script: Run,
    start: Callable[[str], subprocess.Popen[str]],
    place: Path,
    until: Callable[[Callable[[], object], str], None],
) -> None:
    (place / "tune.py").write_text(AGAIN)
    train = place / "train.sh"
    train.write_text(TRAIN % "exit 3")
    train.chmod(0o755)
    assert run_script("tune.py")[0] == 0
    train.write_text(TRAIN % "until [ -e gate ]; do sleep 0.01; done")
    process = start("tune.py")
    until(lambda: len(ran(place)) == 3, "the first trial that runs again")
    process.kill()
    process.communicate()
    (place / "gate").touch()
    code, out, _ = run_script("tune.py")
    assert (code, ran(place)) == (0, ["0", "1", "0", "1"])
    assert re.search(r"best: trial \d, metric 2\.0, x=2", out)


def test_raising_the_limit_goes_on(tune: Tune, place: Path) -> None:
    tune(CMD, max_trial_num=2).fit()
    tuner = tune(CMD, max_trial_num=5, max_parallel=2, algorithm="random")
    table = tuner.fit()
    assert sorted(ran(place)) == ["0", "1", "2", "3", "4"]
    assert sorted(table["metadata", "id"]) == [0, 1, 2, 3, 4]
    assert len(set(table["params", "x"])) == 5


def test_lowering_the_limit_shows_what_there_is(tune: Tune, place: Path) -> None:
    tune(CMD, max_trial_num=3).fit()
    table = tune(CMD, max_trial_num=1).fit()
    assert len(table) == 3
    assert ran(place) == ["0", "1", "2"]


def test_a_changed_space_and_algorithm_go_on_and_keep_the_old_rows(tune: Tune) -> None:
    tune(CMD, [1, 2]).fit()
    tuner = tune(
        CMD, [2, 30], max_trial_num=4, algorithm=algorithm.create(type="tpe", initial_trials_num=1)
    )
    table = tuner.fit()
    # 2 ran before, so 30 is all that is left of the new space.
    assert table["params", "x"].tolist() == [30, 2, 1]


@pytest.mark.parametrize(
    ("changes", "key", "was", "now"),
    [
        ({"cmd": "expr {{ trial.param.x }}"}, "tasks", "echo {{ trial.param.x }}", "expr"),
        ({"repeats": 3}, "repeats", "not given", "3"),
    ],
)
def test_another_command_is_refused_with_the_difference(
    changes: dict[str, Any], key: str, was: str, now: str, tune: Tune, place: Path
) -> None:
    tune(CMD, [1]).fit()
    journal = place / "automl_studies" / "study" / "journal.jsonl"
    before = journal.read_bytes()
    with pytest.raises(SpecError) as refused:
        tune(changes.pop("cmd", CMD), [1, 2], **changes).fit()
    old, new = re.findall(rf"{key}: was (.*)\n +now (.*)\n", str(refused.value))[0]
    assert was in old
    assert now in new
    assert "name=" in str(refused.value)
    assert "fresh=True" in str(refused.value)
    assert journal.read_bytes() == before
    assert ran(place) == ["0"]


SCRIPT = r"""
from automl.hpo import *

x = hyperparam.create(type="Integer", name="x", min_value=1, max_value=3)
score = reader.create(
    type="local_reader", location="out/{{ trial.id }}.log", parser_pattern=r"accuracy=(\S+)"
)
run = task.create(type="BashTask", metric_reader=score, cmd=[
    "sh", "-c", "echo $0 >> ran; echo score=$1 > out/$0.log",
    "{{ trial.id }}", "{{ trial.param.x }}",
])
AutoTuner([x], [run], 2, 3, algorithm="grid").fit()
"""


@pytest.mark.integration
def test_a_wrong_pattern_is_corrected_without_a_trial_run_again(
    run_script: Run, place: Path
) -> None:
    for text in (SCRIPT, SCRIPT.replace("accuracy", "score")):
        (place / "tune.py").write_text(text)
        code, out, err = run_script("tune.py")
        assert code == 0
    assert sorted(ran(place)) == ["0", "1", "2"]
    assert re.search(r"best: trial \d, metric 3\.0, x=3", out)
    assert "read anew: 3 of 3 trials have a value now, 0 had one before" in err


def test_a_location_is_corrected_without_a_trial_run_again(tune: Tune, place: Path) -> None:
    cmd = f"{CMD} > out.{{{{ trial.id }}}}; echo none"
    with pytest.raises(AutomlError, match="no trial"):
        _ = (first := tune(cmd, [4, 5])).fit(), first.best_value
    tuner = tune(cmd, [4, 5], location="out.{{ trial.id }}")
    tuner.fit()
    assert (tuner.best_value, ran(place)) == (5, ["0", "1"])


def test_another_variable_is_refused_by_its_name_alone(tune: Tune) -> None:
    tune(CMD, [1], env={"A": "hush", "C": "same"}).fit()
    with pytest.raises(SpecError, match=r"env: .*A.*B") as refused:
        tune(CMD, [1, 2], env={"B": "hush", "C": "same"}).fit()
    assert "hush" not in str(refused.value)


def test_a_fresh_study_begins_anew_and_keeps_the_old_folder(
    tune: Tune, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "automl")
    tune(CMD, [1, 2]).fit()
    old = (place / "automl_studies" / "study" / "journal.jsonl").read_bytes()
    tuner = tune("expr 2 + {{ trial.param.x }}", [5], fresh=True)
    tuner.fit()
    assert [(trial.id, trial.params["x"], trial.value) for trial in tuner.trials] == [(0, 5, 7)]
    [aside] = (place / "automl_studies").glob("study.old-*")
    assert (aside / "journal.jsonl").read_bytes() == old
    assert (aside / "trials" / "1" / "params.json").exists()
    assert str(aside) in caplog.text


def test_a_fresh_study_without_an_old_one_keeps_nothing_aside(tune: Tune, place: Path) -> None:
    tune(CMD, [1], fresh=True).fit()
    assert [path.name for path in (place / "automl_studies").iterdir()] == ["study"]


def test_two_names_are_two_studies(tune: Tune, place: Path) -> None:
    tune(CMD, [1], name="one").fit()
    tune("expr 6 + {{ trial.param.x }}", [1], name="two").fit()
    assert sorted(path.name for path in (place / "automl_studies").iterdir()) == ["one", "two"]


def test_the_studys_description_is_there_to_read(tune: Tune, place: Path) -> None:
    tune(CMD, [1], direction="minimize").fit()
    text = (place / "automl_studies" / "study" / "study.yaml").read_text()
    for line in ("name: study", "direction: minimize", "max_parallel: 1"):
        assert line in text.splitlines()


def test_a_study_that_runs_already_is_refused(
    tune: Tune, place: Path, until: Callable[[Callable[[], object], str], None]
) -> None:
    cmd = "touch began; until [ -e gate ]; do sleep 0.01; done; echo 1"
    running = tune(cmd, [1])
    running.fit(synchronize=False)
    try:
        until((place / "began").exists, "the first trial")
        with pytest.raises(StudyBusyError, match="is being run by process"):
            tune(cmd, [1]).fit()
        with pytest.raises(StudyBusyError, match="is being run by process"):
            tune(cmd, [1], fresh=True).fit()
    finally:
        (place / "gate").touch()
        running.wait()
    assert [path.name for path in (place / "automl_studies").iterdir()] == ["study"]
