"""How much may run, what one trial may take and what it gets, from their keywords."""

from collections.abc import Mapping
from typing import Any

from automl.studies.given.place import at
from automl.study.limits import Limits, TrialLimits
from automl.study.resources import ResourceSpec


def limits_of(values: Mapping[str, Any]) -> Limits:
    """Return how much may run."""
    return Limits(
        max_trials=values["max_trial_num"],
        max_parallel=values["max_parallel"],
        fail_fast=values["fail_fast"],
        grace_s=values["grace"],
        max_runtime_s=values["max_runtime"],
    )


def trial_limits_of(values: Mapping[str, Any]) -> TrialLimits:
    """Return what one trial may take, and how often it is tried."""
    timeout_s, timeout_factor = values["trial_timeout"] or (None, None)
    with at("trial_timeout"):
        return TrialLimits(
            timeout_s=timeout_s,
            timeout_factor=timeout_factor,
            no_progress_s=values["no_progress_timeout"],
            max_retries=values["max_retries"],
        )


def resources_of(values: Mapping[str, Any]) -> ResourceSpec:
    """Return what of the machine each trial gets."""
    with at("gpus"):
        gpus = ResourceSpec(gpus=values["gpus"]).gpus
    with at("gpus_per_trial"):
        return ResourceSpec(
            memory_bytes=values["memory_per_trial"],
            gpus=gpus,
            gpus_per_trial=values["gpus_per_trial"],
            cpus=values["cpus_per_trial"],
            nice=values["nice"],
        )
