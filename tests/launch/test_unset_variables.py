"""`env={"A": None}` takes a variable away from the commands."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import make_spec

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.launch.environment import command_path
from automl.launch.launcher import Launcher
from automl.render.config import yaml_text
from automl.render.documents.yaml_reading import yaml_value
from automl.render.pasted import pasted_line
from automl.studies.spec_from import spec_from
from automl.study.description import describe
from automl.study.resources import Grant
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial

SHOWS = 'echo "A=${A-unset} B=${B-unset} T=${OMP_NUM_THREADS-unset} P=${PYTHONPATH-unset}"'


def spec_with(folder: Path, env: dict[str, Any]) -> StudySpec:
    metric = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern="(x)")
    one = BashTask(cmd=SHOWS, metric_reader=metric, cleanup=SHOWS)
    return make_spec(folder, tasks=(one,), env=env)


def test_a_command_and_its_cleanup_do_not_have_it(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    spec = spec_with(tmp_path, {"A": None, "B": "b", "OMP_NUM_THREADS": None, "PYTHONPATH": None})
    launcher = Launcher(spec, folder, 7, "c0ffee", {"PATH": os.environ["PATH"], "PYTHONPATH": "p"})
    trial = Trial(id=0, params={"x": 1})
    launch = launcher.prepare(trial, 1, Grant(env={"OMP_NUM_THREADS": "2"}))
    environ = {**os.environ, "A": "a", "B": "other", "PYTHONPATH": "p", "OMP_NUM_THREADS": "9"}
    for script in (launch.script, launch.script.replace("trial.sh", "cleanup.sh")):
        done = subprocess.run(
            ["sh", script], env=environ, capture_output=True, text=True, check=True
        )
        assert done.stdout == "A=unset B=b T=unset P=unset\n"
    again = launcher.command_line(trial)
    done = subprocess.run(
        ["sh", "-c", again], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "A=unset B=b T=unset P=unset\n"


def test_it_takes_a_shell_to_unset_one(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    for env, direct in (({"A": "a"}, True), ({"A": None}, False)):
        launcher = Launcher(make_spec(tmp_path, env=env), folder, 7, "c0ffee", {"PATH": "/bin"})
        launch = launcher.prepare(Trial(id=0, params={"x": 1}), 1, Grant(env={}))
        assert (launch.direct is not None) == direct


def test_the_pasted_line_takes_it_away() -> None:
    line = pasted_line([("sh", "-c", "echo $A")], env={"A": None})
    assert line == "(unset A && sh -c 'echo $A')"


def test_a_path_that_is_taken_away_is_the_systems(tmp_path: Path) -> None:
    assert command_path(spec_with(tmp_path, {"PATH": None}), {"PATH": "/mine"}) == os.defpath


def test_it_is_kept_in_the_description_and_the_identity(tmp_path: Path) -> None:
    spec = spec_with(tmp_path, {"A": None, "B": "b"})
    assert spec.identity()["env"] == {"A": None, "B": "b"}
    again = spec_from(yaml_value(yaml_text(describe(spec))), "/")
    assert again.env == {"A": None, "B": "b"}
    assert spec.identity() != spec_with(tmp_path, {"B": "b"}).identity()


def test_its_name_is_checked_as_any(tmp_path: Path) -> None:
    for name in ("A B", "1A", ""):
        with pytest.raises(SpecError, match="cannot be exported"):
            spec_with(tmp_path, {name: None})
    with pytest.raises(SpecError, match="automl's own"):
        spec_with(tmp_path, {"AUTOML_MARK": None})
