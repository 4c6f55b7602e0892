"""What `tune` found: the ranked table, the best options, and the model trained with them."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from automl.errors import SpecError
from automl.functions.study import Study
from automl.functions.trials.frozen_trial import FrozenTrial
from automl.inside.models.training import CHECKPOINT, KEPT_EPOCH, NOT_SAVED, Training
from automl.inside.ranges import as_json, categorical_range, place_of
from automl.studies.study import Study as StudyOnDisk

if TYPE_CHECKING:
    from automl.show.table import Table

logger = logging.getLogger(__name__)


class Tuned:
    """What a study of models found; it is read from the study's folder when it is asked for.

    Args:
        study: the study.
        training: what its trials did.

    Attributes:
        study: as above.
        metric: what models are ranked by.
        direction: what is better, `minimize` or `maximize`.
    """

    def __init__(self, study: Study, training: Training) -> None:
        self.study = study
        self.metric = training.metric
        self.direction = training.direction
        self._options = training.options

    def __repr__(self) -> str:
        return f"Tuned(study_name={self.study.study_name!r}, metric={self.metric!r})"

    @property
    def table(self) -> Table:
        """A row for each model, the best first."""
        return StudyOnDisk(self.study.folder).results

    @property
    def trials(self) -> list[FrozenTrial]:
        """The models in the order in which they were begun, with their metric by epoch."""
        return self.study.trials

    @property
    def best_trial(self) -> FrozenTrial:
        """The best model's trial.

        Raises:
            ValueError: no model was trained to its end.
        """
        return self.study.best_trial

    @property
    def best_value(self) -> float:
        """The metric of the best model; raises as `best_trial`."""
        return self.study.best_value

    @property
    def best_params(self) -> dict[str, Any]:
        """The options of the best model, as they were given; raises as `best_trial`."""
        choices = self._options.choices
        return {
            name: _given(choices[name], value) for name, value in self.study.best_params.items()
        }

    def best_model(self, **options: Any) -> Any:  # noqa: ANN401 - a model of Keras
        """Return the best model, loaded from what was kept of it.

        A warning tells if another epoch of it was kept than the one that `best_value` is of.

        Args:
            options: those of `keras.models.load_model`, such as `custom_objects`.

        Raises:
            ValueError: no model was trained to its end.
            SpecError: the best one was not kept; its training can be run again.
        """
        trial = self.best_trial
        path = f"{trial.dir}/checkpoint/{CHECKPOINT}"
        if not os.path.isfile(path):  # noqa: PTH113 - a path as text, as Keras wants it
            why = trial.user_attrs.get(NOT_SAVED)
            reason = f"it could not be written: {why}" if why else f"there is no {path}"
            raise SpecError(
                f"the best model, of trial {trial.number}, was not kept: {reason}. Build it with "
                "best_params and train it again"
            )
        _warn_of_other_epoch(trial)
        import keras  # noqa: PLC0415 - loads for seconds

        return keras.models.load_model(path, **options)


def _warn_of_other_epoch(trial: FrozenTrial) -> None:
    """Warn if the model that was kept has another value than the trial, as of another metric."""
    kept, by_epoch = trial.user_attrs.get(KEPT_EPOCH), trial.intermediate_values
    ranked = [epoch for epoch, value in by_epoch.items() if value == trial.value]
    if kept is None or kept in ranked or not ranked:
        return
    logger.warning(
        "the model of trial %s was kept after epoch %s, and is not that of best_value, which is of "
        "epoch %s: it was trained with another metric=, direction= or final=. Build it with "
        "best_params and train it again, or give fresh=True to train all anew",
        trial.number,
        kept,
        ranked[0],
    )


def shown_params(params: Mapping[str, Any]) -> str:
    """Return options as a dictionary is printed; functions and the like by their names.

    >>> shown_params({"lr": 0.1, "make": dict.get, "layers": (64, 32)})
    "{'lr': 0.1, 'make': dict.get, 'layers': (64, 32)}"
    """
    told = {
        name: as_json(value) if callable(value) else repr(value) for name, value in params.items()
    }
    return "{" + ", ".join(f"{name!r}: {value}" for name, value in told.items()) + "}"


def _given(choices: Any, value: Any) -> Any:  # noqa: ANN401 - any values
    """Return the user's own object that stands in the table by its name."""
    listed = list(choices)
    place = place_of(value, categorical_range(listed).choices)
    return value if place is None else listed[place]
