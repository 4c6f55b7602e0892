"""Who trains in a population, how they compare, and who goes on next: a function of the facts."""

import math
from dataclasses import dataclass, field
from typing import TypeAlias

Place: TypeAlias = tuple[float, float, int]
"""Violation, badness, trial id: the smallest of a generation is its best."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next interval to train.

    Attributes:
        generation: which interval of its line it is, from 0.
        sources: the trials of which it continues one; none in the first generation.
        explores: whether it changes the values that it takes over.
    """

    generation: int
    sources: tuple[int, ...] = ()
    explores: bool = False


@dataclass(slots=True)
class _Generation:
    """The trials of one interval: their places, None for those that failed; others still train."""

    trials: list[int] = field(default_factory=list)
    ended: dict[int, Place | None] = field(default_factory=dict)
    continued: dict[int, int] = field(default_factory=dict)

    def counting(self, size: int) -> list[int]:
        """Return the trials that count: not those of an attempt that failed as a whole."""
        first = 0
        while len(self.trials) >= first + size and all(
            self.ended.get(one, _TRAINS) is None for one in self.trials[first : first + size]
        ):
            first += size
        return self.trials[first:]


_TRAINS: Place = (math.inf, math.inf, -1)


@dataclass(slots=True)
class Members:
    """The members of a population, by what was planned and what ended.

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

    The order in which it is told does not count, only that a trial comes after its source.

    Args:
        size: how many members there are to be.
        replaced: how many of them are replaced after each generation, at most half.
        last: the number of the generation that ends with the whole budget, from 0.
    """

    size: int
    replaced: int
    last: int
    _generations: list[_Generation] = field(default_factory=lambda: [_Generation()], init=False)
    _by_trial: dict[int, int] = field(default_factory=dict, init=False)

    @property
    def begun(self) -> int:
        """How many trials began afresh."""
        return len(self._generations[0].trials)

    @property
    def done(self) -> bool:
        """Whether every member has trained to the end."""
        if len(self._generations) <= self.last:
            return False
        last = self._generations[self.last]
        counting = last.counting(self.size)
        return len(counting) >= self.size and all(one in last.ended for one in counting)

    def planned(self, trial_id: int, source: int) -> None:
        """Note that a trial was planned, anew or again, which continues trial `source` or -1.

        A trial whose source is not known, as its values left the space, is not of the population.
        """
        if trial_id in self._by_trial:
            ended = self._generations[self._by_trial[trial_id]].ended
            if ended.get(trial_id, _TRAINS) is None:
                del ended[trial_id]
        elif source == -1 or source in self._by_trial:
            number = 0 if source == -1 else self._by_trial[source] + 1
            if number == len(self._generations):
                self._generations.append(_Generation())
            self._by_trial[trial_id] = number
            self._generations[number].trials.append(trial_id)
            if number:
                continued = self._generations[number - 1].continued
                continued[source] = continued.get(source, 0) + 1

    def ended(self, trial_id: int, place: Place | None) -> None:
        """Note that a trial ended, with its place or, if it has no result, None."""
        if trial_id in self._by_trial:
            self._generations[self._by_trial[trial_id]].ended[trial_id] = place

    def step(self) -> Step | None:
        """Return the next interval, of the lowest generation that can have one; None if none can.

        It notes nothing: the caller says `planned`.
        """
        for number in range(min(len(self._generations), self.last) + 1):
            step = self._step(number)
            if step is not None:
                return step
        return None

    def _step(self, number: int) -> Step | None:
        known = number < len(self._generations)
        here = self._generations[number] if known else _Generation()
        counting = here.counting(self.size)
        if len(counting) >= self.size:
            return None
        if number == 0:
            return Step(0)
        before = self._generations[number - 1]
        if len(counting) < len(here.trials):  # begun again after all have failed
            return Step(number, self._winners(before), explores=True)
        return self._go_on(before, number)

    def _go_on(self, before: _Generation, number: int) -> Step | None:
        best = self._best(before)
        for place in best[: self._safe(before)]:
            # Each goes on itself before it is copied, so that its second one is a copy.
            if place[-1] not in before.continued:
                return Step(number, (place[-1],))
        counting = before.counting(self.size)
        ended = sum(one in before.ended for one in counting)
        kept = max(self.size, len(counting)) - self.replaced
        failed = ended - len(best) if ended >= kept else 0
        lost = failed + max(len(best) - kept, 0)
        copies = sum(count - 1 for count in before.continued.values())
        winners = self._winners(before)
        if winners and copies < lost:
            return Step(number, winners, explores=True)
        return None

    def _winners(self, generation: _Generation) -> tuple[int, ...]:
        """Return the best of a generation that nothing can make one of its worst any more."""
        count = min(self.replaced, self._safe(generation))
        return tuple(place[-1] for place in self._best(generation)[:count])

    def _safe(self, generation: _Generation) -> int:
        """Return how many of the best have so many below them that they surely go on."""
        ended = sum(one in generation.ended for one in generation.counting(self.size))
        return max(ended - self.replaced, 0)

    def _best(self, generation: _Generation) -> list[Place]:
        """Return the results of a generation so far, best first."""
        places = (generation.ended.get(one) for one in generation.counting(self.size))
        return sorted(place for place in places if place is not None)
