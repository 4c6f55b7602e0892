"""A study whose trials a program asks for, described by its script and by what is on the disk."""

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from automl.errors import SpecError
from automl.inside.asked.objective import ASKED
from automl.journal.folder import StudyFolder
from automl.spelling.spelling import spelled
from automl.studies.on_disk.progress import spec_on_disk
from automl.studies.prepared import Prepared, prepare
from automl.study.limits import NO_LIMIT
from automl.study.spec import StudySpec

logger = logging.getLogger(__name__)


def prepared_asking(folder: StudyFolder, keywords: Mapping[str, Any], *, fresh: bool) -> Prepared:
    """Return the study, checked; what it runs otherwise, and how much of it, stays as it is.

    Args:
        folder: the study's.
        keywords: those of its script, without a function and limits.
        fresh: begin anew; an earlier study in the folder is kept aside.

    Raises:
        SpecError: the study cannot work so.
    """
    there = None if fresh or not folder.spec.is_file() else spec_on_disk(folder)
    given = {
        "max_trial_num": NO_LIMIT,
        "max_parallel": 1,
        "function": ASKED,
        **keywords,
        **(_kept(there) if there else {}),
        "fresh": fresh,
        "name": folder.path.name,
        "study_dir": str(folder.path.parent),
    }
    here = os.path.abspath(".")  # noqa: PTH100 - keeps links
    study = prepare(given, here, what="create_study")
    _check(study.spec, there)
    for warning in study.warnings:
        logger.warning("%s", warning)
    return study


def _kept(there: StudySpec) -> dict[str, Any]:
    """Return what the description of a study that is there says, and its script does not."""
    if not there.of_functions:
        raise SpecError(
            f"ask() is for studies of functions, and the study {there.name!r} runs commands; give "
            f"this one another {spelled('name')}",
            place="name",
        )
    kept: dict[str, Any] = {
        "max_trial_num": there.limits.max_trials,
        "max_parallel": there.limits.max_parallel,
        "max_runtime": there.limits.max_runtime_s,
        # What reads it, the objectives say.
        "function": replace(there.tasks[0], metric_reader=None),  # type: ignore[type-var]
    }
    if not there.space.learnt:
        kept |= {"hyperparams": list(there.space), "rules": list(there.space.rules)}
    return kept


def _check(spec: StudySpec, there: StudySpec | None) -> None:
    """Refuse what would launch a trial again that has no process, and what would read it anew."""
    for name, given in (
        ("budget", spec.budget is not None),
        ("repeats", spec.noise.repeats > 1),
        ("confirm", spec.noise.confirm > 0),
        ("algorithm", spec.trains_population),
    ):
        if given:
            raise SpecError(
                f"ask() gives trials that have one value: {spelled(name)} would launch them again, "
                "so leave it out",
                place=name,
            )
    if there is not None and spec.readings() != there.readings():
        raise SpecError(
            f"the study {spec.name!r} is there with other directions than it is created with now; "
            f"give them as before, or give this one another {spelled('name')}",
            place="direction",
        )
