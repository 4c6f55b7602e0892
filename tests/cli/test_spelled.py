"""Messages of a study speak the words of whoever described it, from end to end."""

from pathlib import Path

import pytest

from automl.cli import main as cli
from automl.cli.exits import USAGE

Captured = pytest.CaptureFixture[str]

LINE = ["--maximize", "acc", "-n", "1", "-p", "x=1..9", "--name", "one"]

YAML = """\
name: one
hyperparams: [{type: Integer, name: x, min_value: 1, max_value: 9}]
task_list:
- type: BashTask
  cmd: [echo, "acc={{ trial.param.x }}"]
  metric_reader:
    {type: local_reader, location: "{{ trial.dir }}/stdout.log", parser_pattern: acc=(.)}
max_trial_num: 1
max_parallel: 1
"""

SEVERAL = """\
hyperparams: [{type: Integer, name: x, min_value: 1, max_value: 9}]
task_list:
- type: BashTask
  cmd: [echo, "acc={{ trial.param.x }}"]
  metric_reader:
  - {type: stdout_reader, metric: acc}
  - {type: stdout_reader, metric: loss}
max_trial_num: 1
max_parallel: 1
"""

SCRIPT = """\
from automl.hpo import *

x = hyperparam.create(type="Integer", name="x", min_value=1, max_value=9)
found = reader.create(
    type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern="acc=(.)"
)
one = task.create(type="BashTask", cmd=["echo", "acc={{ trial.param.x }}"], metric_reader=found)
AutoTuner([x], [one], 1, 1, name="one").fit()
"""


@pytest.mark.parametrize(
    ("words", "text", "told"),
    [
        (
            [*LINE, "--", "echo", "acc={x}"],
            "",
            ["raise --max-trial-num;", "pass --fresh or another --name"],
        ),
        (["s.yaml"], YAML, ["raise max_trial_num;", "pass --fresh or another name"]),
        (["s.py"], SCRIPT, ["raise max_trial_num=;", "pass --fresh or another name="]),
    ],
)
def test_the_end_of_a_study_is_told_in_the_words_of_the_door(
    words: list[str], text: str, told: list[str], here: Path, capsys: Captured
) -> None:
    if text:
        (here / words[0]).write_text(text, encoding="utf-8")
    for _ in range(2):
        capsys.readouterr()
        assert cli.main(["run", *words]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "nothing was started" in out
    for one in told:
        assert one in out


@pytest.mark.parametrize(
    ("words", "text", "told"),
    [
        ([*LINE, "--keep", "best", "--", "echo", "{x}"], "", "--keep best needs --artifact,"),
        (["s.yaml"], YAML + "keep: best\n", "keep: best needs artifacts,"),
        (["s.yaml"], YAML.replace("max_parallel: 1\n", ""), "needs max_parallel; given: name,"),
        (
            ["s.yaml"],
            YAML + "objectives: [{metric: val}]\n",
            "Give a reader for it, {type: stdout_reader, metric: val}",
        ),
        (["s.yaml"], SEVERAL, "ranks the trials; name it, as in objectives: [{metric: acc}]"),
        (["s.yaml"], YAML + "budget: 3\n", "budget is 3; give it a dictionary of its options"),
        ([*LINE, "--", "echo", "{{ trial.budget }}"], "", "give --budget NAME=LOW..HIGH"),
        ([*LINE, "-p", "y=0.0..1.0:step=5", "--", "echo", "{y}"], "", ":step=5.0 is larger"),
        ([*LINE, "--algorithm", "pbt", "--", "echo", "{x}"], "", "give --budget epochs=5..60"),
        (
            [*LINE, "--repeats", "2", "--budget", "e=1..3", "--", "echo", "{x}"],
            "",
            "--repeats and --budget: give one of them, and --confirm to repeat",
        ),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_door(
    words: list[str], text: str, told: str, here: Path, capsys: Captured
) -> None:
    if text:
        (here / words[0]).write_text(text, encoding="utf-8")
    assert cli.main(["run", *words]) == USAGE
    assert told in capsys.readouterr().err


def test_a_script_that_runs_in_the_same_process_has_its_own_words(
    here: Path, capsys: Captured
) -> None:
    (here / "s.py").write_text(SCRIPT.replace("1, 1, name", "0, 1, name"), encoding="utf-8")
    assert cli.main(["run", "s.py"]) == USAGE
    assert "s.py, line 8: max_parallel must be" in capsys.readouterr().err
    (here / "s.py").write_text(SCRIPT.replace("1, 1, name", "1, name"), encoding="utf-8")
    assert cli.main(["run", "s.py"]) == USAGE
    assert "AutoTuner needs max_trial_num=; given: hyperparams=" in capsys.readouterr().err
