"""Processes of ours that work aside: each answers on its pipes, and ends with this one."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from automl.study.launch import OWN_VARIABLES

_PROGRAM = "import sys; sys.path.append(sys.argv.pop()); from {module} import main; main()"
_ROOT = str(Path(__file__).resolve().parents[3])


def begun(
    module: str, options: Sequence[str], words: Sequence[str] = (), pass_fds: Sequence[int] = ()
) -> "subprocess.Popen[bytes]":
    """Return a process whose two pipes are open.

    Args:
        module: whose `main` it calls, with the number of this process as its first word.
        options: those of Python.
        words: what `main` gets besides.
        pass_fds: open files that it gets.

    Raises:
        OSError: it cannot be started now.
    """
    program = [sys.executable, *options, "-c", _PROGRAM.format(module=module)]
    return subprocess.Popen(
        [*program, str(os.getpid()), *words, _ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=pass_fds,
        # It is of no trial, even if this controller is, and keeps no folder in use.
        env={name: text for name, text in os.environ.items() if name not in OWN_VARIABLES},
        cwd="/",
        # A terminal's Ctrl-C is not for it.
        process_group=0,
    )


def end(child: "subprocess.Popen[bytes]") -> None:
    """Kill it; nothing is left of it."""
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):
            pipe.close()  # type: ignore[union-attr]
