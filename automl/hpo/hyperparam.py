"""`hyperparam.create`: what is tuned."""

from typing import Any

from automl.registry import Registry
from automl.spec.parameters import Categorical, Integer, Parameter, Real

PARAMETERS: Registry[Parameter] = Registry(
    "hyperparam", {"Categorical": Categorical, "Integer": Integer, "Real": Real}
)


def create(type: str, **options: Any) -> Parameter:  # noqa: A002, ANN401 - the script's words
    """Return a parameter of the search space.

    Args:
        type: `Categorical` (name, candidates), `Integer` (name, min_value, max_value, log, step)
            or `Real` (the same).
        **options: as the type has them.

    Raises:
        SpecError: the type or an option is unknown, or a value is not allowed.
    """
    return PARAMETERS.create(type, options)
