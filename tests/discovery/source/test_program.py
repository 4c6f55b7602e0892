import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automl.discovery.source.program.program import NoProgram, Program, program_of


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "src" / "own").mkdir(parents=True)
    (tmp_path / "sub").mkdir()
    for name in ("train.py", "pkg/train.py", "pkg/__main__.py", "src/own/cli.py", "sub/train.py"):
        (tmp_path / name).write_text("")
    scripts = {
        "by_env": "#!/usr/bin/env python3\n",
        "by_path": "#!/usr/bin/python -u\n",
        "by_uv": "#!/usr/bin/env -S uv run --script\n",
        "installed": "#!/bin/sh\n'''exec' \"/a b/bin/python\" \"$0\" \"$@\"\n' '''\n",
        "by_shell": "#!/bin/sh\npython train.py\n",
        "binary": "\x7fELF",
    }
    for name, text in scripts.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "pyproject.toml").write_text('[project.scripts]\nmytrain = "own.cli:main"\n')
    return tmp_path


@pytest.mark.parametrize(
    ("words", "file", "start"),
    [
        ("python train.py --lr 1", "train.py", 2),
        ("python3.11 -u train.py --lr 1", "train.py", 3),
        ("/usr/bin/python -W ignore -X dev -OO train.py", "train.py", 7),
        ("python -Wignore -- train.py", "train.py", 4),
        ("{{ python }} train.py", "train.py", 2),
        ("python3.11 -u -m pkg.train --lr 1", "pkg/train.py", 4),
        ("python -um pkg.train", "pkg/train.py", 3),
        ("python -mpkg", "pkg/__main__.py", 2),
        ("python pkg", "pkg/__main__.py", 2),
        ("./by_env --lr 1", "by_env", 1),
        ("./by_path", "by_path", 1),
        ("./by_uv", "by_uv", 1),
        ("./installed", "installed", 1),
        ("./train.py", "train.py", 1),
        ("torchrun --standalone --nproc_per_node 2 train.py --lr 1", "train.py", 5),
        ("torchrun --nproc-per-node=2 -m pkg.train", "pkg/train.py", 4),
        ("python -m torch.distributed.run --nnodes 1 train.py", "train.py", 6),
        ("accelerate launch --mixed_precision fp16 --multi_gpu train.py", "train.py", 6),
        ("accelerate launch -m pkg.train", "pkg/train.py", 4),
        ("deepspeed --num_gpus 2 train.py", "train.py", 4),
        ("uv run train.py", "train.py", 3),
        ("uv run --with torch python -u train.py", "train.py", 7),
        ("poetry run python train.py", "train.py", 4),
        ("conda run -n env python train.py", "train.py", 6),
        ("env A=1 B=2 python train.py", "train.py", 5),
        ("env -u A python train.py", "train.py", 5),
        ("env --chdir=sub python train.py", "sub/train.py", 4),
        ("A=1 python train.py", "train.py", 3),
        ("env PYTHONPATH=src python -m own.cli", "src/own/cli.py", 5),
        ("nice -n 10 timeout -k 5 1h stdbuf -oL python train.py", "train.py", 11),
        ("mpirun -np 2 python train.py", "train.py", 5),
        ("mytrain --lr 1", "src/own/cli.py", 1),
        ("uv run mytrain", "src/own/cli.py", 3),
    ],
)
def test_the_program_in_a_command(words: str, file: str, start: int, project: Path) -> None:
    split = words.replace("{{ python }}", "{{python}}").split()
    found = program_of(split, project, {"PATH": "/usr/bin:/bin"})
    assert isinstance(found, Program), found
    assert (found.file.resolve(), found.start) == ((project / file).resolve(), start)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["bash", "-c", "python train.py --lr 1"], "give the Python program itself"),
        (["bash", "-lc", "./run"], ""),
        (["sh", "-c", "./run 'x"], "a line for a shell"),
        (["bash", "train.sh"], ""),
        (["./by_shell"], ""),
        (["./binary"], ""),
        (["python"], ""),
        (["python", "-c", "print(1)"], "-c"),
        (["python", "-"], "standard input"),
        (["python", "gone.py"], "gone.py is no file"),
        (["python", "-m", "gone.train"], "gone.train is not in"),
        (["python", "-m", "../x"], "is not in"),
        (["python", "-m"], "is not in"),
        (["env", "A=1"], ""),
        (["nice"], ""),
        (["nice"] * 20, ""),
        ([""], ""),
        (["\0"], ""),
        (["python", "x" * 5000], "is no file"),
        (["x" * 5000], ""),
        (["python", "-m", "x" * 5000], "is not in"),
        (["./" + "x" * 5000], ""),
        (["a/\0"], ""),
        ([], ""),
    ],
)
def test_a_command_without_a_python_program(words: list[str], why: str, project: Path) -> None:
    found = program_of(words, project, {"PATH": "/usr/bin:/bin"})
    assert isinstance(found, NoProgram)
    assert why in found.why
    assert bool(found.why) == bool(why)


def test_a_script_that_a_project_names_says_its_function(project: Path) -> None:
    found = program_of(["mytrain"], project, {})
    assert isinstance(found, Program)
    assert (found.module, found.entry) == ("own.cli", "main")


def test_a_broken_project_file_names_nothing(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project.scripts\n")
    assert program_of(["mytrain"], project, {}) == NoProgram()


def test_a_pipe_is_no_program(project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    assert isinstance(program_of(["python", "pipe.py"], project, {}), NoProgram)
    assert isinstance(program_of(["./pipe.py"], project, {}), NoProgram)


WORDS = [
    *("python", "python3", "-m", "-c", "-um", "-", "--", "env", "-S", "-C", "--chdir=/x", "A=1"),
    *("nice", "-n", "timeout", "torchrun", "accelerate", "launch", "uv", "run", "train.py", "pkg"),
    *("bash", "./train.py", "", "\0", "-W", "-Xdev", "=", "-=", "\udcff", "{{ trial.id }}", "a/b"),
    *("/", "..", "-", "conda", "mpirun", "python/", "x" * 5000, "-mpkg.", "-m.", "deepspeed"),
]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=7))
def test_words_in_any_order_never_raise(words: list[str], project: Path) -> None:
    found = program_of(words, project, {"PATH": "/usr/bin:/bin", "PYTHONPATH": "a:\0"})
    assert isinstance(found, Program | NoProgram)
