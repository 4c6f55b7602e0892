"""Real shells, as at a terminal: TAB completes, and no shell touches a range."""

import json
import os
import pty
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from written_studies import COMPLETE, write_study

ROOT = Path(__file__).parents[2]
PROMPT = "READY"
STARTS = {
    "bash": ["bash", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "--private", "-C", f"function fish_prompt; echo {PROMPT}; end"],
}
SOURCES = {
    "bash": 'eval "$(_AUTOML_COMPLETE=bash_source automl)"',
    "zsh": 'eval "$(_AUTOML_COMPLETE=zsh_source automl)"',
    "fish": "_AUTOML_COMPLETE=fish_source automl | source",
}
"""As the docs say."""

THERE = {
    shell: pytest.mark.skipif(shutil.which(shell) is None, reason=f"there is no {shell} here")
    for shell in STARTS
}
SHELLS = [
    pytest.param(
        shell,
        marks=[pytest.mark.slow if shell == "bash" else pytest.mark.integration, THERE[shell]],
    )
    for shell in STARTS
]

STAND_IN = """\
#!/bin/sh
export PYTHONPATH={root}
[ -n "$_AUTOML_COMPLETE" ] && exec {python} -m automl "$@"
exec {python} -c 'import json, os, sys
json.dump(sys.argv[1:], open("words.tmp", "w"))
os.replace("words.tmp", "words.json")' "$@"
"""
"""Offers what the command does, and otherwise only notes how it was called."""


class Shell:
    """A shell on a terminal of its own.

    Args:
        name: which.
        place: its working directory.
    """

    def __init__(self, name: str, place: Path) -> None:
        self._place = place
        self._shown = b""
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:  # pragma: no cover - the shell
            os.chdir(place)
            os.environ.update(
                PATH=f"{place}/bin:{os.environ['PATH']}",
                HOME=str(place),
                TERM="xterm",
                PS1=f"{PROMPT} ",
            )
            os.execvp(STARTS[name][0], STARTS[name])  # noqa: S606
        self._await_prompt()
        self.type(SOURCES[name] + "\r")
        self._await_prompt()

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._terminal, keys.encode())

    def run(self, keys: str) -> list[str]:
        """Press keys and Enter; return the words with which `automl` was called then."""
        self.type(f"{keys}\r")
        self._await_prompt()
        words: list[str] = json.loads((self._place / "words.json").read_text())
        (self._place / "words.json").unlink()
        return words

    def close(self) -> None:
        """End the shell."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._terminal)

    def _await_prompt(self) -> None:
        while PROMPT.encode() not in self._shown:
            self._shown += os.read(self._terminal, 1 << 16)
        self._shown = self._shown.partition(PROMPT.encode())[2]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Callable[[str], Shell]]:
    """Start shells beside two studies and a file."""
    write_study(tmp_path, "digits", COMPLETE)
    write_study(tmp_path, "my study", COMPLETE)
    (tmp_path / "study.yaml").touch()
    stand_in = tmp_path / "bin" / "automl"
    stand_in.parent.mkdir()
    stand_in.write_text(STAND_IN.format(root=ROOT, python=shlex.quote(sys.executable)))
    stand_in.chmod(0o755)
    started: list[Shell] = []

    def start(name: str) -> Shell:
        started.append(Shell(name, tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.mark.slow
@THERE["bash"]
def test_tab_completes_names_values_and_files(shell: Callable[[str], Shell]) -> None:
    at = shell("bash")
    assert at.run("automl show my\t") == ["show", "my study"]
    assert at.run("automl add digits l\t0.5 o\tad\t") == ["add", "digits", "lr=0.5", "opt=adam"]
    assert at.run("automl run st\t") == ["run", "study.yaml"]


@pytest.mark.integration
@pytest.mark.parametrize("name", [pytest.param(one, marks=THERE[one]) for one in STARTS])
def test_tab_completes_what_is_typed(shell: Callable[[str], Shell], name: str) -> None:
    at = shell(name)
    assert at.run("automl sho\t di\t") == ["show", "digits"]
    assert at.run("automl show my\t") == ["show", "my study"]
    assert at.run("automl retry dig\t\t") == ["retry", "digits", "2"]
    assert at.run("automl logs digits --std\t 1") == ["logs", "digits", "--stderr", "1"]
    assert at.run("automl add digits l\t0.5 o\tad\t") == ["add", "digits", "lr=0.5", "opt=adam"]
    assert at.run("automl set digits max_p\t4") == ["set", "digits", "max_parallel=4"]
    assert at.run("automl results digits --columns id,reas\t") == [
        *("results", "digits", "--columns", "id,reason")
    ]
    assert at.run("automl results digits --sort=dura\t") == [
        *("results", "digits", "--sort=duration_s")
    ]
    assert at.run("automl best automl_st\tdi\t") == ["best", "automl_studies/digits/"]
    assert at.run("automl run st\t") == ["run", "study.yaml"]


RANGES = (
    "automl run --maximize val_acc -n 40 -p lr=1e-5..1e-1:log -p layers=1..4 -p p=0.0..1.0:step=0.1"
    " -p opt=adam,sgd -p --amp=flag -p --decay=-0.1..0.1 -p 'w=loguniform(1e-5, 1e-1)'"
    " -p 'momentum=0.0..0.99 if opt == \"sgd\"' --set 'task_list[0].success_codes=[0, 3]'"
    " -- python train.py --lr {lr} --layers={layers} {w} {p} --opt {opt}"
    " --m~'uniform(0, 1)' {momentum} '{{ trial.dir }}'"
)


@pytest.mark.parametrize("name", SHELLS)
def test_no_shell_at_a_terminal_touches_a_range(shell: Callable[[str], Shell], name: str) -> None:
    assert shell(name).run(RANGES) == shlex.split(RANGES)[1:]
