"""Programs that answer `--help` badly, as real processes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from automl.discovery.help_text.asking import guard
from automl.discovery.option import Found, How
from automl.executors.processes.identity import read_stat
from automl.studies.draft.asked_help import Place, ask_for_help

USAGE = "Usage: train [options]\\n  --lr LR   rate (default: 0.01)\\n"
guarded = pytest.mark.skipif(
    not guard.landlock_version(), reason="the kernel cannot keep a program from writing"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def script(folder: Path, text: str, name: str = "train.sh") -> Path:
    file = folder / name
    file.write_text(text)
    file.chmod(0o755)
    return file


def asked(folder: Path, *words: str, limit_s: float = 20.0) -> tuple[Found, list[str]]:
    said: list[str] = []
    place = Place(str(folder), os.environ)
    return ask_for_help(words, place, said.append, limit_s), said


def names(found: Found) -> list[str]:
    return [one.names[0] for one in found.options]


def test_a_program_is_asked_and_what_is_done_is_told(folder: Path) -> None:
    script(folder, f"#!/bin/sh\nprintf '{USAGE}'\n")
    found, said = asked(folder, "./train.sh", "--lr", "0.1")
    assert names(found) == ["--lr"]
    assert found.options[0].given == ("0.1",)
    assert (found.how, found.start, found.doubts) == (How.HELP, 1, ())
    assert said == ["asking for options: ./train.sh --help"]


def test_a_help_text_on_standard_error_with_exit_1_is_read(folder: Path) -> None:
    script(folder, f"#!/bin/sh\nprintf '{USAGE}' >&2\nexit 1\n")
    assert names(asked(folder, "sh", "train.sh")[0]) == ["--lr"]


def test_one_that_hangs_is_ended_and_what_it_printed_is_read(folder: Path) -> None:
    script(folder, f"#!/bin/sh\ntrap '' TERM\nprintf '{USAGE}'\nsleep 1000\n")
    found, _ = asked(folder, "./train.sh", limit_s=0.5)
    assert names(found) == ["--lr"]
    assert "did not end within 0.5 s" in found.doubts[0]


def test_one_that_asks_gets_no_answer(folder: Path) -> None:
    script(folder, f"#!/bin/sh\nread answer && exit 3\nprintf '{USAGE}'\n")
    assert names(asked(folder, "./train.sh")[0]) == ["--lr"]


@guarded
def test_one_that_writes_and_removes_files_can_do_neither(folder: Path) -> None:
    (folder / "data.csv").write_text("1\n")
    script(
        folder, f"#!/bin/sh\nrm -rf ./*; echo x > log.txt; mkdir out; printf '{USAGE}'\n# --help\n"
    )
    found, _ = asked(folder, "./train.sh")
    assert names(found) == ["--lr"]
    assert sorted(path.name for path in folder.iterdir()) == ["data.csv", "train.sh"]


def test_one_that_prints_10_mb_is_ended(folder: Path) -> None:
    lines = f"import sys\nsys.stdout.write('{USAGE}')\nsys.stdout.write('x' * 99 * 10**5)  # help\n"
    script(folder, lines, "train.py")
    found, _ = asked(folder, sys.executable, "train.py")
    assert names(found) == ["--lr"]
    assert "printed more than 1 MB" in found.doubts[0]


def test_what_it_starts_in_other_sessions_is_ended_too(folder: Path) -> None:
    script(
        folder,
        "#!/bin/sh\n(setsid env -i /bin/sleep 1000 &)\n(trap '' HUP TERM; exec sleep 1001) &\n"
        f"echo \"  --pid PID   pid (default: $!)\"; printf '{USAGE}'\n",
    )
    found, _ = asked(folder, "./train.sh")
    assert names(found) == ["--pid", "--lr"]
    pid = found.options[0].default
    assert isinstance(pid, int)
    stat = read_stat(pid)
    assert stat is None or stat.dead


def test_a_program_that_does_not_know_the_word_is_not_run(folder: Path) -> None:
    (folder / "data.csv").write_text("1\n")
    script(folder, "#!/bin/sh\nrm -rf ./*\n")
    found, said = asked(folder, "./train.sh", "--lr", "1")
    assert found.options == ()
    assert "was not asked for --help" in found.doubts[0]
    assert said == []
    assert (folder / "data.csv").exists()


def test_where_nothing_guards_a_program_that_removes_files_is_not_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "landlock_version", lambda: 0)
    script(folder, "#!/bin/sh\nrm -rf ./*\n# usage: train.sh --lr LR\n")
    found, said = asked(folder, "./train.sh")
    assert "removes files" in found.doubts[0]
    assert said == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["docker", "run", "image", "train"], "elsewhere"),
        (["sh", "-c", "./train --lr 1"], "as a text"),
        (["./nothing", "--lr", "1"], "there is no program ./nothing"),
        (["Rscript", "nothing.R"], "no file that can be read"),
        ([], "names no program"),
    ],
)
def test_what_cannot_be_asked_is_told(folder: Path, words: list[str], told: str) -> None:
    found, said = asked(folder, *words)
    assert told in found.doubts[0]
    assert said == []


def test_only_the_program_is_asked_not_what_starts_it_elsewhere(folder: Path) -> None:
    script(folder, f"#!/bin/sh\nprintf '{USAGE}'\n")
    found, said = asked(folder, "mpirun", "-n", "4", "./train.sh", "--lr", "0.5")
    assert said == ["asking for options: ./train.sh --help"]
    assert (found.start, found.options[0].given) == (4, ("0.5",))


def test_a_subcommand_in_the_command_is_asked_too(folder: Path) -> None:
    script(
        folder,
        '#!/bin/sh\nif [ "$1" = fit ]; then printf "Options:\\n --depth N  (default: 3)\\n"; else\n'
        'printf "Options:\\n  --seed N\\nCommands:\\n  fit  Fit.\\n  test  Test.\\n"; fi  # help\n',
    )
    found, _ = asked(folder, "./train.sh", "fit", "--depth", "4")
    assert [(one.names[0], one.subcommand) for one in found.options] == [
        ("--seed", ""),
        ("--depth", "fit"),
    ]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs a compiler of C")
def test_a_compiled_program_is_asked(folder: Path) -> None:
    code = f'#include <stdio.h>\nint main(void) {{ printf("{USAGE}"); return 0; }}'
    (folder / "train.c").write_text(code.replace("Usage: train [options]", "Train"))
    subprocess.run(["gcc", "-o", "train", "train.c"], cwd=folder, check=True)
    # Nothing in it says help, usage or options, so it is not run.
    assert "was not asked" in asked(folder, "./train")[0].doubts[0]
    (folder / "train.c").write_text(code)
    subprocess.run(["gcc", "-o", "train", "train.c"], cwd=folder, check=True)
    assert names(asked(folder, "./train")[0]) == ["--lr"]
