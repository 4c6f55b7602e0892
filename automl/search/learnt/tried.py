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

    Once a later trial with the same values asks for more names, those before it do not tell any
    more what others ask for: the program is another one now.

    Attributes:
        running: how many trials are under way.
    """

    def __init__(self) -> None:
        self._whole: dict[_Names, dict[str, int]] = {}
        self._outdone: dict[_Names, int] = {}
        self._cut: dict[int, tuple[_Names, str]] = {}
        self._cut_keys: Counter[tuple[_Names, str]] = Counter()
        self._running: dict[int, Told] = {}
        self._unread = Unread()

    @property
    def running(self) -> int:
        """How many trials are under way."""
        return len(self._running)

    @property
    def completed(self) -> int:
        """The newest trial that completed, so that it is known what one asks for; -1 for none."""
        return max((max(keys.values()) for keys in self._whole.values()), default=-1)

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
        if any(self._had(whole, names, values) for whole in self._whole):
            return False
        return not any(self._may_have(one, values) for one in self._running.values())

    def _had(self, whole: _Names, names: _Names, values: Params) -> bool:
        """Tell whether a trial completed with these values for all that it asked for."""
        if not all(name in values for name in whole):
            return False
        newest = self._whole[whole].get(_key(whole, values), -1)
        return newest > self._outdone.get(whole, -1) or (whole == names and newest >= 0)

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
        self._compare(told)
        completed = told.state is TrialState.COMPLETED
        params = told.params if completed else _merged(told)
        if not params:
            # One that asks for nothing has nothing that another one could repeat.
            return
        names = tuple(sorted(params))
        entry = names, _key(names, params)
        if completed:
            keys = self._whole.setdefault(names, {})
            keys[entry[1]] = max(told.trial_id, keys.get(entry[1], -1))
        else:
            self._cut_keys[entry] += 1
            self._cut[told.trial_id] = entry

    def _compare(self, told: Told) -> None:
        """Note which names do not tell any more what a trial with some values asks for."""
        for names, keys in self._whole.items():
            more = len(told.params) > len(names) and all(name in told.params for name in names)
            if more and keys.get(_key(names, told.params), told.trial_id) < told.trial_id:
                self._outdone[names] = max(told.trial_id, self._outdone.get(names, -1))


def _merged(told: Told) -> dict[str, ParamValue]:
    """Return what was proposed to a trial, and what it asked for instead."""
    return {name: one.value for name, one in (told.proposed or {}).items()} | dict(told.params)


def _key(names: _Names, values: Params) -> str:
    return combination_key({name: values[name] for name in names})
