"""The Python door: `from automl.hpo import *` gives all that a study's script needs."""

from automl.hpo import (
    algorithm,
    budget,
    earlystop,
    hyperparam,
    objective,
    pruner,
    reader,
    task,
)
from automl.hpo.on_disk import open_study
from automl.hpo.tuner import AutoTuner

__all__ = [
    "AutoTuner",
    "algorithm",
    "budget",
    "earlystop",
    "hyperparam",
    "objective",
    "open_study",
    "pruner",
    "reader",
    "task",
]
