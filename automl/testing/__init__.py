"""Contract suites that everything pluggable must pass, for whoever writes another one."""

from automl.testing.contract import ContractError
from automl.testing.samplers import (
    SAMPLER_CHECKS,
    SAMPLER_SPACES,
    check_sampler_answers_again,
    check_sampler_bears_strangers,
    check_sampler_never_repeats,
    check_sampler_rebuilds,
    check_sampler_stays_in_space,
    check_sampler_survives_failures,
)

__all__ = [
    "SAMPLER_CHECKS",
    "SAMPLER_SPACES",
    "ContractError",
    "check_sampler_answers_again",
    "check_sampler_bears_strangers",
    "check_sampler_never_repeats",
    "check_sampler_rebuilds",
    "check_sampler_stays_in_space",
    "check_sampler_survives_failures",
]
