"""`--file`: config files on the command line."""

from pathlib import Path
from typing import Any

import pytest

from automl.cli import main as cli
from automl.cli.exits import USAGE, WELL
from automl.cli.run.described import Typed, description_of
from automl.cli.run.metrics import Asked
from automl.errors import SpecError
from automl.render.documents.yaml_reading import yaml_value

Captured = pytest.CaptureFixture[str]

PARAMETERS = ("lr=0.1..1.0", "depth=1..4")
ASKED = Asked(ranked=[("loss", "minimize")])
LR = "{{ trial.param.lr }}"
BASE = '{"optimizer": {"lr": 0.1}, "n": 3}'


@pytest.fixture(autouse=True)
def base(here: Path) -> Path:
    (here / "base.json").write_text(BASE)
    return here


def task(*files: str, words: str = "prog --config base.json", file: Any = None) -> dict[str, Any]:
    typed = Typed(
        words=words.split() if words else [], parameters=PARAMETERS, files=files, asked=ASKED
    )
    found: dict[str, Any] = description_of(typed, file)["task_list"][0]
    return found


def test_several_texts_of_one_base_are_one_file() -> None:
    made = task("base.json:optimizer.lr=lr", "./base.json:n={depth}", "base.json:x=1e-5")
    changes = {"optimizer.lr": LR, "n": "{{ trial.param.depth }}", "x": 1e-5}
    assert made["files"] == [{"base": "base.json", "set": changes}]
    assert made["cmd"] == ["prog", "--config", "{{ trial.file.base }}"]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("lr", LR),
        ("{{ trial.param.lr * 2 }}", "{{ trial.param.lr * 2 }}"),
        ("<<trial.id>>", "<<trial.id>>"),
        ("run-{lr}", f"run-{LR}"),
        ("3", 3),
        ("true", True),
        ("[1, 2]", [1, 2]),
        ('"adam"', "adam"),
        ("a=b", None),
        ("lrr", None),
    ],
)
def test_a_value_is_a_parameter_a_template_or_what_yaml_has(value: str, kept: object) -> None:
    if kept is not None:
        assert task(f"base.json:n={value}")["files"][0]["set"] == {"n": kept}
        return
    with pytest.raises(SpecError, match=f"there is no parameter '{value}'.*in quotes"):
        task(f"base.json:n={value}")


@pytest.mark.parametrize(
    ("path", "value"),
    [("a[name=enc].dim=lr", LR), ("a[5:].dim=lr", LR), ("['a=b:c'].d=lr", LR), ("a;b=lr", LR)],
)
def test_a_path_may_have_the_marks_in_brackets(path: str, value: str) -> None:
    (made,) = task(f"base.json:{path}")["files"]
    assert made["set"] == {path.removesuffix("=lr"): value}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("base.json:optimizer.lr", "PATH=VALUE"),
        ("base.json:=lr", "PATH=VALUE"),
        ("base.json:n=", "PATH=VALUE"),
        (":n=lr", "no file before"),
        ("base.json:n=lr", "base.json:n is given twice"),
    ],
)
def test_what_is_written_otherwise_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(SpecError, match=rf"(?s)^--file: .*{told}"):
        task("base.json:n=lr", text)


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("prog base.json", "prog {{ trial.file.base }}"),
        ("prog -c ./base.json", "prog -c {{ trial.file.base }}"),
        ("prog --conf=base.json", "prog --conf={{ trial.file.base }}"),
        ("prog base.json.old", "prog base.json.old"),
        ("prog {{ trial.file.base }}", "prog {{ trial.file.base }}"),
        # Programs that add the extension themselves.
        (
            "prog --config_file base",
            "prog --config_file {{ trial.file.base | relative | without_extension }}",
        ),
        (
            "prog --cfg=base",
            "prog --cfg={{ trial.file.base | relative | without_extension }}",
        ),
        ("prog -m base", "prog -m base"),
        ("base --config base.json", "base --config {{ trial.file.base }}"),
    ],
)
def test_the_word_of_the_command_that_is_the_base_becomes_the_file(words: str, made: str) -> None:
    found = task("base.json:n=lr", words=words)["cmd"]
    assert found == made.split(" ") or " ".join(found) == made
    line = task("base.json:n=lr", words=words.replace(" ", "\0"))  # one word, no line
    assert line["files"]


def test_so_it_does_in_a_line_for_the_shell() -> None:
    typed = Typed(
        words=["prog base.json | tee log"],
        parameters=PARAMETERS,
        files=["base.json:n=lr"],
        asked=ASKED,
    )
    assert description_of(typed)["task_list"][0]["cmd"] == "prog {{ trial.file.base }} | tee log"


def test_a_name_may_be_given_and_a_template_needs_no_path() -> None:
    made = task("conf=base.json", words="prog --config base.json")
    assert made["files"] == [{"name": "conf", "base": "base.json"}]
    assert made["cmd"][-1] == "{{ trial.file.conf }}"
    Path("a=b.json").write_text("{}")
    assert task("a=b.json:n=lr")["files"][0]["base"] == "a=b.json"


def test_bases_that_are_called_alike_get_names_of_their_own() -> None:
    bases = [f"{folder}/base.json" for folder in "abc"]
    for base in bases:
        Path(base).parent.mkdir()
        Path(base).write_text('{"n": 1}')
    made = task(*(f"{base}:n=lr" for base in bases), words="prog b/base.json")
    assert [one.get("name", "") for one in made["files"]] == ["", "base_2", "base_3"]
    assert made["cmd"] == ["prog", "{{ trial.file.base_2 }}"]


def test_the_file_of_a_study_file_has_what_is_typed_besides() -> None:
    file = {
        "max_trial_num": 2,
        "max_parallel": 1,
        "task_list": [
            {
                "type": "BashTask",
                "cmd": ["prog", "{{ trial.file.base }}"],
                "files": [{"base": "base.json", "set": {"a": 1, "n": 2}}],
            }
        ],
    }
    made = task("base.json:n=lr", "other.json:x=depth", words="", file=file)
    assert made["files"] == [
        {"base": "base.json", "set": {"a": 1, "n": LR}},
        {"base": "other.json", "set": {"x": "{{ trial.param.depth }}"}},
    ]
    file["task_list"] = [{"type": "BashTask"}, {"type": "BashTask"}]
    typed = Typed(files=["base.json:n=1"])
    with pytest.raises(SpecError, match="--file is for a study of one task"):
        description_of(typed, file)


def test_a_base_counts_from_here_wherever_the_command_runs(base: Path) -> None:
    (base / "sub").mkdir()
    typed = Typed(
        words=["prog", "../base.json"],
        parameters=PARAMETERS,
        files=["base.json:n=lr"],
        asked=ASKED,
        keywords={"cwd": str(base / "sub")},
    )
    (made,) = description_of(typed)["task_list"]
    assert made["files"][0]["base"] == "../base.json"
    assert made["cmd"] == ["prog", "{{ trial.file.base }}"]


def test_variables_that_are_typed_take_values_in_braces() -> None:
    typed = Typed(
        words=["prog"], parameters=PARAMETERS, asked=ASKED, keywords={"env": {"LR": "{lr}x$Y"}}
    )
    assert description_of(typed)["env"] == {"LR": f"{LR}x$Y"}


def test_it_is_saved_and_told_and_its_mistakes_before_anything_starts(
    base: Path, capsys: Captured, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "automl")
    line = ["run", "--minimize", "loss", "-p", "lr=0.1..1.0", "--dry-run"]
    command = ["--", "true", "--config_file", "base"]
    asked = ["--file", "base.json:optimizer.lr=lr"]
    assert cli.main([*line, *asked, "--save", "s.yaml", *command]) == WELL
    out = capsys.readouterr().out
    assert "--config_file automl_studies/true/trials/0/files/base" in out
    assert "in place of base" in caplog.text
    saved = yaml_value((base / "s.yaml").read_text())["task_list"][0]
    assert saved["files"] == [{"base": "base.json", "set": {"optimizer.lr": LR}}]
    assert cli.main(["run", "s.yaml", "--dry-run"]) == WELL
    capsys.readouterr()
    assert cli.main([*line, "--file", "base.json:optimizer.rl=lr", *command]) == USAGE
    assert "it has no 'optimizer.rl'; the nearest: optimizer.lr" in capsys.readouterr().err
    assert cli.main([*line, *asked, "--", "true"]) == WELL
    assert "put {{ trial.file.base }} where the command takes the file" in caplog.text
    assert (base / "base.json").read_text() == BASE


STUDY = """\
max_trial_num: 2
max_parallel: 1
hyperparams:
  - {type: Real, name: lr, min_value: 0.1, max_value: 1}
task_list:
  - type: BashTask
    cmd: ["true", "{{ trial.file.base }}"]
    metric_reader: {type: stdout_reader, metric: loss}
    files:
      - base: base.json
        set:
          n: "{{ trial.param.lr }}"
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("base: base", "base: bse", "line 10, column 9: files: cannot read base 'bse.json'"),
        ("n: ", "m.n: ", "line 12, column 11: file 'base': base.json: it has no 'm.n'"),
        (
            "set:",
            "sett:",
            "line 10, column 9: task_list[0].files[0]: files: 'base.json': unknown key",
        ),
        ("base: base.json", "bas: base.json", "line 10, column 9: task_list[0].files[0]: "),
        (
            "        set",
            "        dest: a.json\n        set",
            "line 11, column 9: file 'base': dest: ",
        ),
    ],
)
def test_a_mistake_in_a_study_file_is_told_with_its_line(
    base: Path, capsys: Captured, before: str, after: str, told: str
) -> None:
    (base / "s.yaml").write_text(STUDY.replace(before, after, 1))
    assert cli.main(["run", "s.yaml", "--dry-run"]) == USAGE
    assert told in capsys.readouterr().err


def test_a_file_that_calls_its_tasks_otherwise_has_lines_too(base: Path, capsys: Captured) -> None:
    (base / "s.yaml").write_text(STUDY.replace("task_list:", "tasks:").replace("n: ", "m.n: "))
    assert cli.main(["run", "s.yaml", "--dry-run"]) == USAGE
    assert "s.yaml, line 12, column 11: file 'base'" in capsys.readouterr().err
