"""`automl.exceptions`: what may be raised."""

from automl.functions.create import DuplicatedStudyError
from automl.inside.pruned import TrialPruned

__all__ = ["DuplicatedStudyError", "TrialPruned"]
