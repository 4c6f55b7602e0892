"""What trials are, by Optuna's names."""

from typing import TYPE_CHECKING, Any

from automl.functions.names.given import given

if TYPE_CHECKING:
    from automl.functions.names.enums import TrialState as TrialState
    from automl.functions.trials.created import create_trial as create_trial
    from automl.functions.trials.fixed_trial import FixedTrial as FixedTrial
    from automl.functions.trials.frozen_trial import FrozenTrial as FrozenTrial
    from automl.inside.trial import Trial as Trial

__all__ = [
    "FixedTrial",
    "FrozenTrial",
    "Trial",
    "TrialState",
    "create_trial",
]

_PLACES = {
    "FixedTrial": "functions.trials.fixed_trial",
    "FrozenTrial": "functions.trials.frozen_trial",
    "Trial": "inside.trial",
    "TrialState": "functions.names.enums",
    "create_trial": "functions.trials.created",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    return given(__name__, name, _PLACES)


def __dir__() -> list[str]:
    return list(__all__)
