"""`python -m automl.inside.call`: calls a function for one trial of a study.

Run by hand, by `sh trial.sh`, it leaves the trial's files alone and prints what they would get.
"""

import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from automl.inside.calling.function import call_function
from automl.inside.calling.importing import begin_again
from automl.inside.calling.loading import load
from automl.inside.calling.words import Call, call_of
from automl.inside.files import PARAMS, PROPOSED, REPORTS
from automl.inside.marks import MARK_VARIABLE, TRIAL_DIR_VARIABLE
from automl.inside.trial import Trial


def main(words: Sequence[str]) -> int:
    """Call the function that words name; return the exit code."""
    call = call_of(words)
    begin_again()
    tell_where_it_is()
    _end_own_silently()
    if not os.environ.get(MARK_VARIABLE):
        return _by_hand(call)
    # For `automl.report`, here and in processes that the function starts.
    os.environ[TRIAL_DIR_VARIABLE] = call.folder
    return call_function(partial(load, call.target), call)


def call_loaded(function: Callable[..., Any], call: Call, trial: Trial) -> int:
    """Call a function that was loaded before this process was forked; return the exit code.

    The call tells that itself, too: who forked it may be killed before it could.
    """
    _end_own_silently()
    return call_function(lambda: function, call, trial, tells_code=True)


def tell_where_it_is() -> None:
    """Let the log tell where the function was when it crashed, or was stopped as it hung."""
    try:
        faulthandler.enable()
        _tell_when_stopped()
    except (OSError, ValueError, RuntimeError, AttributeError):
        return  # There is no standard error, or no such signal.


def _end_own_silently() -> None:
    """Let the function end processes of its own, which is no crash; even at once."""
    os.register_at_fork(before=_stopped_silently, after_in_parent=_tell_when_stopped)


def _tell_when_stopped() -> None:
    faulthandler.register(signal.SIGTERM, chain=True)


def _stopped_silently() -> None:
    faulthandler.unregister(signal.SIGTERM)


def _by_hand(call: Call) -> int:
    """Call it with the trial's values in a folder of its own."""
    import shutil  # noqa: PLC0415 - only here
    import tempfile  # noqa: PLC0415

    folder = tempfile.mkdtemp(prefix=f"trial-{call.trial}-")
    for name in (PARAMS, PROPOSED):
        if os.path.exists(f"{call.folder}/{name}"):  # noqa: PTH110 - no pathlib here
            shutil.copy(f"{call.folder}/{name}", folder)
    code = call_function(partial(load, call.target), call._replace(folder=folder))
    reports = f"{folder}/{REPORTS}"
    if os.path.exists(reports):  # noqa: PTH110
        with open(reports, encoding="utf-8") as file:  # noqa: PTH123
            sys.stdout.write(file.read())
    sys.stdout.write(f"what the trial wrote is in {folder}\n")
    return code


def leave(code: int) -> NoReturn:
    """End the process at once: no thread that the function left, and no child, holds it up."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue  # The function closed it.
    os._exit(code)


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
