"""Paths that begin with `~`, wherever one may stand."""

import getpass
import os
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.executors.machine.programs import check_programs, find_program
from automl.hpo import AutoTuner, hyperparam, open_study, reader, task
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.render.footprint import footprint
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace
from automl.studies.spec_from import described
from automl.studies.study_file.reading import read_study_file
from automl.study.resources import Grant
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial

READER = LocalReader(location="{{ trial.dir }}/log", parser_pattern=PATTERN)
USER = f"~{getpass.getuser()}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "my home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


def launcher(home: Path, cmd: Any, location: str, **task_options: Any) -> Launcher:
    folder = StudyFolder(home, "study")
    folder.create()
    metric = LocalReader(location=location, parser_pattern=PATTERN)
    one = BashTask(cmd=cmd, metric_reader=metric, **task_options)
    space = SearchSpace((Categorical(name="x", candidates=("~/a", "b")),))
    return Launcher(make_spec(home, space=space, tasks=(one,)), folder, 7, "c0ffee", {})


@pytest.mark.parametrize("given_as", ["~/work", Path("~/work")])
def test_the_folders_of_a_study(home: Path, given_as: str | Path) -> None:
    (home / "work").mkdir()
    spec = described(
        {
            "hyperparams": [{"type": "Categorical", "name": "x", "candidates": [1]}],
            "task_list": [
                {
                    "type": "BashTask",
                    "cmd": "true {{ trial.param.x }}",
                    "metric_reader": {
                        "type": "local_reader",
                        "location": "{{ trial.dir }}/log",
                        "parser_pattern": "(x)",
                    },
                }
            ],
            "max_parallel": 1,
            "max_trial_num": 1,
            "cwd": given_as,
            "study_dir": given_as,
        },
        "/elsewhere",
    )
    assert spec.spec.cwd == spec.study_dir == str(home / "work")


def test_that_of_another_user_by_name() -> None:
    location = f"{USER}/{{{{ trial.id }}}}.log"
    here = footprint(location, cwd="/w", study_name="s", study_dir="/s")
    assert str(here) == f"{Path(USER).expanduser().resolve()}/*.log"


def test_a_location_and_its_footprint(home: Path) -> None:
    made = launcher(home, ("true", "{{ trial.param.x }}"), "~/out/{{ trial.id }}.log")
    assert made.metric_paths(Trial(id=3, params={"x": "b"})) == {"metric": f"{home}/out/3.log"}
    place = footprint("~/out/{{ trial.id }}", cwd="/w", study_name="s", study_dir="/s")
    assert str(place) == os.path.realpath(home) + "/out/*"


def test_a_value_that_begins_so_is_left_as_the_command_gets_it(home: Path) -> None:
    made = launcher(home, ("true", "{{ trial.param.x }}"), "{{ trial.param.x }}/log")
    paths = made.metric_paths(Trial(id=3, params={"x": "~/a"}))
    assert paths == {"metric": f"{home}/~/a/log"}


def test_the_program_of_a_command_and_the_base_of_a_file(home: Path) -> None:
    program = home / "bin" / "train"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (home / "conf.json").write_text('{"x": 1}')
    files = [{"base": "~/conf.json", "set": {"x": "{{ trial.param.x }}"}}]
    cmd = ("~/bin/train", "{{ trial.param.x }}")
    made = launcher(home, cmd, "{{ trial.dir }}/log", files=files, cleanup=("~/bin/train",))
    made.prepare(Trial(id=0, params={"x": "b"}), 1, Grant(env={}))
    folder = home / "study" / "trials" / "0"
    assert f"(exec '{program}' b)" in (folder / "trial.sh").read_text()
    assert f"(exec '{program}')" in (folder / "cleanup.sh").read_text()
    assert (folder / "files" / "conf.json").read_text() == '{"x": "b"}'
    assert find_program("~/bin/train", "/", "") == str(program)
    spec = make_spec(home, tasks=(BashTask(cmd=cmd, metric_reader=READER),))
    assert check_programs(spec, {"PATH": "/bin:/usr/bin"}) == []


def test_other_words_are_told_as_only_a_shell_reads_them(home: Path) -> None:
    words = ("true", "{{ trial.param.x }}", "--data=~/data")
    made = launcher(home, words, "{{ trial.dir }}/log")
    assert any("word 3 of cmd is '--data=~/data'" in one for one in made.doubtful)
    line = launcher(home, "train ~/x {{ trial.param.x }}", "{{ trial.dir }}/log")
    assert line.doubtful == []


def test_studies_on_disk_and_their_files(home: Path) -> None:
    with pytest.raises(SpecError, match=r"my home/studies"):
        open_study("gone", "~/studies")
    (home / "s.yaml").write_text("name: x\n")
    assert read_study_file("~/s.yaml").description == {"name": "x"}
    one = hyperparam.create(type="Categorical", name="x", candidates=[1, 2])
    metric = reader.create(type="local_reader", location=Path("~/a.log"), parser_pattern="(x)")
    train = task.create(type="BashTask", cmd=["true", "{{ trial.param.x }}"], metric_reader=metric)
    with pytest.raises(SpecError, match=r"cannot be read: .*my home/gone.csv|gone.csv"):
        AutoTuner([one], [train], 1, 1, study_dir="~/studies", warm_start=["~/gone.csv"])
