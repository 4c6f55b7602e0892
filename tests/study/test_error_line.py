"""Which line of a failed program's output is the reason."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.study.error_line import error_line

TRACEBACK = """Traceback (most recent call last):
  File "train.py", line 3, in <module>
    main()
    ~~~~^^
"""


def printed(program: str) -> list[str]:
    """Return what Python prints about a program that fails."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    return done.stderr.splitlines()


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("raise ValueError('boom')", "ValueError: boom"),
        (
            "e = ValueError('boom'); e.add_note('smaller'); e.add_note('or so'); raise e",
            "ValueError: boom",
        ),
        ("raise ValueError('first\\nsecond\\n  third')", "ValueError: first"),
        ("raise ValueError('\\nsecond')", "ValueError: second"),
        ("try: 1 / 0\nexcept Exception as e: raise OSError('o\\nmore') from e", "OSError: o"),
        ("try: 1 / 0\nexcept Exception: {}['k']", "KeyError: 'k'"),
        ("class Stop(BaseException): pass\nraise Stop", "Stop"),
        ("x = (", "SyntaxError: '(' was never closed"),
        (
            "raise ExceptionGroup('all', [ValueError('v'), KeyError('k')])",
            "ExceptionGroup: all (2 sub-exceptions): ValueError: v",
        ),
        ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded"),
        (
            "class A:\n def __del__(self): 1 / 0\na = A()\nraise ValueError('real')",
            "ValueError: real",
        ),
        (
            "import sys, atexit\natexit.register(sys.stderr.write, 'bye')\nraise KeyError(1)",
            "KeyError: 1",
        ),
        (
            "import faulthandler, os\nfaulthandler.enable()\nos.kill(os.getpid(), 11)",
            "Fatal Python error: Segmentation fault",
        ),
        (
            "import logging\ntry: 1 / 0\nexcept Exception: logging.exception(1)\nraise OSError(1)",
            "OSError: 1",
        ),
    ],
)
def test_python_tells_by_the_exception_that_ended_it(program: str, expected: str) -> None:
    assert error_line(printed(program)) == expected


OTHERS = r"""
[rank0]: Traceback (most recent call last):
[rank0]:   File "a.py", line 1, in f
> [rank0]: RuntimeError: CUDA error: device-side assert
[rank0]: For debugging consider passing CUDA_LAUNCH_BLOCKING=1
---
    main()
  File "a.py", line 9, in f
    g()
> my.Odd: the header is further up than anybody looked
see the docs
---
╭─ Traceback (most recent call last) ─╮
│ raise OSError                       │
╰─────────────────────────────────────╯
> OSError: gone
bye
---
Traceback (most recent call last):
  File "a.py", line 1, in f
OSError: retried
epoch 2
> run.sh: line 1:  123 Killed   python train.py
---
usage: train [-h]
> train: error: argument --lr: invalid float value: 'x'
---
> Error: No such option: --foo
Try 'train --help'
---
> a.c:3:1: error: expected ';'
    3 | }
make: *** [Makefile:2: all] Error 1
---
/a.js:3
throw new Error('boom')
^
> Error: boom
    at f (/a.js:3:7)
Node.js v20
---
> Error in f(x) : object 'y' not found
Calls: f
Execution halted
---
> Error in a_long_call(x) :
>   no such thing
Execution halted
---
> ERROR: LoadError: UndefVarError: `x` not defined
Stacktrace:
---
> thread 'main' panicked at src/main.rs:2:5:
> index out of bounds
note: run with `RUST_BACKTRACE=1`
---
> panic: boom
goroutine 1 [running]:
exit status 2
---
> terminate called after throwing an instance of 'E'
>   what():  boom
Aborted (core dumped)
---
> Exception in thread "main" java.io.IOException: no
	at A.main(A.java:3)
---
> a.out: x.c:3: main: Assertion `x > 0' failed.
Aborted
---
> run.sh: line 3: trian: command not found
cleaning up
---
> sh: 1: trian: not found
bye
---
> fatal: not a git repository
bye
---
> 2026-01-01 10:00:00 [ERROR] no data
2026-01-01 10:00:01 [INFO] bye
---
epoch 1
> Segmentation fault (core dumped)
bye
"""


@pytest.mark.parametrize("case", OTHERS.split("---\n"))
def test_other_programs_tell_by_their_first_word_of_an_error(case: str) -> None:
    shown = case.strip("\n").splitlines()
    expected = [line[2:].strip() for line in shown if line.startswith("> ")]
    assert error_line([line.removeprefix("> ") for line in shown]) == " ".join(expected)


def test_colours_are_no_part_of_it() -> None:
    shown = [
        "\x1b[31mTraceback (most recent call last):\x1b[0m",
        '  File "\x1b[35ma.py\x1b[0m", line \x1b[35m1\x1b[0m, in f',
        "\x1b[1;35mValueError\x1b[0m: \x1b[35mboom\x1b[0m",
        "bye",
    ]
    assert error_line(shown) == "ValueError: boom"


@pytest.mark.parametrize(
    "line",
    [
        "error: 0.25", "test error: 3", "Error: 1e-3", "val_error=0.1", "0 errors, 3 warnings",
        "mean squared error: nan", "epoch 3: loss 0.1", "Killed processes: 0", "ErrorRate 0.3",
        "UserWarning: lr is large", "",
    ],
)  # fmt: skip
def test_a_metric_called_error_tells_nothing(line: str) -> None:
    assert error_line([line, "done"]) == ""


lines = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=8)


@given(lines, st.sampled_from(["", "wandb: done", "  note", "KeyError", '  File "x", line 3']))
def test_what_is_printed_before_or_behind_a_traceback_does_not_matter(
    before: list[str], behind: str
) -> None:
    shown = [*before, *TRACEBACK.splitlines(), "OSError: gone"]
    assert error_line(shown) == "OSError: gone"
    assert error_line([*shown, behind]) == "OSError: gone"


@given(
    st.lists(
        st.text(max_size=40)
        | st.sampled_from([*TRACEBACK.splitlines(), "E:", "Error:", "| X: y", "Killed"])
    )
)
def test_the_reason_is_made_of_what_was_printed(shown: list[str]) -> None:
    found = error_line(shown)
    assert found == error_line(shown)
    assert "\x1b[" not in found or all("\x1b[" in line for line in shown if found in line)
    assert not found or len(found) <= sum(len(line) + 2 for line in shown)
