"""One trial of a check, run by a real process: what is told of it, and that nothing is left."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from automl.errors import AutomlError
from automl.executors.local.executor import LocalExecutor
from automl.executors.modes import MODES
from automl.studies.checking.check import check_study
from automl.studies.checking.end import EndedBy
from automl.studies.checking.judging.report import Verdict
from automl.studies.checking.plan import NOWHERE, Plan
from automl.studies.checking.running import trial_run
from automl.studies.checking.running.seen import Point
from automl.studies.checking.running.temporary import PREFIX
from automl.studies.checking.running.watcher import Watcher
from automl.studies.prepared import Prepared
from automl.study.launch import Began, Ended, EndKind, News

Study = Callable[..., Prepared]

IN_FILE = {
    "type": "local_reader",
    "location": "out/{{ trial.id }}/metric.log",
    "parser_pattern": r"acc=(\S+)",
    "metric": "acc",
}


class Presses(Watcher):
    """Presses Ctrl-C once a number is found."""

    def __init__(self) -> None:
        self.told: list[float] = []

    def found(self, plan: Plan, metric: str, point: Point) -> None:
        del plan, metric
        self.told.append(point.value)
        if len(self.told) == 1:
            os.kill(os.getpid(), signal.SIGINT)


class Notes(Watcher):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.points: list[tuple[str, float]] = []

    def began(self, plan: Plan, limit_s: float) -> None:
        assert limit_s > 0
        self.plans.append(plan)

    def found(self, plan: Plan, metric: str, point: Point) -> None:
        assert plan is self.plans[0]
        self.points.append((metric, point.value))


def test_a_trial_is_run_and_its_numbers_are_shown_with_their_lines(
    study: Study, place: Path
) -> None:
    line = "echo; for e in 1 2 3; do echo epoch $e acc {{ trial.param.x }}$e; done"
    notes = Notes()
    report = check_study(study(line, env={"DATA": "digits"}), watcher=notes)
    assert report
    assert report.verdict is Verdict.NUMBERS
    (found,) = report.found
    assert found.count == 3
    assert [(one.value, one.step) for one in found.shown] == [(0.51, 1), (0.52, 2), (0.53, 3)]
    seen = [one.sighting for one in found.shown if one.sighting]
    assert [(one.number, one.line[slice(*(one.span or ()))]) for one in seen] == [
        (2, "0.51"),
        (3, "0.52"),
        (4, "0.53"),
    ]
    assert notes.points == [("acc", 0.51), ("acc", 0.52), ("acc", 0.53)]
    plan = report.plan
    assert plan is notes.plans[0]
    assert plan.env == {"DATA": "digits"}
    assert plan.cwd == str(place)
    assert plan.params == {"x": 0.5}
    assert plan.goes == {"x": "cmd"}
    assert report.end.by is EndedBy.ITSELF
    assert report.doubts == ()


@pytest.mark.parametrize(
    ("line", "options", "verdict", "reason"),
    [
        ("echo acc none", {}, Verdict.NONE, "its last lines: 'acc none'"),
        ("echo loss 1", {}, Verdict.NONE, "if it is one of these, name that: 'loss' (1)"),
        ("echo acc nan", {}, Verdict.NONE, "the metric is nan, not a finite number"),
        ("echo acc 1; exit 3", {}, Verdict.NONE, "exit code 3: acc 1"),
        ("no-such-program", {}, Verdict.NONE, "exit code 127"),
        ("true", {}, Verdict.NONE, "the commands printed nothing"),
        ("sleep 600", {"limit_s": 0.01}, Verdict.NOT_YET, "the commands printed nothing"),
    ],
)
def test_the_verdict_is_that_of_a_study(
    study: Study, line: str, options: dict[str, Any], verdict: Verdict, reason: str
) -> None:
    report = check_study(study(line), **options)
    assert report.verdict is verdict
    assert reason in report.reason
    assert "automl-check" not in report.reason
    assert not report


def test_of_one_that_crashed_the_last_lines_are_shown(study: Study) -> None:
    report = check_study(
        study("echo lr 0.5; for n in 1 2 3 4 5 6; do echo oops $n >&2; done; exit 1")
    )
    assert report.end.crashed
    assert [(one.file, one.text) for one in report.lines] == [
        ("", f"oops {number}") for number in range(1, 7)
    ]
    assert report.remedies == ()


def test_a_number_that_was_found_counts_although_the_trial_was_ended(study: Study) -> None:
    presses = Presses()
    report = check_study(study("echo acc 1; sleep 600"), watcher=presses)
    assert report.verdict is Verdict.NUMBERS
    assert report.end.by is EndedBy.USER
    assert presses.told == [1.0]


def test_one_that_prints_without_end_is_ended(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_run, "MOST_BYTES", 100_000)
    line = "echo acc 1; head -c 200000 /dev/zero | tr '\\0' y; sleep 600"
    report = check_study(study(line))
    assert report.end.by is EndedBy.OUTPUT
    assert report.verdict is Verdict.NUMBERS


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


HOSTILE = Path(__file__).parents[1] / "programs" / "hostile.py"


@pytest.mark.parametrize(
    "what",
    ["forks", "daemon", "no_newline", "stdin", "binary", "closed", "locked", "unmarked"],
)
def test_nothing_is_left_of_a_hostile_program(study: Study, place: Path, what: str) -> None:
    more = ["{{ trial.dir }}"] if what == "locked" else []
    report = check_study(study([sys.executable, str(HOSTILE), what, *more]), watcher=Presses())
    pids = [int(line) for line in (place / "pids").read_text().split()]
    assert pids
    assert [one for one in pids if runs(one)] == []
    assert report.found[0].count == 1


@pytest.mark.parametrize("folder", ["trial", "study"])
def test_one_may_delete_its_own_folder(study: Study, folder: str) -> None:
    report = check_study(study(f"rm -rf {{{{ {folder}.dir }}}}; echo acc 1"))
    assert report.verdict is Verdict.NONE


def test_one_that_hangs_before_it_prints_is_killed_by_a_second_press(study: Study) -> None:
    class PressesTwice(Presses):
        def found(self, plan: Plan, metric: str, point: Point) -> None:
            super().found(plan, metric, point)
            os.kill(os.getpid(), signal.SIGINT)

    line = "trap 'echo acc 2' TERM; echo acc 1; while :; do sleep 0.1; done"
    report = check_study(study(line), watcher=PressesTwice())
    assert report.end.by is EndedBy.USER
    assert report.found[0].count >= 1


def test_what_lies_where_the_metric_is_written_is_left_alone(study: Study, place: Path) -> None:
    for number in (0, 1):
        file = place / "out" / str(number) / "metric.log"
        file.parent.mkdir(parents=True)
        file.write_text("acc=7\n")
    line = "mkdir -p out/{{ trial.id }}; echo acc=0.{{ trial.id }} > out/{{ trial.id }}/metric.log"
    report = check_study(study(line, IN_FILE))
    assert [one.value for one in report.found[0].shown] == [0.2]
    assert [one.kind for one in report.doubts] == ["earlier run", "study"]
    assert "out/0/metric.log is of an earlier run" in report.doubts[0].text
    assert sorted(one.name for one in (place / "out").iterdir()) == ["0", "1"]
    assert (place / "out" / "0" / "metric.log").read_text() == "acc=7\n"


def test_a_trial_that_may_run_just_now_is_not_disturbed(study: Study, place: Path) -> None:
    line = "mkdir -p out/{{ trial.id }}; echo acc=0.{{ trial.id }} > out/{{ trial.id }}/metric.log"
    x = {"type": "Integer", "name": "x", "min_value": 1, "max_value": 9}
    report = check_study(study(line, IN_FILE, hyperparams=[x], max_trial_num=5))
    assert [one.value for one in report.found[0].shown] == [0.5]
    by_value = IN_FILE | {"location": "out/{{ trial.param.x }}.log"}
    line = "mkdir -p out; echo acc=0.{{ trial.param.x }} > out/{{ trial.param.x }}.log"
    made = study(line, by_value, hyperparams=[x], max_trial_num=5, seed=1)
    (first,) = check_study(made).found[0].shown
    (place / "out").mkdir()
    file = place / "out" / f"{first.value * 10:.0f}.log"
    file.write_text("acc=7\n")
    (other,) = check_study(made).found[0].shown
    assert other.value != first.value
    assert file.read_text() == "acc=7\n"
    assert [one.name for one in (place / "out").iterdir()] == [file.name]


def test_where_all_trials_write_one_file_it_is_put_back(study: Study, place: Path) -> None:
    (place / "metric.log").write_text("acc=7\n")
    reader = IN_FILE | {"location": "metric.log"}
    report = check_study(study("echo acc=1 > metric.log", reader))
    assert [one.value for one in report.found[0].shown] == [1.0]
    assert (place / "metric.log").read_text() == "acc=7\n"
    report = check_study(study("true", reader))
    assert report.verdict is Verdict.NONE
    assert report.reason.startswith("no file metric.log to search for")
    assert "this trial wrote none" in report.doubts[0].text
    assert [one.name for one in place.iterdir()] == ["metric.log"]


def test_its_cleanup_runs(study: Study, place: Path) -> None:
    task = {
        "type": "BashTask",
        "cmd": "echo acc 1",
        "cleanup": "touch cleaned",
        "metric_reader": {"type": "stdout_reader", "metric": "acc"},
    }
    assert check_study(study("", task_list=[task]))
    assert (place / "cleaned").exists()


def test_secrets_and_temporary_paths_are_not_shown(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", "s3cret-value")
    line = "echo $API_KEY acc 1 {{ trial.dir }}; echo $TOKEN"
    made = study(line, secret_env=["API_KEY"], env={"TOKEN": "t0ken"})
    report = check_study(made)
    assert report.verdict is Verdict.NUMBERS
    assert "s3cret" not in str(report.found)
    assert report.plan.env == {"TOKEN": "***"}
    assert "{{ trial.dir }}" in report.plan.lines[0]


def test_a_value_that_reaches_nothing_is_told_as_before_a_study(study: Study) -> None:
    y = {"type": "Constant", "name": "y", "value": 1}
    x = {"type": "Constant", "name": "x", "value": 0.5}
    report = check_study(study("echo acc {{ trial.param.x }}", hyperparams=[x, y]))
    assert report.plan.goes == {"x": "cmd", "y": NOWHERE}
    assert [one.text for one in report.doubts] == [
        "no command uses 'y'; put {{ trial.param.y }} where it takes it"
    ]


def test_what_cannot_be_started_is_an_error(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    made = study("echo acc 1")
    monkeypatch.setattr(
        "automl.executors.machine.resources.Resources.room", lambda _: "no memory is free"
    )
    with pytest.raises(AutomlError, match="there is no room for a trial now: no memory is free"):
        check_study(made)


@pytest.mark.parametrize(
    ("kind", "problem", "told"),
    [
        (EndKind.REFUSED, "no process can be made", "no process can be made"),
        (EndKind.LOST, "", "the trial was lost; try again"),
    ],
)
def test_one_that_the_executor_does_not_start_is_an_error(
    study: Study, monkeypatch: pytest.MonkeyPatch, kind: EndKind, problem: str, told: str
) -> None:
    ended = Ended(trial_id=0, kind=kind, problem=problem)
    monkeypatch.setattr("automl.executors.local.executor.LocalExecutor.wait", lambda *_: [ended])
    with pytest.raises(AutomlError, match=told):
        check_study(study("echo acc 1"))


def test_one_that_ends_before_it_was_seen_to_begin_counts(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = LocalExecutor.wait

    def waits(self: LocalExecutor, timeout_s: float | None) -> list[News]:
        return [one for one in wait(self, timeout_s) if not isinstance(one, Began)]

    monkeypatch.setattr("automl.executors.local.executor.LocalExecutor.wait", waits)
    assert check_study(study("echo acc 1"))


def test_where_trials_run_elsewhere_its_folder_is_where_the_studys_would_be(
    study: Study, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = study("echo {{ trial.dir }} > where; echo acc 1")
    made = replace(made, spec=replace(made.spec, mode="elsewhere"))
    here = MODES.create("local", {})
    elsewhere = SimpleNamespace(create=lambda *_: here)
    monkeypatch.setattr("automl.loop.remote.site.MODES", elsewhere)
    assert check_study(made)
    assert (place / "where").read_text().startswith(f"{place}/automl_studies/{PREFIX}")


def test_a_study_that_would_run_nothing_cannot_be_checked(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = study("echo acc 1")
    monkeypatch.setattr("automl.studies.checking.running.chosen.first_trials", lambda *_: iter(()))
    with pytest.raises(AutomlError, match="the search has none to propose"):
        check_study(made)
