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
    for what it would have asked, so what was proposed to it counts as well.

    Attributes:
        running: how many trials are under way.
    """

    def __init__(self) -> None:
        self._keys: dict[_Names, Counter[str]] = {}
        self._of: dict[int, tuple[_Names, str]] = {}
        self._running: set[int] = set()
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
                self._running.add(told.trial_id)
            else:
                self._running.discard(told.trial_id)
            self._remember(told)

    def free(self, values: Mapping[str, ParamValue]) -> bool:
        """Tell whether no trial has had these values."""
        return not any(
            all(name in values for name in names) and _key(names, values) in keys
            for names, keys in self._keys.items()
        )

    def _remember(self, told: Told) -> None:
        before = self._of.pop(told.trial_id, None)
        if before:
            self._keys[before[0]][before[1]] -= 1
            self._keys[before[0]] += Counter()  # without what is not there any more
        params = told.params
        if told.state is not TrialState.COMPLETED:
            proposed = {name: offer.value for name, offer in (told.proposed or {}).items()}
            params = {**proposed, **params}
        if not params:
            # One that asks for nothing has nothing that another one could repeat.
            return
        names = tuple(sorted(params))
        entry = names, _key(names, params)
        self._keys.setdefault(names, Counter())[entry[1]] += 1
        self._of[told.trial_id] = entry


def _key(names: _Names, values: Params) -> str:
    return combination_key({name: values[name] for name in names})
