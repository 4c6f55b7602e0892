"""Programs that take nothing but a config file, or files of fixed names, tuned from a terminal."""

import json
import sys
from pathlib import Path

import pytest

from automl.cli import main as cli
from automl.cli.exits import WELL

pytestmark = pytest.mark.integration

NAMED = """
import json, sys
name = sys.argv[sys.argv.index("--config_file") + 1]
lr = json.load(open("./%s.json" % name))["model"]["lr"]
print("loss=%r" % ((lr - 0.3) ** 2))
"""
FIXED = """
import json
config = json.load(open("conf.json"))
open("state.txt", "a").write("x")
json.dump({"loss": (config["model"]["lr"] - 0.3) ** 2, "runs": len(open("state.txt").read())},
          open("result.json", "w"))
"""
YAML = """
import sys, yaml
lr = yaml.safe_load(open(sys.argv[-1]))["model"]["lr"]
print("loss=%r" % ((lr - 0.3) ** 2))
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conf.json").write_text('{"model": {"lr": 0.1}, "epochs": 3}')
    return tmp_path


def values(folder: Path, file: str) -> list[float]:
    written = sorted((folder / "automl_studies").glob(f"*/trials/*/{file}"))
    return [json.loads(one.read_text())["model"]["lr"] for one in written]


def test_a_json_that_is_named_without_its_extension(here: Path) -> None:
    (here / "named.py").write_text(NAMED)
    line = ["--minimize", "loss", "-n", "3", "-p", "lr=0.01..1.0", "--quiet"]
    command = [sys.executable, "named.py", "--config_file", "conf"]
    asked = ["--file", "conf.json:model.lr=lr"]
    assert cli.main(["run", *line, *asked, "--", *command]) == WELL
    assert len(set(values(here, "files/conf.json"))) == 3
    assert json.loads((here / "conf.json").read_text())["model"]["lr"] == 0.1


def test_files_of_fixed_names_in_a_copy_for_each_trial(here: Path) -> None:
    (here / "fixed.py").write_text(FIXED)
    (here / "result.json").write_text('{"loss": -9}')
    (here / "state.txt").write_text("")
    command = json.dumps([sys.executable, "fixed.py"])
    (here / "study.yaml").write_text(f"""
max_trial_num: 4
max_parallel: 2
hyperparams:
  - {{type: Real, name: lr, min_value: 0.01, max_value: 1.0}}
task_list:
  - type: BashTask
    cmd: {command}
    metric_reader: {{type: json_reader, location: result.json, metric: loss}}
    files:
      - {{base: conf.json, dest: conf.json, set: {{model.lr: "{{{{ trial.param.lr }}}}"}}}}
direction: minimize
workspace: copy
""")
    assert cli.main(["run", "study.yaml", "--quiet"]) == WELL
    assert len(set(values(here, "workspace/conf.json"))) == 4
    runs = (here / "automl_studies").glob("*/trials/*/workspace/result.json")
    assert [json.loads(one.read_text())["runs"] for one in runs] == [1] * 4
    assert (here / "state.txt").read_text() == ""
    assert json.loads((here / "result.json").read_text()) == {"loss": -9}


def test_a_yaml_configured_program_without_an_edit(here: Path) -> None:
    (here / "tuned.py").write_text(YAML)
    (here / "conf.yaml").write_text("model:\n  lr: 0.1  # the rate\nepochs: 3\n")
    command = [sys.executable, "tuned.py", "conf.yaml"]
    assert cli.main(["init", "--minimize", "loss", "-o", "s.yaml", "--", *command]) == WELL
    assert cli.main(["check", "s.yaml"]) == WELL
    assert cli.main(["run", "s.yaml", "-n", "3", "--quiet"]) == WELL
    assert cli.main(["best", "--apply", "conf.yaml", "--yes"]) == WELL
    assert "# the rate" in (here / "conf.yaml").read_text()
