"""One call of a function: what it gives, or why it gives nothing, is written down."""

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

from automl.inside.calling.numbers import returned_numbers
from automl.inside.calling.stopping import calling
from automl.inside.calling.words import CELL, Call
from automl.inside.outcome import COMPLETED, FAILED, PRUNED, CallOutcome, write_outcome
from automl.inside.pruned import TrialPruned
from automl.inside.reports import Report, write_report
from automl.inside.trial import Trial

KEPT_LINES = 30
"""So many last lines of a traceback are kept beside the log, which has it all."""

KEPT_CHARS = 2000
"""So much of what an exception says is kept."""


def call_function(
    loaded: Callable[[], Callable[..., Any]],
    call: Call,
    trial: Trial | None = None,
    *,
    tells_code: bool = False,
) -> int:
    """Call a function for a trial; return the exit code of the process that did.

    Whatever is raised, also by `sys.exit()`, is written down as this trial's failure.

    Args:
        loaded: gives the function.
        call: what is asked for.
        trial: what it is called with, if that was made already.
        tells_code: its outcome is to tell the exit code too.
    """
    process = os.getpid()
    try:
        with calling(call.folder, call.trial):
            returned = loaded()(trial or Trial(call))
        outcome = CallOutcome(COMPLETED, code=0 if tells_code else None)
        numbers = returned_numbers(returned, call.values) if os.getpid() == process else []
    except BaseException as error:  # noqa: BLE001 - it is what is written down
        numbers = []
        outcome = outcome_of(error)
        if outcome.state == FAILED:
            _print(error)
    if os.getpid() != process:
        # A fork that the function made and that came back here too: it is none of the trial's.
        return 0 if outcome.state == COMPLETED else 1
    for name, number in zip(call.values, numbers, strict=False):
        write_report(call.folder, Report(name, number, final=True))
    code = 1 if outcome.state == FAILED else 0
    known = outcome.code == code or not tells_code
    write_outcome(call.folder, outcome if known else outcome._replace(code=code))
    return code


def outcome_of(error: BaseException) -> CallOutcome:
    """Return what is told of an exception that a function raised."""
    name = type(error).__name__
    try:
        message = str(error)[:KEPT_CHARS]
    except Exception:  # noqa: BLE001 - of a user's own class
        message = ""
    if isinstance(error, TrialPruned) or name == "TrialPruned":
        # Also Optuna's own, of a script that imports both.
        return CallOutcome(PRUNED, message=message)
    return CallOutcome(FAILED, name, message, tuple(_lines(error)[-KEPT_LINES:]), _place(error))


def _place(error: BaseException) -> str:
    """Return where in the user's code an exception came from, else where it came from at all."""
    frames, found = _without_ours(error.__traceback__), ""
    library = os.path.dirname(os.__file__)  # noqa: PTH120 - no pathlib here
    while frames:
        path = frames.tb_frame.f_code.co_filename
        nowhere = path.startswith("<") and path != CELL
        theirs = nowhere or path.startswith(library) or "site-packages" in path or _is_ours(path)
        if not (theirs and found):
            found = f"{os.path.basename(path)}, line {frames.tb_lineno}"  # noqa: PTH119
        frames = frames.tb_next
    return found


def _print(error: BaseException) -> None:
    try:
        print("\n".join(_lines(error)), file=sys.stderr, flush=True)  # noqa: T201 - the trial's log
    except (OSError, ValueError, AttributeError):
        return  # The function closed or replaced it, or the disk is full; the outcome tells.


def _lines(error: BaseException) -> list[str]:
    """Return a traceback without our own part of it."""
    import traceback  # noqa: PLC0415 - takes milliseconds, and most calls need none

    frames = _without_ours(error.__traceback__)
    shown = traceback.format_exception(type(error), error, frames)
    return "".join(shown).rstrip("\n").split("\n")


def _without_ours(frames: TracebackType | None) -> TracebackType | None:
    """Return what of a traceback lies below our own part of it."""
    while frames and _is_ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return frames


def _is_ours(path: str) -> bool:
    return "automl/inside/" in path.replace(os.sep, "/")
