"""Optuna's samplers by their names, also for `from automl.samplers import TPESampler`."""

from typing import TYPE_CHECKING, Any

from automl.functions.names.given import given

if TYPE_CHECKING:
    from automl.functions.choices.samplers import BaseSampler as BaseSampler
    from automl.functions.choices.samplers import BruteForceSampler as BruteForceSampler
    from automl.functions.choices.samplers import CmaEsSampler as CmaEsSampler
    from automl.functions.choices.samplers import GPSampler as GPSampler
    from automl.functions.choices.samplers import GridSampler as GridSampler
    from automl.functions.choices.samplers import NSGAIIISampler as NSGAIIISampler
    from automl.functions.choices.samplers import NSGAIISampler as NSGAIISampler
    from automl.functions.choices.samplers import PartialFixedSampler as PartialFixedSampler
    from automl.functions.choices.samplers import QMCSampler as QMCSampler
    from automl.functions.choices.samplers import RandomSampler as RandomSampler
    from automl.functions.choices.samplers import TPESampler as TPESampler

__all__ = [
    "BaseSampler",
    "BruteForceSampler",
    "CmaEsSampler",
    "GPSampler",
    "GridSampler",
    "NSGAIIISampler",
    "NSGAIISampler",
    "PartialFixedSampler",
    "QMCSampler",
    "RandomSampler",
    "TPESampler",
]

_PLACES = dict.fromkeys(__all__, "functions.choices.samplers")


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    return given(__name__, name, _PLACES)


def __dir__() -> list[str]:
    return list(__all__)
