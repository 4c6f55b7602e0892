"""What stands for the objective of a study whose trials a program asks for."""

from typing import NoReturn

ASKED = "automl.inside.asked.objective:objective"
"""Its name as a study describes it."""


def objective(trial: object) -> NoReturn:
    """Tell that there is nothing to call.

    Raises:
        RuntimeError: always.
    """
    raise RuntimeError(
        f"{trial} is a program's, which asked for it by `study.ask()` and told its value by "
        "`study.tell()`: there is no function to call"
    )
