"""What studies of functions are called, and so their folders."""

from automl.errors import SpecError, shown
from automl.functions.words import FunctionWords
from automl.spelling.spelling import spelled_by
from automl.studies.unnamed import script_name
from automl.study.spec import is_folder_name


def checked_name(name: object) -> str:
    """Return the name of a study.

    Raises:
        SpecError: no folder can have it.
    """
    if isinstance(name, str) and is_folder_name(name):
        return name
    raise SpecError(
        f"study_name must be a plain folder name without '/', got {shown(name)}; use study_dir= to "
        "put the study elsewhere",
        place="study_name",
    )


def unnamed(number: int) -> str:
    """Return the name of a study that the user gave none, from 1 in the order of a script."""
    with spelled_by(FunctionWords()):
        found = script_name()
    # What is read from standard input has a name that is no file's.
    name = "study" if found.startswith("<") else found
    return name if number == 1 else f"{name}-{number}"
