"""Why a file cannot be started as a program."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from loop_fakes import make_spec

from automl import program_file
from automl.errors import SpecError
from automl.executors.machine.programs import check_programs
from automl.loop.trials.unstarted import unstarted
from automl.program_file import why_not_started
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

READER = LocalReader(location="x", parser_pattern="(x)")
SEARCH = "/usr/bin:/bin"


def program(folder: Path, content: bytes, mode: int = 0o755) -> Path:
    path = folder / "train"
    path.write_bytes(content)
    path.chmod(mode)
    return path


SCRIPTS = {
    "line ends of Windows": (b"#!/bin/sh\r\necho 1\r\n", "line ends of Windows"),
    "of env too": (b"#!/usr/bin/env python3\r\n", "line ends of Windows"),
    "with an option": (b"#!/bin/sh -e\r\n", "line ends of Windows"),
    "no interpreter": (b"#!/no/such/python\n", "asks by its first line for /no/such/python"),
    "with a blank": (b"#! /no/such/python -u\n", "asks by its first line for /no/such/python"),
    "none for env": (b"#!/usr/bin/env nosuch\n", "asks by its first line for nosuch, which is not"),
    "none for env -S": (b"#!/usr/bin/env -S A=1 nosuch -u\n", "for nosuch, which is not on PATH"),
    "a byte order mark": (b"\xef\xbb\xbf#!/bin/sh\necho 1\n", "begins with a byte order mark"),
}


@pytest.mark.parametrize("case", SCRIPTS)
def test_a_script_that_the_system_does_not_find_is_explained(case: str, tmp_path: Path) -> None:
    content, why = SCRIPTS[case]
    path = program(tmp_path, content)
    assert why in why_not_started(str(path), SEARCH)
    for word, search in (("./train", SEARCH), (str(path), SEARCH), ("train", str(tmp_path))):
        task = BashTask(cmd=(word, "1"), metric_reader=READER)
        spec = make_spec(tmp_path, tasks=(task,))
        with pytest.raises(SpecError, match=f"task 1: cannot start '{word}': {path} ") as refused:
            check_programs(spec, {"PATH": f"{search}:/usr/bin" if "env" in why else search})
        assert why.partition(", which")[0] in str(refused.value)


GOOD = {
    "a script": b"#!/bin/sh\necho 1\n",
    "with a blank": b"#! /bin/sh -e\n",
    "of env": b"#!/usr/bin/env sh\n",
    "of env -S": b"#!/usr/bin/env -S A=1 sh -e\n",
    "an option of env that nobody knows here": b"#!/usr/bin/env -i nosuch\n",
    "no first line": b"echo 1\n",
    "a later carriage return": b"#!/bin/sh\necho 1\r\n",
    "empty": b"",
    "a short binary": b"\x7fELF",
}


@pytest.mark.parametrize("case", GOOD)
def test_what_can_be_started_is_left_alone(case: str, tmp_path: Path) -> None:
    assert why_not_started(str(program(tmp_path, GOOD[case])), SEARCH) == ""


def test_the_running_python_and_shell_can_be_started() -> None:
    assert why_not_started(sys.executable, SEARCH) == why_not_started("/bin/sh", SEARCH) == ""


def elf(processor: int, order: int = 1) -> bytes:
    number = processor.to_bytes(2, "little" if order == 1 else "big")
    return b"\x7fELF\x02" + bytes([order]) + bytes(12) + number + bytes(44)


@pytest.mark.parametrize(
    ("content", "own", "why"),
    [
        (elf(183), 62, "is a program for the processor ARM64, and this one is x86-64"),
        (elf(62), 183, "is a program for the processor x86-64, and this one is ARM64"),
        (elf(22, 2), 62, "is a program for the processor 22, and this one is x86-64"),
        (elf(3), 62, ""),
        (elf(62), 62, ""),
        (b"MZ\x90\x00", 62, "is a program for Windows"),
        (b"\xcf\xfa\xed\xfe\x07", 62, "is a program for macOS"),
    ],
)
def test_a_program_of_another_machine_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, own: int, why: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(program_file, "_own_program", lambda: elf(own))
    monkeypatch.setattr(program_file, "_starts_others", lambda: False)
    found = why_not_started(str(program(tmp_path, content)), SEARCH)
    assert found.startswith(why)
    assert bool(found) == bool(why)
    monkeypatch.setattr(program_file, "_starts_others", lambda: True)
    assert why_not_started(str(program(tmp_path, content)), SEARCH) == ""


def test_links_folders_and_permissions_are_told(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("gone")
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    told = {
        name: why_not_started(str(tmp_path / name), SEARCH)
        for name in ("dangling", "folder", "folder/", "plain", "pipe", "nothing")
    }
    assert told == {
        "dangling": "is a link to gone, which does not exist",
        "folder": "is a folder; give the path of the program in it",
        "folder/": "is a folder; give the path of the program in it",
        "plain": "is not executable; do: chmod +x it",
        "pipe": "is no file",
        "nothing": "does not exist",
    }
    for name in ("dangling", "plain"):
        task = BashTask(cmd=(name,), metric_reader=READER)
        with pytest.raises(SpecError, match=f"cannot start '{name}': {tmp_path}/{name} is"):
            check_programs(make_spec(tmp_path, tasks=(task,)), {"PATH": f"/bin:{tmp_path}"})


@pytest.mark.parametrize(
    "command", ["./train", "exec ./train", "(exec ./train)", "train", "cd /; train"]
)
@pytest.mark.parametrize(
    ("content", "why"),
    [(b"#!/bin/sh\r\n", "line ends of Windows"), (b"#!/no/such\n", "for /no/such, which")],
)
def test_a_shell_that_says_not_found_of_what_is_there_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, content: bytes, why: str
) -> None:
    path = program(tmp_path, content)
    monkeypatch.setenv("PATH", f"{SEARCH}:{tmp_path}")
    for shell in ("sh", "bash"):
        done = subprocess.run(
            [shell, "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        told = unstarted(done.returncode, done.stderr.splitlines(), str(tmp_path))
        assert told.startswith(f"{path.parent}/"), done.stderr
        assert why in told


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (1, "sh: 1: ./train: not found"),
        (None, "sh: 1: ./train: not found"),
        (127, "sh: 1: nosuch: not found"),
        (127, "sh: 1: ./nosuch: not found"),
        (127, "sh: 1: sh: not found"),
        (127, "./train"),
        (127, ""),
        (127, ": : not found"),
        (126, "\0: /\0: Permission denied"),
    ],
)
def test_where_nothing_can_be_told_nothing_is_said(
    tmp_path: Path, code: int | None, line: str
) -> None:
    program(tmp_path, b"#!/bin/sh\r\n")
    assert unstarted(code, [line], str(tmp_path)) == ""


def with_loader(content: bytes, loader: bytes) -> bytes:
    """Return a program that asks for another loader of no longer a name than its own."""
    own = re.search(rb"/[\w./-]*/ld[\w.-]*so[\w.-]*\0", content[:4096])
    assert own is not None
    return content.replace(own[0], loader.ljust(len(own[0]), b"\0"), 1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a program of Linux")
def test_a_program_without_its_loader_is_explained(tmp_path: Path) -> None:
    content = Path(os.path.realpath("/bin/sh")).read_bytes()
    path = program(tmp_path, with_loader(content, b"/no/ld-musl.so.1"))
    with pytest.raises(FileNotFoundError):
        subprocess.run([path], check=True)
    told = "is a program whose loader is missing: /no/ld-musl.so.1; it was built for a Linux with"
    assert told in why_not_started(str(path), SEARCH)
    task = BashTask(cmd=("./train", "1"), metric_reader=READER)
    with pytest.raises(SpecError, match=r"cannot start './train': .*/no/ld-musl\.so\.1"):
        check_programs(make_spec(tmp_path, tasks=(task,)), {"PATH": SEARCH})
    path.write_bytes(content)
    assert why_not_started(str(path), SEARCH) == ""


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_loader_is_read_from_programs_of_every_kind(
    order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, wide: bool
) -> None:
    head = bytearray(b"\x7fELF" + bytes([1 + wide, 1 if order == "<" else 2]) + bytes(58))
    struct.pack_into(f"{order}H", head, 18, 62)
    struct.pack_into(f"{order}{'Q' if wide else 'I'}", head, 32 if wide else 28, 64)
    struct.pack_into(f"{order}HH", head, 54 if wide else 42, 56 if wide else 32, 2)
    entry = f"{order}IIQQQQQQ" if wide else f"{order}IIIIIIII"
    first = struct.pack(entry, 1, *[0] * 7)
    second = (
        struct.pack(entry, 3, 0, 200, 0, 0, 9, 9, 1)
        if wide
        else struct.pack(entry, 3, 200, 0, 0, 9, 9, 0, 1)
    )
    content = (bytes(head) + first + second).ljust(200, b"\0") + b"/no/ld.s\0"
    monkeypatch.setattr(program_file, "_own_program", lambda: content)
    monkeypatch.setattr(program_file, "_starts_others", lambda: False)
    assert "missing: /no/ld.s;" in why_not_started(str(program(tmp_path, content)), SEARCH)
    for length in range(len(content) - 1):
        # Cut anywhere, it is not explained wrongly.
        monkeypatch.setattr(program_file, "_own_program", lambda length=length: content[:length])
        told = why_not_started(str(program(tmp_path, content[:length])), SEARCH)
        assert "/no/ld.s;" not in told
