"""`open_study`: a study on disk, running or not, to read and to ask things of."""

import os

from automl import logs
from automl.studies import study


def open_study(name: str, study_dir: str | os.PathLike[str] | None = None) -> study.Study:
    """Return a study on disk.

    Args:
        name: the study's name, which is its folder's.
        study_dir: where study folders are; `automl_studies` in the current directory.

    Raises:
        SpecError: there is none of that name; the message names those that there are.
    """
    logs.ensure_handler()
    return study.open_study(name, study_dir)
