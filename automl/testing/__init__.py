"""Fakes, and contract suites that everything pluggable must pass, for whoever writes another."""

from automl.testing.clock import FakeClock
from automl.testing.contract import ContractError
from automl.testing.executor import FakeExecutor, FakeMachine, FakeRun
from automl.testing.executors import (
    EXECUTOR_CHECKS,
    Behaviour,
    Workplace,
    check_executor_asks_first,
    check_executor_finds_launches_again,
    check_executor_kills_after_the_grace,
    check_executor_kills_at_once_when_pressed,
    check_executor_leaves_what_is_over_alone,
    check_executor_reports_each_end_once,
    check_executor_runs_a_trial_once_at_a_time,
    check_executor_starts_nothing_once_closed,
    check_executor_waits_no_longer_than_asked,
)
from automl.testing.samplers import (
    SAMPLER_CHECKS,
    SAMPLER_SPACES,
    check_sampler_answers_again,
    check_sampler_bears_strangers,
    check_sampler_never_repeats,
    check_sampler_rebuilds,
    check_sampler_stays_in_space,
    check_sampler_survives_failures,
    check_sampler_takes_knowledge,
)

__all__ = [
    "EXECUTOR_CHECKS",
    "SAMPLER_CHECKS",
    "SAMPLER_SPACES",
    "Behaviour",
    "ContractError",
    "FakeClock",
    "FakeExecutor",
    "FakeMachine",
    "FakeRun",
    "Workplace",
    "check_executor_asks_first",
    "check_executor_finds_launches_again",
    "check_executor_kills_after_the_grace",
    "check_executor_kills_at_once_when_pressed",
    "check_executor_leaves_what_is_over_alone",
    "check_executor_reports_each_end_once",
    "check_executor_runs_a_trial_once_at_a_time",
    "check_executor_starts_nothing_once_closed",
    "check_executor_waits_no_longer_than_asked",
    "check_sampler_answers_again",
    "check_sampler_bears_strangers",
    "check_sampler_never_repeats",
    "check_sampler_rebuilds",
    "check_sampler_stays_in_space",
    "check_sampler_survives_failures",
    "check_sampler_takes_knowledge",
]
