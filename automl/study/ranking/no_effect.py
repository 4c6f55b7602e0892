"""Values that do not depend on the parameters: all alike, or the same whatever one of them is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from automl.space.space import SearchSpace
from automl.space.values import value_key
from automl.study.trial import Trial, TrialState

LEAST_ALIKE = 5
"""So many completed trials, each of another combination, have one value before it is told."""

LEAST_COMPARED = 5
"""So many trials differ from an earlier one in one parameter alone, and have its value."""

MOST_TRIALS = 1000
"""Beyond so many, trials are not compared any more: what has an effect has shown it by then."""

_Key: TypeAlias = tuple[tuple[str, str], ...]
_Value: TypeAlias = tuple[float, ...]


@dataclass(slots=True)
class _Watched:
    """A parameter that has had no effect so far.

    Attributes:
        names: its names.
        seen: by the values of all others, those of this one that were tried, and their value.
        compared: how many trials differ from an earlier one in this parameter alone.
    """

    names: tuple[str, ...]
    seen: dict[_Key, tuple[set[_Key], _Value]] = field(default_factory=dict)
    compared: int = 0

    def changes(self, keys: dict[str, str], value: _Value) -> bool:
        """Take in a trial; tell whether its value differs by this parameter alone."""
        others = tuple((name, key) for name, key in keys.items() if name not in self.names)
        own = tuple((name, key) for name, key in keys.items() if name in self.names)
        tried, known = self.seen.setdefault(others, (set(), value))
        if own in tried:
            # The same combination: what differs is noise, and tells nothing of a parameter.
            return False
        self.compared += bool(tried)
        tried.add(own)
        return known != value


class Effects:
    """Compares the values of completed trials for as long as that may tell something.

    Args:
        space: the parameters; constants are not looked at.
        metrics: the names of those that decide, beside the value. Others, such as a time, differ
            whatever the parameters are.
    """

    def __init__(self, space: SearchSpace, metrics: Sequence[str] = ()) -> None:
        self._metrics = metrics
        self._watched = [_Watched(tuple(one.names)) for one in space if one.searched]
        self._several = len(self._watched) > 1
        self._combinations: set[_Key] = set()
        self._value: _Value | None = None
        self._varies = False

    def add(self, trial: Trial) -> None:
        """Take in the end of a trial."""
        if trial.state is not TrialState.COMPLETED or trial.value is None or not self._watched:
            return
        keys = {name: value_key(value) for name, value in trial.params.items()}
        metrics = [trial.metrics[name] for name in self._metrics if name in trial.metrics]
        value = (trial.value, *metrics)
        self._varies |= self._value not in (None, value)
        self._value = value
        self._combinations.add(tuple(keys.items()))
        # One that is alone has an effect if the values vary at all.
        self._watched = [
            one
            for one in self._watched
            if not (one.changes(keys, value) or (self._varies and not self._several))
        ]
        if len(self._combinations) >= MOST_TRIALS:
            self._watched = []

    def text(self) -> str:
        """Return, once, what has no effect, and why that may be; empty as long as nothing is."""
        count = len(self._combinations)
        if not self._varies and self._value is not None and count >= LEAST_ALIKE and self._watched:
            self._watched = []
            return (
                f"all {count} completed trials have the same value, {self._value[0]:g}, whatever "
                "their parameters: either the pattern reads a number that does not depend on "
                "them, or the program does not take them (some take no option behind a file "
                "name). Compare what two trials printed"
            )
        for one in self._watched if self._varies else []:
            if one.compared >= LEAST_COMPARED:
                self._watched.remove(one)
                name = ", ".join(one.names)
                return (
                    f"{name} has not changed the value once, in {one.compared} trials that differ "
                    f"from another in {name} alone: the program may not take it, or take it under "
                    "another name"
                )
        return ""
