"""The verbs that read studies: what they print, what they say of what is not there."""

import csv
import io
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from written_studies import COMPLETE, event, opened, running, trial, write_study

from automl.cli.exits import NO_STUDY, USAGE, WELL, WITHOUT_VALUE
from automl.cli.printed import Printed
from automl.journal.events import StudyClosed
from automl.journal.fold import StudyState
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock
from automl.studies.on_disk.several import Studies
from automl.study.ranking.totals import BestValue, Totals

Run = Callable[..., tuple[int, str, str]]

READING = ["show", "results", "best"]


def test_ls_lists_those_that_run_first_then_by_age(automl: Run, here: Path) -> None:
    write_study(here, "old", COMPLETE, age_s=60)
    write_study(here, "new", COMPLETE)
    runs = write_study(here, "runs", [opened(), *running(0, 0.5, "adam")], age_s=3600)
    (here / "automl_studies" / "bad").mkdir()
    (here / "automl_studies" / "bad" / "journal.jsonl").write_bytes(b"no journal\n")
    lock = StudyLock(runs)
    code, out, _ = automl("ls")
    lock.release()
    rows = [line.split() for line in out.splitlines()]
    assert code == WELL
    assert rows[0][:2] == ["study", "state"]
    assert [row[0] for row in rows[1:]] == ["runs", "bad", "new", "old"]
    assert rows[1][1:5] == ["running", "0", "-", "-"]
    assert rows[3][1:4] == ["complete", "3", "1"]
    assert "acc 0.75 (trial 0)" in out


def test_ls_shows_long_values_in_six_digits(automl: Run, here: Path) -> None:
    write_study(here, "long", [opened(), *trial(0, 0.5, "adam", 1.8888431617435337)])
    assert "acc 1.88884 (trial 0)" in automl("ls")[1]


def closed_study(here: Path, name: str) -> StudyFolder:
    """A study whose last line tells what has come of it, which its other lines do not."""
    totals = Totals(trials=7, ended=6, failed=5, metric="f1", best=BestValue(trial=1, value=0.5))
    closed = event(StudyClosed, reason="", complete=True, totals=totals)
    return write_study(here, name, [*COMPLETE[:-1], closed], checksums=True)


def test_ls_reads_of_a_closed_study_no_more_than_its_last_line(
    automl: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_study(here, "told")
    monkeypatch.setattr(StudyState, "apply", None)
    _, row = automl("ls")[1].splitlines()
    assert row.split()[:7] == ["told", "complete", "6", "5", "f1", "0.5", "(trial"]
    listed = str(Studies(here / "automl_studies", ["told"]))
    assert "told  complete, 6 trials ended, best f1 0.5 (trial 1)" in listed


def test_ls_reads_all_of_a_study_that_runs(automl: Run, here: Path) -> None:
    lock = StudyLock(closed_study(here, "told"))
    _, row = automl("ls")[1].splitlines()
    lock.release()
    assert row.split()[:6] == ["told", "running", "3", "1", "acc", "0.75"]


def test_ls_as_a_document_has_the_best_trial_or_says_why_not(automl: Run, here: Path) -> None:
    folder = closed_study(here, "told")
    (study,) = json.loads(automl("ls", "--json")[1])["studies"]
    assert (study["trials"], study["state"]) == (7, "complete")
    assert (study["best"]["id"], study["best"]["params"]) == (1, {"lr": 0.25, "opt": "sgd"})
    lines = folder.journal.read_bytes().replace(b'"opt":"sgd"', b'"opt":"s')
    folder.journal.write_bytes(lines)
    (study,) = json.loads(automl("ls", "--json")[1])["studies"]
    assert (study["state"], study["best"]) == ("unreadable", None)
    assert "line 5" in study["problem"]


def test_ls_looks_below_a_folder_and_prints_a_document(automl: Run, here: Path) -> None:
    write_study(here / "a" / "b", "deep", COMPLETE)
    assert automl("ls")[0] == NO_STUDY
    assert "a/b/automl_studies/deep" in automl("ls", ".")[1]
    code, out, _ = automl("ls", "a", "--json", "--sizes")
    document = json.loads(out)
    (study,) = document["studies"]
    assert (code, document["version"]) == (WELL, 1)
    assert study["name"] == "deep"
    assert study["best"]["params"] == {"lr": 0.5, "opt": "adam"}
    assert study["size_bytes"] > 0


@pytest.mark.usefixtures("digits")
@pytest.mark.parametrize("verb", READING)
def test_a_study_is_named_by_nothing_a_name_or_a_path(automl: Run, here: Path, verb: str) -> None:
    told = automl(verb)
    assert told[0] == WELL
    for word in ("digits", "automl_studies/digits", str(here / "automl_studies/digits")):
        assert automl(verb, word) == told
    assert automl(verb, "--study-dir", "automl_studies") == told


@pytest.mark.usefixtures("digits")
@pytest.mark.parametrize("verb", READING)
def test_a_study_that_is_not_there(automl: Run, here: Path, verb: str) -> None:
    code, out, err = automl(verb, "digit")
    assert (code, out) == (NO_STUDY, "")
    assert "there is no study 'digit'" in err
    assert "did you mean 'digits'?" in err
    assert automl(verb, "./elsewhere")[0] == NO_STUDY
    code, _, err = automl(verb, "--study-dir", str(here / "none"))
    assert code == NO_STUDY
    assert "give --study-dir the folder" in err


@pytest.mark.usefixtures("digits")
def test_several_studies_need_a_name(automl: Run, here: Path) -> None:
    write_study(here, "second", COMPLETE)
    code, _, err = automl("best")
    assert code == USAGE
    assert "there are 2 studies in" in err
    assert "give the NAME of one: " in err


@pytest.mark.usefixtures("digits")
def test_show_says_state_what_went_wrong_and_what_is_next(automl: Run, here: Path) -> None:
    out = automl("show")[1]
    assert "state: complete, all 3 trials have ended" in out
    assert "went wrong: failed: trial 2: exit code 1: oops" in out
    assert out.endswith("next: automl best digits\n")
    document = json.loads(automl("show", "--json")[1])
    assert document["version"] == 1
    assert document["state"] == "complete"
    assert document["trials"] == {"completed": 2, "failed": 1}
    assert document["best"]["id"] == 0
    assert document["next"] == "automl best digits"
    closed = event(StudyClosed, reason="all trials have ended", complete=True)
    write_study(here, "bad", [opened(), *trial(0, 0.5, "adam"), closed])
    assert json.loads(automl("show", "bad", "--json")[1])["next"] == "automl logs bad 0 --stderr"


def test_a_study_with_trials_left_is_gone_on_with(automl: Run, here: Path) -> None:
    write_study(here, "died", [opened(), *trial(0, 0.5, "adam", 0.5)])
    out = automl("show")[1]
    assert "state: died" in out
    assert out.endswith("next: automl run automl_studies/died/study.yaml\n")


@pytest.mark.usefixtures("digits")
def test_results_by_rows_and_columns(automl: Run) -> None:
    def ids(*words: str) -> list[int]:
        rows = json.loads(automl("results", "--json", *words)[1])["trials"]
        return [row["metadata"]["id"] for row in rows]

    assert ids() == [0, 1, 2]
    assert ids("--top", "1") == [0]
    assert ids("--sort", "lr") == [2, 1, 0]
    assert ids("--sort", "-params.lr") == [0, 1, 2]
    assert ids("--sort", "acc") == [1, 0, 2]
    assert ids("--where", "lr < 0.5 and opt == 'sgd'") == [1, 2]
    assert ids("--where", "acc < 0.6") == [1]
    assert ids("--where", "state == 'failed'") == [2]
    assert ids("--where", "opt < 3") == []
    out = automl("results", "--columns", "opt,lr,id")[1]
    assert [line.split() for line in out.splitlines()[2:]] == [
        ["0", "adam", "0.5", "0"],
        ["1", "sgd", "0.25", "1"],
        ["2", "sgd", "0.125", "2"],
    ]


@pytest.mark.usefixtures("digits")
def test_results_as_csv_and_markdown(automl: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(automl("results", "--csv")[1])))
    assert [row["params.lr"] for row in rows] == ["0.5", "0.25", "0.125"]
    assert rows[2]["metadata.state"] == "failed"
    lines = automl("results", "--markdown", "--top", "1")[1].splitlines()
    assert lines[:2] == ["| lr | opt | acc | id | reason |", "| --- | --- | --- | --- | --- |"]
    assert lines[2] == "| 0.5 | adam | 0.75 | 0 |  |"


@pytest.mark.usefixtures("digits")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--sort", "lrr"], "there is no column 'lrr' (did you mean 'lr'?)"),
        (["--columns", "lr,acuracy"], "there is no column 'acuracy'"),
        (["--where", "lr"], None),
        (["--where", "lrr < 1"], "the name 'lrr' is unknown (did you mean 'lr'?)"),
        (["--where", "lr <"], "cannot be read"),
        (["--where", "lr + 1"], "does not answer yes or no"),
        (["--top", "0"], "--top"),
        (["--csv", "--json"], "give one of"),
    ],
)
def test_results_with_a_wrong_option(automl: Run, words: list[str], expected: str | None) -> None:
    code, out, err = automl("results", *words)
    if expected is None:
        assert code == WELL
        return
    assert (code, out) == (USAGE, "")
    assert expected in err


def test_results_of_a_study_without_a_value(automl: Run, here: Path) -> None:
    write_study(here, "bad", [opened(), *trial(0, 0.5, "adam")])
    assert automl("results")[0] == WITHOUT_VALUE
    code, out, err = automl("best")
    assert (code, out) == (WITHOUT_VALUE, "")
    assert "no trial of the study 'bad' has a value" in err


def test_best_names_the_script_of_a_function_once(automl: Run, digits: StudyFolder) -> None:
    script = digits.trial(0).script
    digits.best.write_text(json.dumps({"trial": 0, "command": f"/bin/sh {shlex.quote(script)}"}))
    out = automl("best")[1]
    assert out.count(script) == 1
    assert "again:" not in out


def test_best_has_the_command_that_the_study_left(automl: Run, digits: StudyFolder) -> None:
    out = automl("best")[1]
    assert out.splitlines()[:3] == ["trial 0, acc 0.75", "  lr   0.5", "  opt  adam"]
    assert f"sh {digits.path}/trials/0/trial.sh" in out
    assert "again:" not in out
    digits.best.write_text(json.dumps({"trial": 0, "command": "python train.py --lr 0.5"}))
    assert "again: python train.py --lr 0.5\n" in automl("best")[1]
    assert json.loads(automl("best", "--json")[1])["command"] == "python train.py --lr 0.5"
    # What is told of another trial is none of its commands.
    digits.best.write_text(json.dumps({"trial": 1, "command": "python train.py --lr 0.25"}))
    assert "again:" not in automl("best")[1]


@pytest.mark.usefixtures("digits")
def test_logs_shows_what_a_trial_printed(automl: Run) -> None:
    assert automl("logs", "0") == (WELL, "acc 0.75\n", "")
    assert automl("logs", "digits", "1", "-f") == (WELL, "acc 0.5\n", "")
    assert automl("logs", "digits", "1", "--stderr") == (WELL, "oops\n", "")
    for words, told in [
        (["9"], "has no trial 9"),
        ([], "the id of a trial is missing"),
        (["digits"], "must be"),
        (["digits", "x"], "is a whole number from 0, got 'x'"),
    ]:
        code, out, err = automl("logs", *words)
        assert (code, out) == (USAGE, ""), words
        assert told in err or told == "must be", err


def test_logs_follows_a_file_that_grows_and_one_that_is_new(tmp_path: Path) -> None:
    path, seen = tmp_path / "stdout.log", io.BytesIO()
    printed = Printed(path, seen.write)
    assert not printed.more()
    path.write_bytes(b"a\n")
    assert printed.more()
    with path.open("ab") as file:
        file.write(b"b\n")
    assert printed.more()
    assert not printed.more()
    path.rename(tmp_path / "earlier")
    path.write_bytes(b"c\n")
    assert printed.more()
    assert seen.getvalue() == b"a\nb\nc\n"


def test_ls_imports_neither_optuna_nor_pandas(here: Path) -> None:
    write_study(here, "one", COMPLETE)
    code = (
        "import sys; from automl.cli.main import main; main(['ls']);"
        "print([one for one in ('optuna', 'pandas', 'numpy', 'rich', 'jinja2') "
        "if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
