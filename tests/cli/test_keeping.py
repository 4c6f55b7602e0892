"""The verbs that remove, copy and compare: what is refused, what is left."""

import json
import os
import pty
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import pytest
from written_studies import AT, opened, running, trial, write_study

from automl.cli.exits import INTERRUPTED, NO_STUDY, USAGE, WELL, WITHOUT_VALUE
from automl.journal.events import VERSION, TrialStarted, encode
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock

Run = Callable[..., tuple[int, str, str]]


def test_rm_asks_nobody_who_is_not_there(automl: Run, digits: StudyFolder) -> None:
    code, _, err = automl("rm", "digits")
    assert code == USAGE
    assert "--yes is needed" in err
    assert digits.journal.exists()
    code, out, _ = automl("rm", "digits", "--yes")
    assert (code, out) == (WELL, f"removed {digits.path}\n")
    assert list(digits.path.parent.iterdir()) == []
    assert automl("rm", "digits", "--yes")[0] == NO_STUDY
    assert automl("rm", "--yes")[0] == USAGE


def test_rm_refuses_a_study_that_runs(automl: Run, digits: StudyFolder) -> None:
    lock = StudyLock(digits)
    code, out, err = automl("rm", "digits", "--yes")
    lock.release()
    assert (code, out) == (WITHOUT_VALUE, "")
    assert "is being run by" in err
    assert digits.journal.exists()


def test_rm_refuses_a_study_whose_trial_may_run(automl: Run, here: Path) -> None:
    folder = write_study(here, "left", [opened(), *running(0, 0.5, "adam")])
    started = TrialStarted(v=VERSION, at=AT, trial=0, attempt=1, handle={"host": "elsewhere"})
    content = folder.journal.read_bytes().splitlines(keepends=True)
    folder.journal.write_bytes(b"".join([*content[:-1], encode(started)]))
    code, _, err = automl("rm", "left", "--yes")
    assert code == WITHOUT_VALUE
    assert "trial 0 of the study 'left' may still run" in err
    assert folder.journal.exists()


def test_rm_follows_no_link(automl: Run, digits: StudyFolder, here: Path) -> None:
    link = digits.path.with_name("linked")
    link.symlink_to(digits.path)
    code, _, err = automl("rm", "linked", "--yes")
    assert code == WITHOUT_VALUE
    assert "is a link to" in err
    (digits.path / "outside").symlink_to(here / "kept", target_is_directory=True)
    (here / "kept").mkdir()
    (here / "kept" / "file").write_text("")
    assert automl("rm", str(digits.path), "--yes")[0] == WELL
    assert (here / "kept" / "file").exists()


@pytest.mark.parametrize(("answer", "left"), [(b"n\n", True), (b"y\n", False)])
def test_rm_asks_on_a_terminal(digits: StudyFolder, answer: bytes, *, left: bool) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    done = subprocess.run(
        [sys.executable, "-m", "automl", "rm", "digits"],
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(theirs)
    os.close(ours)
    assert f"remove {digits.path} with 3 trials" in done.stderr
    assert digits.journal.exists() == left


def test_export_as_an_archive_that_opens_elsewhere(
    automl: Run, digits: StudyFolder, here: Path
) -> None:
    told = automl("best", "digits", "--json")[1]
    assert automl("export", "--folder", "digits.tar.gz")[0] == WELL
    code, _, err = automl("export", "--folder", "digits.tar.gz")
    assert code == WITHOUT_VALUE
    assert "is there already" in err
    with tarfile.open("digits.tar.gz") as archive:
        archive.extractall(here / "elsewhere", filter="data")
    there = json.loads(automl("best", "elsewhere/digits", "--json")[1])
    assert there["trial"] == json.loads(told)["trial"]
    lock = StudyLock(digits)
    code, _, err = automl("export", "--folder", "later.tar")
    lock.release()
    assert code == WITHOUT_VALUE
    assert "the study runs" in err
    assert sorted(one.name for one in here.glob("*.tar*")) == ["digits.tar.gz"]


@pytest.mark.usefixtures("digits")
def test_export_into_a_storage_of_optuna(automl: Run, here: Path) -> None:
    url = f"sqlite:///{here}/optuna.db"
    assert automl("export", "--optuna", url) == (
        WELL,
        f"written to {url} as the study 'digits'\n",
        "",
    )
    found = optuna.load_study(study_name="digits", storage=url)
    assert found.best_params == {"lr": 0.5, "opt": "adam"}
    assert len(found.trials) == 3
    for words, told in [((url,), "already"), (("nonsense",), "cannot write")]:
        code, out, err = automl("export", "--optuna", *words)
        assert (code, out) == (WITHOUT_VALUE, "")
        assert err.startswith("automl: error: ")
        assert told in err
    assert automl("export")[0] == USAGE


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.usefixtures("digits")
def test_an_export_that_fails_half_way_leaves_no_study(
    automl: Run, here: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    url = f"sqlite:///{here}/optuna.db"
    really = optuna.Study.add_trials

    def half(study: optuna.Study, trials: list[optuna.trial.FrozenTrial]) -> None:
        really(study, trials[:1])
        raise error

    monkeypatch.setattr(optuna.Study, "add_trials", half)
    code, out, err = automl("export", "--optuna", url)
    assert (code, out) == ((WITHOUT_VALUE if err else INTERRUPTED), "")
    assert not err or "No space left" in err
    assert optuna.get_all_study_names(url) == []
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert automl("export", "--optuna", url)[0] == WELL
    assert optuna.get_all_study_names(url) == ["digits"]


@pytest.mark.usefixtures("digits")
def test_what_cannot_be_taken_back_is_told(
    automl: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(optuna.Study, "add_trials", refuse)
    monkeypatch.setattr(optuna, "delete_study", refuse)
    err = automl("export", "--optuna", f"sqlite:///{here}/optuna.db")[2]
    assert "Input/output error; a part of the study 'digits' is left in the storage" in err


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.usefixtures("digits")
def test_an_archive_that_fails_half_way_leaves_nothing(
    automl: Run, here: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    really = tarfile.TarFile.addfile
    added = []

    def half(archive: tarfile.TarFile, *more: Any) -> None:
        really(archive, *more)
        added.append(more)
        if len(added) == 3:
            raise error

    before = sorted(here.rglob("*"))
    monkeypatch.setattr(tarfile.TarFile, "addfile", half)
    code, out, err = automl("export", "--folder", "a.tar")
    assert (code, out) == ((WITHOUT_VALUE if err else INTERRUPTED), "")
    assert not err or err == "automl: error: cannot write a.tar: No space left on device\n"
    assert sorted(here.rglob("*")) == before


def test_documents_of_what_moves_and_goes(automl: Run, digits: StudyFolder, here: Path) -> None:
    assert json.loads(automl("export", "--folder", "a.tar", "--json")[1]) == {
        "version": 1,
        "study": "digits",
        "archive": "a.tar",
        "storage": None,
        "trials": 3,
    }
    url = f"sqlite:///{here}/optuna.db"
    document = json.loads(automl("export", "--optuna", url, "--json")[1])
    assert (document["archive"], document["storage"]) == (None, url)
    assert json.loads(automl("logs", "1", "--json")[1]) == {
        "version": 1,
        "study": "digits",
        "trial": 1,
        "state": "completed",
        "file": digits.trial(1).stdout,
        "text": "acc 0.5\n",
    }
    assert json.loads(automl("logs", "2", "--json", "-f", "--stderr")[1])["text"] == "oops\n"
    code, out, err = automl("rm", "digits", "--json")
    assert (code, out) == (USAGE, "")
    assert err.startswith("automl: error: ")
    assert json.loads(automl("rm", "digits", "--json", "--yes")[1]) == {
        "version": 1,
        "study": "digits",
        "folder": str(digits.path),
        "trials": 3,
    }
    assert not digits.path.exists()


@pytest.mark.usefixtures("digits")
def test_diff_shows_what_differs(automl: Run) -> None:
    code, out, _ = automl("diff", "1", "2")
    assert code == WELL
    assert [line.split() for line in out.splitlines()[1:4]] == [
        ["lr", "0.25", "0.125"],
        ["acc", "0.5", "-"],
        ["state", "completed", "failed"],
    ]
    assert "(1 parameter has the same value in both)" in out
    document = json.loads(automl("diff", "digits", "0", "1", "--json")[1])
    assert document["params"] == ["lr", "opt"]
    assert [one["id"] for one in document["trials"]] == [0, 1]
    for words in (["1"], ["digits", "1"], ["digits", "1", "x"], ["1", "9"]):
        assert automl("diff", *words)[0] in {USAGE, NO_STUDY}, words


def test_importance(automl: Run, here: Path) -> None:
    events = [opened()]
    for number in range(20):
        events += trial(number, number / 20, ["adam", "sgd"][number % 2], number / 20)
    write_study(here, "many", events)
    lines = automl("importance")[1].splitlines()
    assert [line.split()[0] for line in lines] == ["lr", "opt"]
    assert lines[0].count("#") > lines[1].count("#")
    document = json.loads(automl("importance", "many", "--json")[1])
    assert sum(document["importance"].values()) == pytest.approx(1)
    write_study(here, "few", [opened(), *trial(0, 0.5, "adam", 1.0)])
    code, _, err = automl("importance", "few")
    assert code == WITHOUT_VALUE
    assert "at least 16 completed trials" in err
