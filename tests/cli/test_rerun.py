"""`automl rerun`: the same command, values and seed, elsewhere; the study is left alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from written_studies import opened, trial, write_study

from automl.cli.exits import USAGE, WELL, WITHOUT_VALUE
from automl.journal.folder import StudyFolder

Run = Callable[..., tuple[int, str, str]]

DESCRIPTION = """\
hyperparams:
- {{type: Real, name: lr, min_value: 0.0, max_value: 1.0}}
- {{type: Categorical, name: opt, candidates: [adam, sgd]}}
task_list:
- type: BashTask
  cmd: [sh, -c, 'echo "acc $0 $1 $2"; echo oops >&2; test "$1" = adam', "{{{{ trial.param.lr }}}}",
    "{{{{ trial.param.opt }}}}", "{{{{ trial.dir }}}}"]
  metric_reader:
    type: local_reader
    location: "{location}"
    parser_pattern: acc (\\S+)
    metric: acc
objectives: [{{metric: acc, direction: maximize}}]
max_parallel: 1
max_trial_num: 2
"""


@pytest.fixture
def study(here: Path) -> StudyFolder:
    events = [opened(), *trial(0, 0.5, "adam", 0.5), *trial(1, 0.25, "sgd")]
    folder = write_study(here, "digits", events)
    folder.spec.write_text(DESCRIPTION.format(location="{{ trial.dir }}/stdout.log"))
    return folder


def test_a_trial_runs_once_more_in_a_new_folder(
    automl: Run, study: StudyFolder, here: Path
) -> None:
    before = sorted(study.path.rglob("*"))
    for name in ("digits-0", "digits-0-2"):
        code, out, err = automl("rerun", "digits", "0")
        there = here / "automl_reruns" / name / "trials" / "0"
        assert code == WELL
        assert out.splitlines()[0] == f"acc 0.5 adam {there}"
        assert out.splitlines()[1:] == [
            f"trial 0 ran again: exit code 0, in {there}",
            "  acc: 0.5, the same as at first",
        ]
        assert err == "oops\n"
        assert (there / "stdout.log").read_text() == f"acc 0.5 adam {there}\n"
        assert (there / "exit").read_text() == "0\n"
    assert sorted(study.path.rglob("*")) == before


def test_a_trial_that_fails_again(automl: Run, study: StudyFolder) -> None:
    del study
    code, out, _ = automl("rerun", "1", "--into", "elsewhere")
    assert code == WITHOUT_VALUE
    assert "trial 1 ran again: exit code 1 (crashed: exit code 1" in out
    assert out.splitlines()[-1] == "  acc: 0.25, at first none"
    assert Path("elsewhere/digits-1/trials/1/trial.sh").exists()
    assert automl("rerun", "7")[0] == USAGE


def test_another_number_stands_beside_the_first(automl: Run, study: StudyFolder) -> None:
    text = DESCRIPTION.format(location="{{ trial.dir }}/stdout.log")
    study.spec.write_text(text.replace("acc $0", "acc 1$0").replace("= adam", "= adam; exit 0"))
    code, out, _ = automl("rerun", "0")
    assert (code, out.splitlines()[2:]) == (WELL, ["  acc: 10.5, at first 0.5"])
    code, out, err = automl("rerun", "0", "--json")
    told = json.loads(out)
    assert (code, err) == (WELL, "")
    assert told.pop("folder").endswith("automl_reruns/digits-0-2/trials/0")
    assert told == {
        "version": 1,
        "study": "digits",
        "trial": 0,
        "exit_code": 0,
        "metrics": {"acc": 10.5},
        "first": {"acc": 0.5},
        "reason": "",
    }


def test_no_number_this_time(automl: Run, study: StudyFolder) -> None:
    text = DESCRIPTION.format(location="{{ trial.dir }}/stdout.log")
    study.spec.write_text(text.replace("acc $0", "nothing $0"))
    code, out, _ = automl("rerun", "0")
    assert code == WITHOUT_VALUE
    assert "ran again: exit code 0 (no metric: " in out
    assert out.splitlines()[-1] == "  acc: none, at first 0.5"
    told = json.loads(automl("rerun", "0", "--json")[1])
    assert (told["metrics"], told["first"]) == ({}, {"acc": 0.5})
    assert told["reason"].startswith("no metric: ")


def test_what_the_study_still_has_is_not_written_over(
    automl: Run, study: StudyFolder, here: Path
) -> None:
    study.spec.write_text(DESCRIPTION.format(location=f"{here}/log/{{{{ trial.id }}}}"))
    (here / "log").mkdir()
    (here / "log" / "0").write_text("acc 0.5\n")
    code, out, err = automl("rerun", "0")
    assert (code, out) == (WITHOUT_VALUE, "")
    assert f"to {here}/log/0, where what the trial printed would be lost" in err
    assert (here / "log" / "0").read_text() == "acc 0.5\n"
    assert not (here / "automl_reruns").exists()


def test_a_function_is_called_once_more_and_gives_its_numbers(automl: Run, here: Path) -> None:
    (here / "train.py").write_text(
        "def objective(trial):\n    trial.report(7, 1)\n    return trial.suggest_float('x', 0, 1)\n"
    )
    (here / "study.yaml").write_text(
        "function: train:objective\nmax_parallel: 1\nmax_trial_num: 1\n"
    )
    assert automl("run", "study.yaml", "--quiet")[0] == WELL
    code, out, _ = automl("rerun", "0", "--json")
    again = json.loads(out)
    assert (code, again["reason"]) == (WELL, "")
    assert again["metrics"] == again["first"] != {}
    assert Path(again["folder"], "outcome.json").exists()
