"""Study files that were broken somewhere: an error that says where, and never anything else."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.studies.spec_from import spec_from
from automl.studies.study_file.reading import read_marked

WHOLE = {
    "s.yaml": """\
name: one
hyperparams:
- {type: Real, name: lr, min_value: 1e-5, max_value: 0.1, log: true}
- type: Categorical
  name: opt
  candidates: [adam, 'sgd', "x y"]
task_list:
- type: BashTask
  cmd: [echo, "acc={{ trial.param.lr }}"]
  metric_reader: {type: stdout_reader, metric: acc}
max_trial_num: 3
max_parallel: 1
env: {A: "1"}
""",
    "s.json": """\
{"name": "one",
 "hyperparams": [
  {"type": "Real", "name": "lr", "min_value": 1e-5, "max_value": 0.1, "log": true},
  {"type": "Categorical", "name": "opt", "candidates": ["adam", "sgd"]}],
 "task_list": [{"type": "BashTask", "cmd": ["echo", "acc={{ trial.param.lr }}"],
   "metric_reader": {"type": "stdout_reader", "metric": "acc"}}],
 "max_trial_num": 3, "max_parallel": 1, "env": {"A": "1"}}
""",
    "s.toml": '''\
name = "one"
max_trial_num = 3
max_parallel = 1
env.A = "1"
[[hyperparams]]
type = "Real"
name = "lr"
min_value = 1e-5
max_value = 0.1
log = true
[[hyperparams]]
type = "Categorical"
name = "opt" # x
candidates = ["adam", 'sgd',
  "x"]
[[task_list]]
type = "BashTask"
cmd = ["echo", """acc={{ trial.param.lr }}"""]
metric_reader = {type = "stdout_reader", metric = "acc"}
''',
}
BITS = [
    *"\"'[]{}:=,\n\t #-?|>%@`.\0\r\u2028\u00e9",
    *("&a", "*a", "1e999", "0x_", "null", "true", "{{", "!!", '"""', "'''", "2020-13-01", "<<"),
    *("[[", '"a": 1,', "a = 1\n", "seed: x\n", "9" * 25, "9" * 5000),
]
CUT = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 2, 5, 20]), st.sampled_from(["", *BITS]))
PLACED = re.compile(r"line [1-9]\d*, column [1-9]\d*: ")


def broken(text: str, cuts: list[tuple[float, int, str]]) -> str:
    for where, count, put in cuts:
        at = int(where * len(text))
        text = text[:at] + put + text[at + count :]
    return text


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_file_is_right(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(WHOLE[name], encoding="utf-8")
    assert spec_from(read_marked(path).description, "/w").space.names == ("lr", "opt")


def told(path: Path) -> str:
    """Return the error that a file leads to, with its place; empty if it describes a study."""
    try:
        file = read_marked(path)
    except SpecError as error:
        return str(error)
    try:
        spec_from(file.description, "/w")
    except SpecError as error:
        # What is missing is nowhere.
        missing = re.search("needs|must be a dictionary", str(error))
        return f"{file.line_of(error.place) or (missing and ', line 1, column 1')}: {error}"
    return ""


@settings(max_examples=150)
@given(st.sampled_from(list(WHOLE)), st.lists(CUT, min_size=1, max_size=3))
def test_what_is_broken_is_told_with_its_place(
    name: str, cuts: list[tuple[float, int, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(broken(WHOLE[name], cuts), encoding="utf-8", newline="")
        error = told(path)
        assert not error or PLACED.search(error), error
