"""`automl suggest`: what it prints, which is what the study then tries."""

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from automl.cli.exits import NO_STUDY, WELL, WITHOUT_VALUE
from automl.studies.study import open_study

Run = Callable[..., tuple[int, str, str]]

STUDY = shlex.split(
    "run --name s --maximize score -j 1 --quiet --seed 3 -p x=0.0..4.0 "
    "-p opt=adam,'a b' -- echo score={x} {opt}"
)


@pytest.mark.usefixtures("here")
def test_what_is_suggested_is_tried_next(automl: Run) -> None:
    assert automl(*STUDY[:1], "-n", "3", *STUDY[1:])[0] == WELL
    code, out, err = automl("suggest")
    assert (code, err) == (WITHOUT_VALUE, "")
    assert out.startswith("no new trial: all 3 trials are planned")
    assert automl("add", "s", "-n", "2", "--json")[0] == WELL
    code, out, err = automl("suggest", "s", "-n", "2", "--json")
    document = json.loads(out)
    assert (code, err) == (WELL, "")
    assert (document["version"], document["study"], document["state"]) == (1, "s", "complete")
    assert (document["algorithm"], document["reason"], document["notes"]) == ("auto", "", [])
    assert document["earlier"] == []
    first, second = document["suggestions"]
    assert [first["trial"], second["trial"]] == [3, 4]
    assert (first["budget"], first["source"]) == (None, None)
    text = automl("suggest")[1]
    assert text.splitlines()[0].startswith(f"trial 3: x={first['params']['x']} opt=")
    assert text.splitlines()[1].strip() == first["command"]
    printed = subprocess.run(
        ["sh", "-c", first["command"]], capture_output=True, text=True, check=True
    ).stdout
    assert printed == f"score={first['params']['x']} {first['params']['opt']}\n"
    assert automl(*STUDY[:1], "-n", "3", *STUDY[1:])[0] == WELL
    assert open_study("s").trials[3].params == first["params"]


@pytest.mark.usefixtures("here")
def test_a_study_that_is_not_there(automl: Run) -> None:
    assert automl("suggest")[0] == NO_STUDY


def test_the_folder_is_left_as_it_was(automl: Run, here: Path) -> None:
    assert automl(*STUDY[:1], "-n", "2", *STUDY[1:])[0] == WELL
    before = {path: path.stat().st_mtime_ns for path in here.rglob("*")}
    assert automl("add", "s", "x=2.5", "opt=adam", "--json")[0] == WELL
    before |= {path: path.stat().st_mtime_ns for path in here.rglob("control.jsonl")}
    before |= {path: path.stat().st_mtime_ns for path in here.glob("automl_studies/s")}
    code, out, _ = automl("suggest")
    assert code == WITHOUT_VALUE
    assert out.splitlines()[0] == "first: trial 2 (asked for): x=2.5 opt=adam"
    assert {path: path.stat().st_mtime_ns for path in here.rglob("*")} == before
