"""`automl init` at the terminal: what it writes, where, and how its mistakes are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from automl.cli.exits import USAGE, WELL

Automl = Callable[..., tuple[int, str, str]]

TRAIN = """#!/bin/sh
# Usage: train.sh [--lr LR] [--opt adam|sgd] [--seed N]
lr=0.1
while [ $# -gt 0 ]; do
  case "$1" in
    --lr) lr=$2; shift 2 ;;
    --opt | --seed) shift 2 ;;
    *) printf 'Usage: train.sh [options]\\n  --lr LR     rate (default 0.1)\\n'
       printf '  --opt NAME  adam or sgd (default adam)\\n  --seed N    seed\\n'; exit 2 ;;
  esac
done
echo "acc=$lr"
"""


@pytest.fixture
def train(here: Path) -> Path:
    file = here / "train.sh"
    file.write_text(TRAIN)
    file.chmod(0o755)
    return file


def test_the_file_runs_as_it_is(here: Path, automl: Automl, train: Path) -> None:
    code, out, err = automl(
        "init", "--maximize", "acc", "-o", "study.yaml", "--", "./train.sh", "--seed", "3"
    )
    assert (code, out) == (WELL, "")
    assert "study.yaml is written: 2 of 3 options are searched; next: automl check" in err
    code, out, err = automl("run", "study.yaml", "-n", "2", "--quiet")
    assert code == WELL
    assert (here / "automl_studies" / train.stem / "results.csv").exists()


def test_without_a_file_it_is_printed(here: Path, automl: Automl, train: Path) -> None:
    code, out, err = automl("init", "--", "./train.sh")
    assert code == WELL
    assert "{type: Real, name: lr" in out
    assert "direction: choose maximize or minimize" in out
    assert "read from its source (sh), which was not run" in " ".join(out.split())
    assert err == ""
    assert sorted(path.name for path in here.iterdir()) == [train.name]


def test_a_command_in_quotes_is_taken_apart(automl: Automl, train: Path) -> None:
    code, out, _ = automl("init", "--", f"./{train.name} --lr 0.2")
    assert code == WELL
    assert "(0.2 as typed, default 0.1, train.sh:" in out


def test_a_file_that_is_there_is_only_replaced_by_force(
    here: Path, automl: Automl, train: Path
) -> None:
    (here / "study.yaml").write_text("mine\n")
    code, _, err = automl("init", "-o", "study.yaml", "--", f"./{train.name}")
    assert code == USAGE
    assert "study.yaml is there already; --force replaces it, or give another name" in err
    assert (here / "study.yaml").read_text() == "mine\n"
    assert automl("init", "--force", "-o", "study.yaml", "--", f"./{train.name}")[0] == WELL
    assert "mine" not in (here / "study.yaml").read_text()


@pytest.mark.usefixtures("train")
def test_nothing_runs_until_a_direction_is_chosen_or_given(automl: Automl) -> None:
    assert automl("init", "-o", "study.yaml", "--", "./train.sh")[0] == WELL
    code, _, err = automl("run", "study.yaml")
    assert code == USAGE
    assert "study.yaml, line" in err
    assert "direction='choose maximize or minimize' is unknown" in err
    assert automl("run", "study.yaml", "--maximize", "acc", "-n", "1", "--quiet")[0] == WELL


def test_a_short_run_finds_how_to_read_the_metric(here: Path, automl: Automl, train: Path) -> None:
    (here / train.name).write_text(TRAIN.replace("acc=", "accuracy -> ") + "sleep 600\n")
    code, _, err = automl(
        "init", "--try", "--maximize", "accuracy", "-o", "study.yaml", "--", "./train.sh"
    )
    assert code == WELL
    assert "running for 20 s at most: ./train.sh" in err
    assert "accuracy: seen: 0.1, in the line 'accuracy -> 0.1'" in err
    assert "# seen: 0.1" in (here / "study.yaml").read_text()


def test_a_config_file_is_tuned_at_its_paths(here: Path, automl: Automl) -> None:
    (here / "conf.yaml").write_text("opt:\n  lr: 0.1  # the rate\nseed: 1\n")
    (here / "train").write_text("echo acc=$(sed -n 's/ *lr: *\\([^ ]*\\).*/\\1/p' $1)\n")
    words = ("init", "--maximize", "acc", "-o", "study.yaml", "--", "sh", "train", "conf.yaml")
    code, _, err = automl(*words)
    assert code == WELL
    assert "study.yaml is written: 1 of 3 options are searched" in err
    assert automl("run", "study.yaml", "-n", "2", "--quiet")[0] == WELL
    assert automl("best", "--apply", "conf.yaml", "--yes")[0] == WELL
    assert "  # the rate" in (here / "conf.yaml").read_text()


def test_a_python_program_is_read_and_not_run(here: Path, automl: Automl) -> None:
    (here / "train.py").write_text(
        "import argparse, shutil\nshutil.rmtree('.')\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--lr', type=float, default=0.1, help='the rate')\n"
        "parser.parse_args()\n"
    )
    code, out, err = automl("init", "--maximize", "acc", "--", "python", "train.py")
    assert (code, err) == (WELL, "")
    assert "# --lr: the rate (default 0.1, train.py:4)" in out
    assert "read from its source (argparse), which was not run" in " ".join(out.split())
    assert (here / "train.py").exists()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "there is no command; write: automl init"),
        (["train.py"], "put -- before the command: automl init ... -- train.py ..."),
        (["-o", "study.toml", "--", "x"], "study.toml must end with .yaml"),
        (["-o", "no/study.yaml", "--", "echo", "--lr", "1"], "cannot be written"),
        (["--for", "9s", "--", "echo"], "--for says how long --try runs the command"),
        (["--", "./x", "--lr", "1"], "there is no program ./x; check the command behind --"),
        (["--", "python", "x.py"], "x.py is no file that can be read; check the command"),
        (["--", "./train --lr 1 | tee log"], "is a line for a shell; give the program's own words"),
        (["--", "./train 'x"], "is no command: No closing quotation"),
    ],
)
def test_mistakes_are_told(automl: Automl, words: list[str], told: str) -> None:
    code, _, err = automl("init", *words)
    assert code == USAGE
    assert told in err


def test_of_a_program_that_tells_nothing_the_words_typed_are_known(
    here: Path, automl: Automl
) -> None:
    (here / "train").write_text("#!/bin/sh\nrm -rf ./*\n")
    (here / "train").chmod(0o755)
    words = ("x.csv", "0.5", "--lr", "0.1", "-d", "3")
    code, out, err = automl("init", "--maximize", "acc", "--", "./train", *words)
    assert code == WELL
    assert "name: lr" in out
    assert "name: d" in out
    assert "      - x.csv\n      - '{{ trial.param.arg2 }}'\n      - --lr\n" in out
    assert "./train was not asked for --help: nothing in train looks as if" in err
    assert (here / "train").exists()
