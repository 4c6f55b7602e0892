"""A kind of task is one added file: the one of docs/contributing/task.md, run as it stands."""

from pathlib import Path
from typing import Any

import pytest
from toy_package import blocks, install, run, run_tests

from automl.journal.fold import fold
from automl.journal.journal import load

pytestmark = pytest.mark.slow

SOURCE, SCRIPT, CONTRACT = blocks("task.md", "python")

TRAIN = """import sys
print(f"score: {int(sys.argv[sys.argv.index('--x') + 1]) * 2}")
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder where the kind of task is installed, beside a program for it."""
    place = tmp_path / "site"
    install(place, "module_task", SOURCE, blocks("task.md", "toml")[0])
    (tmp_path / "train.py").write_text(TRAIN)
    return place


def values(folder: Path) -> dict[int, tuple[Any, Any]]:
    """Return each trial's parameter and value by the journal."""
    (journal,) = folder.glob("automl_studies/*/journal.jsonl")
    trials = fold(load(journal)[0]).trials.values()
    return {one.id: (one.params["x"], one.value) for one in trials}


@pytest.mark.integration
def test_a_whole_study_of_it_runs_and_goes_on(tmp_path: Path, site: Path) -> None:
    for trials in (2, 4):
        done = run(SCRIPT.replace("TRIALS", str(trials)), tmp_path, site)
        assert done.returncode == 0, done.stderr
        found = values(tmp_path)
        assert set(found) == set(range(trials))
        assert all(value == 2 * x for x, value in found.values())


@pytest.mark.integration
def test_its_options_are_the_studys_identity(tmp_path: Path, site: Path) -> None:
    script = SCRIPT.replace("TRIALS", "1")
    assert run(script, tmp_path, site).returncode == 0
    changed = script.replace('"x": "', '"y": 1, "x": "')
    done = run(changed, tmp_path, site)
    assert done.returncode != 0
    assert "holds another study" in done.stderr
    assert '"type": "ModuleTask"' in done.stderr


@pytest.mark.integration
def test_its_options_are_checked_as_those_of_any_task(tmp_path: Path, site: Path) -> None:
    script = SCRIPT.replace("TRIALS", "1")
    wrong = {
        'module="train"': ('modul="train"', "has no option 'modul' (did you mean 'module'?)"),
        '"train"': ('"tr ain"', "module must be a name such as 'pkg.train'"),
        "trial.param.x": ("trial.param.z", "placeholder 'trial.param.z' is unknown"),
        '"ModuleTask"': ('"Moduletask"', "FunctionTask, LocalAdapterTask, ModuleTask"),
    }
    for right, (given, told) in wrong.items():
        done = run(script.replace(right, given), tmp_path, site)
        assert done.returncode != 0
        assert told in done.stderr


@pytest.mark.integration
def test_a_dictionary_finds_it(tmp_path: Path, site: Path) -> None:
    described = r"""
from automl.hpo import *

AutoTuner.create_tuner(
    {
        "hyperparams": [{"type": "Integer", "name": "x", "min_value": 1, "max_value": 50}],
        "tasks": [
            {
                "type": "ModuleTask",
                "module": "train",
                "arguments": {"x": "{{ trial.param.x }}"},
                "metric_reader": {
                    "type": "local_reader",
                    "location": "{{ trial.dir }}/stdout.log",
                    "parser_pattern": r"score: (\S+)",
                },
            }
        ],
    },
    max_parallel=2,
    max_trial_num=2,
).fit()
"""
    done = run(described, tmp_path, site)
    assert done.returncode == 0, done.stderr
    assert len(values(tmp_path)) == 2
    # The same study by a script: it goes on.
    done = run(SCRIPT.replace("TRIALS", "3"), tmp_path, site)
    assert done.returncode == 0, done.stderr
    assert len(values(tmp_path)) == 3


@pytest.mark.integration
def test_it_keeps_the_contract(tmp_path: Path, site: Path) -> None:
    done = run_tests(CONTRACT, tmp_path, site)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
