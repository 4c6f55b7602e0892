"""Studies that are on the disk, by Optuna's words: which there are, and how they stand."""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from automl.errors import SpecError
from automl.functions.asking.asking import asking_of
from automl.functions.names.enums import StudyDirection
from automl.functions.names.errors import StudyNotFoundError
from automl.functions.outcomes import Outcomes
from automl.functions.trials.frozen_trial import FrozenTrial
from automl.journal.folder import StudyFolder, place_of
from automl.studies.on_disk.removal import remove
from automl.studies.on_disk.several import studies_in
from automl.studies.study import open_study
from automl.studies.study_file.reading import read_study_file

_OF_A_CALL = {
    "name",
    "study_dir",
    "function",
    "max_parallel",
    "max_trial_num",
    "max_runtime",
    "start_with",
}
"""What of a description is of one `optimize`, or of the folder."""


@dataclass(frozen=True, kw_only=True)
class StudySummary:
    """One study of a folder.

    Attributes:
        study_name: its name.
        directions: what is better, for each objective.
        best_trial: the best of its trials; None where there is none, or there are several
            objectives.
        n_trials: how many it has.
        user_attrs: what was noted of it.
        system_attrs: nothing.
        datetime_start: when its first trial began; None before.
    """

    study_name: str
    directions: list[StudyDirection]
    best_trial: FrozenTrial | None
    n_trials: int
    user_attrs: dict[str, Any]
    system_attrs: dict[str, Any]
    datetime_start: datetime | None

    @property
    def direction(self) -> StudyDirection:
        """What is better.

        Raises:
            RuntimeError: the study has several objectives.
        """
        if len(self.directions) > 1:
            raise RuntimeError("the study has several objectives: read `directions`")
        return self.directions[0]


def stored_folder(name: str | None, study_dir: str | os.PathLike[str] | None) -> StudyFolder:
    """Return the folder of a study; of the only one without a name.

    Raises:
        StudyNotFoundError: there is no such study, or there are several.
    """
    place = place_of(study_dir)
    if name is None:
        names = studies_in(place)
        if len(names) != 1:
            which = f"it has {len(names)}: {', '.join(names[:20])}" if names else "it has none"
            raise StudyNotFoundError(
                f"load_study without study_name is for a folder with one study, and of {place} "
                f"{which}",
                place="study_name",
            )
        name = names[0]
    try:
        return open_study(name, place).folder
    except SpecError as error:
        raise StudyNotFoundError(str(error), place="study_name") from None


def kept_keywords(folder: StudyFolder) -> dict[str, Any]:
    """Return the keywords with which a study was described last, but for those of a call.

    Raises:
        SpecError: its description cannot be read.
    """
    description = read_study_file(folder.spec).description
    return {name: value for name, value in description.items() if name not in _OF_A_CALL}


def get_all_study_names(
    storage: object = None, *, study_dir: str | os.PathLike[str] | None = None
) -> list[str]:
    """Return the names of the studies of a folder.

    Args:
        storage: nothing, as in `create_study`.
        study_dir: where study folders are; `automl_studies` in the current folder.
    """
    del storage
    return sorted(studies_in(place_of(study_dir)))


def get_all_study_summaries(
    storage: object = None,
    include_best_trial: bool = True,  # noqa: FBT001, FBT002 - Optuna's argument
    *,
    study_dir: str | os.PathLike[str] | None = None,
) -> list[StudySummary]:
    """Return what there is to tell of each study of a folder; for the arguments see above.

    Raises:
        AutomlError: one cannot be read.
    """
    place = place_of(study_dir)
    return [
        _summary(StudyFolder(place, name), best=include_best_trial)
        for name in get_all_study_names(storage, study_dir=place)
    ]


def _summary(folder: StudyFolder, *, best: bool) -> StudySummary:
    study = Outcomes(folder, kept_keywords(folder))
    leading = study.best_trials if best and len(study.directions) == 1 else []
    trials = study.trials
    starts = [one.datetime_start for one in trials if one.datetime_start]
    return StudySummary(
        study_name=study.study_name,
        directions=study.directions,
        best_trial=leading[0] if leading else None,
        n_trials=len(trials),
        user_attrs=study.user_attrs,
        system_attrs={},
        datetime_start=min(starts, default=None),
    )


def remove_stored(folder: StudyFolder) -> None:
    """Remove a study, with what this process has asked of it.

    Raises:
        StudyBusyError: it runs.
        AutomlError: a trial of it may still run, or it cannot be removed.
    """
    asking_of(folder).close()
    remove(open_study(folder.path.name, folder.path.parent))
