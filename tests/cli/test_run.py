"""`automl run` from end to end, and how its mistakes are told."""

from pathlib import Path

import pytest

from automl.cli import main as cli
from automl.cli.exits import USAGE, WELL, WITHOUT_VALUE
from automl.cli.run.described import name_of
from automl.journal.folder import StudyFolder
from automl.render.documents.yaml_reading import yaml_value

Captured = pytest.CaptureFixture[str]

ONE = ["--maximize", "acc", "--pattern", r"acc=(\S+)", "-n", "2", "--quiet"]
ECHO = ["--", "echo", "acc=0.{x}"]


def run(*words: str) -> int:
    return cli.main(["run", *words])


def test_a_command_is_tuned_and_goes_on(here: Path, capsys: Captured) -> None:
    assert run(*ONE, "-p", "x=1..9", *ECHO) == WELL
    out = capsys.readouterr().out
    assert "best: trial" in out
    assert "acc" in out
    assert StudyFolder(here / "automl_studies", "echo").results.exists()
    assert run(*ONE[:-2], "3", "--quiet", "-p", "x=1..9", *ECHO) == WELL
    assert "all 3 trials have ended" in capsys.readouterr().out


def test_without_a_value_the_code_is_one(here: Path, capsys: Captured) -> None:
    assert run(*ONE, "-p", "x=1..9", "--", "echo", "{x}") == WITHOUT_VALUE
    assert "no trial has a value" in capsys.readouterr().out
    assert here


def test_a_dry_run_shows_commands_and_places_and_writes_nothing(
    here: Path, capsys: Captured
) -> None:
    line = [*ONE, "-p", "--x=1..9", "--budget", "epochs=3..9", "--seed", "1", "--dry-run"]
    assert run(*line, "--", "echo", "{{ trial.budget }}") == WELL
    out = capsys.readouterr().out
    assert "echo 3 --x " in out
    assert r"acc: what 'acc=(\\S+)' finds in automl_studies/echo/trials/0/stdout.log" in out
    assert list(here.iterdir()) == []


def test_a_metric_is_found_by_its_name_alone(here: Path, capsys: Captured) -> None:
    line = ["--maximize", "acc", "--constraint", "ms <= 20", "-n", "1", "-p", "x=1..9", "--dry-run"]
    assert run(*line, "--", "echo", "{x}") == WELL
    out = capsys.readouterr().out
    assert "acc: found by its name in" in out
    assert "ms: found by its name in" in out
    del line[-1]
    assert run(*line, "--", "echo", "val_acc 7, acc: 0.{x}, ms=3") == WELL
    assert "best: trial 0, acc 0." in capsys.readouterr().out
    assert here


def test_a_line_in_quotes_is_one_for_the_shell(here: Path, capsys: Captured) -> None:
    line = ["--maximize", "acc", "-n", "1", "-p", "x='a b'", "-p", "--y=3", "-p", "--z=flag"]
    assert run(*line, "--", "echo acc=0.5 {x} | tee seen; echo") == WELL
    assert "best: trial 0, acc 0.5" in capsys.readouterr().out
    assert (here / "seen").read_text() == "acc=0.5 a b\n"
    trial = StudyFolder(here / "automl_studies", "echo").trial(0)
    assert "--y 3" in Path(trial.path, "stdout.log").read_text()


def test_a_metric_file_is_read_by_name_or_by_pattern(here: Path, capsys: Captured) -> None:
    write = [
        "--",
        "sh",
        "-c",
        """echo '{"val_acc": 9, "acc": 0.'{x}', "n": 1}' > {{trial.dir}}/m""",
    ]
    line = ["--maximize", "acc", "--metric-file", "{{ trial.dir }}/m", "-n", "1", "-p", "x=1..9"]
    assert run(*line, *write) == WELL
    assert "best: trial 0, acc 0." in capsys.readouterr().out
    assert run(*line, "--fresh", "--pattern", r'val_acc": (\d)', *write) == WELL
    assert "best: trial 0, acc 9" in capsys.readouterr().out
    assert here


def test_a_saved_file_does_the_same_and_is_not_overwritten(here: Path, capsys: Captured) -> None:
    dry = [*ONE, "-p", "x=1..9", "--dry-run", "--seed", "4"]
    assert run(*dry, "--save", "s.yaml", *ECHO) == WELL
    shown = capsys.readouterr().out
    assert run("s.yaml", "--dry-run") == WELL
    assert capsys.readouterr().out == shown
    assert run(*dry, "--save", "s.yaml", *ECHO) == WELL
    assert run(*dry, "--save", "s.yaml", "-j", "2", *ECHO) == USAGE
    assert "s.yaml is there already" in capsys.readouterr().err
    assert (here / "s.yaml").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "no command and no study file"),
        (["-p", "x=1..9", *ECHO], "--maximize NAME or --minimize NAME is needed"),
        ([*ONE, "--", "echo"], "nothing to tune"),
        ([*ONE, "-p", "x=0..1", *ECHO], "character 3 of 'x=0..1'"),
        ([*ONE, "-p", "x=1..2", "-p", "x=1..3", *ECHO], "'x' is given twice"),
        ([*ONE, "-p", "x=1..9", "-j", "0", *ECHO], "-j/--max-parallel: max_parallel must be"),
        ([*ONE, "-p", "x=1..9", "--algorithm", "tpo", *ECHO], "did you mean 'tpe'"),
        ([*ONE, "-p", "x=1..9", "--algoritm", "tpe", *ECHO], "--algorithm"),
        ([*ONE, "-p", "x=1..9", "--set", "algorithm", *ECHO], "a setting is a key and a value"),
        ([*ONE, "-p", "x=1..9", "--set", "name.x=1", *ECHO], "which has nothing below it"),
        ([*ONE, "-p", "x=1..9", "--set", "task_list[3].cmd=1", *ECHO], "nothing at 3"),
        ([*ONE, "-p", "x=1..9", "--set", "a[=1", *ECHO], "this is no key"),
        ([*ONE, "-p", "x=1..9", "--set", "cwd=[", *ECHO], "line 1"),
        ([*ONE, "-p", "x=1..9", "--start-with", "x", *ECHO], "NAME=VALUE"),
        ([*ONE, "-p", "x=1..9", "--budget", "3..9", *ECHO], "a budget is a name and a range"),
        ([*ONE, "-p", "x=1..9", "--env", "A", *ECHO], "NAME=VALUE"),
        ([*ONE, "--pattern", "a(.)", "-p", "x=1..9", *ECHO], "--pattern is given 2 times"),
        ([*ONE, "-p", "x=1..9", "--constraint", "ms <", *ECHO], "constraint"),
        (["python", "train.py"], "put -- before the command"),
        (["no.yaml"], "there is no file no.yaml"),
    ],
)
def test_a_mistake_on_the_command_line_is_told(
    words: list[str], told: str, here: Path, capsys: Captured
) -> None:
    assert run(*words) == USAGE
    out, err = capsys.readouterr()
    assert err.startswith("automl: error: ")
    assert told in err
    assert out == ""
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("max_trials: 3\n", "s.yaml, line 1, column 1: a study has no option 'max_trials' (did "),
        ("hyperparams:\n  - type: Rael\n", "s.yaml, line 2, column 5: hyperparams[0].type"),
        ("- 1\n", "s.yaml: it must hold a dictionary"),
        ("seed: x\n", "s.yaml, line 1, column 1: seed must be a whole number"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_line_and_column(
    text: str, told: str, here: Path, capsys: Captured
) -> None:
    rest = "max_parallel: 1\nmax_trial_num: 1\ntask_list: []\n" if text[0] != "-" else ""
    (here / "s.yaml").write_text(text + rest, encoding="utf-8")
    assert run("s.yaml") == USAGE
    assert told in capsys.readouterr().err


def test_paths_of_a_file_count_from_it_and_typed_ones_from_here(
    here: Path, capsys: Captured
) -> None:
    (here / "sub").mkdir()
    line = [*ONE, "-p", "x=1..9", "--save", "sub/s.yaml", "--dry-run", *ECHO]
    assert run(*line) == WELL
    text = (here / "sub/s.yaml").read_text(encoding="utf-8")
    text = text.replace("cwd: ..\n", "").replace("study_dir: ../automl_studies\n", "")
    (here / "sub/s.yaml").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert run("sub/s.yaml", "--dry-run") == WELL
    assert "in sub/automl_studies/echo;" in capsys.readouterr().out
    assert run("sub/s.yaml", "--dry-run", "--study-dir", "here") == WELL
    assert "in here/echo;" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["python3.12", "-u", "a/train.py", "x"], "train"),
        (["python", "-m", "pkg.train"], "pkg"),
        (["./train.sh"], "train"),
        (["python fit.py --x {x} | cat"], "fit"),
        (["env", "A=1", "uv", "run", "fit"], "fit"),
        (["sh", "-c", "echo {x} | cat"], "study"),
        (["./{x}"], "study"),
    ],
)
def test_a_study_has_the_name_of_its_program(words: list[str], name: str) -> None:
    assert name_of(words) == name


SCRIPT = """from automl.hpo import *

x = hyperparam.create(type="Integer", name="x", min_value=1, max_value=9)
found = reader.create(
    type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"acc=(\\S+)"
)
line = task.create(type="BashTask", cmd=["echo", "acc={{ trial.param.x }}"], metric_reader=found)
AutoTuner([x], [line], max_parallel=1, max_trial_num=1).fit()
"""


@pytest.mark.parametrize(("pattern", "code"), [("acc", WELL), ("other", WITHOUT_VALUE)])
def test_a_script_is_run_with_what_was_typed(
    pattern: str, code: int, here: Path, capsys: Captured
) -> None:
    (here / "mine.py").write_text(SCRIPT.replace("acc=(", f"{pattern}=("), encoding="utf-8")
    assert run("mine.py", "-n", "2", "--quiet") == code
    assert "all 2 trials have ended" in capsys.readouterr().out
    assert StudyFolder(here / "automl_studies", "mine").results.exists()


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("print(1)\n", [], "describes no study, as it does not import automl"),
        ("import automl\n", [], "without running a study"),
        (SCRIPT, ["-p", "x=1..2"], "is a script, which says itself"),
        (SCRIPT, ["--dry-run"], "is a script, which says itself"),
        (SCRIPT.replace("Integer", "Intger"), [], "mine.py, line 3: hyperparam type 'Intger'"),
        (SCRIPT, ["-j", "0"], "mine.py, line 8: max_parallel must be"),
    ],
)
def test_a_mistake_with_a_script_is_told(
    text: str, words: list[str], told: str, here: Path, capsys: Captured
) -> None:
    (here / "mine.py").write_text(text, encoding="utf-8")
    assert run("mine.py", *words) == USAGE
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "metric", "shown"),
    [
        ("file.txt", r"epoch\tval_acc\n1\t0.3\n2\t0.4\n", "val_acc", "found by its name"),
        ("csv.tsv", r"epoch\tval_acc\n1\t0.3\n2\t0.4\n", "val_acc", "column 'val_acc'"),
        ("json.JSON", '{"test": {"acc": 0.4}}', "test.acc", "what stands at 'test.acc'"),
    ],
)
def test_a_metric_file_is_read_by_its_form(
    name: str, text: str, metric: str, shown: str, here: Path, capsys: Captured
) -> None:
    rows = f"printf '{text}' > {{{{trial.dir}}}}/{name}; echo val_acc=9"
    line = ["--maximize", metric, "--metric-file", f"{{{{ trial.dir }}}}/{name}", "-n", "1"]
    assert run(*line, "-p", "x=1..9", "--dry-run", "--save", "s.yaml", "--", "sh", "-c", rows) == 0
    assert f"{metric}: {shown} in automl_studies/study/trials/0/{name}" in capsys.readouterr().out
    assert f"type: {name.partition('.')[0]}_reader" in (here / "s.yaml").read_text(encoding="utf-8")
    assert run("s.yaml") == WELL
    assert f"best: trial 0, {metric} 0.4" in capsys.readouterr().out


def test_a_run_is_measured(here: Path, capsys: Captured) -> None:
    size = "size=size_bytes:{{ trial.dir }}/out"
    line = ["--minimize", "size", "--measure", size, "--measure", "exit_code", "-p", "x=1..9"]
    line += ["--constraint", "exit_code < 1", "-n", "2", "-j", "1"]
    write = ["--", "printf '%{x}d' 1 > {{ trial.dir }}/out"]
    assert run(*line, "--dry-run", "--save", "s.yaml", *write) == WELL
    shown = capsys.readouterr().out
    assert "size: measured (size_bytes) in automl_studies/printf/trials/0/run.jsonl" in shown
    assert "measured.py" not in shown
    assert run("s.yaml") == WELL
    told = capsys.readouterr().out
    best = StudyFolder(here / "automl_studies", "printf").trial(
        int(told.split("best: trial ")[1][0])
    )
    assert f"size {Path(best.path, 'out').stat().st_size}.0" in told
    assert "measured.py" not in told


@pytest.mark.parametrize(
    "text", ["", "seconds", "size_bytes", "s=size_bytes:", "=exit_code", "exit_code:a"]
)
def test_a_measure_that_is_written_wrongly_is_told(text: str, here: Path, capsys: Captured) -> None:
    assert run("--minimize", "a", "--measure", text, "-p", "x=1..9", "--", "true") == USAGE
    assert f"--measure {text!r}: write NAME=MEASURE" in capsys.readouterr().err
    assert not (here / "automl_studies").exists()


def test_metrics_stand_in_the_order_in_which_they_were_typed(here: Path) -> None:
    line = ["--minimize", "ms", "--maximize=acc", "--minimize", "kb", "--pattern", "ms=(.)"]
    line += ["-p", "x=1..9", "--name=--maximize", "--save", "s.yaml", "--dry-run", "-n", "1"]
    assert run(*line, "--", "echo", "{x}", "--maximize", "z") == WELL
    saved = yaml_value((here / "s.yaml").read_text(encoding="utf-8"))
    assert saved["objectives"] == [
        {"metric": "ms", "direction": "minimize"},
        {"metric": "acc", "direction": "maximize"},
        {"metric": "kb", "direction": "minimize"},
    ]
    readers = saved["task_list"][0]["metric_reader"]
    assert [one.get("parser_pattern") for one in readers] == ["ms=(.)", None, None]


def test_what_looks_like_such_an_option_may_be_a_value(here: Path) -> None:
    line = ["--minimize", "ms", "--maximize", "acc", "--pattern", "--maximize", "-p", "x=1..9"]
    assert run(*line, "--save", "s.yaml", "--dry-run", "--", "echo", "{x}") == USAGE
    assert not (here / "s.yaml").exists()
    line[5] = "(--maximize)"
    assert run(*line, "--save", "s.yaml", "--dry-run", "--", "echo", "{x}") == WELL
    names = [one["metric"] for one in yaml_value((here / "s.yaml").read_text())["objectives"]]
    assert names == ["ms", "acc"]
