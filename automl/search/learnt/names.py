"""Which names trials asked for, with which ranges, and which of them together."""

from collections import Counter
from collections.abc import Iterable, Sequence

from automl.inside.ranges import Range
from automl.search.sampler import Told
from automl.search.unread import Unread
from automl.space.learnt import parameter_of
from automl.space.parameters import ParamValue
from automl.space.space import SearchSpace
from automl.study.trial import Trial, TrialState

RECENT = 20
"""Of a name with several ranges, that one counts which the most of so many trials asked for.

They are the newest ones that asked for the name: an objective that was changed is followed.
"""


ONCE = 50
"""A name that one trial alone asked for is forgotten after so many more trials.

Else names that differ in each trial, such as with its number in them, would be proposed for ever.
"""


class LearntNames:
    """What a history tells of a space; the order in which it came to be known has no part in it.

    Attributes:
        space: the parameters known so far, in the order in which the first trial asked for them.
        ranges: their ranges.
    """

    def __init__(self) -> None:
        self.space = SearchSpace((), learnt=True)
        self.ranges: dict[str, Range] = {}
        self._first: dict[str, tuple[int, int]] = {}
        self._recent: dict[str, dict[int, Range]] = {}
        self._newest = 0
        self._completed: set[int] = set()
        self._counts: Counter[str] = Counter()
        self._unread = Unread()

    def read(self, history: Sequence[Told]) -> None:
        """Take in what was told since the last call."""
        changed: set[str] = set()
        for told in self._unread.of(history):
            self._newest = max(self._newest, told.trial_id)
            for place, (name, asked) in enumerate(told.ranges.items()):
                place_of = (told.trial_id, place)
                if self._first.setdefault(name, place_of) > place_of:
                    self._first[name] = place_of
                    changed.add(name)
                if self._note(name, told.trial_id, asked):
                    changed.add(name)
            new = told.trial_id >= 0 and told.trial_id not in self._completed
            if new and told.state is TrialState.COMPLETED:
                self._completed.add(told.trial_id)
                self._counts.update(told.ranges.keys())
        if changed:
            self._learn()

    def always(self, name: str) -> bool:
        """Tell whether each completed trial asked for a name."""
        return 0 < self._counts[name] == len(self._completed)

    def expected(self, told: Told) -> dict[str, ParamValue]:
        """Return what values a trial has, or is going to have, as far as can be told.

        One that has asked for something, and is going to ask for what all others did, counts with
        that before it does: what runs is to be known to the search.
        """
        if told.state is not TrialState.PLANNED or not told.proposed:
            return dict(told.params)
        coming = {name: offer.value for name, offer in told.proposed.items() if self.always(name)}
        return {**coming, **told.params}

    def _note(self, name: str, trial_id: int, asked: Range) -> bool:
        """Note with which range a trial asked for a name; tell whether that is news."""
        recent = self._recent.setdefault(name, {})
        if recent.get(trial_id) == asked:
            return False
        recent[trial_id] = asked
        if len(recent) > RECENT:
            del recent[min(recent)]
        # One more of the usual range leaves it the usual one.
        return self.ranges.get(name) != asked

    def _learn(self) -> None:
        names = sorted(filter(self._lasts, self._first), key=self._place)
        ranges = {name: _usual(self._recent[name]) for name in names}
        if list(ranges.items()) == list(self.ranges.items()):
            return
        found = {name: parameter_of(name, asked) for name, asked in ranges.items()}
        self.ranges = ranges
        self.space = SearchSpace(filter(None, found.values()), learnt=True)

    def _lasts(self, name: str) -> bool:
        """Tell whether more than one trial asked for a name, or one not long ago."""
        recent = self._recent[name]
        return len(recent) > 1 or max(recent) >= self._newest - ONCE

    def _place(self, name: str) -> tuple[int, int]:
        return self._first[name]


def space_of(space: SearchSpace, trials: Iterable[Trial]) -> SearchSpace:
    """Return the space of a study as it is known by its trials; itself where it is described."""
    if not space.learnt:
        return space
    names = LearntNames()
    names.read(
        [
            Told(trial_id=one.id, params=one.params, state=one.state, ranges=one.ranges)
            for one in trials
        ]
    )
    return names.space


def _usual(recent: dict[int, Range]) -> Range:
    """Return the range that most trials have; of equals, that of the newest trial."""
    counts = Counter(recent.values())
    newest = {recent[trial_id]: trial_id for trial_id in sorted(recent)}
    return max(counts, key=lambda one: (counts[one], newest[one]))
