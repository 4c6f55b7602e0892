"""Tune the hyperparameters of any command; start at `automl.hpo`. Of functions: `create_study`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from automl.functions.choices import pruners as pruners
    from automl.functions.choices import samplers as samplers
    from automl.functions.create import DuplicatedStudyError as DuplicatedStudyError
    from automl.functions.create import create_study as create_study
    from automl.functions.frozen_trial import FrozenTrial as FrozenTrial
    from automl.functions.frozen_trial import TrialState as TrialState
    from automl.functions.names import exceptions as exceptions
    from automl.functions.names import trial as trial
    from automl.functions.study import Study as Study
    from automl.hpo.check import check as check
    from automl.inside.pruned import TrialPruned as TrialPruned
    from automl.inside.trial import Trial as Trial

__version__ = "0.1.0"

_PLACES = {
    "DuplicatedStudyError": "functions.create",
    "FrozenTrial": "functions.frozen_trial",
    "Study": "functions.study",
    "Trial": "inside.trial",
    "TrialPruned": "inside.pruned",
    "TrialState": "functions.frozen_trial",
    "check": "hpo.check",
    "create_study": "functions.create",
}
"""What this package gives once it is asked for, and where it is."""

_MODULES = {
    "exceptions": "functions.names.exceptions",
    "pruners": "functions.choices.pruners",
    "samplers": "functions.choices.samplers",
    "trial": "functions.names.trial",
}
"""The modules with Optuna's names."""

_AGAIN = {
    "Study": "StudyStandIn",
    "create_study": "create_study",
    "pruners": "UNUSED",
    "samplers": "UNUSED",
}
"""What a script gets in their place that is imported for a trial, and is not to run its study."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    if name not in _PLACES and name not in _MODULES:
        raise AttributeError(f"module 'automl' has no attribute {name!r}")
    # Only now: `import automl` loads nothing.
    from importlib import import_module  # noqa: PLC0415

    if name in _AGAIN:
        again = import_module("automl.inside.calling.importing").imported_again()
        if again:
            return getattr(import_module("automl.inside.stand_in"), _AGAIN[name])
    if name in _MODULES:
        return import_module(f"automl.{_MODULES[name]}")
    return getattr(import_module(f"automl.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES, *_MODULES})
