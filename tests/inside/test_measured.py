"""The program that runs a command and tells what it took."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from automl.inside import measured
from automl.inside.marks import MARK_VARIABLE
from automl.inside.measured import CODE, CPU, MEMORY, SIZE, WALL
from automl.inside.reports import report_in

BUSY = "import time\nwhile time.process_time() < 0.2: pass"


class Place:
    """Where commands run, and what is told of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.into = folder / "run.jsonl"

    def words(self, *command: str, **numbers: str) -> list[str]:
        asked = {
            "into": str(self.into),
            "numbers": [
                (name, *(what.split(":", 1) if ":" in what else (what, "")))
                for name, what in numbers.items()
            ],
        }
        program = str(measured.__file__)
        return [sys.executable, "-I", "-S", program, json.dumps(asked), *command]

    def run(
        self, *command: str, env: dict[str, str] | None = None, **numbers: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.words(*command, **numbers),
            cwd=self.folder,
            env=(os.environ if env is None else env) | {MARK_VARIABLE: "a study's"},
            capture_output=True,
            text=True,
            check=False,
        )

    def told(self) -> dict[str, Any]:
        lines = self.into.read_text().splitlines() if self.into.exists() else []
        reports = [report_in(line) for line in lines]
        return {report.name: report.value for report in reports if report and report.final}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_mark_is_that_of_a_trial() -> None:
    assert MARK_VARIABLE.encode() == measured.MARK


def test_seconds_memory_and_exit_code_are_told(place: Place) -> None:
    block = "x = bytearray(80_000_000)"
    done = place.run(
        sys.executable,
        "-c",
        f"{BUSY}\n{block}\nraise SystemExit(7)",
        w=WALL,
        c=CPU,
        m=MEMORY,
        e=CODE,
    )
    told = place.told()
    assert done.returncode == told["e"] == 7
    assert told["w"] >= 0.2
    assert told["c"] >= 0.2
    assert 80 < told["m"] < 400


def test_what_the_command_waited_for_counts(place: Place) -> None:
    place.run("sh", "-c", '"$0" -c "$1"; true', sys.executable, BUSY, c=CPU)
    assert place.told()["c"] >= 0.2


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_command_that_is_killed_has_the_code_that_shells_tell(place: Place, number: int) -> None:
    done = place.run("sh", "-c", f"kill -{int(number)} $$", e=CODE)
    assert done.returncode == place.told()["e"] == 128 + number


@pytest.mark.parametrize(
    ("program", "code"), [("no-such-program", 127), ("/", 126), ("./text", 126)]
)
def test_what_cannot_be_started_has_the_code_that_shells_tell(
    place: Place, program: str, code: int
) -> None:
    (place.folder / "text").write_text("not for running")
    done = place.run(program, e=CODE)
    assert done.returncode == place.told()["e"] == code
    assert f"cannot start '{program}': " in done.stderr


def test_a_script_that_names_no_shell_runs(place: Place) -> None:
    script = place.folder / "script"
    script.write_text("exit 5\n")
    script.chmod(0o755)
    assert place.run("./script", e=CODE).returncode == 5


def test_arguments_reach_it_as_they_are(place: Place) -> None:
    odd = ["", " ", "a\nb", "$HOME", "'", "--", "-c", "é\udcff"]
    print_them = (
        "import sys, os; sys.stdout.buffer.write(b'|'.join(map(os.fsencode, sys.argv[1:])))"
    )
    done = subprocess.run(
        place.words(sys.executable, "-c", print_them, *odd), capture_output=True, check=False
    )
    assert done.stdout.split(b"|") == list(map(os.fsencode, odd))


@pytest.mark.parametrize("env", [{}, {"LC_ALL": "C"}, {"LC_CTYPE": "C"}, {"A": "1", "B%%": "()"}])
def test_it_gets_the_variables_that_were_given(place: Place, env: dict[str, str]) -> None:
    done = place.run("/usr/bin/env", env=env)
    assert dict(line.split("=", 1) for line in done.stdout.splitlines()) == (
        env | {MARK_VARIABLE: "a study's"}
    )


def test_it_gets_the_signals_as_they_were(place: Place) -> None:
    done = place.run("sh", "-c", "kill -PIPE $$; echo ignored")
    assert (done.returncode, done.stdout) == (128 + signal.SIGPIPE, "")


def test_a_file_is_measured_once_it_is_written(place: Place) -> None:
    place.run("sh", "-c", "printf 12345 > out; printf 1 > a:b", s=f"{SIZE}:out", t=f"{SIZE}:a:b")
    assert place.told() == {"s": 5, "t": 1}


def test_a_folder_counts_each_file_once_and_follows_no_link(place: Place) -> None:
    (place.folder / "large").write_text("1" * 1000)
    place.run(
        "sh",
        "-c",
        "mkdir -p out/in; printf 123 > out/a; printf 4567 > out/in/b; ln out/a out/c; "
        'ln -s "$PWD/large" out/d',
        s=f"{SIZE}:out",
    )
    link = len(str(place.folder / "large"))
    assert place.told() == {"s": 7 + link}


@pytest.mark.parametrize("command", ["true", "rm -rf out", "rm out; mkdir dir"])
@pytest.mark.parametrize("path", ["out", "dir"])
def test_what_was_there_before_and_was_not_written_is_no_result(
    place: Place, command: str, path: str
) -> None:
    (place.folder / "out").write_text("earlier")
    if command == "true":
        (place.folder / "dir").mkdir()
        (place.folder / "dir" / "a").write_text("earlier")
    place.run("sh", "-c", command, s=f"{SIZE}:{path}", e=CODE)
    expected = {"s": 0.0} if path == "dir" and "mkdir" in command else {}
    assert place.told() == {"e": 0, **expected}


def test_a_file_written_with_the_same_text_is_a_result(place: Place) -> None:
    (place.folder / "out").write_text("same")
    place.run("sh", "-c", "printf same > out", s=f"{SIZE}:out")
    assert place.told() == {"s": 4}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_command_that_is_asked_to_end_is_told_nothing_of(place: Place, number: int) -> None:
    ends_well = f"trap 'exit 0' {int(number)}; echo ready; while :; do sleep 0.01; done"
    with subprocess.Popen(
        place.words("sh", "-c", ends_well, e=CODE),
        cwd=place.folder,
        env=os.environ | {MARK_VARIABLE: "a study's"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        os.killpg(process.pid, number)
        assert process.wait(timeout=60) == 0
    assert place.told() == {}


ASKED_AT_ONCE = """
import os, signal, sys
from automl.inside import measured

fork = os.fork

def forked():
    child = fork()
    if child:
        os.kill(os.getpid(), signal.SIGTERM)
    return child

os.fork = forked
run = measured.Run()
run.run(["true"], {})
print(run.asked_to_end, run.numbers[measured.CODE])
"""


def test_who_asks_it_to_end_as_the_command_starts_is_heard() -> None:
    """Else the measuring process would end, and its exit code hide that of the command."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED_AT_ONCE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "True 0\n", "")


def test_by_hand_the_numbers_are_printed_and_the_files_left_alone(place: Place) -> None:
    env = {name: value for name, value in os.environ.items() if name != MARK_VARIABLE}
    done = subprocess.run(
        place.words("true", e=CODE), env=env, capture_output=True, text=True, check=False
    )
    assert done.stderr == '{"name": "e", "value": 0, "final": true}\n'
    assert not place.into.exists()


def test_a_full_disk_changes_no_exit_code(place: Place) -> None:
    place.into = Path("/dev/full")
    done = place.run("sh", "-c", "exit 3", e=CODE)
    assert done.returncode == 3
    assert "cannot tell what the command took" in done.stderr
