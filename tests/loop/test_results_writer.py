"""The files that tell a study's results: when they are written, and what cannot stop a study."""

import csv
import json
import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from automl.journal.disk.files import replace_file
from automl.journal.folder import StudyFolder
from automl.loop import results_writer
from automl.loop.results_writer import AT_ONCE, ResultsWriter
from automl.space.parameters import Integer
from automl.space.space import SearchSpace
from automl.study.limits import Limits
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial, TrialState

READER = LocalReader(location="{{ trial.dir }}/log", parser_pattern=r"(\S+)")
DEADLINE_S = 30


def spec_of(**changes: Any) -> StudySpec:
    fields: dict[str, Any] = {
        "name": "study",
        "space": SearchSpace((Integer(name="x", min_value=0, max_value=9),)),
        "tasks": (BashTask(cmd=("true",), metric_reader=(READER,)),),
        "limits": Limits(max_trials=4, max_parallel=1),
        "cwd": "/",
    }
    return StudySpec(**fields | changes)


def done(trial_id: int, value: float) -> Trial:
    return Trial(id=trial_id, params={"x": trial_id}, state=TrialState.COMPLETED, value=value)


class Study:
    """A study whose files are written; each time is counted."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
        self.trials: dict[int, Trial] = {}
        self.folder = StudyFolder(place, "study")
        self.folder.create()
        self.calls = 0
        self.counted = threading.Condition()
        self.writer = ResultsWriter(spec_of(**changes), self.folder, self.trials, self.command)
        monkeypatch.setattr(results_writer, "replace_file", self.replace)

    def command(self, trial: Trial) -> str:
        return f"run {trial.id}"

    def replace(self, path: Path, content: bytes, *, private: bool) -> None:
        replace_file(path, content, private=private)
        with self.counted:
            self.calls += 1
            self.counted.notify_all()

    @property
    def times(self) -> int:
        """How often both files were written."""
        return self.calls // 2

    def until_written(self, times: int) -> None:
        with self.counted:
            assert self.counted.wait_for(lambda: self.times >= times, DEADLINE_S)

    def ids(self) -> list[str]:
        with self.folder.results.open(newline="") as file:
            return [row["metadata.id"] for row in csv.DictReader(file)]

    def best(self) -> Any:
        return json.loads(self.folder.best.read_text())


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    return Study(tmp_path, monkeypatch)


def test_each_end_is_written_while_there_are_few(study: Study) -> None:
    with study.writer:
        for number in range(3):
            study.trials[number] = done(number, number / 2)
            study.writer.trial_ended()
            study.until_written(number + 1)
    assert study.ids() == ["2", "1", "0"]
    assert study.best()["params"] == {"x": 2}
    assert study.best()["command"] == "run 2"
    assert study.times == 4


def test_what_an_earlier_controller_left_is_written_when_a_study_goes_on(study: Study) -> None:
    study.trials[0] = done(0, 0.5)
    with study.writer:
        study.until_written(1)
        assert study.best()["trial"] == 0


def test_later_ends_wait_and_the_end_writes_all(study: Study) -> None:
    study.trials |= {number: done(number, number) for number in range(AT_ONCE)}
    with study.writer:
        study.until_written(1)
        for number in range(AT_ONCE, AT_ONCE + 50):
            study.trials[number] = done(number, number)
            study.writer.trial_ended()
    # The pace of five seconds held them back, and the end did not wait for it.
    assert study.times == 2
    assert len(study.ids()) == AT_ONCE + 50


def test_brief_trials_are_written_together(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_writer, "REST", 1e9)
    study.trials[0] = done(0, 0.0)
    with study.writer:
        study.until_written(1)
        for number in range(1, 20):
            study.trials[number] = done(number, number)
            study.writer.trial_ended()
    assert study.times == 2
    assert len(study.ids()) == 20


def test_a_study_without_a_value_has_no_best(study: Study) -> None:
    study.folder.best.write_text("{}")
    study.trials[0] = Trial(id=0, params={"x": 1}, state=TrialState.FAILED, reason="exit code 1")
    with study.writer:
        pass
    assert study.ids() == ["0"]
    assert not study.folder.best.exists()


def test_nothing_is_written_before_a_trial_ended(study: Study) -> None:
    study.trials[0] = Trial(id=0, params={"x": 1}, state=TrialState.RUNNING)
    with study.writer:
        study.writer.trial_ended()
    assert not study.folder.results.exists()


@pytest.mark.parametrize("name", ["results.csv", "best.json"])
def test_what_cannot_be_written_is_told_once(
    study: Study, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (study.folder.path / name).mkdir()
    with study.writer:
        for number in range(3):
            study.trials[number] = done(number, 0.5)
            study.writer.trial_ended()
    [record] = caplog.records
    assert "results.csv and best.json are not up to date" in record.getMessage()
    assert "it is no regular file" in record.getMessage()


def test_a_full_disk_is_told_once_and_later_ends_are_written(
    study: Study, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = threading.Event()

    def full(*_: object, **__: object) -> None:
        tried.set()
        raise OSError(28, "No space left on device")

    caplog.set_level(logging.WARNING)
    with monkeypatch.context() as now, study.writer:
        now.setattr(results_writer, "replace_file", full)
        study.trials[0] = done(0, 0.5)
        study.writer.trial_ended()
        assert tried.wait(DEADLINE_S)
        now.undo()
    assert "No space left on device" in caplog.text
    assert len(caplog.records) == 1
    assert study.ids() == ["0"]


def test_a_machine_without_room_for_a_thread_writes_at_the_end(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise OSError(11, "no thread can be started")

    monkeypatch.setattr(results_writer, "start_thread", refuse)
    study.trials[0] = done(0, 0.5)
    with study.writer:
        study.writer.trial_ended()
        assert study.times == 0
    assert study.ids() == ["0"]


def test_an_error_of_the_loop_leaves_the_files_as_they_are(study: Study) -> None:
    def loop() -> None:
        with study.writer:
            study.trials[0] = done(0, 0.5)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        loop()
    assert not study.folder.results.exists()


def test_files_of_a_private_study_are_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Study(tmp_path, monkeypatch, env={"TOKEN": "secret"})
    study.trials[0] = done(0, 0.5)
    with study.writer:
        pass
    assert [path.stat().st_mode & 0o77 for path in (study.folder.results, study.folder.best)] == [
        0,
        0,
    ]
