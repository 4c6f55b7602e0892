"""`AutoTuner` before anything runs: what it refuses, how it prints, what it does not know yet."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import AutomlError, JournalError, SpecError
from automl.hpo import AutoTuner, algorithm, earlystop, hyperparam, reader, task

Right = Callable[..., dict[str, Any]]


def metric(location: str = "{{ trial.dir }}/stdout.log") -> Any:
    return reader.create(type="local_reader", location=location, parser_pattern=r"(\S+)")


def one_task(cmd: Any, **options: Any) -> list[Any]:
    return [task.create(type="BashTask", cmd=cmd, **{"metric_reader": metric(), **options})]


def categorical(name: str) -> Any:
    return hyperparam.create(type="Categorical", name=name, candidates=[1, 2])


ECHO = ["echo", "{{ trial.param.x }}"]

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "same name twice": (
        {"hyperparams": [categorical("x"), categorical("x")]},
        "parameter 'x' is defined 2 times; every parameter needs its own name",
    ),
    "no parameters": ({"hyperparams": []}, "hyperparams is empty; give at least one parameter"),
    "one parameter": ({"hyperparams": categorical("x")}, "hyperparams must be a list"),
    "raw parameter": (
        {"hyperparams": [{"type": "Real"}]},
        "hyperparams[0] is {'type': 'Real'}; give it hyperparam.create(...)",
    ),
    "task as parameter": ({"hyperparams": one_task(ECHO)}, "give it hyperparam.create(...)"),
    "no tasks": ({"task_list": []}, "task_list is empty; give at least one task"),
    "one task": ({"task_list": one_task(ECHO)[0]}, "task_list must be a list"),
    "raw task": ({"task_list": ["echo"]}, "task_list[0] is 'echo'; give it task.create(...)"),
    "unknown parameter": (
        {"task_list": one_task(["echo", "{{ trial.param.y }}"])},
        (
            "task 1: word 2 of cmd: '{{ trial.param.y }}': placeholder 'trial.param.y' is unknown "
            "(did you mean 'trial.param.x'?); known: trial.id, trial.dir,"
        ),
    ),
    "bare parameter": (
        {"task_list": one_task("echo {{ x }}")},
        "placeholder 'x' is unknown (did you mean 'trial.param.x'?)",
    ),
    "angle placeholder": (
        {"task_list": one_task(["echo", "<<trial.parm.x>>"])},
        "'trial.parm.x' is unknown (did you mean 'trial.param.x'?)",
    ),
    "placeholder of a location": (
        {"task_list": one_task(ECHO, metric_reader=metric("{{ trial.ide }}.log"))},
        (
            "reader: location: '{{ trial.ide }}.log': placeholder 'trial.ide' is unknown "
            "(did you mean 'trial.id'?)"
        ),
    ),
    "placeholder of a variable": (
        {"env": {"SEED": "{{ trial.sed }}"}},
        ("env: SEED: its value: placeholder 'trial.sed' is unknown (did you mean 'trial.seed'?)"),
    ),
    "open braces": (
        {"task_list": one_task(["echo", "{{ trial.id"])},
        "task 1: word 2 of cmd: '{{ trial.id': line 1: ",
    ),
    "program not on the path": (
        {"task_list": [*one_task(ECHO), *one_task(["pyhton", "x.py"])]},
        "task 2: cannot start 'pyhton': not found on PATH",
    ),
    "program not there": ({"task_list": one_task(["./train"])}, "/train does not exist"),
    "program not executable": (
        {"task_list": one_task([__file__])},
        f"{__file__} is not executable; do: chmod +x it",
    ),
    "one metric file for all": (
        {"task_list": one_task(ECHO, metric_reader=metric("metric.log"))},
        "location 'metric.log' is the same file for several trials",
    ),
    "one metric file for some": (
        {
            "hyperparams": [categorical("x"), categorical("y")],
            "task_list": one_task(ECHO, metric_reader=metric("{{ trial.param.x }}.log")),
        },
        "put {{ trial.id }} into it",
    ),
    "no parallel trials": ({"max_parallel": 0}, "max_parallel must be a whole number of at least"),
    "half a trial": ({"max_parallel": 1.5}, "max_parallel must be a whole number of at least 1"),
    "no trials": ({"max_trial_num": 0}, "max_trial_num must be a whole number of at least 1"),
    "true trials": ({"max_trial_num": True}, "whole number of at least 1, got True"),
    "never failing fast": ({"fail_fast": 0}, "fail_fast must be a whole number of at least 1"),
    "negative grace": ({"grace": -1}, "grace must be 0 or more seconds, got -1"),
    "mode": ({"mode": "locl"}, "mode type 'locl' is unknown (did you mean 'local'?)"),
    "direction": (
        {"direction": "minimise"},
        "direction='minimise' is unknown (did you mean 'minimize'?); allowed: maximize, minimize",
    ),
    "final": (
        {"final": "lst"},
        "final='lst' is unknown (did you mean 'last'?); allowed: last, best, mean, max, min",
    ),
    "seed": ({"seed": -1}, "seed must be a whole number of 0 or more, got -1"),
    "working directory": ({"cwd": "nowhere"}, "/nowhere' is not a directory"),
    "variable's name": ({"env": {"A-B": "1"}}, "env: 'A-B' cannot be exported by a shell"),
    "variables": ({"env": ["A=1"]}, "env is ['A=1']; give it a dictionary of variables"),
    "path as name": ({"name": "a/b"}, "name must be a plain folder name without '/'"),
    "no name": ({"name": ""}, "name must be a plain folder name without '/', got ''"),
    "algorithm": (
        {"algorithm": "randm"},
        "algorithm type 'randm' is unknown (did you mean 'random'?); known types: auto, cmaes",
    ),
    "algorithm's kind": ({"algorithm": 3}, "algorithm is 3; give it algorithm.create(...) or its"),
    "grid over the reals": (
        {
            "hyperparams": [hyperparam.create(type="Real", name="x", min_value=0, max_value=1)],
            "algorithm": algorithm.create(type="grid"),
        },
        "parameter 'x' is a Real without step; give step=, or use another algorithm",
    ),
    "early stop": ({"earlystop": 0.9}, "earlystop is 0.9; give it earlystop.create(...)"),
    "early stop of the other side": (
        {"earlystop": earlystop.create(type="small_is_better", threshold=0.1)},
        "earlystop and direction disagree",
    ),
    "fresh": ({"fresh": "no"}, "fresh is 'no'; give it True or False"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_study_is_refused_before_anything_starts(
    case: str, right: Right, nothing_starts: Path
) -> None:
    del nothing_starts
    changes, told = WRONG[case]
    with pytest.raises(SpecError, match=re.escape(told)):
        AutoTuner(**right(**changes))


def test_the_study_that_the_wrong_ones_vary_is_right(right: Right, nothing_starts: Path) -> None:
    del nothing_starts
    AutoTuner(**right())


def test_an_unknown_keyword_is_refused(right: Right, nothing_starts: Path) -> None:
    del nothing_starts
    with pytest.raises(SpecError, match=r"no option 'max_trials'.*did you mean 'max_trial_num'"):
        AutoTuner(**right(max_trials=3))


def test_a_near_miss_of_a_program_is_suggested(
    right: Right, nothing_starts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    with pytest.raises(SpecError, match=r"did you mean 'python3?'\?"):
        AutoTuner(**right(task_list=one_task(["pyhton3"])))
    assert nothing_starts.is_dir()


def test_a_metric_file_of_its_own_by_all_parameters_is_right(
    right: Right, nothing_starts: Path
) -> None:
    del nothing_starts
    AutoTuner(**right(task_list=one_task(ECHO, metric_reader=metric("{{ trial.param.x }}.log"))))


def test_one_trial_may_write_any_metric_file(right: Right, nothing_starts: Path) -> None:
    del nothing_starts
    tasks = one_task(ECHO, metric_reader=metric("metric.log"))
    AutoTuner(**right(task_list=tasks, max_trial_num=1))


def test_a_study_folder_that_cannot_be_made_is_refused(right: Right, folder: Path) -> None:
    (folder / "file").write_text("")
    tuner = AutoTuner(**right(study_dir="file"))
    with pytest.raises(JournalError, match=r"cannot make the study's folder.*give study_dir="):
        tuner.fit()
    assert [path.name for path in folder.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_study_folder_that_is_not_writable_is_refused(right: Right, folder: Path) -> None:
    (folder / "closed").mkdir(mode=0o500)
    with pytest.raises(JournalError, match=r"closed/study.*give study_dir="):
        AutoTuner(**right(study_dir="closed")).fit()
    assert list((folder / "closed").iterdir()) == []


def test_a_tuner_prints_as_what_it_is(tuner: AutoTuner) -> None:
    assert str(tuner) == (
        "AutoTuner(name='study', hyperparams=['x'], max_parallel=2, max_trial_num=2)"
    )


@pytest.mark.parametrize(
    "attribute", ["results", "trials", "best_trial", "best_params", "best_value"]
)
def test_nothing_is_known_before_fit(attribute: str, tuner: AutoTuner) -> None:
    with pytest.raises(AutomlError, match=r"has not been run yet; call fit\(\) first"):
        getattr(tuner, attribute)


def test_there_is_no_table_before_fit(tuner: AutoTuner) -> None:
    with pytest.raises(AutomlError, match=r"call fit\(\) first"):
        tuner.table(full=True)


def test_there_is_nothing_to_wait_for_before_fit(tuner: AutoTuner) -> None:
    with pytest.raises(AutomlError, match=r"call fit\(synchronize=False\) first"):
        tuner.wait()


def test_without_a_value_there_is_no_best(right: Right, folder: Path) -> None:
    del folder
    tuner = AutoTuner(**right(task_list=one_task(["false", "{{ trial.param.x }}"])))
    tuner.fit()
    with pytest.raises(AutomlError, match="no trial of the study 'study' has a value"):
        _ = tuner.best_trial


def test_the_best_reads_like_optunas(tuner: AutoTuner) -> None:
    tuner.fit()
    assert tuner.best_trial.params == tuner.best_params == {"x": 2}
    assert tuner.best_value == 2.0
    assert [trial.id for trial in tuner.trials] == [0, 1]
    assert tuner.results.equals(tuner.table())


def test_an_interrupt_while_the_table_is_made_is_no_traceback(
    tuner: AutoTuner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def interrupted(_: AutoTuner) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(AutoTuner, "table", interrupted)
    with pytest.raises(SystemExit) as end:
        tuner.fit()
    assert end.value.code == 130
    assert "the same command shows the table" in caplog.text
    monkeypatch.undo()
    assert len(tuner.table()) > 0
