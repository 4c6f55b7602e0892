"""A starter does what the trial's script does, without a shell; real processes."""

import os
import re
import resource
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from automl.executors.local.prologue import PROLOGUE
from automl.executors.local.starters.starter import (
    NotOrderedError,
    Order,
    Starter,
    StarterLostError,
    packed,
)
from automl.executors.processes.identity import Process, has_ended
from automl.render.script import export_lines, trial_script
from tests.executors.local_place import until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")

DEADLINE_S = 10.0
OF_THE_SHELL = ("_=", "SHLVL=", "PYTEST_CURRENT_TEST=")
"""Variables that a shell sets for itself, and one that pytest changes meanwhile."""

EXPORTS = {"AUTOML_TEST_TEXT": "a 'quoted'\nvalue", "OMP_NUM_THREADS": "1"}


class Outcome(NamedTuple):
    """What a command left."""

    code: str
    stdout: str
    stderr: str


@pytest.fixture
def starter() -> Iterator[Starter]:
    one = Starter({**os.environb, b"AUTOML_MARK": b"%d:starter" % os.getpid()})
    assert select.select([one], [], [], DEADLINE_S)[0]
    assert one.is_ready()
    yield one
    one.kill()
    one.leave()


def order_of(folder: Path, argv: tuple[str, ...], cwd: Path) -> Order:
    folder.mkdir()
    (folder / "trial.sh").write_text(
        trial_script(
            title="t",
            cwd=str(cwd),
            exports=export_lines(EXPORTS),
            commands=[argv],
            prologue=PROLOGUE,
        )
    )
    before = os.environ.get("PWD") or str(Path.cwd())
    exports = {**EXPORTS, "OLDPWD": before, "PWD": str(cwd)}
    return Order(
        argv=tuple(map(os.fsencode, argv)),
        cwd=os.fsencode(cwd),
        marks={b"AUTOML_MARK": b"%d:1" % os.getpid()},
        exports={os.fsencode(name): os.fsencode(value) for name, value in exports.items()},
        script=os.fsencode(folder / "trial.sh"),
        for_script={b"AUTOML_EXIT_FILE": os.fsencode(folder / "exit")},
        files=(os.fsencode(folder / "out"), os.fsencode(folder / "err")),
        exit_path=os.fsencode(folder / "exit"),
        brands=(),
    )


def wait_end(starter: Starter) -> int:
    assert starter.has_told_end or select.select([starter], [], [], DEADLINE_S)[0]
    ended = starter.ended()
    assert ended is not None
    return ended.code


def begin(starter: Starter, order: Order) -> Process:
    starter.order(packed(order))
    assert select.select([starter], [], [], DEADLINE_S)[0]
    return starter.begun()


def outcome(folder: Path) -> Outcome:
    read = [(folder / name).read_text() for name in ("exit", "out", "err")]
    # A shell tells of itself by the line of its script.
    told = re.sub(r"^\S*(sh|trial\.sh): \d+: ", "", read[2], flags=re.MULTILINE)
    lines = [line for line in read[1].splitlines() if not line.startswith(OF_THE_SHELL)]
    return Outcome(read[0], "\n".join(sorted(lines)), told)


def by_shell(folder: Path, argv: tuple[str, ...], cwd: Path) -> Outcome:
    order = order_of(folder, argv, cwd)
    marks = {os.fsdecode(name): os.fsdecode(value) for name, value in order.marks.items()}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        subprocess.run(
            ["sh", str(folder / "trial.sh")],
            env={**os.environ, **marks, "AUTOML_EXIT_FILE": str(folder / "exit")},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            check=False,
        )
    return outcome(folder)


COMMANDS = {
    "a program": ("echo", "two words", "a\nline", "", "$HOME `x` 'q'"),
    "its environment": ("env",),
    "its working directory": ("pwd",),
    "an exit code": ("sh", "-c", "echo on its way >&2; exit 3"),
    "killed": ("sh", "-c", "kill -KILL $$"),
    "terminated": ("sh", "-c", "kill -TERM $$"),
    "its standard input": ("cat",),
    "a missing program": ("automl-no-such-program", "--lr", "1"),
    "a missing path": ("./no/such/program",),
    "not executable": ("./plain.txt",),
    "without a first line": ("./nameless", "word"),
    "a folder": ("./folder",),
}


@pytest.mark.parametrize("argv", COMMANDS.values(), ids=COMMANDS)
def test_a_command_ends_as_by_its_script(
    starter: Starter, tmp_path: Path, argv: tuple[str, ...]
) -> None:
    cwd = tmp_path / "a folder"
    (cwd / "folder").mkdir(parents=True)
    (cwd / "plain.txt").write_text("text\n")
    nameless = cwd / "nameless"
    nameless.write_text('echo "nameless $1"\n')
    nameless.chmod(0o755)
    shell = by_shell(tmp_path / "shell", argv, cwd)
    begin(starter, order_of(tmp_path / "direct", argv, cwd))
    code = wait_end(starter)
    direct = outcome(tmp_path / "direct")
    assert direct._replace(stderr="") == shell._replace(stderr="")
    assert direct.stderr.replace("direct", "shell") == shell.stderr
    assert direct.code == f"{code}\n"


def test_a_missing_working_directory_is_told_by_the_shell(starter: Starter, tmp_path: Path) -> None:
    begin(starter, order_of(tmp_path / "direct", ("echo",), tmp_path / "gone"))
    assert wait_end(starter) != 0
    assert "gone" in outcome(tmp_path / "direct").stderr


def test_it_starts_one_after_another(starter: Starter, tmp_path: Path) -> None:
    for number in range(3):
        begin(starter, order_of(tmp_path / str(number), ("echo", str(number)), tmp_path))
        assert wait_end(starter) == 0
        assert outcome(tmp_path / str(number)) == ("0\n", str(number), "")


def test_files_that_cannot_be_opened_are_an_error_and_no_end(
    starter: Starter, tmp_path: Path
) -> None:
    order = order_of(tmp_path / "direct", ("echo",), tmp_path)
    with pytest.raises(NotADirectoryError):
        begin(starter, order._replace(files=(b"/dev/null/out", order.files[1])))
    begin(starter, order)
    assert wait_end(starter) == 0


def test_it_outlives_who_gave_the_order(starter: Starter, tmp_path: Path) -> None:
    gate, exit_path = tmp_path / "gate", tmp_path / "direct" / "exit"
    os.mkfifo(gate)
    words = ("sh", "-c", f"read line < {shlex.quote(str(gate))}; exit 4")
    begin(starter, order_of(tmp_path / "direct", words, tmp_path))
    starter.leave()
    gate.write_text("go on\n")
    os.waitpid(starter.pid, 0)
    assert exit_path.read_text() == "4\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_is_not_ended_by_what_asks_trials_to_end(
    starter: Starter, tmp_path: Path, number: signal.Signals
) -> None:
    os.kill(starter.pid, number)
    begin(starter, order_of(tmp_path / "direct", ("sh", "-c", "kill -TERM $$"), tmp_path))
    assert wait_end(starter) == 128 + signal.SIGTERM


def test_a_stop_of_which_it_hears_late_is_not_that_of_the_next(
    starter: Starter, tmp_path: Path
) -> None:
    starter.stopped()
    begin(starter, order_of(tmp_path / "direct", ("echo",), tmp_path))
    assert wait_end(starter) == 0
    assert outcome(tmp_path / "direct").code == "0\n"


def test_one_that_is_killed_tells_no_end(starter: Starter, tmp_path: Path) -> None:
    order = order_of(tmp_path / "direct", ("sleep", "60"), tmp_path)
    command = begin(starter, order)
    os.kill(starter.pid, signal.SIGKILL)
    assert select.select([starter], [], [], DEADLINE_S)[0]
    assert starter.ended() is None
    os.kill(command.pid, signal.SIGKILL)
    with pytest.raises((NotOrderedError, StarterLostError)):
        begin(starter, order)


def test_one_is_killed_though_no_file_can_be_opened(starter: Starter) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        for _ in range(2):
            starter.kill()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert has_ended(starter.pid)


def test_one_ends_with_its_parent_though_others_hold_the_socket() -> None:
    """As a child does that the user's script forked."""
    program = (
        "import os, select, sys, time\n"
        "from automl.executors.local.starters.starter import Starter\n"
        "starter = Starter(dict(os.environb))\n"
        "select.select([starter], [], [])\n"
        "assert starter.is_ready()\n"
        "if os.fork():\n"
        "    print(starter.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "os.close(1)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as script:
        assert script.stdout is not None
        starter = int(script.stdout.readline())
        until(lambda: has_ended(starter), "the starter goes on without its parent")


def test_what_a_parent_ordered_that_is_gone_is_not_started(tmp_path: Path) -> None:
    order = order_of(tmp_path / "direct", ("touch", "started"), tmp_path)
    program = (
        "import os, select, signal, sys\n"
        "from automl.executors.local.starters.starter import Starter\n"
        "starter = Starter(dict(os.environb))\n"
        "select.select([starter], [], [])\n"
        "assert starter.is_ready()\n"
        "os.kill(starter.pid, signal.SIGSTOP)\n"
        "stat = f'/proc/{starter.pid}/stat'\n"
        "while open(stat).read().rpartition(')')[2].split()[0] != 'T': pass\n"
        f"starter._socket.send({packed(order)!r})\n"
        "print(starter.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as script:
        assert script.stdout is not None
        starter = int(script.stdout.readline())
        script.wait()
    os.kill(starter, signal.SIGCONT)
    until(lambda: has_ended(starter), "the starter goes on without its parent")
    assert not (tmp_path / "started").exists()


def test_what_it_starts_has_the_brands_and_itself_none(starter: Starter, tmp_path: Path) -> None:
    locks, brand = 10, (1 << 61) + 5
    order = order_of(tmp_path / "direct", ("sh", "-c", "cat /proc/self/limits"), tmp_path)
    begin(starter, order._replace(brands=((locks, brand),)))
    wait_end(starter)
    assert str(brand) in outcome(tmp_path / "direct").stdout
    assert str(brand) not in Path(f"/proc/{starter.pid}/limits").read_text()
