"""One `optimize` of a script as a study that can be run."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from automl.errors import SpecError
from automl.functions.calls import Call
from automl.functions.found.found import FoundFunction, found_function
from automl.journal.disk.files import replace_file
from automl.journal.folder import StudyFolder
from automl.spelling.spelling import spelled
from automl.studies.prepared import Prepared, prepare

logger = logging.getLogger(__name__)


def prepared_call(
    function: Callable[..., Any],
    folder: StudyFolder,
    keywords: Mapping[str, Any],
    call: Call,
    *,
    kept: str = "",
    unnamed: bool = False,
) -> Prepared:
    """Return the study of a function, checked; a function that cannot be imported is written down.

    Args:
        function: what each trial calls.
        folder: the study's.
        keywords: those of a study, but for the function and where it is.
        call: the `optimize` that runs it.
        kept: what is kept in the study's folder before it begins; empty for nothing.
        unnamed: whether it has the name of the notebook.

    Raises:
        SpecError: the study cannot work, or the function cannot be given to other processes.
    """
    here = os.path.abspath(".")  # noqa: PTH100 - keeps links
    found = found_function(function, here)
    given = {
        **keywords,
        "name": folder.path.name,
        "study_dir": str(folder.path.parent),
        "function": _described(found, folder),
    }
    study = prepare(given, here, what="create_study", unnamed=unnamed)
    for warning in study.warnings:
        logger.warning("%s", warning)
    kept = "a function that cannot be imported" if found.pickled else kept
    if kept and study.fresh:
        raise SpecError(
            f"{spelled('fresh', value=True)} is not for {kept}, which is kept in the study's "
            f"folder; remove that first: automl rm {folder.path.name}",
            place="fresh",
        )
    if found.pickled:
        folder.create()
        path = folder.path / found.file_name
        path.parent.mkdir(exist_ok=True)
        replace_file(path, found.pickled)
        for source in getattr(study.spec.tasks[0], "sources", ()) if found.source else ():
            replace_file(Path(source), found.source.encode(errors="backslashreplace"))
    return replace(study, spec=replace(study.spec, call=call.number, cells=call.cells))


def _described(found: FoundFunction, folder: StudyFolder) -> dict[str, Any]:
    described: dict[str, Any] = {"function": found.function}
    if found.path:
        described["path"] = list(found.path)
    if found.arguments:
        described["arguments"] = list(found.arguments)
    if found.pickled:
        described["pickled"] = str(folder.path / found.file_name)
    return described
