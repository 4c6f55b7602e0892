"""Standard output and error that are closed, full, or that nobody reads."""

import contextlib
import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_terminal import FakeTerminal

pytestmark = pytest.mark.slow

Until = Callable[[Callable[[], object], str], None]
Survivors = Callable[[], list[str]]

SCRIPT = r"""
import sys
from automl.hpo import *
SETUP
x = hyperparam.create(type='Categorical', name='x', candidates=list(range(TRIALS)))
score = reader.create(
    type='local_reader', location='{{ trial.dir }}/stdout.log', parser_pattern='score ([0-9]+)'
)
work = task.create(type='BashTask', metric_reader=score, cmd=[
    'sh', '-c', 'echo "score $1"; [ "$0" -lt LAST ] || { touch last; sleep 1000; }',
    '{{ trial.id }}', '{{ trial.param.x }}',
])
tuner = AutoTuner([x], [work], 2, TRIALS, algorithm='grid', grace=1)
table = FIT
with open('rows', 'w') as file:
    print(len(table), file=file)
"""

OUR_OWN = ""
THE_PROGRAMS = "import logging; logging.basicConfig(level='INFO')"


def script(place: Path, trials: int, last: int, fit: str = "tuner.fit()", setup: str = "") -> None:
    text = SCRIPT.replace("LAST", str(last)).replace("SETUP", setup).replace("FIT", fit)
    (place / "study.py").write_text(text.replace("TRIALS", str(trials)))


def fill(file: int) -> None:
    """Let a pipe or terminal take nothing more."""
    os.set_blocking(file, False)
    for size in (4096, 1):
        try:
            while True:
                os.write(file, b"x" * size)
        except BlockingIOError:
            continue
    os.set_blocking(file, True)


@pytest.mark.integration
@pytest.mark.parametrize("setup", [OUR_OWN, THE_PROGRAMS])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("fit", ["tuner.fit()", "tuner.fit(synchronize=False) or tuner.wait()"])
def test_a_pipe_that_nobody_reads_holds_up_nothing(
    place: Path, until: Until, survivors: Survivors, setup: str, fit: str, *, both: bool
) -> None:
    script(place, 6, 4, fit, setup)
    reading, writing = os.pipe()
    fill(writing)
    process = subprocess.Popen(
        [sys.executable, "study.py"],
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=writing if both else subprocess.DEVNULL,
        stderr=writing,
    )
    # The trials before it ran to their end, though no line could be written.
    until((place / "last").exists, "the last trial")
    process.send_signal(signal.SIGTERM)
    until(lambda: process.poll() is not None, "the end of the process")
    assert process.returncode == 128 + signal.SIGTERM
    assert survivors() == []
    os.close(reading)
    os.close(writing)


@pytest.mark.integration
def test_a_stopped_terminal_holds_up_nothing(
    place: Path, until: Until, survivors: Survivors
) -> None:
    script(place, 6, 4)
    ours, theirs = pty.openpty()
    termios.tcflow(theirs, termios.TCOOFF)
    process = subprocess.Popen(
        [sys.executable, "study.py"],
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    until((place / "last").exists, "the last trial")
    process.send_signal(signal.SIGTERM)
    until(lambda: process.poll() is not None, "the end of the process")
    assert process.returncode == 128 + signal.SIGTERM
    assert survivors() == []
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    "setup", [OUR_OWN, pytest.param(THE_PROGRAMS, marks=pytest.mark.integration)]
)
@pytest.mark.parametrize(
    "redirected",
    [
        ">/dev/full",
        "2>&-",
        "2>&1 | true",
        *(
            pytest.param(one, marks=pytest.mark.integration)
            for one in (
                "2>/dev/full",
                ">/dev/full 2>&1",
                ">&-",
                ">&- 2>&-",
                "<&- >&- 2>&-",
                "| true",
                "| head -3",
            )
        ),
    ],
)
def test_the_exit_code_tells_of_the_study(place: Path, redirected: str, setup: str) -> None:
    script(place, 2, 2, setup=setup)
    line = f"set -o pipefail; {sys.executable} study.py {redirected}"
    done = subprocess.run(
        ["bash", "-c", line], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (place / "rows").read_text() == "2\n"
    assert "Traceback" not in done.stderr or setup
    journal = (place / "automl_studies" / "study" / "journal.jsonl").read_text()
    assert all(line.startswith("{") for line in journal.splitlines())


ANY_OBJECT = """
class Any:
    def __init__(self, stream):
        self.write, self.flush = stream.write, stream.flush
sys.stdout, sys.stderr = Any(sys.stdout), Any(sys.stderr)
"""
"""What stands in their place under many test runners, notebooks and loggers."""

IN_ASCII = """
import codecs
sys.stdout, sys.stderr = map(codecs.getwriter('ascii'), (sys.stdout.buffer, sys.stderr.buffer))
"""


@pytest.mark.parametrize("setup", [ANY_OBJECT, IN_ASCII])
def test_the_study_is_told_on_every_kind_of_stream(place: Path, setup: str) -> None:
    script(place, 2, 2, setup=setup)
    text = (place / "study.py").read_text().replace("name='x'", "name='größe'")
    (place / "study.py").write_text(text.replace("trial.param.x", 'trial.param["größe"]'))
    done = subprocess.run(
        [sys.executable, "study.py"], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (place / "rows").read_text() == "2\n"
    assert "trial 1 completed" in done.stderr
    assert "best: trial 1" in done.stdout
    assert done.stdout.endswith("the study is complete: all 2 trials have ended\n")


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_without_pictures_gets_lines(place: Path, term: str) -> None:
    script(place, 2, 2)
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "study.py"],
        cwd=place,
        env=os.environ | {"TERM": term},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    assert done.returncode == 0
    shown = b""
    with contextlib.suppress(OSError):  # all that was written has been read
        while more := os.read(ours, 1 << 16):
            shown += more
    os.close(ours)
    assert b"trial 1 completed" in shown
    assert b"\x1b" not in shown


def test_the_view_on_a_terminal_leaves_the_lines_and_the_table(place: Path, until: Until) -> None:
    script(place, 6, 6)
    text = (place / "study.py").read_text()
    (place / "study.py").write_text(text.replace('echo "score', 'sleep 0.3; echo "score'))
    terminal = FakeTerminal()
    process = subprocess.Popen(
        [sys.executable, "study.py"],
        cwd=place,
        env=os.environ | {"TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=terminal.stream,
        stderr=terminal.stream,
    )

    def drawn() -> bool:
        terminal.look()
        return "Ctrl-C stops" in terminal.written

    def over() -> bool:
        terminal.look()
        return process.poll() is not None

    until(drawn, "the view")
    assert not terminal.echoes
    until(over, "the end")
    shown = "\n".join(terminal.text)
    assert terminal.echoes
    assert "Ctrl-C" not in shown
    assert "━" not in shown
    assert "time  seen" not in shown
    assert shown.endswith("the study is complete: all 6 trials have ended")
    terminal.close()


def test_streams_that_are_none_hold_up_nothing(place: Path) -> None:
    script(place, 2, 2, setup="sys.stdout = sys.stderr = None")
    done = subprocess.run([sys.executable, "study.py"], cwd=place, check=False)
    assert done.returncode == 0
    assert (place / "rows").read_text() == "2\n"


def test_streams_that_were_closed_hold_up_nothing(place: Path) -> None:
    script(place, 2, 2, setup="sys.stdout.close(); sys.stderr.close()")
    done = subprocess.run([sys.executable, "study.py"], cwd=place, check=False)
    assert done.returncode == 0
    assert (place / "rows").read_text() == "2\n"
