"""Programs that start another one, and which of their options take a word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_PYTHON_FILE = re.compile(r"\.pyw?$")
_INTERPRETER = re.compile(r"(^|/)(python|pypy)[\w.]*$|^(\{\{ ?python ?\}\}|<<python>>)$")


@dataclass(frozen=True)
class Wrapper:
    """How a program that starts others is written.

    Attributes:
        verbs: words that must follow its name, before or after its options: `run`, `launch`.
        flags: its options that take no word.
        valued: its options that take one; None where any option that is no flag does.
        words: how many words of its own stand before the program: the time of `timeout`.
        python: whether it takes a Python file itself, without `python` before it.
    """

    verbs: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    valued: frozenset[str] | None = field(default=frozenset())
    words: int = 0
    python: bool = False


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


_TORCHRUN = Wrapper(
    flags=_of("--standalone", "--no-python", "--no_python", "--run-path", "--run_path"),
    valued=None,
    python=True,
)
_PROJECT_RUN = Wrapper(
    ("run",),
    valued=_of("-p", "--python", "--with", "--extra", "--group", "--env-file", "--directory")
    | _of("--project", "--with-requirements", "--with-editable", "-n", "--name", "-e", "-C"),
    python=True,
)
_MPI = Wrapper(flags=_of("--oversubscribe", "--allow-run-as-root", "-v", "-q"), valued=None)

WRAPPERS: Mapping[str, Wrapper] = {
    "nice": Wrapper(valued=_of("-n", "--adjustment")),
    "ionice": Wrapper(valued=_of("-c", "-n", "--class", "--classdata")),
    "nohup": Wrapper(),
    "setsid": Wrapper(),
    "time": Wrapper(valued=_of("-o", "-f", "--output", "--format")),
    "timeout": Wrapper(valued=_of("-s", "-k", "--signal", "--kill-after"), words=1),
    "stdbuf": Wrapper(valued=_of("-i", "-o", "-e", "--input", "--output", "--error")),
    "taskset": Wrapper(words=1),
    "numactl": Wrapper(valued=_of("-m", "-N", "-C", "-i")),
    "catchsegv": Wrapper(),
    "xvfb-run": Wrapper(valued=_of("-s", "-n", "-e", "-f", "-p")),
    "srun": Wrapper(flags=_of("-l", "-v", "-Q", "--exclusive", "--pty"), valued=None),
    "mpirun": _MPI,
    "mpiexec": _MPI,
    "horovodrun": Wrapper(flags=_of("--verbose", "--gloo", "--mpi"), valued=None),
    "torchrun": _TORCHRUN,
    "torch.distributed.run": _TORCHRUN,
    "torch.distributed.launch": _TORCHRUN,
    "accelerate-launch": Wrapper(valued=None, python=True),
    "accelerate": Wrapper(("launch",), valued=None, python=True),
    "accelerate.commands.launch": Wrapper(valued=None, python=True),
    "deepspeed": Wrapper(flags=_of("--no_python", "--no_local_rank"), valued=None, python=True),
    "uv": _PROJECT_RUN,
    "poetry": _PROJECT_RUN,
    "pdm": _PROJECT_RUN,
    "rye": _PROJECT_RUN,
    "hatch": _PROJECT_RUN,
    "pixi": _PROJECT_RUN,
    "pipenv": _PROJECT_RUN,
    "conda": _PROJECT_RUN,
    "mamba": _PROJECT_RUN,
    "micromamba": _PROJECT_RUN,
    "coverage": Wrapper(("run",), valued=_of("--source", "--rcfile"), python=True),
    "kernprof": Wrapper(valued=_of("-o", "-s"), python=True),
    "ipython": Wrapper(valued=frozenset(), python=True),
}
"""By the name of the program, or of the module behind `python -m`."""


def is_interpreter(word: str) -> bool:
    """Tell whether a word starts Python.

    >>> [is_interpreter(word) for word in ("python3.11", "/usr/bin/python", "{{ python }}", "perl")]
    [True, True, True, False]
    """
    return _INTERPRETER.search(word) is not None


def after_wrapper(words: Sequence[str], start: int, wrapper: Wrapper) -> tuple[int, bool]:
    """Return where what a wrapper starts begins, and whether that is the name of a module.

    Args:
        words: a command.
        start: which of its words is the first behind the wrapper's name.
        wrapper: how the wrapper is written.
    """
    left = list(wrapper.verbs)
    own = wrapper.words
    while start < len(words):
        word = words[start]
        if word == "--":
            return start + 1, False
        if word in {"-m", "--module"} and wrapper.python:
            return start + 1, True
        if word.startswith("-"):
            start += 2 if _takes_word(word, words[start + 1 : start + 2], wrapper) else 1
        elif left and word == left[0]:
            left.pop(0)
            start += 1
        elif own:
            own -= 1
            start += 1
        else:
            break
    return start, False


def _takes_word(option: str, following: Sequence[str], wrapper: Wrapper) -> bool:
    """Tell whether the word behind an option of a wrapper is the option's value."""
    if not following or "=" in option or option in wrapper.flags or following[0].startswith("-"):
        return False
    if _PYTHON_FILE.search(following[0]) or is_interpreter(following[0]):
        return False
    return wrapper.valued is None or option in wrapper.valued
