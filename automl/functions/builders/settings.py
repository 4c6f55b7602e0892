"""With what the models of a study were trained: told where a later run of the script changes it."""

import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from automl.inside.attrs import attrs_in, write_attr
from automl.inside.models.training import Training
from automl.journal.folder import StudyFolder
from automl.spelling.spelling import spelled

logger = logging.getLogger(__name__)

NOTE = "trained_with"
"""What a study notes: all settings that models were trained with; once, those of its last run."""

_OF_DATA = (
    "steps_per_epoch",
    "validation_steps",
    "batch_size",
    "shuffle",
    "data_fraction",
    "seed",
)


def settings_of(training: Training) -> dict[str, Any]:
    """Return what is the same for all models, but for data and functions."""
    own = {name: getattr(training.data, name) for name in _OF_DATA}
    return {"epochs": training.epochs, "final": "best" if training.of_best else "last", **own}


def warn_of_changed(settings: Mapping[str, Any], folder: StudyFolder) -> None:
    """Warn if models that are trained already were trained with other settings."""
    noted = _noted(folder)
    changed = []
    for name, value in settings.items():
        others = dict.fromkeys(
            f"{name}={before[name]!r}"
            for before in noted
            if name in before and before[name] != value
        )
        if others:
            changed.append(f"{' and '.join(others)}, now {value!r}")
    if changed:
        logger.warning(
            "models of this study were trained with %s; they are not trained again, and stand in "
            "the same table. To train all anew, give %s or another %s",
            "; ".join(changed),
            spelled("fresh", value=True),
            spelled("name"),
        )


def keep_settings(settings: Mapping[str, Any], folder: StudyFolder) -> None:
    """Note with what models are trained now; where that cannot be written, nobody misses it."""
    with contextlib.suppress(OSError):
        noted = _noted(folder)
        if settings not in noted:
            write_attr(str(folder.path), NOTE, [*noted, dict(settings)])


def _noted(folder: StudyFolder) -> list[Mapping[str, Any]]:
    found = attrs_in(str(folder.path)).get(NOTE)
    several = found if isinstance(found, list) else [found]
    return [one for one in several if isinstance(one, Mapping)]
