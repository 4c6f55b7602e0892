"""A script that describes studies, run or looked at, with options that override it."""

import os
import runpy
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.spellings.beside import Beside
from automl.errors import AutomlError, SpecError
from automl.spelling.script import Script
from automl.spelling.spelling import spelled_by
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.prepared import Prepared

T = TypeVar("T")


class _TakenError(BaseException):
    """Ends a script whose study was taken; no error that a script would catch."""


def run_script(path: str, keywords: Mapping[str, Any], *, quiet: bool) -> int:
    """Run a script and return the exit code: whether a trial of its studies has a value.

    Args:
        path: the script.
        keywords: what replaces those that it gives to `AutoTuner`.
        quiet: print a line for each trial.

    Raises:
        SpecError: it is no script of studies.
        AutomlError: as it raises it; the message names its line.
    """
    FROM_TERMINAL.begin(keywords, quiet=quiet)
    _run(path)
    if not FROM_TERMINAL.ended:
        raise SpecError(_RAN_NONE.format(path=path))
    return WELL if FROM_TERMINAL.valued else WITHOUT_VALUE


def first_study(path: str, keywords: Mapping[str, Any], take: Callable[[Prepared], T]) -> T:
    """Run a script up to the first study that it would run; return what is made of that study.

    Args:
        path: the script.
        keywords: what replaces those that it gives to `AutoTuner`.
        take: takes the study where the script would run it, and the script ends there.

    Raises:
        SpecError: it is no script of studies.
        AutomlError: as it raises it; the message names its line.
    """
    taken: list[T] = []

    def instead(study: Prepared) -> NoReturn:
        if not taken:
            taken.append(take(study))
        raise _TakenError

    FROM_TERMINAL.begin(keywords, quiet=False)
    FROM_TERMINAL.instead = instead
    try:
        with suppress(_TakenError):
            _run(path)
    finally:
        FROM_TERMINAL.instead = None
    if not taken:
        raise SpecError(_RAN_NONE.format(path=path))
    return taken[0]


_RAN_NONE = "{path} ended without running a study; it must call fit() or optimize()"


def _run(path: str) -> None:
    """Run a script as Python does; its errors name its line."""
    if "automl" not in Path(path).read_text(encoding="utf-8", errors="replace"):
        raise SpecError(
            f"{path} describes no study, as it does not import automl; to tune it: "
            f"automl run --maximize NAME -p --OPTION=LOW..HIGH -- python {path}"
        )
    before = sys.argv, list(sys.path)
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))  # noqa: PTH100, PTH120 - as Python
    try:
        with spelled_by(Beside(Script())):
            runpy.run_path(path, run_name="__main__")
    except AutomlError as error:
        error.args = (f"{path}{_line(error, path)}: {error}",)
        raise
    finally:
        sys.argv, sys.path[:] = before
        FROM_TERMINAL.keywords, FROM_TERMINAL.quiet = {}, False


def _line(error: AutomlError, path: str) -> str:
    """Return which line of the script led to an error."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == path]
    return f", line {lines[-1]}" if lines else ""
