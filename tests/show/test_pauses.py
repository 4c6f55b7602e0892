"""Ctrl-Z while a view is on the terminal."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from automl.show.live.pauses import Pauses

PROGRAM = """
import signal, sys
from automl.show.live.pauses import PAUSES
class View:
    def pause(self): print("pause", flush=True)
    def go_on(self): print("go on", flush=True)
view = View()
PAUSES.watch()
PAUSES.add(view)
print("ready", flush=True)
for line in sys.stdin:
    if line == "alone\\n":
        PAUSES.remove(view)
        PAUSES.unwatch()
        print(signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL, flush=True)
"""


@pytest.fixture
def pauses() -> Iterator[Pauses]:
    made = Pauses()
    yield made
    made.unwatch()


def test_who_wants_to_know_is_told_before_the_stop_and_after_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Of its own, as nobody can stop a group that no shell is there for.
        process_group=0,
    ) as program:
        assert program.stdin
        assert program.stdout
        assert program.stdout.readline() == "ready\n"
        for _ in range(2):
            os.kill(program.pid, signal.SIGTSTP)
            assert program.stdout.readline() == "pause\n"
            _, status = os.waitpid(program.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            assert os.WSTOPSIG(status) == signal.SIGTSTP
            os.kill(program.pid, signal.SIGCONT)
            assert program.stdout.readline() == "go on\n"
        program.stdin.write("alone\n")
        program.stdin.flush()
        assert program.stdout.readline() == "True\n"
        program.stdin.close()
        assert program.wait() == 0


def test_a_handler_of_the_program_stays(pauses: Pauses) -> None:
    def own(*_: object) -> None:
        raise AssertionError

    signal.signal(signal.SIGTSTP, own)
    try:
        pauses.watch()
        assert signal.getsignal(signal.SIGTSTP) is own
        pauses.unwatch()
        assert signal.getsignal(signal.SIGTSTP) is own
    finally:
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)


def test_another_thread_changes_no_handler(pauses: Pauses) -> None:
    thread = threading.Thread(target=pauses.watch)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL
    pauses.watch()
    thread = threading.Thread(target=pauses.unwatch)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTSTP) is not signal.SIG_DFL
