import errno
import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automl.engine.actions import Moment
from automl.errors import StorageError
from automl.executors.executor import Found, Runs, Wanted
from automl.executors.local.adoption.ages import ran_s
from automl.executors.local.adoption.collected import collected
from automl.executors.local.adoption.found import may_be_here
from automl.executors.processes.identity import boot_id, host
from automl.journal.folder import StudyFolder
from automl.launch.launch_note import LaunchNote, note_of
from automl.loop.trials.adoption import Legacy, take_stock
from automl.study.launch import Exit, Handle
from automl.study.trial import Trial, TrialState

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = Moment(BEGAN + timedelta(seconds=100), 5000.0)
HERE = {"host": host(), "boot": boot_id()}


class Finding:
    """An executor that knows which marks still run here since this boot."""

    def __init__(self, *marks: str) -> None:
        self.marks = set(marks)
        self.asked: list[Handle] = []
        self.now = NOW.at

    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        return [self._find(one) for one in wanted]

    def _find(self, wanted: Wanted) -> Found:
        if wanted.adopt:
            self.asked.append(wanted.handle)
        if wanted.adopt and may_be_here(wanted.handle) and wanted.mark in self.marks:
            handle = wanted.handle
            ran = ran_s(wanted, handle, self.now)
            return Runs(trial_id=int(handle["trial"]), handle=handle, ran_s=ran)
        return collected(wanted, self.now)


Ask = Callable[..., Legacy]


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    return folder


@pytest.fixture
def ask(folder: StudyFolder) -> Ask:
    def ask(trials: list[Trial], *marks: str, executor: Finding | None = None) -> Legacy:
        watching: Any = executor or Finding(*marks)
        return take_stock(trials, folder, watching, lambda *launch: note(folder, *launch))

    return ask


def running(trial: int, where: Mapping[str, str] = HERE) -> Trial:
    return Trial(
        id=trial,
        params={"x": trial},
        state=TrialState.RUNNING,
        attempts=1,
        handle={"trial": trial, "pid": 7, "mark": f"u:{trial}", **where},
        started_at=BEGAN,
    )


def planned(trial: int, attempts: int = 0) -> Trial:
    return Trial(id=trial, params={"x": trial}, attempts=attempts, started_at=BEGAN)


def note(folder: StudyFolder, trial: Trial, attempt: int, uid: str = "u") -> LaunchNote:
    return note_of(trial, attempt, uid, str(folder.path), json.dumps(trial.params))


def prepare(folder: StudyFolder, trial: Trial, /, age_s: float = 0.0, **changes: Any) -> None:
    """Leave what the launcher writes, of the trial's next launch if it is planned."""
    attempt = trial.attempts + (trial.state is TrialState.PLANNED)
    written = replace(note(folder, trial, attempt), **changes)
    leave(folder, trial.id, "launch.json", written.text(), age_s)
    leave(folder, trial.id, "trial.sh", "", age_s)


def leave(folder: StudyFolder, trial: int, name: str, text: str = "", age_s: float = 0.0) -> Path:
    """Leave a file in a trial's folder, written `age_s` seconds before NOW."""
    path = Path(folder.trial(trial).path, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    when = NOW.at.timestamp() - age_s
    os.utime(path, (when, when))
    return path


def test_nothing_was_left(ask: Ask) -> None:
    legacy = ask([planned(0), Trial(id=1, params={}, state=TrialState.COMPLETED, attempts=1)])
    assert not legacy.any


def test_what_runs_is_adopted(ask: Ask) -> None:
    trial = running(2)
    legacy = ask([trial], "u:2")
    named = {"executor": "local", "study": "u", "trial": 2, "attempt": 1}
    handle = {**named, **(trial.handle or {})}
    assert legacy.running == [(trial, Runs(trial_id=2, handle=handle, ran_s=100.0))]
    assert (legacy.ended, legacy.vanished) == ([], [])
    assert legacy.any


@pytest.mark.parametrize("code", [0, 3, 137])
def test_what_ended_meanwhile_is_collected(ask: Ask, folder: StudyFolder, code: int) -> None:
    leave(folder, 0, "exit", f"{code}\n", age_s=40)
    trial = running(0)
    legacy = ask([trial])
    (one,) = legacy.ended
    assert (one.trial, one.exit, one.lasted_s) == (trial, Exit(code=code), 60.0)


@pytest.mark.parametrize("text", [None, "", "0", "x\n"])
def test_what_left_no_whole_exit_code_vanished(
    ask: Ask, folder: StudyFolder, text: str | None
) -> None:
    if text is not None:
        leave(folder, 0, "exit", text)
    trial = running(0)
    legacy = ask([trial])
    assert legacy.vanished == [trial]
    assert legacy.ended == []


def test_a_trial_that_runs_is_not_taken_for_ended_by_its_exit_file(
    ask: Ask, folder: StudyFolder
) -> None:
    leave(folder, 0, "exit", "0\n")
    assert [trial.id for trial, _ in ask([running(0)], "u:0").running] == [0]


@pytest.mark.parametrize("change", [{"host": "elsewhere"}, {"boot": "before the reboot"}])
def test_on_another_host_or_after_a_reboot_nothing_is_adopted(
    ask: Ask, change: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    trial = running(0, HERE | change)
    legacy = ask([trial], "u:0")
    assert legacy.running == []
    assert legacy.vanished == [trial]
    assert ("elsewhere" in caplog.text) == ("host" in change)


def test_what_ended_on_another_host_is_collected_all_the_same(
    ask: Ask, folder: StudyFolder
) -> None:
    leave(folder, 0, "exit", "0\n")
    assert len(ask([running(0, HERE | {"host": "elsewhere"})]).ended) == 1


# Launched, but not written down


def test_a_plain_planned_trial_is_no_legacy(ask: Ask) -> None:
    executor = Finding("u:0")
    assert not ask([planned(0)], executor=executor).any
    assert executor.asked == []


def test_a_prepared_trial_that_runs_is_found_by_its_mark(ask: Ask, folder: StudyFolder) -> None:
    trial = planned(0)
    prepare(folder, trial)
    legacy = ask([trial], "u:0")
    ((found, runs),) = legacy.running
    assert found == trial
    assert runs.handle == {"executor": "local", "study": "u", "trial": 0, "attempt": 1}


def test_a_prepared_trial_that_ended_is_collected(ask: Ask, folder: StudyFolder) -> None:
    prepare(folder, planned(0), age_s=50)
    leave(folder, 0, "exit", "0\n", age_s=20)
    ((trial, _, how, lasted_s, *_),) = ask([planned(0)]).ended
    assert (trial.id, how, lasted_s) == (0, Exit(code=0), 30.0)


def test_a_prepared_trial_that_never_began_is_simply_launched(
    ask: Ask, folder: StudyFolder
) -> None:
    prepare(folder, planned(0))
    assert not ask([planned(0)]).any


def test_the_end_of_the_attempt_before_is_not_that_of_the_next(
    ask: Ask, folder: StudyFolder
) -> None:
    prepare(folder, planned(0))
    leave(folder, 0, "exit", "1\n")
    legacy = ask([planned(0, attempts=1)])
    assert (legacy.any, legacy.strange, legacy.unknown) == (False, [], [])


def test_a_prepared_retry_is_collected(ask: Ask, folder: StudyFolder) -> None:
    prepare(folder, planned(0, attempts=1), age_s=30)
    leave(folder, 0, "attempts/1/exit", "1\n")
    leave(folder, 0, "exit", "0\n", age_s=10)
    ((trial, _, how, lasted_s, *_),) = ask([planned(0, attempts=1)]).ended
    assert (trial.id, how, lasted_s) == (0, Exit(code=0), 20.0)


# What another launch left, as the journal was lost or cut, or the folder comes from elsewhere

STRANGE: dict[str, dict[str, Any]] = {
    "another study": {"uid": "v"},
    "another trial": {"trial": 1},
    "another attempt": {"attempt": 2},
    "other values": {"params": "0123"},
    "another goal": {"goal": "[9, 0, 0, 'search', -1]"},
}


@pytest.mark.parametrize("changes", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("trial", [planned(0), running(0)], ids=["planned", "running"])
def test_what_another_launch_left_is_not_believed(
    ask: Ask,
    folder: StudyFolder,
    trial: Trial,
    changes: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    prepare(folder, trial, **changes)
    leave(folder, 0, "exit", "0\n")
    executor = Finding("u:0")
    legacy = ask([trial], executor=executor)
    assert (executor.asked, legacy.running, legacy.ended) == ([], [], [])
    assert legacy.strange == [0]
    assert [one.id for one in legacy.vanished] == [0] * (trial.state is TrialState.RUNNING)
    legacy.log()
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("not believed and run again")
    assert line.endswith("trial 0")


@pytest.mark.parametrize("text", ["", "{", "[]\n", "{}\n", '{"uid": "u"}\n', "\xff\n"])
def test_a_torn_note_is_not_believed(ask: Ask, folder: StudyFolder, text: str) -> None:
    prepare(folder, planned(0))
    leave(folder, 0, "launch.json", text)
    leave(folder, 0, "exit", "0\n")
    for trial in (planned(0), running(0)):
        legacy = ask([trial], "u:0")
        assert (legacy.running, legacy.ended, legacy.strange) == ([], [], [0])


@pytest.mark.parametrize("code", [errno.EMFILE, errno.EACCES])
def test_a_note_that_cannot_be_read_is_not_taken_for_none(
    ask: Ask, folder: StudyFolder, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    prepare(folder, running(0))

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("automl.loop.trials.adoption.said_in", refuse)
    if code == errno.EMFILE:
        with pytest.raises(StorageError, match=r"launch\.json"):
            ask([running(0)], "u:0")
    else:
        assert ask([running(0)], "u:0").strange == [0]


def test_in_a_folder_that_was_moved_the_ended_are_collected_and_the_running_run_again(
    ask: Ask, folder: StudyFolder
) -> None:
    for trial in (running(0), running(1)):
        prepare(folder, trial, place=str(folder.path.with_name("before")))
    leave(folder, 0, "exit", "0\n")
    executor = Finding("u:0", "u:1")
    legacy = ask([running(0), running(1)], executor=executor)
    assert executor.asked == []
    assert [trial.id for trial, *_ in legacy.ended] == [0]
    assert [trial.id for trial in legacy.vanished] == [1]


def test_in_a_copy_of_a_study_nothing_is_believed_of_what_ran_when_it_was_made(
    ask: Ask, folder: StudyFolder
) -> None:
    original = StudyFolder(folder.path.parent, "before")
    original.create()
    original.journal.touch()
    for trial in (running(0), planned(1)):
        prepare(folder, trial, place=str(original.path))
        leave(folder, trial.id, "exit", "0\n")
    legacy = ask([running(0), planned(1)], "u:0", "u:1")
    assert legacy.strange == [0, 1]
    assert [trial.id for trial in legacy.vanished] == [0]


# Folders of the release before, which wrote no note


def test_without_a_note_a_planned_trial_is_believed_only_while_it_runs(
    ask: Ask, folder: StudyFolder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(3):
        leave(folder, number, "trial.sh")
    leave(folder, 1, "exit", "0\n")
    legacy = ask([planned(number) for number in range(3)], "u:0")
    legacy.log()
    assert [trial.id for trial, _ in legacy.running] == [0]
    assert (legacy.ended, legacy.vanished, legacy.unknown) == ([], [], [1])
    assert "without a launch.json was left by: trial 1" in caplog.text


def test_without_a_note_the_attempt_before_is_not_asked_for(ask: Ask, folder: StudyFolder) -> None:
    leave(folder, 0, "trial.sh")
    leave(folder, 0, "exit", "1\n")
    executor = Finding("u:0")
    assert not ask([planned(0, attempts=1)], executor=executor).any
    # Killed between making the folder for the old files and moving the first of them.
    Path(folder.trial(0).attempts, "1").mkdir(parents=True)
    assert not ask([planned(0, attempts=1)], executor=executor).any
    assert executor.asked == []
    leave(folder, 0, "attempts/1/exit", "1\n")
    assert ask([planned(0, attempts=1)], executor=executor).any


# Times and words


def test_an_attempt_ran_since_the_journal_says(ask: Ask) -> None:
    ((_, found),) = ask([running(0)], "u:0").running
    assert found.ran_s == 100.0


def test_one_that_is_not_written_down_ran_since_its_script(ask: Ask, folder: StudyFolder) -> None:
    prepare(folder, planned(0), age_s=7)
    ((_, found),) = ask([planned(0)], "u:0").running
    assert found.ran_s == pytest.approx(7.0)


def test_a_clock_that_was_set_back_makes_no_negative_time(ask: Ask, folder: StudyFolder) -> None:
    executor = Finding("u:0")
    executor.now = BEGAN - timedelta(hours=1)
    ((_, found),) = ask([running(0)], executor=executor).running
    assert found.ran_s == 0.0
    leave(folder, 0, "exit", "0\n", age_s=-9999)
    (one,) = ask([running(0)]).ended
    assert one.lasted_s == 100.0


def test_what_was_found_is_told_by_ids(
    ask: Ask, folder: StudyFolder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    leave(folder, 3, "exit", "0\n")
    ask([running(trial) for trial in range(5)], "u:0", "u:1").log()
    assert [record.getMessage() for record in caplog.records] == [
        "adopted, still running: trial 0, trial 1",
        "collected, ended meanwhile: trial 3",
        "requeued, vanished: trial 2, trial 4",
    ]


def test_nothing_found_is_not_told(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask([]).log()
    assert caplog.records == []


@pytest.mark.parametrize("state", [TrialState.RUNNING, TrialState.STOPPING, TrialState.PLANNED])
@pytest.mark.parametrize("written", ["before the end", "after the end", "gone"])
def test_a_metric_file_that_another_study_has_taken_is_not_read(
    ask: Ask, folder: StudyFolder, tmp_path: Path, state: TrialState, written: str
) -> None:
    planned_or_running = planned(0) if state is TrialState.PLANNED else running(0)
    trial = replace(planned_or_running, state=state)
    prepare(folder, trial)
    leave(folder, 0, "exit", "0\n", age_s=50)
    own, shared = leave(folder, 0, "stdout.log", "1", age_s=1), tmp_path / "0.txt"
    if written != "gone":
        shared.write_text("20")
        when = NOW.at.timestamp() - (60 if written == "before the end" else 40)
        os.utime(shared, (when, when))
    legacy = ask([trial])
    legacy.disbelieve(lambda _: {"a": str(own)})
    assert [one.id for one, *_ in legacy.ended] == [0]
    legacy.disbelieve(lambda _: {"a": str(own), "b": str(shared)})
    believed = written == "before the end"
    assert bool(legacy.ended) is believed
    lost = not believed and state is not TrialState.PLANNED
    assert [one.id for one in legacy.vanished] == [0] * lost
    assert legacy.strange == [0] * (lost and state is TrialState.STOPPING)
