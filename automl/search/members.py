"""Who is who in a population, and what each member does next: read from the history alone."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

Place: TypeAlias = tuple[float, float, int]
"""Violation, badness, trial id: the smallest of a generation is its best."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a member does next.

    Attributes:
        sources: the trials of which it continues one; none: it begins afresh.
        explores: whether it changes the values that it takes over.
    """

    sources: tuple[int, ...]
    explores: bool


class _Stands(Enum):
    TRAINS = auto()
    UNDECIDED = auto()
    DECIDED = auto()
    DONE = auto()


@dataclass(slots=True)
class _Member:
    trial_id: int
    generation: int
    stands: _Stands = _Stands.TRAINS


@dataclass(slots=True)
class Members:
    """The members of a population, folded from what was planned and what ended.

    Each interval of a member is a trial. A member whose interval is over is compared with what the
    others had at the end of the same interval, their generation; how fast they train does not
    enter. With n members of which q are to be replaced, it goes on as it is once q others are
    known to be worse, and is replaced once n - q are known to be better. Until then it waits. So
    the outcome is that of waiting for all, but of each generation no more than q members wait
    that have a result. Nobody waits for good: once all have ended a generation, every comparison
    is settled.

    A member whose interval failed, was stopped or pruned ranks below all others: it is replaced
    once n - q have ended. When a whole generation failed, each begins it again from the best of
    the one before.

    Args:
        size: how many members there are to be.
        replaced: how many of them are replaced after each generation, at most half.
        last: the number of the generation that ends with the whole budget, from 0.
    """

    size: int
    replaced: int
    last: int
    _members: list[_Member] = field(default_factory=list, init=False)
    _by_trial: dict[int, tuple[int, int]] = field(default_factory=dict, init=False)
    _ended: dict[int, dict[int, Place | None]] = field(default_factory=dict, init=False)
    _steps: dict[int, Step] = field(default_factory=dict, init=False)

    @property
    def missing(self) -> int:
        """How many members have not begun yet."""
        return max(self.size - len(self._members), 0)

    @property
    def done(self) -> bool:
        """Whether every member has the whole budget."""
        return not self.missing and all(one.stands is _Stands.DONE for one in self._members)

    @property
    def step(self) -> Step | None:
        """What the member that is next in turn does; None if none is ready."""
        return next(iter(self._steps.values()), None)

    def generation(self, trial_id: int) -> int:
        """Return which interval of its line a trial is, from 0."""
        return self._by_trial[trial_id][1]

    def planned(self, trial_id: int, source: int) -> None:
        """Note that a trial was planned, anew or again, which continues trial `source` or -1.

        A trial whose source is not known, as its values left the space, is not of the population.
        """
        if trial_id in self._by_trial:
            self._begin_again(trial_id)
        elif source == -1 or source in self._by_trial:
            generation = 0 if source == -1 else self.generation(source) + 1
            number = self._taker(source)
            self._steps.pop(number, None)
            self._ended.setdefault(generation, {}).pop(number, None)
            self._members[number : number + 1] = [_Member(trial_id, generation)]
            self._by_trial[trial_id] = (number, generation)

    def ended(self, trial_id: int, place: Place | None) -> None:
        """Note that a trial ended, with its place or, if it has no result, None."""
        if trial_id not in self._by_trial:
            return
        number, generation = self._by_trial[trial_id]
        member, ended = self._members[number], self._ended.setdefault(generation, {})
        if member.trial_id == trial_id and member.stands is _Stands.TRAINS:
            member.stands = _Stands.UNDECIDED
            ended[number] = place
            self._settle(generation)
        elif place is not None and (ended.get(number) or place)[-1] == trial_id:
            ended[number] = place  # its value was judged anew

    def _begin_again(self, trial_id: int) -> None:
        number, generation = self._by_trial[trial_id]
        if self._members[number].trial_id == trial_id:
            self._members[number].stands = _Stands.TRAINS
            self._steps.pop(number, None)
            self._ended[generation].pop(number, None)

    def _taker(self, source: int) -> int:
        """Return the number of the member that continues `source`; a new one if none was to."""
        for number, step in self._steps.items():
            if source in step.sources or (source == -1 and not step.sources):
                return number
        # Not as decided here: the options were others when it was planned.
        owner = self._by_trial.get(source, (-1,))[0]
        idle = owner >= 0 and self._members[owner].stands is not _Stands.TRAINS
        if idle and self._members[owner].trial_id == source:
            return owner
        return len(self._members)

    def _settle(self, generation: int) -> None:
        for number, member in enumerate(self._members):
            if member.generation == generation and member.stands is _Stands.UNDECIDED:
                if generation >= self.last and self._best(generation):
                    member.stands = _Stands.DONE
                    continue
                step = self._decide(number, generation)
                if step is not None:
                    member.stands = _Stands.DECIDED
                    self._steps[number] = step

    def _decide(self, number: int, generation: int) -> Step | None:
        ended = self._ended[generation]
        place = ended[number]
        count = max(self.size, len(self._members))
        if place is not None:
            better = self._best(generation).index(place)
            if self._survives(generation, better):
                return Step((place[-1],), explores=False)
            lost = better >= count - self.replaced
        else:
            lost = len(ended) >= count - self.replaced
        winners = self._winners(generation)
        if lost and winners:
            return Step(winners, explores=True)
        if lost and len(ended) >= count:
            return Step(self._winners(generation - 1), explores=True)
        return None

    def _winners(self, generation: int) -> tuple[int, ...]:
        """Return the best of a generation that nothing can make one of its worst any more."""
        best = enumerate(self._best(generation)[: self.replaced])
        return tuple(place[-1] for better, place in best if self._survives(generation, better))

    def _survives(self, generation: int, better: int) -> bool:
        return len(self._ended[generation]) - 1 - better >= self.replaced

    def _best(self, generation: int) -> list[Place]:
        """Return the results of a generation so far, best first."""
        return sorted(one for one in self._ended.get(generation, {}).values() if one is not None)
