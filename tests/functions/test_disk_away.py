"""The door to functions where the disk of a study is away, for a while or for good."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import automl
from automl.errors import StorageError
from automl.functions import noted, study
from automl.inside.attrs import attrs_in
from automl.loop.result import StudyResult

Breaks = Callable[[int], None]


class RunError(Exception):
    """The study was begun."""


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Breaks:
    """Lets a study's journal be out of reach for so many looks, and nobody wait between tries."""
    left, looked_at = [0], os.stat

    def stat(path: Any, **options: Any) -> os.stat_result:
        if left[0] and str(path).endswith("journal.jsonl"):
            left[0] -= 1
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return looked_at(path, **options)

    def breaks(times: int) -> None:
        left[0] = times

    monkeypatch.setattr(os, "stat", stat)
    monkeypatch.setattr("automl.patience.RETRY_S", 0.0)
    return breaks


def begun(
    monkeypatch: pytest.MonkeyPatch, error: Exception, first: Callable[[], None] = lambda: None
) -> Any:
    """Return a study whose run does something, and ends with an error at once."""

    def ends(*_: object) -> None:
        first()
        raise error

    monkeypatch.setattr(study, "run_call", ends)
    return automl.create_study()


def objective(trial: Any) -> float:
    return float(trial.number)


def test_a_study_begins_once_its_disk_is_there(
    place: Path,
    away: Breaks,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    del place
    one = begun(monkeypatch, RunError())
    away(3)
    with pytest.raises(RunError):
        one.optimize(objective, n_trials=1)
    told = [record.getMessage() for record in caplog.records]
    assert [line.partition(". ")[2] for line in told if "journal.jsonl" in line] == [
        "The study begins once it works again; Ctrl-C to end"
    ]


def test_what_ended_a_study_is_told_although_its_disk_is_away(
    place: Path, away: Breaks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that its notes could not be written, which a script that is run again writes anew."""
    del place
    one = begun(monkeypatch, StorageError("the disk is full"), lambda: away(1 << 30))
    one.set_user_attr("kind", "first")
    with pytest.raises(StorageError, match="the disk is full"):
        one.optimize(objective, n_trials=1)


def test_notes_wait_for_the_disk_once_a_study_has_ended(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, full = noted.write_attr, [OSError(errno.ENOSPC, "no space")] * 2

    def write(*given: Any) -> None:
        if full:
            raise full.pop()
        written(*given)

    one = automl.create_study()
    folder = place / "automl_studies" / one.study_name
    monkeypatch.setattr(noted, "write_attr", write)
    monkeypatch.setattr("automl.patience.RETRY_S", 0.0)
    result = SimpleNamespace(complete=True, signal="")
    journal = folder / "journal.jsonl"
    monkeypatch.setattr(study, "run_call", lambda *_: (journal.touch(), result)[1])
    monkeypatch.setattr(study, "replace", lambda one, **_: one)
    monkeypatch.setattr(study, "show_call", lambda *_: None)
    folder.mkdir(parents=True)
    one.set_user_attr("kind", "first")
    one.optimize(objective, n_trials=1)
    assert attrs_in(str(folder)) == {"kind": "first"}


def test_who_leaves_waits_for_no_disk(
    place: Path, away: Breaks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del place
    ended = StudyResult(
        trials=(),
        best=None,
        confirmed=(),
        default=None,
        reached=False,
        best_command="",
        continued=False,
        max_trials=1,
        reason="stopped by Ctrl-C",
        complete=False,
        idle=False,
        signal="SIGINT",
    )
    monkeypatch.setattr(study, "run_call", lambda *_: (away(1 << 30), ended)[1])
    with pytest.raises(SystemExit) as left:
        automl.create_study().optimize(objective, n_trials=1)
    assert left.value.code == 130
    assert "stopped by Ctrl-C. 0 of 1 trials have ended" in capsys.readouterr().out


def test_what_is_asked_of_a_study_tells_that_its_disk_is_away(place: Path, away: Breaks) -> None:
    del place
    one = automl.create_study()
    away(1 << 30)
    for asked in (lambda: one.trials, lambda: one.best_value, lambda: one.best_trials):
        with pytest.raises(StorageError, match="Input/output error"):
            asked()
