import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automl.executors.identity import boot_id, host
from automl.journal.folder import StudyFolder
from automl.loop.actions import Moment
from automl.loop.adoption import Legacy, ran_s, take_stock
from automl.spec.launch import Exit, Handle
from automl.spec.trial import Trial, TrialState

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = Moment(BEGAN + timedelta(seconds=100), 5000.0)
HERE = {"host": host(), "boot": boot_id()}


class Attaching:
    """An executor that knows which marks still run here since this boot."""

    def __init__(self, *marks: str) -> None:
        self.marks = set(marks)
        self.asked: list[Handle] = []

    def attach(self, handle: Handle) -> bool:
        self.asked.append(handle)
        here = (handle["host"], handle["boot"]) == (host(), boot_id())
        return here and handle["mark"] in self.marks


Ask = Callable[..., Legacy]


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    return folder


@pytest.fixture
def ask(folder: StudyFolder) -> Ask:
    def ask(trials: list[Trial], *marks: str, executor: Attaching | None = None) -> Legacy:
        watching: Any = executor or Attaching(*marks)
        return take_stock(trials, folder, watching, lambda trial: f"u:{trial}", NOW)

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
    assert legacy.running == [(trial, trial.handle)]
    assert (legacy.ended, legacy.vanished) == ([], [])
    assert legacy.any


@pytest.mark.parametrize("code", [0, 3, 137])
def test_what_ended_meanwhile_is_collected(ask: Ask, folder: StudyFolder, code: int) -> None:
    leave(folder, 0, "exit", f"{code}\n", age_s=40)
    trial = running(0)
    legacy = ask([trial])
    assert legacy.ended == [(trial, trial.handle, Exit(code=code), 60.0)]


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
    executor = Attaching("u:0")
    assert not ask([planned(0)], executor=executor).any
    assert executor.asked == []


def test_a_prepared_trial_that_runs_is_found_by_its_mark(ask: Ask, folder: StudyFolder) -> None:
    leave(folder, 0, "trial.sh")
    trial = planned(0)
    legacy = ask([trial], "u:0")
    ((found, handle),) = legacy.running
    assert found == trial
    assert handle == {"trial": 0, "mark": "u:0", "exit": folder.trial(0).exit, **HERE}


def test_a_prepared_trial_that_ended_is_collected(ask: Ask, folder: StudyFolder) -> None:
    leave(folder, 0, "trial.sh", age_s=50)
    leave(folder, 0, "exit", "0\n", age_s=20)
    ((trial, _, how, lasted_s),) = ask([planned(0)]).ended
    assert (trial.id, how, lasted_s) == (0, Exit(code=0), 30.0)


def test_a_prepared_trial_that_never_began_is_simply_launched(
    ask: Ask, folder: StudyFolder
) -> None:
    leave(folder, 0, "trial.sh")
    assert not ask([planned(0)]).any


def test_the_end_of_the_attempt_before_is_not_that_of_the_next(
    ask: Ask, folder: StudyFolder
) -> None:
    leave(folder, 0, "trial.sh")
    leave(folder, 0, "exit", "1\n")
    assert not ask([planned(0, attempts=1)]).any
    # Killed between making the folder for the old files and moving the first of them.
    Path(folder.trial(0).attempts, "1").mkdir(parents=True)
    assert not ask([planned(0, attempts=1)]).any


def test_a_prepared_retry_is_collected(ask: Ask, folder: StudyFolder) -> None:
    leave(folder, 0, "trial.sh", age_s=30)
    leave(folder, 0, "attempts/1/exit", "1\n")
    leave(folder, 0, "exit", "0\n", age_s=10)
    ((trial, _, how, lasted_s),) = ask([planned(0, attempts=1)]).ended
    assert (trial.id, how, lasted_s) == (0, Exit(code=0), 20.0)


# Times and words


def test_an_attempt_ran_since_the_journal_says(folder: StudyFolder) -> None:
    assert ran_s(running(0), HERE, folder.trial(0), NOW) == 100.0


def test_one_that_is_not_written_down_ran_since_its_script(folder: StudyFolder) -> None:
    leave(folder, 0, "trial.sh", age_s=7)
    assert ran_s(planned(0), HERE, folder.trial(0), NOW) == pytest.approx(7.0)


def test_a_clock_that_was_set_back_makes_no_negative_time(ask: Ask, folder: StudyFolder) -> None:
    early = Moment(BEGAN - timedelta(hours=1), 0.0)
    assert ran_s(running(0), HERE, folder.trial(0), early) == 0.0
    leave(folder, 0, "exit", "0\n", age_s=-9999)
    ((*_, lasted_s),) = ask([running(0)]).ended
    assert lasted_s == 100.0


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
