"""A value of a parameter with which every trial failed, told apart from chance."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import comb

from automl.space.learnt import parameter_of
from automl.space.space import SearchSpace
from automl.space.values import ParamValue, value_key
from automl.study.trial import Trial, TrialState

LEAST = 3
"""So many trials with a value have failed before it is suspected."""

CHANCE = 0.05
"""Failures that fall together like this by chance more often than this tell nothing."""

FEW = 20
"""A parameter of more values than this is not looked at."""

_LONGEST = 40


@dataclass(slots=True)
class _Seen:
    value: ParamValue
    first_failed: int = -1
    trials: int = 0
    failed: int = 0


class FailureCounts:
    """How many trials with each value of each parameter ended, and failed.

    Only trials that ended by themselves count: of one that was stopped, nobody knows.

    Args:
        space: the parameters; where it is learnt, those that trials asked for.
    """

    def __init__(self, space: SearchSpace) -> None:
        self._looked_at: set[str] = set()
        few = [one for one in space if one.searched and one.count is not None and one.count <= FEW]
        self._seen: dict[str, dict[str, _Seen]] = {name: {} for one in few for name in one.names}
        self._trials = 0
        self._failed = 0

    def add(self, trial: Trial, by: int = 1) -> None:
        """Take in the end of a trial, or take it back where it is launched again (`by=-1`)."""
        if trial.state not in {TrialState.COMPLETED, TrialState.PRUNED, TrialState.FAILED}:
            return
        failed = by * (trial.state is TrialState.FAILED)
        self._trials += by
        self._failed += failed
        self._learn(trial)
        for name, values in self._seen.items():
            if name in trial.params:
                value = trial.params[name]
                seen = values.setdefault(value_key(value), _Seen(value))
                seen.trials += by
                seen.failed += failed
                if failed and seen.first_failed < 0:
                    seen.first_failed = trial.id

    def _learn(self, trial: Trial) -> None:
        """Look at what a trial asked for that none before had, if it has few values."""
        for name, asked in trial.ranges.items():
            if name not in self._looked_at:
                self._looked_at.add(name)
                parameter = parameter_of(name, asked)
                if parameter and parameter.count is not None and parameter.count <= FEW:
                    self._seen.setdefault(name, {})

    def text(self) -> str:
        """Return which values of one parameter failed always, empty where that may be chance."""
        found = min(self._suspects(), key=lambda one: one[0], default=None)
        if found is None or found[0] * len(self._seen) >= CHANCE:
            return ""
        _, name, bad = found
        count = sum(one.trials for one in bad)
        failed, others = self._failed - count, self._trials - count
        values = " or ".join(_shown(one.value) for one in bad)
        return (
            f"all {count} trials with {name}={values} failed, and {failed or 'none'} of the "
            f"{others} others did; the first was trial {min(one.first_failed for one in bad)}"
        )

    def _suspects(self) -> Iterator[tuple[float, str, list[_Seen]]]:
        """Give each parameter with values that always failed, and how likely that is by chance."""
        for name, values in self._seen.items():
            bad = [one for one in values.values() if one.failed == one.trials >= LEAST]
            count = sum(one.trials for one in bad)
            if bad and self._failed < self._trials:
                ways = comb(self._trials - count, self._failed - count)
                yield ways / comb(self._trials, self._failed), name, bad


def shared_failures(trials: Iterable[Trial], space: SearchSpace) -> str:
    """Return in words which values of a parameter failed in every trial; empty if none did.

    The text is empty, too, while so many failures could fall together by chance.
    """
    counts = FailureCounts(space)
    for trial in trials:
        counts.add(trial)
    return counts.text()


def _shown(value: ParamValue) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
