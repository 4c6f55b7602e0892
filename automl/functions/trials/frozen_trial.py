"""A trial of a study as Optuna shows it: numbers and states by its words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from automl.functions.names.distributions import BaseDistribution
from automl.functions.names.enums import TrialState
from automl.functions.trials.given_values import GivenValues


@dataclass(frozen=True, kw_only=True)
class FrozenTrial(GivenValues):
    """One trial as it stands; an objective that is called with it gets the trial's values.

    Attributes:
        number: its number, from 0.
        state: where it stands.
        values: what it was ranked by, one number for each objective; None without.
        params: the values of its parameters.
        distributions: the ranges that it asked for them with, where they are learnt.
        user_attrs: what it noted of itself.
        system_attrs: nothing.
        intermediate_values: what it reported, by step.
        datetime_start: when its last attempt began, in local time; None before.
        datetime_complete: when that ended; None before.
        reason: why it is not complete, in one line; empty if it is.
        dir: its folder.
    """

    number: int
    state: TrialState
    values: list[float] | None
    params: dict[str, Any]
    distributions: dict[str, BaseDistribution] = field(default_factory=dict)
    user_attrs: dict[str, Any] = field(default_factory=dict)
    system_attrs: dict[str, Any] = field(default_factory=dict)
    intermediate_values: dict[int, float] = field(default_factory=dict)
    datetime_start: datetime | None = None
    datetime_complete: datetime | None = None
    reason: str = ""
    dir: str = ""

    @property
    def value(self) -> float | None:
        """The number that it was ranked by; None without.

        Raises:
            RuntimeError: there are several.
        """
        if self.values is not None and len(self.values) > 1:
            raise RuntimeError("the study has several objectives: read `values`")
        return self.values[0] if self.values else None

    @property
    def duration(self) -> timedelta | None:
        """How long its last attempt took; None before it ended."""
        if self.datetime_start is None or self.datetime_complete is None:
            return None
        return self.datetime_complete - self.datetime_start

    @property
    def last_step(self) -> int | None:
        """The last step that it reported; None without."""
        return max(self.intermediate_values, default=None)
