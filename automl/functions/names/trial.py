"""`automl.trial`: what trials are."""

from automl.functions.frozen_trial import FrozenTrial, TrialState
from automl.inside.trial import Trial

__all__ = ["FrozenTrial", "Trial", "TrialState"]
