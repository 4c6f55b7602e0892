"""How an error of automl that a script does not catch is shown: by the script's own lines."""

import sys
import traceback
from pathlib import Path
from types import TracebackType

from automl import streams
from automl.errors import AutomlError

_OURS = str(Path(__file__).parent) + "/"


def ensure_brief_errors() -> None:
    """Show an uncaught error of automl without the lines of automl from now on.

    Its message says what to do, and where in the script that is. All other errors are shown as
    before. Does nothing where the program, a debugger or a notebook shows errors its own way, and
    under `python -X dev`.
    """
    if sys.excepthook is sys.__excepthook__ and not sys.flags.dev_mode:
        sys.excepthook = _show


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    lines = _lines(error, trace) if isinstance(error, AutomlError) else []
    if lines:
        streams.write(sys.stderr, "".join(lines))
    else:
        sys.__excepthook__(kind, error, trace)


def _lines(error: AutomlError, trace: TracebackType | None) -> list[str]:
    """Return the lines of a traceback, those of automl left out; empty if no other is left."""
    frames: list[traceback.FrameSummary] = []
    within = False
    for frame in traceback.extract_tb(trace):
        # What Python makes for a class of values has no file.
        made = within and frame.filename == "<string>"
        within = made or frame.filename.startswith(_OURS)
        if not within:
            frames.append(frame)
    if not frames:
        return []
    return [
        "Traceback (most recent call last):\n",
        *traceback.format_list(frames),
        *traceback.format_exception_only(error),
    ]
