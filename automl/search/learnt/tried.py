"""Which values were tried already, in a space of which a trial has only some names."""

from collections import Counter
from collections.abc import Mapping, Sequence

from automl.search.sampler import Told
from automl.search.unread import Unread
from automl.space.parameters import ParamValue
from automl.space.space import Params, combination_key
from automl.study.trial import TrialState

_Names = tuple[str, ...]


class Tried:
    """Tells whether a trial with given values would be one that there was already.

    A trial that completed asked for all that it needs: whatever else is proposed to another one
    with the same values for these names, it would do the same. Of any other trial nobody knows
    for what it would have asked: what is not free is what was proposed to it, whole. One that runs
    may ask for the same names as any that completed did, so that none of these is free meanwhile.

    Attributes:
        running: how many trials are under way.
    """

    def __init__(self) -> None:
        self._whole: dict[_Names, set[str]] = {}
        self._cut: dict[int, tuple[_Names, str]] = {}
        self._cut_keys: Counter[tuple[_Names, str]] = Counter()
        self._running: dict[int, Told] = {}
        self._unread = Unread()

    @property
    def running(self) -> int:
        """How many trials are under way."""
        return len(self._running)

    def read(self, history: Sequence[Told]) -> None:
        """Take in what was told since the last call; that of other studies does not count."""
        for told in self._unread.of(history):
            if told.trial_id < 0:
                continue
            if told.state is TrialState.PLANNED:
                self._running[told.trial_id] = told
            else:
                self._running.pop(told.trial_id, None)
            self._remember(told)

    def free(self, values: Mapping[str, ParamValue]) -> bool:
        """Tell whether no trial has had these values, or may have them."""
        names = tuple(sorted(values))
        if self._cut_keys[names, _key(names, values)]:
            return False
        had = any(
            all(name in values for name in names) and _key(names, values) in keys
            for names, keys in self._whole.items()
        )
        return not had and not any(self._may_have(one, values) for one in self._running.values())

    def _may_have(self, told: Told, values: Params) -> bool:
        """Tell whether a trial that runs may yet ask for names of which it has these values."""
        coming = _merged(told)
        return any(
            all(name in coming and name in values for name in names)
            and all(name in names for name in told.params)
            and _key(names, coming) == _key(names, values)
            for names in self._whole
        )

    def _remember(self, told: Told) -> None:
        if before := self._cut.pop(told.trial_id, None):
            self._cut_keys[before] -= 1
        completed = told.state is TrialState.COMPLETED
        params = told.params if completed else _merged(told)
        if not params:
            # One that asks for nothing has nothing that another one could repeat.
            return
        names = tuple(sorted(params))
        entry = names, _key(names, params)
        if completed:
            self._whole.setdefault(names, set()).add(entry[1])
        else:
            self._cut_keys[entry] += 1
            self._cut[told.trial_id] = entry


def _merged(told: Told) -> dict[str, ParamValue]:
    """Return what was proposed to a trial, and what it asked for instead."""
    return {name: one.value for name, one in (told.proposed or {}).items()} | dict(told.params)


def _key(names: _Names, values: Params) -> str:
    return combination_key({name: values[name] for name in names})
