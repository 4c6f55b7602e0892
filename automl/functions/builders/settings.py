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
"""What a study notes: the settings of its last run."""

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
    before = attrs_in(str(folder.path)).get(NOTE)
    if not isinstance(before, Mapping):
        return
    changed = [
        f"{name}={before[name]!r}, now {value!r}"
        for name, value in settings.items()
        if name in before and before[name] != value
    ]
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
        if attrs_in(str(folder.path)).get(NOTE) != settings:
            write_attr(str(folder.path), NOTE, dict(settings))
