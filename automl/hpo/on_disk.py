"""`open_study`: a study on disk, running or not, to read and to ask things of."""

import os
from typing import overload

from automl import logs
from automl.brief_errors import ensure_brief_errors
from automl.studies.on_disk.several import Studies, find_study
from automl.studies.study import Study


@overload
def open_study(name: str, study_dir: str | os.PathLike[str] | None = None) -> Study: ...
@overload
def open_study(
    name: None = None, study_dir: str | os.PathLike[str] | None = None
) -> Study | Studies: ...


def open_study(
    name: str | None = None, study_dir: str | os.PathLike[str] | None = None
) -> Study | Studies:
    """Return a study on disk.

    Args:
        name: the study's name, which is its folder's. Without one: the study that the folder holds,
            or where it holds several, all of them by name; `print` lists them.
        study_dir: where study folders are; `automl_studies` in the current directory.

    Raises:
        SpecError: there is none of that name; the message names those that there are.
    """
    ensure_brief_errors()
    logs.ensure_handler()
    return find_study(name, study_dir)
