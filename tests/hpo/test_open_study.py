import fcntl
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from automl.errors import AutomlError, JournalError, SpecError
from automl.hpo import AutoTuner, open_study
from automl.journal import requests, tail
from automl.journal.asking.asker import Door, this_process
from automl.journal.control import read_requests
from automl.journal.events import (
    VERSION,
    Event,
    Measured,
    RequestTaken,
    StudyClosed,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
    encode,
)
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock
from automl.studies.study import Study
from automl.study.trial import Purpose, Stage, TrialState

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def opened(direction: str = "maximize") -> Event:
    study = {
        "direction": direction,
        "hyperparams": [
            {"type": "Integer", "name": "x", "min_value": 0, "max_value": 100},
            {"type": "Categorical", "name": "odd name", "candidates": ["a", "b"]},
        ],
    }
    return StudyOpened(v=VERSION, at=AT, study=study, seed=1, uid="u", host="h", pid=1)


def planned(trial: int, x: Any) -> Event:
    return TrialPlanned(v=VERSION, at=AT, trial=trial, params={"x": x, "odd name": "a"})


def started(trial: int) -> Event:
    return TrialStarted(v=VERSION, at=AT, trial=trial, attempt=1, handle={})


def ended(trial: int, value: float | None) -> Event:
    state = TrialState.FAILED if value is None else TrialState.COMPLETED
    return TrialEnded(v=VERSION, at=AT, trial=trial, state=state, value=value)


EVENTS = [
    opened(),
    *[event for trial in range(4) for event in (planned(trial, trial), started(trial))],
    ended(0, 0.5),
    ended(1, 0.75),
    ended(2, None),
]


def write(folder: StudyFolder, events: list[Event]) -> None:
    folder.create()
    with folder.journal.open("ab") as file:
        file.write(b"".join(encode(event) for event in events))


@pytest.fixture
def on_disk(folder: Path) -> StudyFolder:
    """A study of four trials, one of which still runs by its journal."""
    place = StudyFolder(folder / "automl_studies", "digits")
    write(place, EVENTS)
    return place


@pytest.fixture
def study(on_disk: StudyFolder) -> Study:
    del on_disk
    return open_study("digits")


def asked(folder: StudyFolder) -> list[requests.Request | str]:
    return [item.request or item.problem for item, _ in read_requests(folder.control, 0)]


def test_it_reads_as_a_tuner_does(study: Study) -> None:
    assert [trial.id for trial in study.trials] == [0, 1, 2, 3]
    assert study.best_trial.id == 1
    assert study.best_params == {"x": 1, "odd name": "a"}
    assert study.best_value == 0.75
    assert study.results["metadata", "id"].tolist() == [1, 0, 2]
    assert study.table(full=True)["metadata", "state"].tolist() == [
        "completed",
        "completed",
        "failed",
        "running",
    ]


def test_a_trial_that_goes_on_is_a_row_with_what_it_has(on_disk: StudyFolder, study: Study) -> None:
    more, again = Stage(budget=3, previous_budget=1), Stage(seed_number=1, purpose=Purpose.CONFIRM)
    waits = TrialEnded(v=VERSION, at=AT, trial=3, state=TrialState.PRUNED, value=0.25)
    goes_on = TrialRequeued(v=VERSION, at=AT, trial=3, reason="goes on", stage=more)
    confirmed = TrialRequeued(v=VERSION, at=AT, trial=1, reason="confirmed", stage=again)
    write(on_disk, [waits, goes_on, confirmed, started(1)])
    assert study.results["metadata", "id"].tolist() == [1, 0, 3, 2]
    assert study.best_trial.id == 1


def test_a_study_that_ran_reads_the_same_as_its_tuner(
    folder: Path, right: Callable[..., dict[str, Any]]
) -> None:
    tuner = AutoTuner(**right(study_dir=folder))
    table = tuner.fit()
    study = open_study("study", folder)
    assert study.trials == tuner.trials
    assert study.results.equals(table)
    assert study.table(full=True).equals(tuner.table(full=True))
    assert study.best_trial == tuner.best_trial
    assert study.state == "complete"
    assert study.best_value == tuner.best_value == 2.0


def test_the_direction_is_the_journals(folder: Path) -> None:
    write(StudyFolder(folder, "small"), [opened("minimize"), *EVENTS[1:]])
    assert open_study("small", folder).best_value == 0.5


def test_a_study_without_a_value_has_no_best(folder: Path) -> None:
    write(StudyFolder(folder, "none"), [opened()])
    study = open_study("none", folder)
    with pytest.raises(AutomlError, match="no trial of the study 'none' has a value"):
        _ = study.best_trial
    assert study.results.empty
    assert str(study).endswith("trials: none")


def test_a_journal_that_is_still_empty_is_a_new_study(folder: Path) -> None:
    write(StudyFolder(folder, "new"), [])
    study = open_study("new", folder)
    assert study.state == "new"
    assert study.trials == []


def test_what_happens_later_is_seen(on_disk: StudyFolder, study: Study) -> None:
    assert study.best_value == 0.75
    write(on_disk, [ended(3, 2.0)])
    assert study.best_value == 2.0


def test_a_later_look_reads_only_what_was_added(
    on_disk: StudyFolder, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert study.best_value == 0.75
    folded = []
    apply = tail.apply_line
    monkeypatch.setattr(tail, "apply_line", lambda *given: folded.append(given[1]) or apply(*given))
    assert [str(study), study.trials, study.state]
    assert folded == []
    write(on_disk, [ended(3, 2.0)])
    assert [str(study), study.best_value] == [str(study), 2.0]
    assert folded == [ended(3, 2.0)]


def test_measurements_are_read_on_too(on_disk: StudyFolder, study: Study) -> None:
    def shown() -> dict[int, float]:
        return dict(study.to_optuna().trials[3].intermediate_values)

    assert shown() == {}
    for number, count in enumerate((1, 2)):
        step = Measured(v=VERSION, at=AT, trial=3, steps=[number], values=[0.5 + number])
        write(on_disk, [step])
        assert len(shown()) == count


def test_what_is_read_cannot_be_changed_by_accident(study: Study) -> None:
    with pytest.raises(TypeError, match=r"cannot be changed; change a copy"):
        study.trials[0].params["x"] = 99  # type: ignore[index]
    study.best_params["x"] = 99
    study.trials.clear()
    assert [trial.params["x"] for trial in study.trials] == [0, 1, 2, 3]


def test_a_request_is_returned_with_its_id_and_its_answer(
    on_disk: StudyFolder, study: Study
) -> None:
    request = study.stop_trial(3)
    assert request.answer() is None
    [(line, offset)] = read_requests(on_disk.control, 0)
    assert (line.id, line.who) == (request.id, this_process(Door.SCRIPT))
    done = RequestTaken(v=VERSION, at=AT, offset=offset, request={}, id=request.id, done=True)
    write(on_disk, [done])
    assert str(request.wait()) == "stop_trial 3: done"


def test_another_door_says_so(on_disk: StudyFolder) -> None:
    Study(on_disk, Door.CLI).add_trials(1)
    [(line, _)] = read_requests(on_disk.control, 0)
    assert line.who == this_process(Door.CLI)


def test_what_is_not_asked_has_its_answer_at_once(study: Study) -> None:
    answer = study.drain().wait()
    assert str(answer) == (
        "drain: refused: nothing runs the study 'digits', and this is for one that runs"
    )


def test_a_torn_last_line_does_not_matter(on_disk: StudyFolder, study: Study) -> None:
    with on_disk.journal.open("ab") as file:
        file.write(encode(ended(3, 2.0))[:-5])
    assert study.best_value == 0.75


def test_a_damaged_journal_is_told(on_disk: StudyFolder, study: Study) -> None:
    with on_disk.journal.open("ab") as file:
        file.write(b"no event\n")
    with pytest.raises(JournalError, match="line 13"):
        _ = study.trials


def test_reading_writes_nothing(on_disk: StudyFolder, study: Study) -> None:
    before = {path: path.stat().st_mtime_ns for path in on_disk.path.rglob("*")}
    assert [str(study), study.state, study.best_params, study.table(full=True).shape]
    assert {path: path.stat().st_mtime_ns for path in on_disk.path.rglob("*")} == before


def test_a_study_whose_controller_died_prints_so(
    on_disk: StudyFolder, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = AT + timedelta(seconds=1)
    monkeypatch.setattr("automl.studies.on_disk.summary.SystemClock.now", lambda _: later)
    assert str(study).splitlines() == [
        f"study 'digits' in {on_disk.path}",
        "state: died, its controller did not end by itself; the same command goes on from here",
        "trials: 1 running, 2 completed, 1 failed",
        "  trial 3 for 1.0 s: no value yet; x=3 odd name=a",
        "best: trial 1, metric 0.75, x=1 odd name=a",
    ]
    assert repr(study) == f"open_study('digits', {str(on_disk.path.parent)!r})"


def test_the_best_value_is_told_by_its_name(on_disk: StudyFolder) -> None:
    described = {"objectives": [{"metric": "acc", "direction": "maximize", "final": "last"}]}
    again = opened()
    assert isinstance(again, StudyOpened)
    write(on_disk, [msgspec.structs.replace(again, study=again.study | described)])
    assert "best: trial 1, acc 0.75," in str(open_study("digits"))


@pytest.mark.parametrize("state", ["complete", "paused"])
def test_a_closed_study_prints_why(on_disk: StudyFolder, study: Study, state: str) -> None:
    closed = StudyClosed(v=VERSION, at=AT, reason="the reason", complete=state == "complete")
    write(on_disk, [ended(3, 0.1), closed])
    assert study.state == state
    assert f"state: {state}, the reason" in str(study)


def test_a_running_study_prints_by_whom(on_disk: StudyFolder, study: Study) -> None:
    lock = StudyLock(on_disk)
    try:
        assert study.state == "running"
        assert "state: running, by process 1 on h since 2026-01-02T03:04:05" in str(study)
    finally:
        lock.release()
    assert study.state == "died"


def test_a_killed_controller_leaves_nothing_running(on_disk: StudyFolder, study: Study) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from automl.journal.folder import StudyFolder\n"
        "from automl.journal.lock import StudyLock\n"
        "path = Path(sys.argv[1])\n"
        "lock = StudyLock(StudyFolder(path.parent, path.name))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, on_disk.path], check=False)
    assert study.state == "died"


def test_a_controller_of_an_earlier_release_is_seen(on_disk: StudyFolder, study: Study) -> None:
    me = {"host": socket.gethostname(), "pid": os.getpid(), "since": "noon"}
    on_disk.lock.write_text(json.dumps(me))
    with on_disk.lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert f"state: running, by process {os.getpid()} on " in str(study)
    assert study.state == "died"


def test_any_text_of_a_trial_is_shown_as_it_was(on_disk: StudyFolder, study: Study) -> None:
    write(on_disk, [planned(4, "d\udcff\0\u2028"), planned(5, "\ud83d\ude00")])
    assert [one.params["x"] for one in study.trials[4:]] == ["d\udcff\0\u2028", "\ud83d\ude00"]


@pytest.mark.parametrize(
    ("ask", "request_"),
    [
        (lambda study: study.stop_trial(3), requests.StopTrial(3)),
        (lambda study: study.retry_trial(2), requests.RetryTrial(2)),
        (lambda study: study.retry_failed(), requests.RetryFailed()),
        (lambda study: study.add_trials(5), requests.AddTrials(5)),
        (lambda study: study.set_max_parallel(2), requests.SetMaxParallel(2)),
        (lambda study: study.set_max_trial_num(9), requests.SetMaxTrialNum(9)),
        (
            lambda study: study.add_trial({"odd name": "b"}, x=1),
            requests.AddTrial({"odd name": "b", "x": 1}),
        ),
        (
            lambda study: study.enqueue_trial({"odd name": "b", "x": 1}),
            requests.AddTrial({"odd name": "b", "x": 1}),
        ),
    ],
)
def test_each_request_is_one_line(
    on_disk: StudyFolder,
    study: Study,
    ask: Callable[[Study], None],
    request_: requests.Request,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "automl")
    ask(study)
    assert asked(on_disk) == [request_]
    assert "started again" in caplog.text


@pytest.mark.parametrize(
    ("ask", "request_"),
    [
        (lambda study: study.pause(), requests.Pause()),
        (lambda study: study.resume(), requests.Resume()),
        (lambda study: study.drain(), requests.Drain()),
        (lambda study: study.stop(), requests.StopStudy()),
    ],
)
def test_what_only_a_running_study_can_do_is_asked_of_none_other(
    on_disk: StudyFolder,
    study: Study,
    ask: Callable[[Study], None],
    request_: requests.Request,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask(study)
    assert not on_disk.control.exists()
    assert "nothing was asked" in caplog.text
    lock = StudyLock(on_disk)
    try:
        ask(study)
    finally:
        lock.release()
    assert asked(on_disk) == [request_]


def test_where_no_trial_has_failed_none_is_asked_to_run_again(
    on_disk: StudyFolder, study: Study
) -> None:
    well = TrialEnded(v=VERSION, at=AT, trial=3, state=TrialState.COMPLETED, value=0.25)
    write(on_disk, [TrialRequeued(v=VERSION, at=AT, trial=2, reason="again"), well])
    answer = study.retry_failed().wait(0)
    assert str(answer) == "retry_failed: refused: no trial of the study has failed"
    assert not on_disk.control.exists()


def test_one_that_was_left_running_may_have_failed_since(
    on_disk: StudyFolder, study: Study
) -> None:
    write(on_disk, [TrialRequeued(v=VERSION, at=AT, trial=2, reason="again")])
    assert study.retry_failed().wait(0) is None
    assert asked(on_disk) == [requests.RetryFailed()]


def test_a_request_to_a_running_study_says_nothing(
    on_disk: StudyFolder, study: Study, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "automl")
    lock = StudyLock(on_disk)
    try:
        study.pause()
    finally:
        lock.release()
    assert asked(on_disk) == [requests.Pause()]
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda study: study.stop_trial(4), "no trial 4; its trials are 0 to 3"),
        (lambda study: study.retry_trial("1"), "no trial '1'"),
        (lambda study: study.add_trials(0), "at least 1, got 0"),
        (lambda study: study.set_max_parallel(1.0), "at least 1, got 1.0"),
        (lambda study: study.set_max_trial_num("3"), "at least 1, got '3'"),
        (lambda study: study.add_trial(x=1), "'odd name' has no value"),
        (lambda study: study.add_trial({"ood name": 1}, x=1), "did you mean 'odd name'"),
        (lambda study: study.add_trial({"x": 1}, x=1), "given twice"),
        (lambda study: study.add_trial([1]), "by parameter name"),
        (lambda study: study.add_trial({"odd name": {1}}, x=1), r"\{1\} is not"),
    ],
)
def test_a_wrong_request_is_refused_and_not_written(
    on_disk: StudyFolder, study: Study, ask: Callable[[Study], None], told: str
) -> None:
    with pytest.raises(SpecError, match=told):
        ask(study)
    assert not on_disk.control.exists()


@pytest.mark.usefixtures("on_disk")
def test_a_missing_study_names_those_there(folder: Path) -> None:
    (folder / "automl_studies" / "no study").mkdir()
    with pytest.raises(SpecError) as told:
        open_study("digit")
    assert str(told.value) == (
        f"there is no study 'digit' in {folder}/automl_studies (did you mean 'digits'?); "
        "studies there: digits"
    )


def test_a_missing_folder_is_named(folder: Path) -> None:
    with pytest.raises(SpecError, match=f"there is no folder {folder}/automl_studies"):
        open_study("digits")
    with pytest.raises(SpecError, match=f"{folder} has none at all"):
        open_study("digits", folder)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/", 3])
def test_a_name_that_is_no_folder_name_is_refused(folder: Path, name: Any) -> None:
    with pytest.raises(SpecError, match="plain name"):
        open_study(name, folder)


def test_a_study_that_vanished_is_told(on_disk: StudyFolder, study: Study) -> None:
    on_disk.path.rename(on_disk.path.with_name("other"))
    with pytest.raises(SpecError, match="studies there: other"):
        _ = study.trials
