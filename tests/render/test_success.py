"""Success by other exit codes than 0, in every shell that may run a trial's script."""

import shutil
import subprocess

import pytest

from automl.render.script import trial_script
from automl.render.success import accepting
from automl.study.launch import LEAVES_EXIT

SHELLS = [shell for shell in ("sh", "bash", "dash") if shutil.which(shell)]


def ended(shell: str, *commands: tuple[str, ...] | str) -> tuple[int, str, str]:
    text = trial_script(title="", cwd="/", exports="", commands=commands, prologue=LEAVES_EXIT)
    done = subprocess.run([shell, "-c", text], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("code", "codes", "expected"),
    [
        (0, [0, 10, 20], 0), (10, [0, 10, 20], 0), (20, [0, 10, 20], 0), (1, [0, 10], 1),
        (100, [0, 10], 100), (10, [10], 0), (0, [10], 1), (3, [10], 3), (255, [255], 0),
        (137, [0, 10], 137),
    ],
)  # fmt: skip
def test_a_program_succeeds_by_its_own_codes(
    shell: str, code: int, codes: list[int], expected: int
) -> None:
    words = accepting(("sh", "-c", 'echo "$1"; exit "$0"', str(code), "it's"), codes)
    line = accepting(f'echo "it\'s"; exit {code} # c', codes)
    for command in (words, line):
        found, out, err = ended(shell, command, "echo next")
        assert (found, out) == (expected, "it's\n" + "next\n" * (expected == 0))
        assert ("error: exit code 0 is none of success_codes=[10]" in err) == (code + expected == 1)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_signal_stays_one(shell: str) -> None:
    assert ended(shell, accepting("kill -9 $$", [0, 10]))[0] == 137
    assert ended(shell, accepting("kill -TERM $$", [10]))[0] == 143


def test_nothing_is_put_around_a_command_that_succeeds_by_0() -> None:
    assert accepting(("a", "b"), (0,)) == ("a", "b")
    assert accepting("a; b", [0]) == "a; b"
