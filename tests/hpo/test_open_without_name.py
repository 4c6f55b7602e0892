"""`open_study()` without a name, and what `print` shows of what runs."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.executors.processes.identity import boot_id, host, start_time
from automl.hpo import AutoTuner, hyperparam, open_study, reader, task
from automl.journal.events import (
    VERSION,
    Event,
    Measured,
    StudyClosed,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialStarted,
    encode,
)
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock
from automl.launch.launch_note import note_of
from automl.render.config import yaml_text
from automl.studies.on_disk.several import Studies
from automl.studies.study import Study
from automl.study.trial import Trial, TrialState

NOW = datetime.now(UTC)
Make = Callable[..., StudyFolder]


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def opened() -> Event:
    study = {
        "direction": "maximize",
        "hyperparams": [{"type": "Real", "name": "lr", "min_value": 0, "max_value": 100}],
    }
    return StudyOpened(v=VERSION, at=NOW, study=study, seed=1, uid="u", host="h", pid=1)


def planned(trial: int) -> Event:
    return TrialPlanned(v=VERSION, at=NOW, trial=trial, params={"lr": trial + 0.123456789})


def started(trial: int, since_s: float = 0.0, **handle: Any) -> Event:
    return TrialStarted(v=VERSION, at=at(since_s), trial=trial, attempt=1, handle=handle)


def ended(trial: int, value: float, after_s: float = 0.0) -> Event:
    return TrialEnded(
        v=VERSION,
        at=at(after_s),
        trial=trial,
        state=TrialState.COMPLETED,
        value=value,
        duration_s=20.0,
    )


def measured(trial: int, *values: float) -> Event:
    return Measured(
        v=VERSION, at=NOW, trial=trial, steps=list(range(len(values))), values=list(values)
    )


CLOSED = StudyClosed(v=VERSION, at=NOW, reason="all 10 trials have ended", complete=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def make(folder: Path) -> Make:
    """Writes a study; a later one was written to later."""
    count = 0

    def write(name: str, *events: Event, **described: Any) -> StudyFolder:
        nonlocal count
        count += 1
        place = StudyFolder(folder / "automl_studies", name)
        place.create()
        limits = {"max_trial_num": 10, "max_parallel": 2}
        place.spec.write_text(yaml_text({**limits, **described}))
        content = b"".join(encode(event) for event in (opened(), *events))
        place.journal.write_bytes(content)
        os.utime(place.journal, (count, count))
        return place

    return write


def test_the_only_study_needs_no_name(make: Make, folder: Path) -> None:
    place = make("tune", planned(0), started(0), ended(0, 0.5))
    make("tune.old-20260102-030405")
    (folder / "automl_studies" / "no study").mkdir()
    (folder / "automl_studies" / "a file").touch()
    found = open_study()
    assert isinstance(found, Study)
    assert found.best_value == 0.5
    assert str(place.path) in str(found)
    assert repr(open_study(study_dir=place.path.parent)) == repr(found)


def test_several_are_listed_the_newest_first(make: Make) -> None:
    make("first", planned(0), started(0), ended(0, 0.5), CLOSED)
    make("tune.old-20260102-030405")
    make("tune.old-20260102-030405-2")
    place = make("a longer name", planned(0))
    found = open_study()
    assert isinstance(found, Studies)
    assert list(found) == ["a longer name", "first"]
    assert found["first"].best_value == 0.5
    assert "tune" not in found
    assert str(found).splitlines() == [
        f"2 studies in {place.path.parent}:",
        "  a longer name  died, 0 trials ended",
        "  first          complete, 1 trial ended, best metric 0.5 (trial 0)",
        "  (2 more set aside, named ...old-...)",
        "open_study('a longer name') reads one of them",
    ]
    assert repr(found) == f"open_study(study_dir={str(place.path.parent)!r})"


def test_what_is_set_aside_counts_where_nothing_else_is(make: Make) -> None:
    make("tune.old-20260102-030405")
    found = open_study()
    assert isinstance(found, Study)
    make("tune.old-20260102-030406")
    assert list(open_study()) == ["tune.old-20260102-030406", "tune.old-20260102-030405"]


def test_many_are_counted_and_a_damaged_one_is_told(make: Make) -> None:
    for number in range(24):
        make(f"study {number}")
    make("damaged").journal.write_bytes(b"nonsense\n" * 3)
    shown = str(open_study()).splitlines()
    assert shown[0].startswith("25 studies in ")
    assert "  and 5 more" in shown
    assert any(line.startswith("  damaged   unreadable: ") for line in shown)


def test_that_there_is_none_is_said(folder: Path) -> None:
    with pytest.raises(SpecError, match=f"there is no study in {folder}/automl_studies; start one"):
        open_study()
    with pytest.raises(SpecError, match="there is no study in /nowhere/at/all"):
        open_study(study_dir="/nowhere/at/all")
    (folder / "automl_studies").mkdir()
    with pytest.raises(SpecError, match="there is no study in"):
        open_study()


@pytest.fixture
def running(make: Make) -> StudyFolder:
    return make(
        "tune",
        *[event for number in range(4) for event in (planned(number), started(number, -60))],
        ended(0, 0.5, -50),
        ended(1, 0.75, -30),
        measured(2, 0.1, 0.2, 0.3123456789),
    )


def test_what_runs_is_shown_with_its_newest_value(
    running: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automl.studies.on_disk.summary.SystemClock.now", lambda _: NOW)
    lock = StudyLock(running)
    try:
        shown = str(open_study()).splitlines()
    finally:
        lock.release()
    assert shown[1].startswith("state: running, by ")
    assert shown[2] == "trials: 2 running, 2 completed"
    assert shown[3] == ("  trial 2 for 1 min 00 s: newest value 0.312346, of 3 values; lr=2.12346")
    assert shown[4] == "  trial 3 for 1 min 00 s: no value yet; lr=3.12346"
    # Six are to start on two slots, each trial takes 20 s, and what runs is overdue.
    assert shown[5] == "left: 6 of 10 trials to start, about 1 min 00 s in all"
    assert shown[6].startswith("best: trial 1, metric 0.75,")


@pytest.mark.parametrize("more", [{"budget": {"name": "epochs"}}, {"repeats": 3}, {"confirm": 2}])
def test_the_time_left_of_trials_that_are_launched_again_is_not_known(
    make: Make, more: dict[str, Any]
) -> None:
    place = make("tune", planned(0), started(0, -9), ended(0, 0.5), **more)
    lock = StudyLock(place)
    try:
        assert "left: 9 of 10 trials to start\n" in str(open_study())
    finally:
        lock.release()


def test_the_limits_are_those_of_the_study_that_ran(folder: Path) -> None:
    x = hyperparam.create(type="Integer", name="x", min_value=0, max_value=9)
    score = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern="(.*)"
    )
    cmd = ["echo", "{{ trial.param.x }}"]
    work = task.create(type="BashTask", cmd=cmd, metric_reader=score)
    AutoTuner([x], [work], 1, 2, name="tune").fit()
    lock = StudyLock(StudyFolder(folder / "automl_studies", "tune"))
    try:
        assert "left: 0 of 2 trials to start" in str(open_study())
    finally:
        lock.release()


@pytest.mark.parametrize("text", [None, "- 1", "max_trial_num: many", "{", "\x00"])
def test_without_a_description_the_rest_is_not_told(running: StudyFolder, text: str | None) -> None:
    if text is None:
        running.spec.unlink()
    else:
        running.spec.write_text(text)
    lock = StudyLock(running)
    try:
        assert "left:" not in str(open_study())
    finally:
        lock.release()


def test_of_very_many_that_run_some_are_shown(make: Make) -> None:
    events = [event for number in range(30) for event in (planned(number), started(number))]
    assert "\n  and 10 more" in str(open_study(make("tune", *events).path.name))


def leave_exit(folder: StudyFolder, trial: int, attempt: int = 1) -> None:
    """Let a trial have ended while nothing ran its study."""
    paths = folder.trial(trial)
    Path(paths.path).mkdir(parents=True)
    params = {"lr": trial + 0.123456789}
    note = note_of(
        Trial(id=trial, params=params), attempt, "u", str(folder.path), json.dumps(params)
    )
    Path(paths.note).write_text(json.dumps(asdict(note)))
    Path(paths.exit).write_text("0\n")


def test_what_ended_while_nothing_ran_the_study_does_not_run(running: StudyFolder) -> None:
    leave_exit(running, 2)
    study = open_study("tune")
    assert "trials: 1 running, 2 completed, 1 ended meanwhile\n" in str(study)
    assert "trial 2 for" not in str(study)
    lock = StudyLock(running)
    try:
        # Who runs it collects it at any moment.
        assert "trials: 2 running, 2 completed\n" in str(study)
    finally:
        lock.release()


def test_what_another_launch_left_tells_nothing(running: StudyFolder) -> None:
    leave_exit(running, 2, attempt=3)
    assert "trials: 2 running, 2 completed\n" in str(open_study("tune"))


def test_a_process_that_is_gone_does_not_run(make: Make) -> None:
    here = {"host": host(), "boot": boot_id(), "pid": os.getpid()}
    alive = here | {"start": start_time(os.getpid())}
    reused = here | {"start": 1}
    elsewhere = reused | {"host": "another machine"}
    handles = [alive, reused, elsewhere]
    place = make(
        "tune",
        *[
            event
            for number, handle in enumerate(handles)
            for event in (planned(number), started(number, 0.0, **handle))
        ],
    )
    shown = str(open_study(place.path.name))
    assert "trials: 2 running, 1 gone\n" in shown
    assert "trial 1 for" not in shown
