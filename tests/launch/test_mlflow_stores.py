"""Stores of MLflow: where a launch logs, what tags its runs, and that nothing there is moved."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import make_spec

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.preflight import check_commands
from automl.readers.mlflow.reader import MlflowReader
from automl.readers.mlflow.tags import tagging
from automl.study.resources import Grant
from automl.study.tasks.task import BashTask
from automl.study.tasks.workspace import Workspace
from automl.study.trial import Trial

TRIAL = Trial(id=3, params={"x": 1})


def launcher(
    path: Path, location: str = "", environ: dict[str, str] | None = None, **changes: Any
) -> Launcher:
    folder = StudyFolder(path, "study")
    folder.create()
    given = {"location": location} if location else {}
    reader = MlflowReader(key="loss", metric="metric", **given)
    task = BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader)
    spec = make_spec(path, tasks=(task,), **changes)
    return Launcher(spec, folder, 7, "c0ffee", {"PATH": os.environ["PATH"], **(environ or {})})


@pytest.mark.parametrize(
    ("location", "environ", "env", "path"),
    [
        ("", {}, {}, "."),
        ("", {"MLFLOW_TRACKING_URI": "mlruns"}, {}, "mlruns"),
        ("", {"MLFLOW_TRACKING_URI": "http://x"}, {"MLFLOW_TRACKING_URI": None}, "."),
        ("", {}, {"MLFLOW_TRACKING_URI": "sqlite:///{{ trial.id }}.db"}, "3.db"),
        ("all.db", {"MLFLOW_TRACKING_URI": "http://x"}, {}, "all.db"),
    ],
)
def test_the_store_is_that_in_which_the_commands_log(
    tmp_path: Path, location: str, environ: dict[str, str], env: dict[str, Any], path: str
) -> None:
    made = launcher(tmp_path, location, environ, env=env)
    assert made.metric_paths(TRIAL) == {"metric": f"{tmp_path}/{path}"}
    assert made.own_paths(TRIAL) == {}


def test_a_server_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="MLFLOW_TRACKING_URI"):
        launcher(tmp_path, environ={"MLFLOW_TRACKING_URI": "http://localhost:5000"})


def test_all_trials_may_log_into_one_store_which_stays(tmp_path: Path) -> None:
    made = launcher(tmp_path, "mlflow.db")
    assert not [one for one in check_commands(made._spec, made) if "mlflow.db" in one]
    store = tmp_path / "mlflow.db"
    store.write_text("all runs")
    made.prepare(TRIAL, 1, Grant(env={}))
    made.prepare(TRIAL, 2, Grant(env={}))
    assert store.read_text() == "all runs"


def test_the_runs_of_a_launch_are_tagged_with_it(tmp_path: Path) -> None:
    made = launcher(tmp_path, env={"MLFLOW_RUN_CONTEXT": '{"team": "{{ trial.id }}"}'})
    launch = made.prepare(TRIAL, 2, Grant(env={}))
    text = Path(launch.script).read_text()
    found = re.search(r"^export MLFLOW_RUN_CONTEXT='(.*)'$", text, re.MULTILINE)
    assert found
    assert json.loads(found[1]) == {"team": "3", "automl.trial": "c0ffee:3:2"}
    assert launch.direct
    assert json.loads(launch.direct.exports["MLFLOW_RUN_CONTEXT"]) == json.loads(found[1])


@pytest.mark.parametrize(
    ("location", "found"), [("", []), ("m.db", []), ("/data/m.db", ["metric"])]
)
def test_a_workspace_has_a_store_of_its_own(
    tmp_path: Path, location: str, found: list[str]
) -> None:
    made = launcher(tmp_path, location, workspace=Workspace())
    assert sorted(made.open) == found
    home = f"{tmp_path}/study/trials/3/workspace"
    assert made.metric_paths(TRIAL)["metric"].startswith("/data" if found else home)


@pytest.mark.parametrize("given", [None, "", "no JSON", "[1]", "{}"])
def test_what_is_no_set_of_tags_is_replaced(given: str | None) -> None:
    env = {"MLFLOW_RUN_CONTEXT": given}
    assert json.loads(tagging(env, "u:1", 1)["MLFLOW_RUN_CONTEXT"] or "") == {
        "automl.trial": "u:1:1"
    }


@pytest.mark.parametrize(
    ("location", "found"),
    [("mlflow.db", ["metric"]), ("{{ trial.id }}.db", ["metric"]), ("{{ trial.dir }}/m.db", [])],
)
def test_only_a_store_in_its_folder_is_the_trials_own(
    tmp_path: Path, location: str, found: list[str]
) -> None:
    assert sorted(launcher(tmp_path, location).open) == found
