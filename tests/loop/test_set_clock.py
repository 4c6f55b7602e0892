"""A clock that somebody sets between two controllers changes no trial's duration.

The processes are real ones of this machine, as their start is what tells; only the wall time of the
controller is played.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loop_bench import Bench

from automl.executors.local.adoption.ages import age_s
from automl.executors.local.executor import LocalExecutor
from automl.executors.processes.identity import boot_id, host, read_birth
from automl.executors.processes.origin import read_origin
from automl.journal.folder import StudyFolder
from automl.launch.launch_note import LaunchNote, note_of
from automl.loop.trials.adoption import Legacy, take_stock
from automl.study.failure import FailureClass
from automl.study.launch import EXIT_FILE_VARIABLE, MARK_VARIABLE, Exit
from automl.study.trial import Trial, TrialState
from automl.testing import FakeClock, FakeRun
from automl.waker import Waker

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")

DAYS = [timedelta(days=2), timedelta(days=-2), timedelta(hours=1), timedelta(days=-400)]
YOUNG_S = 100.0
"""The test itself takes less."""


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    Path(folder.trial(0).path).mkdir()
    Path(folder.trial(0).script).touch()
    return folder


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real leader of a trial's session, which runs until its input is closed."""
    process = subprocess.Popen(
        ["cat"],
        stdin=subprocess.PIPE,
        env=os.environ | {MARK_VARIABLE: f"{tmp_path}:0", EXIT_FILE_VARIABLE: "somewhere"},
        start_new_session=True,
    )
    # Its program has begun a moment before its environment can be seen.
    while read_origin(process.pid) is None:
        time.sleep(0.001)
    yield process
    process.kill()
    process.communicate()


def handle_of(process: subprocess.Popen[bytes], mark: str, **changes: str) -> dict[str, str | int]:
    return {
        "trial": 0,
        "host": host(),
        "boot": boot_id(),
        "pid": process.pid,
        "start": read_birth(process.pid),
        "mark": mark,
        "exit": "/nowhere/exit",
        **changes,
    }


def stock(trial: Trial, folder: StudyFolder, now: datetime, uid: str = "uid") -> Legacy:
    def noted(trial: Trial, attempt: int) -> LaunchNote:
        return note_of(trial, attempt, uid, str(folder.path), "{}")

    Path(folder.trial(0).note).write_text(noted(trial, max(1, trial.attempts)).text())
    waker = Waker()
    clock = FakeClock(now)
    executor = LocalExecutor(waker, clock, cgroups=False)
    try:
        return take_stock([trial], folder, executor, noted)
    finally:
        executor.close()
        waker.close()


@pytest.mark.parametrize("step", DAYS, ids=str)
def test_a_trial_that_runs_is_as_old_as_its_process(
    step: timedelta, process: subprocess.Popen[bytes], folder: StudyFolder
) -> None:
    began = datetime.now(UTC)
    handle = handle_of(process, "m")
    trial = Trial(
        id=0, params={}, state=TrialState.RUNNING, attempts=1, handle=handle, started_at=began
    )
    now = began + step
    ((_, found),) = stock(trial, folder, now).running
    assert 0 <= found.ran_s < YOUNG_S


@pytest.mark.parametrize("step", DAYS, ids=str)
def test_so_is_one_whose_launch_was_not_written_down(
    step: timedelta, process: subprocess.Popen[bytes], folder: StudyFolder, tmp_path: Path
) -> None:
    trial = Trial(id=0, params={})
    now = datetime.now(UTC) + step
    ((_, found),) = stock(trial, folder, now, str(tmp_path)).running
    assert found.handle["pid"] == process.pid
    assert found.handle["start"] == read_birth(process.pid)
    assert 0 <= found.ran_s < YOUNG_S


@pytest.mark.parametrize("step", DAYS, ids=str)
def test_the_clock_set_while_it_ran_makes_no_end_later_than_now(
    step: timedelta, process: subprocess.Popen[bytes], folder: StudyFolder
) -> None:
    began = datetime.now(UTC)
    exit_file = Path(folder.trial(0).exit)
    exit_file.write_text("0\n")
    ended_s = (began + step).timestamp()
    os.utime(exit_file, (ended_s, ended_s))
    handle = handle_of(process, "m", exit=str(exit_file))
    trial = Trial(
        id=0, params={}, state=TrialState.RUNNING, attempts=1, handle=handle, started_at=began
    )
    now = began + step
    (one,) = stock(trial, folder, now).ended
    assert 0 <= one.lasted_s < YOUNG_S


@pytest.mark.parametrize("step", DAYS, ids=str)
def test_the_clock_set_after_its_end_changes_nothing(
    step: timedelta, process: subprocess.Popen[bytes], folder: StudyFolder
) -> None:
    handle = handle_of(process, "m", exit=folder.trial(0).exit)
    handle["start"] = max(1, int(handle["start"]) - 40 * os.sysconf("SC_CLK_TCK"))
    began = datetime.now(UTC) - timedelta(seconds=40)
    exit_file = Path(folder.trial(0).exit)
    exit_file.write_text("0\n")
    ended_s = began.timestamp() + 30
    os.utime(exit_file, (ended_s, ended_s))
    trial = Trial(
        id=0, params={}, state=TrialState.RUNNING, attempts=1, handle=handle, started_at=began
    )
    now = began + step
    (one,) = stock(trial, folder, now).ended
    assert one.lasted_s == pytest.approx(30.0, abs=0.01)


@pytest.mark.parametrize("change", [{"host": "elsewhere"}, {"boot": "before"}])
def test_ticks_of_another_machine_or_boot_say_nothing(
    change: dict[str, str], process: subprocess.Popen[bytes]
) -> None:
    handle = handle_of(process, "m", **change)
    assert age_s(handle) is None


@pytest.mark.parametrize("away_s", [100.0, 5000.0])
@pytest.mark.parametrize(
    ("lasts_s", "failure"), [(40.0, FailureClass.CRASHED), (None, FailureClass.NO_PROGRESS)]
)
def test_the_silence_of_an_adopted_trial_counts_from_its_adoption(
    tmp_path: Path, away_s: float, lasts_s: float | None, failure: FailureClass
) -> None:
    one = Bench(tmp_path, max_trials=1, no_progress_s=60)
    after_s = None if lasts_s is None else 10.0 + away_s + lasts_s
    one.program = lambda _: FakeRun(after_s=after_s, exit=Exit(code=3))
    view = one.live([(10.0, away_s)])
    assert view.trials[0].failure is failure
