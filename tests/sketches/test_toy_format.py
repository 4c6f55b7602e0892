"""A config format is one added file: the one of docs/contributing/format.md, run as it stands."""

from pathlib import Path

import pytest
from toy_package import blocks, install, run, run_tests

from automl.journal.fold import fold
from automl.journal.journal import load

pytestmark = pytest.mark.slow

SOURCE, SCRIPT, CONTRACT = blocks("format.md", "python")

CONF = "# how to train\nmodel_x: 0  # set by automl\nfactor: 2\n"

TRAIN = """import json, sys
pairs = [line.split("#")[0].split(":") for line in open(sys.argv[1]) if line[0] != "#"]
conf = {key: json.loads(value) for key, value in pairs}
print(f"score: {conf['model_x'] * conf['factor']}")
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder where the format is installed, beside a program and its config file."""
    place = tmp_path / "site"
    install(place, "lines_format", SOURCE, blocks("format.md", "toml")[0])
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "conf.lines").write_text(CONF)
    return place


@pytest.mark.integration
def test_a_whole_study_of_it_runs_and_goes_on(tmp_path: Path, site: Path) -> None:
    for trials in (2, 4):
        done = run(SCRIPT.replace("TRIALS", str(trials)), tmp_path, site)
        assert done.returncode == 0, done.stderr
        (journal,) = tmp_path.glob("automl_studies/*/journal.jsonl")
        found = fold(load(journal)[0]).trials.values()
        assert len(found) == trials
        for one in found:
            x = one.params["x"]
            assert one.value == 2 * float(str(x))
            (written,) = journal.parent.glob(f"trials/{one.id}/files/conf.lines")
            assert written.read_text() == CONF.replace("x: 0", f"x: {x}")
    assert (tmp_path / "conf.lines").read_text() == CONF


@pytest.mark.integration
def test_another_base_is_another_study(tmp_path: Path, site: Path) -> None:
    script = SCRIPT.replace("TRIALS", "1")
    assert run(script, tmp_path, site).returncode == 0
    (tmp_path / "conf.lines").write_text(CONF.replace("factor: 2", "factor: 3"))
    done = run(script, tmp_path, site)
    assert done.returncode != 0
    assert "holds another study" in done.stderr
    assert "fresh=True" in done.stderr
    done = run(script.replace("seed=1", "seed=1, fresh=True"), tmp_path, site)
    assert done.returncode == 0, done.stderr


def test_a_path_that_is_not_there_is_told_before_anything_starts(
    tmp_path: Path, site: Path
) -> None:
    done = run(SCRIPT.replace("model_x", "model_y").replace("TRIALS", "1"), tmp_path, site)
    assert done.returncode != 0
    assert "file 'conf': conf.lines: it has no 'model_y'; the nearest: model_x" in done.stderr
    assert not (tmp_path / "automl_studies").exists()


@pytest.mark.integration
def test_it_keeps_the_contract(tmp_path: Path, site: Path) -> None:
    done = run_tests(CONTRACT, tmp_path, site)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
