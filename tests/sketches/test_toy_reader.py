"""A kind of reader is one added file: the one of docs/contributing/reader.md, run as it stands."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from toy_package import blocks, install, run

from automl.journal.fold import fold
from automl.journal.journal import load
from automl.testing import READER_CHECKS, READER_SAMPLE_CHECKS

pytestmark = pytest.mark.slow

SOURCE, SCRIPT, CHECKS = blocks("reader.md", "python")

TRAIN = """import json, sys
x, path = int(sys.argv[1]), sys.argv[2]
with open(path, "w") as file:
    for step in range(3):
        print(json.dumps({"step": step, "loss": x / 2 ** step}), file=file)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder where the kind of reader is installed, beside a program for it."""
    place = tmp_path / "site"
    install(place, "json_lines", SOURCE, blocks("reader.md", "toml")[0])
    (tmp_path / "train.py").write_text(TRAIN)
    return place


def script(trials: int) -> str:
    return SCRIPT.replace("TRIALS", str(trials)).replace('"python"', repr(sys.executable))


def values(folder: Path) -> dict[int, tuple[Any, Any]]:
    """Return each trial's parameter and value by the journal."""
    (journal,) = folder.glob("automl_studies/*/journal.jsonl")
    state = fold(load(journal)[0], curves=True)
    assert state.curves is not None
    assert all(list(curve.steps) == [0, 1, 2] for curve in state.curves.values())
    return {one.id: (one.params["x"], one.value) for one in state.trials.values()}


@pytest.mark.integration
def test_a_whole_study_of_it_runs_and_goes_on(tmp_path: Path, site: Path) -> None:
    for trials in (2, 4):
        done = run(script(trials), tmp_path, site)
        assert done.returncode == 0, done.stderr
        found = values(tmp_path)
        assert set(found) == set(range(trials))
        assert all(value == x / 4 for x, value in found.values())


@pytest.mark.integration
def test_its_options_are_in_the_studys_files_and_read_anew_when_changed(
    tmp_path: Path, site: Path
) -> None:
    assert run(script(1), tmp_path, site).returncode == 0
    (journal,) = tmp_path.glob("automl_studies/*/journal.jsonl")
    opened = json.loads(journal.read_text().partition("\n")[0])
    assert opened["study"]["tasks"][0]["metric_reader"] == {
        "type": "json_lines",
        "location": "{{ trial.dir }}/loss.jsonl",
        "key": "loss",
    }
    assert "type: json_lines" in journal.with_name("study.yaml").read_text()
    done = run(script(1).replace('key="loss"', 'key="other"'), tmp_path, site)
    assert done.returncode == 0, done.stderr
    state = fold(load(journal)[0])
    assert state.latest is not None
    assert state.latest.study["tasks"][0]["metric_reader"]["key"] == "other"
    assert [(one.attempts, one.value) for one in state.trials.values()] == [(1, None)]


@pytest.mark.integration
def test_its_options_are_checked_as_those_of_any_reader(tmp_path: Path, site: Path) -> None:
    wrong = {
        'key="loss"': ('kex="loss"', "has no option 'kex' (did you mean 'key'?)"),
        'key="loss")': ('key=["loss"])', "key must be a non-empty string"),
        ', key="loss"': ("", "needs key="),
        '"json_lines"': ('"json_line"', "function_reader, hdfs_reader, json_lines, "),
        "loss.jsonl": ("{{ trial.param.z }}", "placeholder 'trial.param.z' is unknown"),
    }
    for right, (given, told) in wrong.items():
        done = run(script(1).replace(right, given), tmp_path, site)
        assert done.returncode != 0
        assert told in done.stderr


@pytest.mark.integration
def test_a_dictionary_finds_it(tmp_path: Path, site: Path) -> None:
    described = f"""
from automl.hpo import *

AutoTuner.create_tuner(
    {{
        "hyperparams": [{{"type": "Integer", "name": "x", "min_value": 1, "max_value": 50}}],
        "tasks": [
            {{
                "type": "BashTask",
                "cmd": [
                    {sys.executable!r},
                    "train.py",
                    "{{{{ trial.param.x }}}}",
                    "{{{{ trial.dir }}}}/loss.jsonl",
                ],
                "metric_reader": {{
                    "type": "json_lines",
                    "location": "{{{{ trial.dir }}}}/loss.jsonl",
                    "key": "loss",
                }},
            }}
        ],
        "environment": {{"name": "toy"}},
    }},
    max_parallel=2,
    max_trial_num=2,
).fit()
"""
    done = run(described, tmp_path, site)
    assert done.returncode == 0, done.stderr
    assert len(values(tmp_path)) == 2
    # The same study by a script: it goes on.
    done = run(script(3), tmp_path, site)
    assert done.returncode == 0, done.stderr
    assert len(values(tmp_path)) == 3


@pytest.mark.integration
def test_it_keeps_the_contract(tmp_path: Path, site: Path) -> None:
    (tmp_path / "test_contract.py").write_text(CHECKS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_contract.py"]
    done = run(f"import subprocess, sys; sys.exit(subprocess.call({command!r}))", tmp_path, site)
    assert done.returncode == 0, done.stdout
    assert f"{len(READER_CHECKS) + len(READER_SAMPLE_CHECKS)} passed" in done.stdout


@pytest.mark.integration
def test_a_reader_that_fails_is_a_reason_and_the_study_goes_on(tmp_path: Path, site: Path) -> None:
    file = site / "json_lines.py"
    file.write_text(file.read_text().replace("self._count += len(points)", "self._nothing += 1"))
    done: subprocess.CompletedProcess[str] = run(script(1), tmp_path, site)
    assert "its reader failed: AttributeError" in " ".join(done.stdout.split())
    assert "Traceback" in done.stderr
