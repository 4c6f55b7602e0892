"""How the end of a study is shown, and how a script ends that was interrupted."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from automl import logs, streams
from automl.aside import FLUSH_S
from automl.journal.folder import StudyFolder
from automl.notebook.words import command_word
from automl.patience import patiently
from automl.show.fitting import Extent
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.telling.conclusion import conclusion
from automl.studies.telling.extent import extent_shown
from automl.studies.telling.folder_size import size_told
from automl.study.ranking.rank import has_value
from automl.study.spec import StudySpec

if TYPE_CHECKING:
    from automl.loop.result import StudyResult

logger = logging.getLogger(__name__)


def show_end(
    spec: StudySpec,
    folder: StudyFolder,
    result: StudyResult,
    table: Callable[[Extent, str], str],
) -> None:
    """Print the table of a study that ended, and how it ended.

    Args:
        spec: the study.
        folder: where it lives.
        result: how it ended.
        table: returns as much of its table as is asked for, and names the file that holds all.
    """
    FROM_TERMINAL.take_in(valued=any(map(has_value, result.trials)))
    told = size_told(spec, folder, leaving=bool(result.signal)) if not result.idle else list
    extent, file = extent_shown(), os.path.relpath(folder.results)
    lines = [
        logs.stamped("INFO", "results:"),
        patiently(lambda: table(extent, file), then="the results are shown"),
        *conclusion(spec, folder, result),
    ]
    # How the study ended is the last line.
    lines[-1:-1] = told()
    show("".join(f"{line}\n" for line in lines), leaving=bool(result.signal))


def show(text: str, *, leaving: bool) -> None:
    """Print a text; what is behind standard output and error decides on no exit code.

    Args:
        text: what.
        leaving: the process was asked to end, and waits for nobody who does not read.
    """
    limit_s = FLUSH_S if leaving else None
    problem = streams.write(sys.stdout, text, limit_s)
    if problem:
        streams.let_go(sys.stdout)
    # Before the warning, as a handler of the program's would wait for whoever reads it.
    if streams.unusable(sys.stderr, 0.0 if leaving else None):
        streams.let_go(sys.stderr)
    if problem:
        logger.warning(
            "the results could not be printed: %s; the study's results.csv has them", problem
        )


class StudyInterrupted(KeyboardInterrupt):
    """The user interrupted a study in an interactive session, and what is told of that was told."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows: where in automl it was is of no use to anybody."""
        return [f"KeyboardInterrupt: {self}"]


def leave(signal_name: str) -> NoReturn:
    """End the script as a signal ends a program, but keep an interactive session."""
    if hasattr(sys, "ps1") or sys.flags.interactive:
        raise StudyInterrupted(f"the study was interrupted; the same {command_word()} goes on")
    raise SystemExit(128 + signal.Signals[signal_name])
