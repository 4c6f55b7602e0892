"""`automl check` as it is typed: its exit codes, its streams, and what it takes."""

import json
from pathlib import Path

import pytest

from automl.cli import main as cli
from automl.cli.exits import NO_STUDY, NOT_YET, USAGE, WELL, WITHOUT_VALUE

Captured = pytest.CaptureFixture[str]

ONE = ["--maximize", "acc", "-p", "x=1..9"]


def check(*words: str) -> int:
    return cli.main(["check", *words])


def test_what_run_takes_is_taken_and_no_study_is_made(here: Path, capsys: Captured) -> None:
    assert check(*ONE, "--", "echo", "acc=0.{x}") == WELL
    out, err = capsys.readouterr()
    assert out.startswith("yes: a study would get numbers for acc\n")
    assert "acc=>>0." in err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--", "echo", "loss={x}"], WITHOUT_VALUE),
        (["--for", "0.01", "--", "sh", "-c", "sleep 600; echo {x}"], NOT_YET),
        (["--for", "soon", "--", "echo", "{x}"], USAGE),
        (["--log", "nix.log"], USAGE),
        (["--trial", "nix", "0"], NO_STUDY),
        (["echo", "acc"], USAGE),
    ],
)
def test_the_exit_code_tells_of_it(here: Path, words: list[str], code: int) -> None:
    assert check(*ONE, *words) == code
    assert list(here.iterdir()) == []


def test_a_study_file_is_checked_with_what_is_typed(here: Path, capsys: Captured) -> None:
    line = [*ONE, "--save", "study.yaml", "--dry-run", "--", "echo", "acc=0.{x}"]
    assert cli.main(["run", *line]) == WELL
    capsys.readouterr()
    assert check("study.yaml", "--json", "--maximize", "auc") == WITHOUT_VALUE
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert (document["exit_code"], document["verdict"]) == (WITHOUT_VALUE, "none")
    assert document["readers"][0]["options"] == "--maximize acc"
    assert err == ""
    assert [one.name for one in here.iterdir()] == ["study.yaml"]


def test_a_log_needs_no_command(here: Path, capsys: Captured) -> None:
    (here / "train.log").write_text("epoch 3 acc 0.5\n")
    assert check("--maximize", "acc", "--log", "train.log") == WELL
    assert "  train.log:1 step 3  epoch 3 acc >>0.5<<" in capsys.readouterr().out


def test_what_is_not_there_is_told_as_by_run(here: Path, capsys: Captured) -> None:
    assert check("--", "no-such-program-{x}") == USAGE
    err = capsys.readouterr().err
    assert "which metric? Give --maximize NAME or --minimize NAME" in err
    assert "automl init --try -- 'no-such-program-{x}' tells which names it prints" in err
    assert check("study.yaml") == USAGE
    assert "there is no file study.yaml" in capsys.readouterr().err
    assert here


@pytest.mark.integration
def test_a_metric_that_ranks_nothing_is_shown_as_recorded(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readers = [{"type": "stdout_reader", "metric": name} for name in ("acc", "loss", "f1")]
    task = {"type": "BashTask", "cmd": ["echo", "acc: 0.5 loss: 3"], "metric_reader": readers}
    x = {"type": "Constant", "name": "x", "value": 1}
    study = {
        "hyperparams": [x],
        "task_list": [task],
        "objectives": [{"metric": "acc"}],
        "max_parallel": 1,
        "max_trial_num": 1,
    }
    (here / "study.json").write_text(json.dumps(study))
    assert cli.main(["check", "study.json"]) == WELL
    out = capsys.readouterr().out
    assert out.startswith("yes: a study would get numbers for acc, loss\n")
    assert "loss (recorded, last counts): 1 number" in out
    assert "trial 0 has no number for 'f1', which ranks nothing" in " ".join(out.split())
