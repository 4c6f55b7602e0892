"""Optuna's pruners by their names, also for `from automl.pruners import MedianPruner`."""

from typing import TYPE_CHECKING, Any

from automl.functions.names.given import given

if TYPE_CHECKING:
    from automl.functions.choices.pruners import BasePruner as BasePruner
    from automl.functions.choices.pruners import HyperbandPruner as HyperbandPruner
    from automl.functions.choices.pruners import MedianPruner as MedianPruner
    from automl.functions.choices.pruners import NopPruner as NopPruner
    from automl.functions.choices.pruners import PatientPruner as PatientPruner
    from automl.functions.choices.pruners import PercentilePruner as PercentilePruner
    from automl.functions.choices.pruners import SuccessiveHalvingPruner as SuccessiveHalvingPruner
    from automl.functions.choices.pruners import ThresholdPruner as ThresholdPruner
    from automl.functions.choices.pruners import WilcoxonPruner as WilcoxonPruner

__all__ = [
    "BasePruner",
    "HyperbandPruner",
    "MedianPruner",
    "NopPruner",
    "PatientPruner",
    "PercentilePruner",
    "SuccessiveHalvingPruner",
    "ThresholdPruner",
    "WilcoxonPruner",
]

_PLACES = dict.fromkeys(__all__, "functions.choices.pruners")


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    return given(__name__, name, _PLACES)


def __dir__() -> list[str]:
    return list(__all__)
