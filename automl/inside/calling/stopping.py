"""The objective of a trial ends the `optimize` that called it: it asks the study to."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from automl.inside.files import append_line

_CONTROL = "control.jsonl"
"""Where a study's folder has requests, one a line; see `automl.journal.control`."""

_calling: list[tuple[str, int]] = []
"""The folder and the number of the trial whose function this process calls."""


@contextmanager
def calling(folder: str, trial: int) -> Iterator[None]:
    """Let the function of a trial ask its study for something meanwhile."""
    _calling.append((folder, trial))
    try:
        yield
    finally:
        _calling.clear()


def stop_study() -> bool:
    """Ask the study to start nothing more; False where this process calls no function for one.

    Raises:
        OSError: the request cannot be written.
    """
    if not _calling:
        return False
    folder, trial = _calling[-1]
    study = os.path.dirname(os.path.dirname(folder))  # noqa: PTH120 - no pathlib here
    # Where the trial is run by hand, nothing listens.
    if os.path.exists(f"{study}/journal.jsonl"):  # noqa: PTH110
        who = {"user": f"trial {trial}", "door": "study.stop()", "pid": os.getpid()}
        asked = {"request": "drain", "trial": trial, "id": os.urandom(8).hex(), "who": who}
        append_line(f"{study}/{_CONTROL}", asked, first="\n")
    return True
