"""How an error of automl that a script does not catch is shown: by the script's own lines."""

import sys
from types import TracebackType

from automl import streams
from automl.errors import AutomlError, brief_lines


def ensure_brief_errors() -> None:
    """Show an uncaught error of automl without the lines of automl from now on.

    Its message says what to do, and where in the script that is. All other errors are shown as
    before. Does nothing where the program or a debugger shows errors its own way, and under
    `python -X dev`; IPython asks the error itself.
    """
    if sys.excepthook is sys.__excepthook__ and not sys.flags.dev_mode:
        sys.excepthook = _show


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    lines = brief_lines(error) if isinstance(error, AutomlError) else []
    if lines:
        streams.write(sys.stderr, "".join(lines))
    else:
        sys.__excepthook__(kind, error, trace)
