import sys
from pathlib import Path

import pytest
from loop_fakes import make_spec

from automl.cli.spellings.command_line import CommandLine
from automl.errors import SpecError
from automl.executors.machine.programs import check_programs, find_program
from automl.spelling.spelling import spelled_by
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

READER = LocalReader(location="x", parser_pattern="(x)")


def study(cwd: Path, *commands: tuple[str, ...] | str, **changes: object) -> StudySpec:
    tasks = tuple(BashTask(cmd=command, metric_reader=READER) for command in commands)
    return make_spec(cwd, tasks=tasks, **changes)


def program(path: Path, *, executable: bool = True) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755 if executable else 0o644)
    return path


def test_programs_on_the_path_pass(tmp_path: Path) -> None:
    program(tmp_path / "bin/train")
    check_programs(study(tmp_path, ("train", "1")), {"PATH": f"/nowhere:{tmp_path}/bin"})


def test_a_missing_program_is_named_with_its_task(tmp_path: Path) -> None:
    program(tmp_path / "bin/python")
    with pytest.raises(SpecError, match="task 2: cannot start 'pyhton'") as caught:
        check_programs(
            study(tmp_path, ("python",), ("pyhton", "x.py")), {"PATH": f"{tmp_path}/bin"}
        )
    assert "'python'" in str(caught.value)
    assert str(caught.value).endswith(f"{tmp_path}/bin)")


@pytest.mark.parametrize("word", ["./train", "sub/train"])
def test_a_path_is_taken_from_the_working_directory(
    tmp_path: Path, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    with pytest.raises(SpecError, match="does not exist"):
        check_programs(study(tmp_path, (word,)), {"PATH": "/bin"})
    path = program(tmp_path / word, executable=False)
    with pytest.raises(SpecError, match=r"is not executable; do: chmod \+x"):
        check_programs(study(tmp_path, (word,)), {"PATH": "/bin"})
    path.chmod(0o755)
    check_programs(study(tmp_path, (word,)), {"PATH": "/bin"})


def test_a_relative_part_of_the_path_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    program(tmp_path / "tools/train")
    program(tmp_path / "here")
    assert find_program("train", str(tmp_path), "tools") == str(tmp_path / "tools/train")
    assert find_program("here", str(tmp_path), ":/nowhere") == str(tmp_path / "here")
    assert find_program("here", str(tmp_path), "tools") is None


@pytest.mark.parametrize(
    "command", ["pyhton x.py", ("{{ trial.param.x }}",), ("<<trial.param.x>>", "a")]
)
def test_what_only_the_shell_or_the_trial_knows_is_left_alone(
    tmp_path: Path, command: tuple[str, ...] | str
) -> None:
    check_programs(study(tmp_path, command), {"PATH": "/nowhere"})


@pytest.mark.parametrize("word", ["train --x {{ trial.param.x }}", "./bin/train 1", "bin/train\t1"])
def test_a_whole_line_as_one_word_is_refused(tmp_path: Path, word: str) -> None:
    program(tmp_path / "bin/train")
    with pytest.raises(SpecError, match=r"task 1: .* is one word of a list.*each word by itself"):
        check_programs(study(tmp_path, (word, "2")), {"PATH": f"{tmp_path}/bin"})


def test_a_program_may_have_a_blank_in_its_name(tmp_path: Path) -> None:
    program(tmp_path / "bin/train")
    program(tmp_path / "bin/train fast")
    check_programs(study(tmp_path, ("train fast",)), {"PATH": f"{tmp_path}/bin"})
    check_programs(study(tmp_path, ("train{{ trial.param.x }}",)), {"PATH": f"{tmp_path}/bin"})


def test_a_blank_is_no_program(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot start ' '"):
        check_programs(study(tmp_path, (" ", "train")), {"PATH": "/bin"})


def test_a_directory_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    with pytest.raises(SpecError, match="cannot start"):
        check_programs(study(tmp_path, ("./train",)), {"PATH": "/bin"})


def test_a_missing_working_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="is not a directory"):
        check_programs(study(tmp_path / "gone", ("true",)), {"PATH": "/bin"})


def test_where_python_has_another_name_that_is_told(tmp_path: Path) -> None:
    program(tmp_path / "bin/python3")
    for word in ("python", "python2.7"):
        with pytest.raises(SpecError) as refused:
            check_programs(study(tmp_path, (word, "a b.py", "1")), {"PATH": f"{tmp_path}/bin"})
        assert str(refused.value) == (
            f"task 1: cannot start {word!r}: not found on PATH, but 'python3' is; write "
            "cmd=['python3', 'a b.py', '1'], or in its place '{{ python }}', which is "
            f"{sys.executable}"
        )
    with spelled_by(CommandLine()), pytest.raises(SpecError) as refused:
        check_programs(study(tmp_path, ("python", "a b.py", "1")), {"PATH": f"{tmp_path}/bin"})
    assert "write -- python3 'a b.py' 1, or in its place '{{ python }}'" in str(refused.value)


def test_where_there_is_no_python_at_all_none_is_offered(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="check the first item of cmd="):
        check_programs(study(tmp_path, ("python", "x.py")), {"PATH": f"{tmp_path}/bin"})
    program(tmp_path / "bin/python3")
    with pytest.raises(SpecError, match="check the first item of cmd="):
        check_programs(study(tmp_path, ("pythonista", "x.py")), {"PATH": f"{tmp_path}/bin"})
