"""A name that is no word is taken as written in everything that a launch fills in."""

import json
from pathlib import Path

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.preflight import check_commands
from automl.space.parameters import Categorical, Flag
from automl.space.space import SearchSpace
from automl.study.resources import Grant
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial

SPACE = SearchSpace(
    (
        Categorical(name="batch-size", candidates=(32, 64)),
        Categorical(name="model.lr", candidates=(0.5, 1e-5)),
        Categorical(name="learning rate", candidates=("a b", "c"), when="batch-size > 32"),
        Flag(name="no-aug", on="--no-aug"),
    )
)
SIZE, RATE = "{{ trial.param.batch-size }}", "<<trial.param.learning rate>>"
PARAMS = {"batch-size": 64, "model.lr": 1e-5, "learning rate": "a b", "no-aug": True}


def launcher(tmp_path: Path, *tasks: BashTask, **changes: object) -> Launcher:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    spec = make_spec(tmp_path, space=SPACE, tasks=tasks, **changes)
    made = Launcher(spec, folder, 7, "c0ffee", {"PATH": "/bin"})
    assert check_commands(spec, made) == []
    return made


def test_it_is_in_every_template(tmp_path: Path) -> None:
    Path(tmp_path, "a.json").write_text('{"size": 1, "deep": {"lr": 2}}')
    Path(tmp_path, "b.yaml").write_text(
        "lr: {{ trial.param.model.lr }}\nsize: <<trial.param.batch-size>>\n"
    )
    words = BashTask(
        cmd=("train", "--size", SIZE, "--rate", RATE, "{{ trial.param.no-aug }}"),
        files=(  # type: ignore[arg-type]
            {"base": "a.json", "set": {"size": SIZE, "deep.lr": "{{ trial.param.model.lr }}"}},
            {"base": "b.yaml"},
        ),
        cleanup=("rm", f"{SIZE}.tmp"),
    )
    reader = LocalReader(location=f"{{{{ trial.dir }}}}/{SIZE}.log", parser_pattern=PATTERN)
    line = BashTask(
        cmd="train {{ trial.param.no-aug }} {% if trial.param.learning rate is defined %}"
        "{{ trial.param.learning rate }}{% endif %} {{ trial.param.batch-size*2 }}",
        metric_reader=reader,
    )
    made = launcher(
        tmp_path,
        words,
        line,
        env={"SIZE": f"{SIZE}-{SIZE}", "FILES": "{{ trial.file.a }}:{{ trial.file.b }}"},
    )
    trial = Trial(id=0, params=PARAMS)
    made.prepare(trial, 1, Grant(env={}))
    folder = Path(tmp_path, "study", "trials", "0")
    script = (folder / "trial.sh").read_text()
    assert "(exec train --size 64 --rate 'a b' --no-aug)" in script
    assert "train --no-aug '\"'\"'a b'\"'\"' 128" in script
    assert "export SIZE='64-64'" in script
    assert "(exec rm 64.tmp)" in (folder / "cleanup.sh").read_text()
    assert json.loads((folder / "files" / "a.json").read_text()) == {
        "size": 64,
        "deep": {"lr": 1e-5},
    }
    assert (folder / "files" / "b.yaml").read_text() == "lr: 0.00001\nsize: 64\n"
    assert made.metric_paths(trial) == {"metric": str(folder / "64.log")}


def test_what_is_off_is_left_out_with_its_option(tmp_path: Path) -> None:
    reader = LocalReader(location="{{ trial.dir }}/log", parser_pattern=PATTERN)
    words = (
        "train",
        SIZE,
        "--rate",
        RATE,
        "{{ trial.param.model.lr }}",
        "{{ trial.param.no-aug }}",
    )
    made = launcher(tmp_path, BashTask(cmd=words, metric_reader=reader))
    params = {"batch-size": 32, "model.lr": 0.5, "no-aug": False}
    made.prepare(Trial(id=0, params=params), 1, Grant(env={}))
    script = Path(tmp_path, "study", "trials", "0", "trial.sh").read_text()
    assert "(exec train 32 0.5)" in script


def test_a_study_keeps_the_text_as_it_was_written(tmp_path: Path) -> None:
    task = BashTask(cmd=("train", SIZE, RATE))
    assert task.describe()["cmd"] == ("train", SIZE, RATE)
    reader = LocalReader(location="{{ trial.dir }}/log", parser_pattern=PATTERN)
    wrong = BashTask(cmd=("train", "{{ trial.param.batch-siz }}"), metric_reader=reader)
    with pytest.raises(SpecError, match=r"task 1: word 2 of cmd: .*did you mean"):
        launcher(tmp_path, wrong)
