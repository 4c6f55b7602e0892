"""Parameters that no command gets, and placeholders in the forms of other tools."""

from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.preflight import check_commands, check_use
from automl.readers.reported.reader import ReportReader
from automl.space.parameters import Constant, Integer, Real
from automl.space.space import SearchSpace
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial

LR = Real(name="lr", min_value=0, max_value=1)
OTHERS = [Integer(name=name, min_value=0, max_value=9) for name in "bcde"]


def warnings(path: Path, cmd: Any, *more: Any, **changes: Any) -> list[str]:
    """Return what a study over `lr` and more is warned of for its command."""
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    files = changes.pop("files", ())
    task = BashTask(cmd=cmd, metric_reader=reader, files=files)
    spec = make_spec(path, space=SearchSpace((LR, *more)), tasks=(task,), **changes)
    launcher = Launcher(spec, StudyFolder(path, "s"), 7, "c0ffee", {})
    found = check_commands(spec, launcher)
    check_use(spec, launcher)
    return found


@pytest.mark.parametrize(
    "word",
    [
        "{lr}", "--lr={lr}", "${lr}", "$lr", "--lr=$lr,", "%(lr)s", "%(lr).3f", "{lr:.3f}",
        "{lr!r}",
        "%lr%", "{trial.param.lr}", "{params.lr}", "${trial.param.lr}", "%(trial.param.lr)s",
        "out-{lr}.log",
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_line", [False, True])
def test_a_placeholder_of_another_tool_is_refused_with_what_to_write(
    tmp_path: Path, word: str, *, as_line: bool
) -> None:
    words = ["train", "{{ trial.id }}", word]
    with pytest.raises(SpecError) as refused:
        warnings(tmp_path, " ".join(words) if as_line else words)
    assert str(refused.value).startswith("task 1: " + ("cmd: " if as_line else "word 3 of cmd: "))
    assert "is no placeholder, so the command would get it as it is" in str(refused.value)
    assert str(refused.value).endswith("write {{ trial.param.lr }}")


def test_so_is_one_in_a_variable_whose_value_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"env: A: '\{lr\}' is no placeholder") as refused:
        warnings(tmp_path, ["train", "{{ trial.id }}"], env={"A": "s3cret {lr}"})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "cmd",
    [
        ["train", "{{ trial.param.lr }}", "{lr}"],
        "lr={{ trial.param.lr }}; train $lr ${lr}",
        ["train", "{{ trial.dir }}", "{lr}"],
        ["train", "{lr}", "{{ trial.id }}/params.json"],
    ],
)
def test_it_is_left_alone_where_the_command_gets_the_value(tmp_path: Path, cmd: Any) -> None:
    assert warnings(tmp_path, cmd) == []


@pytest.mark.parametrize("word", ["lr", "{lrs}", "{ lr }x", "$$lr", "x{lr", "lr}", "%lr"])
def test_other_words_are_no_placeholders(tmp_path: Path, word: str) -> None:
    [warning] = warnings(tmp_path, ["train", "{{ trial.id }}", word])
    assert warning == "no command uses 'lr'; put {{ trial.param.lr }} where it takes it"


@pytest.mark.parametrize("cmd", [["python", "train.py"], "python train.py > log"])
@pytest.mark.parametrize("more", [[], OTHERS, [Constant(name="k", value=1)]])
def test_a_study_whose_trials_all_do_the_same_is_refused(
    tmp_path: Path, cmd: Any, more: list[Any]
) -> None:
    with pytest.raises(SpecError) as refused:
        warnings(tmp_path, cmd, *more)
    assert "no command uses any parameter, so all trials would do the same" in str(refused.value)
    assert "'--lr', '{{ trial.param.lr }}'" in str(refused.value)
    assert "{{ trial.dir }}, where params.json has all values" in str(refused.value)


@pytest.mark.parametrize("name", ["trial.id", "trial.seed"])
def test_it_is_only_warned_of_where_trials_differ_in_something_else(
    tmp_path: Path, name: str
) -> None:
    assert len(warnings(tmp_path, ["train", f"{{{{ {name} }}}}"])) == 1


@pytest.mark.parametrize(
    "cmd",
    [
        ["train", "{{ trial.dir }}"],
        ["train", "--params", "automl_studies/s/trials/{{ trial.id }}/params.json"],
        "train < {{ study.dir }}/trials/{{ trial.id }}/params.json",
        ["train", "{{ trial.checkpoint_dir }}"],
    ],
)
def test_a_command_that_can_read_the_values_is_not_warned_of(tmp_path: Path, cmd: Any) -> None:
    assert warnings(tmp_path, cmd) == []


def test_the_warning_is_one_short_line_however_many_are_unused(tmp_path: Path) -> None:
    [warning] = warnings(tmp_path, ["train", "{{ trial.id }}"], *OTHERS)
    assert warning == (
        "no command uses 'lr', 'b', 'c' and 2 more; put {{ trial.param.lr }} where it takes it"
    )
    odd = Integer(name="odd name", min_value=0, max_value=9)
    [warning] = warnings(tmp_path, ["train", "{{ trial.param.lr }}"], odd)
    assert warning == (
        "no command uses 'odd name'; put {{ trial.param.odd name }} where it takes it"
    )


def asking(path: Path, source: str, **options: Any) -> Launcher:
    """Return what launches trials over `lr` and `b` of a program with a source."""
    (path / "train.py").write_text(source)
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    task = BashTask(**{"cmd": ["python", "train.py"], "metric_reader": reader, **options})
    space = SearchSpace((LR, OTHERS[0]))
    spec = make_spec(path, space=space, tasks=(task,))
    return Launcher(spec, StudyFolder(path, "s"), 7, "c0ffee", {})


@pytest.mark.parametrize("cmd", [["python", "train.py"], "python -u train.py > log"])
def test_a_program_that_asks_for_its_values_need_not_be_told(tmp_path: Path, cmd: Any) -> None:
    launcher = asking(tmp_path, "import automl\nautoml.params(lr=0.1)", cmd=cmd)
    assert (launcher.unused, launcher.asked, launcher.all_alike) == (["b"], ["lr"], False)
    launcher = asking(tmp_path, "import automl\nautoml.params()['lr']", cmd=cmd)
    assert (launcher.unused, launcher.asked) == ([], ["lr", "b"])


def test_what_is_to_report_may_ask_where_its_source_cannot_be_read(tmp_path: Path) -> None:
    line = {"cmd": ["sh", "train.sh"]}
    assert asking(tmp_path, "", **line).all_alike
    assert not asking(tmp_path, "", **line, metric_reader=ReportReader(metric="metric")).all_alike
    assert asking(tmp_path, "", metric_reader=ReportReader(metric="metric")).all_alike


@pytest.mark.parametrize("more", [[], ["--out", "{{ trial.dir }}/model"]])
def test_a_line_to_paste_finds_the_values_that_its_program_asks_for(
    tmp_path: Path, more: list[str]
) -> None:
    cmd = ["python", "train.py", *more]
    asks = asking(tmp_path, "import automl\nautoml.params(lr=0.1)", cmd=cmd)
    line = asks.command_line(Trial(id=3, params={"lr": 0.5, "b": 1}), str(tmp_path))
    assert f" AUTOML_TRIAL_DIR={tmp_path}/s/trials/3 python train.py" in line
    told = asking(tmp_path, "", cmd=["train", "{{ trial.param.lr }}", "{{ trial.param.b }}"])
    line = told.command_line(Trial(id=3, params={"lr": 0.5, "b": 1}), str(tmp_path))
    assert line.endswith(':"$PATH" train 0.5 1')
