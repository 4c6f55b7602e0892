"""A study says so when the program of its command changed since its trials ran."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import make_spec

from automl.hpo import AutoTuner, hyperparam, reader, task
from automl.journal.events import StudyOpened
from automl.journal.journal import load
from automl.launch.tasks.function import FunctionTask
from automl.loop.opening.program_files import (
    END_BYTES,
    change_note,
    changed_files,
    program_files,
)
from automl.study.spec import StudySpec
from automl.study.tasks.program import ProgramFile
from automl.study.tasks.task import BashTask


def spec_of(place: Path, cmd: str | tuple[str, ...]) -> StudySpec:
    return make_spec(place, tasks=(BashTask(cmd=cmd), *make_spec().tasks))


def found(place: Path, cmd: str | tuple[str, ...], path: str = "/usr/bin:/bin") -> list[str]:
    return [one.path for one in program_files(spec_of(place, cmd), {"PATH": path}, [])]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project with scripts, data and a program on PATH."""
    for name in ("train.py", "src/model.py", "pkg/__main__.py", "pkg/fit.py", "a b.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("print(1)\n")
    (tmp_path / "data.csv").write_text("1,2\n")
    (tmp_path / "run").write_text("#!/bin/sh\necho 1\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "solve").write_text("1\n")
    (tmp_path / "bin" / "solve").chmod(0o755)
    os.mkfifo(tmp_path / "pipe.py")
    return tmp_path


@pytest.mark.parametrize(
    ("cmd", "files"),
    [
        (("python", "train.py", "--lr", "{{ trial.param.x }}"), ["train.py"]),
        (("{{ python }}", "-u", "train.py", "data.csv"), ["train.py"]),
        (("python", "./src/../train.py"), ["train.py"]),
        (("torchrun", "--nproc", "2", "train.py", "--model", "src/model.py"), None),
        (("python", "-m", "pkg.fit"), ["pkg/fit.py"]),
        (("python", "-m", "pkg"), ["pkg/__main__.py"]),
        (("./run", "data.csv"), ["run"]),
        ("A=1 python train.py --lr {{ trial.param.x }} > log.txt; true", ["train.py"]),
        ("python 'a b.py' && ./run", ["a b.py", "run"]),
        ("python 'train.py", []),
        (("python", "gone.py"), []),
        (("python", "pkg", "pipe.py", "x" * 9000), []),
        (("sh", "-c", "echo 1"), []),
    ],
)
def test_the_program_files_of_a_command(
    place: Path, cmd: str | tuple[str, ...], files: list[str] | None
) -> None:
    assert found(place, cmd) == (["train.py", "src/model.py"] if files is None else files)


def test_a_program_on_the_path_is_one_unless_it_is_of_the_system(place: Path) -> None:
    assert found(place, ("solve", "1"), f"{place}/bin:/bin") == ["bin/solve"]
    assert found(place, ("true", "1")) == []


def test_one_outside_the_working_directory_has_its_whole_path(place: Path) -> None:
    assert found(place / "src", ("python", f"{place}/train.py")) == [f"{place}/train.py"]


def look(place: Path, before: list[ProgramFile]) -> list[ProgramFile]:
    return program_files(spec_of(place, ("python", "train.py")), {}, before)


def test_what_changed_is_told_by_its_content(place: Path) -> None:
    first = look(place, [])
    os.utime(place / "train.py", (1, 1))
    assert changed_files(first, look(place, first)) == []
    (place / "train.py").write_text("print(2)\n")
    assert changed_files(first, look(place, first)) == ["train.py"]


def test_one_that_is_missing_for_a_while_is_compared_with_what_it_was(place: Path) -> None:
    first = look(place, [])
    (place / "train.py").unlink()
    second = look(place, first)
    assert changed_files(first, second) == []
    (place / "train.py").write_text("print(2)\n")
    assert changed_files(second, look(place, second)) == ["train.py"]


def test_of_a_large_one_only_its_ends_are_read(place: Path) -> None:
    def written(middle: bytes, end: bytes) -> None:
        edge = b"#" * (END_BYTES - 1)
        (place / "train.py").write_bytes(edge + b"\n" + middle + b"\n" + edge[: -len(end)] + end)

    written(b"a" * 99, b"b")
    first = look(place, [])
    written(b"a" * 99, b"c")
    second = look(place, first)
    assert changed_files(first, second) == ["train.py"]
    # What lies between cannot be compared, so the time of writing tells.
    written(b"d" * 99, b"c")
    os.utime(place / "train.py", (1, 1))
    assert changed_files(second, look(place, second)) == ["train.py"]


def test_what_is_told(place: Path) -> None:
    del place
    assert change_note("s", [], 9, 1) == ""
    assert change_note("s", ["a.py"], 0, 0) == ""
    assert change_note("s", ["a.py"], 1, 0) == "a.py changed since 1 trial ran; it keeps its result"
    assert change_note("s", ["a.py", "b.py"], 20, 9) == (
        "a.py and b.py changed since 20 trials ran; they keep their results; 9 failed ones can be "
        "run again: tuner.retry_failed() before fit()"
    )
    assert "1 failed one can be run again" in change_note("s", ["a.py"], 2, 1)


TRAIN = "import sys\nx = int(sys.argv[1])\n{slip}print(x)\n"


def tuner(**changes: Any) -> AutoTuner:
    metric = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"(\d+)"
    )
    run = task.create(
        type="BashTask",
        cmd=["{{ python }}", "train.py", "{{ trial.param.x }}"],
        metric_reader=metric,
    )
    x = hyperparam.create(type="Categorical", name="x", candidates=[1, 2, 3])
    return AutoTuner(
        **{
            "hyperparams": [x],
            "task_list": [run],
            "max_parallel": 2,
            "max_trial_num": 3,
            "name": "study",
            "algorithm": "grid",
            **changes,
        }
    )


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Callable[[], str]:
    """What was logged since the last look, in an empty current directory."""
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.INFO, "automl")

    def look() -> str:
        text = caplog.text
        caplog.clear()
        return text

    return look


def test_a_mended_program_is_told_and_what_failed_runs_again(
    tmp_path: Path, told: Callable[[], str]
) -> None:
    script = tmp_path / "train.py"
    script.write_text(TRAIN.format(slip="assert x != 2\n"))
    tuner().fit()
    tuner().fit()
    assert "changed since" not in told()
    script.write_text(TRAIN.format(slip=""))
    mended = tuner()
    mended.fit()
    line = (
        "train.py changed since 3 trials ran; they keep their results; 1 failed one can be run "
        "again: tuner.retry_failed() before fit()"
    )
    assert line in told()
    mended.retry_failed()
    mended.fit()
    assert "changed since" not in told()
    assert [trial.value for trial in mended.trials] == [1.0, 2.0, 3.0]
    assert [trial.attempts for trial in mended.trials] == [1, 2, 1]
    openings = [
        event
        for event in load(tmp_path / "automl_studies/study/journal.jsonl")[0]
        if isinstance(event, StudyOpened)
    ]
    assert [len(one.programs) for one in openings] == [1] * 4


def test_those_that_run_again_by_themselves_are_not_asked_for(
    tmp_path: Path, told: Callable[[], str]
) -> None:
    script = tmp_path / "train.py"
    script.write_text(TRAIN.format(slip="raise ValueError\n"))
    tuner(fail_fast=1, max_parallel=1).fit()
    script.write_text(TRAIN.format(slip=""))
    tuner(fail_fast=1, max_parallel=1).fit()
    text = told()
    assert "train.py changed since 1 trial ran; it keeps its result\n" in text
    assert "run again, as no more were started when they failed alike: trial 0" in text


def test_the_source_of_a_function_of_a_notebook_is_one(tmp_path: Path) -> None:
    pickled = str(tmp_path / "functions" / "1a2b.pkl")
    task = FunctionTask(function=":outer.<locals>.objective", pickled=pickled)
    spec = make_spec(tmp_path, tasks=(task, *make_spec().tasks))
    source = tmp_path / "functions" / "outer-locals-objective.py"
    assert program_files(spec, {}, []) == []
    source.parent.mkdir()
    source.write_text("def objective(trial):\n    return 1\n")
    before = program_files(spec, {}, [])
    assert [one.path for one in before] == ["functions/outer-locals-objective.py"]
    source.write_text("def objective(trial):\n    return 2\n")
    assert changed_files(before, program_files(spec, {}, before)) == [before[0].path]
    assert FunctionTask(function="train:objective").sources == ()
