"""Tune the hyperparameters of any command; start at `automl.hpo`. Of functions: `create_study`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from automl import distributions as distributions
    from automl import exceptions as exceptions
    from automl import logging as logging
    from automl import pruners as pruners
    from automl import samplers as samplers
    from automl import study as study
    from automl import trial as trial
    from automl.functions.builders.tune import tune as tune
    from automl.functions.builders.tuned import Tuned as Tuned
    from automl.functions.names.errors import DuplicatedStudyError as DuplicatedStudyError
    from automl.hpo.check import check as check
    from automl.inside.models.grid import Grid as Grid
    from automl.inside.models.grid import grid as grid
    from automl.inside.pruned import TrialPruned as TrialPruned
    from automl.inside.scripts.params import params as params
    from automl.inside.scripts.reporting import report as report
    from automl.study import Study as Study
    from automl.study import create_study as create_study
    from automl.trial import FrozenTrial as FrozenTrial
    from automl.trial import Trial as Trial
    from automl.trial import TrialState as TrialState

__version__ = "0.1.0"

_PLACES = {
    "DuplicatedStudyError": "functions.names.errors",
    "FrozenTrial": "functions.trials.frozen_trial",
    "Grid": "inside.models.grid",
    "Study": "functions.study",
    "Trial": "inside.trial",
    "TrialPruned": "inside.pruned",
    "TrialState": "functions.names.enums",
    "Tuned": "functions.builders.tuned",
    "check": "hpo.check",
    "create_study": "functions.create",
    "create_trial": "functions.trials.created",
    "delete_study": "functions.create",
    "get_all_study_names": "functions.stored",
    "get_all_study_summaries": "functions.stored",
    "grid": "inside.models.grid",
    "load_study": "functions.create",
    "params": "inside.scripts.params",
    "report": "inside.scripts.reporting",
    "tune": "functions.builders.tune",
}
"""What this package gives once it is asked for, and where it is."""

_MODULES = (
    "distributions",
    "exceptions",
    "logging",
    "pruners",
    "samplers",
    "study",
    "trial",
)
"""Its modules with Optuna's names, which are there without an import of their own."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    # Only now: `import automl` loads nothing.
    from importlib import import_module  # noqa: PLC0415

    if name in _MODULES:
        return import_module(f"automl.{name}")
    return import_module("automl.functions.names.given").given("automl", name, _PLACES)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES, *_MODULES})
