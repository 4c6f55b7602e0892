"""The ranges of parameters, by Optuna's names."""

from typing import TYPE_CHECKING, Any

from automl.functions.names.given import given

if TYPE_CHECKING:
    from automl.functions.names.distributions import BaseDistribution as BaseDistribution
    from automl.functions.names.distributions import (
        CategoricalDistribution as CategoricalDistribution,
    )
    from automl.functions.names.distributions import (
        DiscreteUniformDistribution as DiscreteUniformDistribution,
    )
    from automl.functions.names.distributions import FloatDistribution as FloatDistribution
    from automl.functions.names.distributions import IntDistribution as IntDistribution
    from automl.functions.names.distributions import (
        IntLogUniformDistribution as IntLogUniformDistribution,
    )
    from automl.functions.names.distributions import (
        IntUniformDistribution as IntUniformDistribution,
    )
    from automl.functions.names.distributions import (
        LogUniformDistribution as LogUniformDistribution,
    )
    from automl.functions.names.distributions import UniformDistribution as UniformDistribution

__all__ = [
    "BaseDistribution",
    "CategoricalDistribution",
    "DiscreteUniformDistribution",
    "FloatDistribution",
    "IntDistribution",
    "IntLogUniformDistribution",
    "IntUniformDistribution",
    "LogUniformDistribution",
    "UniformDistribution",
]

_PLACES = dict.fromkeys(__all__, "functions.names.distributions")


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each of its own kind
    return given(__name__, name, _PLACES)


def __dir__() -> list[str]:
    return list(__all__)
