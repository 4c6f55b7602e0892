"""Trials under a process that is given orphans, and under a `/proc` that is not its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from local_place import DEADLINE_S, PROGRAMS

from automl.errors import LaunchError
from automl.executors.processes.procfs import check_proc

UNSHARE = ("unshare", "--fork", "--pid", "--kill-child")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, check=False)


def can(*command: str) -> bool:
    try:
        return run(*command, "true").returncode == 0
    except OSError:
        return False


def program(tmp_path: Path, how: str, groups: str) -> tuple[str, ...]:
    return (sys.executable, str(PROGRAMS / "first_process.py"), str(tmp_path), how, groups)


@pytest.mark.parametrize("groups", ["0", "1"])
@pytest.mark.parametrize("how", ["first", "reaper"])
def test_orphans_of_trials_are_reaped_and_those_of_the_script_are_not(
    tmp_path: Path, how: str, groups: str
) -> None:
    before: tuple[str, ...] = ()
    if how == "first":
        before = (*UNSHARE, "--mount-proc")
        if not can(*before):
            pytest.skip("this user may not make pid namespaces")
    elif sys.platform != "linux":
        pytest.skip("no subreapers here")
    told = run(*before, *program(tmp_path, how, groups))
    assert told.returncode == 0, told.stderr
    first, *rest = told.stdout.splitlines()
    assert first == "['exit code 0', 'killed by SIGTERM'] [] [] 0"
    assert rest in ([], ["groups left: []"])


@pytest.mark.parametrize("groups", ["0", "1"])
def test_the_proc_of_another_namespace_is_refused(tmp_path: Path, groups: str) -> None:
    if not can(*UNSHARE):
        pytest.skip("this user may not make pid namespaces")
    told = run(*UNSHARE, *program(tmp_path, "first", groups))
    assert told.returncode == 1
    assert "another pid namespace: this process is 1" in told.stderr
    assert "mount -t proc proc /proc" in told.stderr
    assert list(tmp_path.iterdir()) == []


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


@linux_only
def test_a_proc_that_is_missing_or_not_ours_is_told(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="there is no /proc"):
        check_proc(str(tmp_path))
    folder = tmp_path / "proc" / "1234567"
    folder.mkdir(parents=True)
    (folder / "status").write_text("Name:\tsh\nNSpid:\t1234567\n")
    (tmp_path / "proc" / "self").symlink_to("1234567")
    with pytest.raises(LaunchError, match="there 1234567"):
        check_proc(str(tmp_path))


@linux_only
@pytest.mark.parametrize(("pids", "ours"), [("{0}", True), ("{0}\t{0}", False)])
def test_the_same_pid_in_two_namespaces_is_not_taken_for_one(
    tmp_path: Path, pids: str, ours: object
) -> None:
    own = os.getpid()
    folder = tmp_path / "proc" / str(own)
    folder.mkdir(parents=True)
    (folder / "status").write_text(f"NSpid:\t{pids.format(own)}\n")
    (tmp_path / "proc" / "self").symlink_to(str(own))
    if ours:
        check_proc(str(tmp_path))
    else:
        with pytest.raises(LaunchError, match="another pid namespace"):
            check_proc(str(tmp_path))
