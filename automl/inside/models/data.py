"""The data that all models of a study are fed with."""

from dataclasses import dataclass
from typing import Any

from automl.inside.models.batches import Cut, Source, batches_of_pass, source_of

TRAIN, VALIDATION = "train", "validation"


@dataclass(frozen=True, kw_only=True)
class Data:
    """What models are trained and validated with.

    Attributes:
        train: as the user gives it.
        validation: the same; None: without one.
        steps_per_epoch: how many batches a model gets in an epoch; None: those of one pass.
        validation_steps: the same for the validation.
        batch_size: how many rows of arrays are a batch.
        shuffle: whether the rows of arrays are shuffled, for each pass anew.
        data_fraction: which share of the rows of arrays is trained on; None: all.
        stratify: whether each class has that share: True by the targets, or a class for each row.
        seed: what is random follows from it, so that it is the same for each model.
    """

    train: Any
    validation: Any = None
    steps_per_epoch: int | None = None
    validation_steps: int | None = None
    batch_size: int = 32
    shuffle: bool = True
    data_fraction: float | None = None
    stratify: Any = False
    seed: int = 0

    def training(self) -> tuple[Source, int]:
        """Return the batches that a model is trained on, and how many an epoch has.

        Raises:
            TypeError, ValueError: they cannot be gone through again and again, are none, or their
                number is not known.
            Exception: whatever the user's function raises.
        """
        cut = Cut(self.batch_size, self.seed, self.shuffle, self.data_fraction, self.stratify)
        source = source_of(TRAIN, self.train, cut)
        if self.data_fraction is not None and source.rows is None:
            raise ValueError(
                "data_fraction= takes a share of the rows of arrays, and train gives batches; give "
                "arrays (x, y), or fewer steps_per_epoch="
            )
        return source, self.steps_per_epoch or batches_of_pass(source, "steps_per_epoch")

    def validating(self) -> tuple[Source, int] | None:
        """Return the same of the validation, None without one; raises as `training`."""
        if self.validation is None:
            return None
        source = source_of(VALIDATION, self.validation, Cut(self.batch_size))
        return source, self.validation_steps or batches_of_pass(source, "validation_steps")
