"""Whether the controller wants a trial to end early; the trial's process looks, and never waits."""

import os

from automl.inside.files import VERDICT, replace_whole


def write_verdict(folder: str, reason: str) -> None:
    """Tell the process of a trial that it is to end.

    Raises:
        OSError: it cannot be written.
    """
    replace_whole(f"{folder}/{VERDICT}", reason + "\n")


def is_to_end(folder: str) -> bool:
    """Tell whether the controller wants the trial to end, as far as it has said by now."""
    return os.path.exists(f"{folder}/{VERDICT}")  # noqa: PTH110 - asked at each step
