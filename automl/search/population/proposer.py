"""Population based training: members train in intervals, and the worst continue from the best."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from automl.errors import SpecError
from automl.search.own.draw import generator
from automl.search.population.explore import TRIES, explore, spread
from automl.search.population.members import Members, Place, Step
from automl.search.sampler import Answer, Nothing, Proposal, Told
from automl.search.unread import Unread
from automl.space.numbers import is_finite, whole_number
from automl.space.parameters import ParamValue
from automl.space.space import Params, SearchSpace, combination_key
from automl.spelling.spelling import spelled
from automl.study.budget import Budget, twelve_digits
from automl.study.objective import Direction
from automl.study.spec import MEMBERS
from automl.study.trial import TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationOptions:
    """How a population trains.

    Args:
        population: how many members it has, 2 or more.
        interval: how much of the budget a member trains before it is compared; the budget's `min`
            if not given. The first interval of each is the budget's `min`.
        quantile: the share of the members that is replaced, and of those that replace them; above
            0, at most 0.5. It is rounded down to whole members, but to one at the least.
        perturb: factors above 0; a number that is taken over is multiplied by one of them.
        resample: with which probability a value is drawn anew instead, 0 and 1 included.

    Raises:
        SpecError: a value is not allowed.
    """

    population: int = MEMBERS
    interval: float | None = None
    quantile: float = 0.25
    perturb: tuple[float, ...] = (0.8, 1.25)
    resample: float = 0.25

    def __post_init__(self) -> None:
        whole_number("algorithm 'pbt': population", self.population, least=2)  # one to copy
        if self.interval is not None and not (is_finite(self.interval) and self.interval > 0):
            raise _refused("interval", self.interval, "a number above 0")
        if not (is_finite(self.quantile) and 0 < self.quantile <= 0.5):  # noqa: PLR2004 - half
            raise _refused("quantile", self.quantile, "a number above 0 and at most 0.5")
        if not (is_finite(self.resample) and 0 <= self.resample <= 1):
            raise _refused("resample", self.resample, "a number from 0 to 1")
        factors = tuple(self.perturb) if isinstance(self.perturb, Iterable) else ()
        if not factors or not all(is_finite(one) and one > 0 for one in factors):
            allowed = "a list of numbers above 0, such as [0.8, 1.25]"
            raise _refused("perturb", self.perturb, allowed)
        object.__setattr__(self, "perturb", factors)


class Population:
    """Proposes the intervals of a population: each one a trial that continues another's checkpoint.

    The first generation is `start_with`, then values spread over the space. After an interval a
    member that is not among the worst continues its own checkpoint with its own values. One of
    the worst continues the checkpoint of one of the best, with that one's values changed
    (`explore`) as no other does that continues it. When each is decided on is said at `Members`.

    Everything follows from the seed, the trial id and what the history says, in whatever order, so
    a study that was killed goes on as it would have.

    Source: Jaderberg et al., Population Based Training of Neural Networks, 2017; truncation
    selection. There, a member is compared with the newest value of each other; here with its value
    after the same interval, as commands that share few slots are far apart in training.

    Args:
        space: without conditions.
        direction: which values are better.
        budget: from the first interval (`min`) to the end of training (`max`).
        seed: decides every random draw.
        start_with: the values of the first members.
        options: how it trains.

    Raises:
        SpecError: there is no budget, it has several brackets, an interval is longer than what
            there is to train, or the space has conditions.
    """

    def __init__(
        self,
        *,
        space: SearchSpace,
        direction: Direction,
        budget: Budget | None,
        seed: int,
        start_with: Sequence[Params] = (),
        options: PopulationOptions,
    ) -> None:
        self._space = space
        self._sign = -1.0 if direction is Direction.MAXIMIZE else 1.0
        self._seed = seed
        self._start_with = start_with
        self._options = options
        self._budget = _checked(budget, space, options)
        self._interval = _whole(self._budget.min if options.interval is None else options.interval)
        rest = (self._budget.max - self._budget.min) / self._interval
        self._members = Members(
            size=options.population,
            replaced=max(1, math.floor(options.population * options.quantile)),
            last=math.ceil(round(rest, 9)),
        )
        self._params: dict[int, Params] = {}
        self._continued: set[tuple[int, str]] = set()
        self._unread = Unread()

    @property
    def trials(self) -> int:
        """How many trials the whole training takes if none fails."""
        return self._options.population * (self._members.last + 1)

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        """Return the next interval of the member that is next in turn.

        NOT_YET while it depends on intervals that are still training, USED_UP once every member
        has the whole budget.
        """
        self._catch_up(history)
        step = self._members.step()
        if step is not None:
            return self._go_on(step, trial_id) if step.sources else self._afresh()
        return Nothing.USED_UP if self._members.done else Nothing.NOT_YET

    def _catch_up(self, history: Sequence[Told]) -> None:
        for told in self._unread.of(history):
            if told.trial_id >= 0:  # an earlier study's have no checkpoint here
                self._note(told)

    def _note(self, told: Told) -> None:
        self._params[told.trial_id] = told.params
        if told.state is TrialState.PLANNED:
            self._continued.add((told.source, combination_key(told.params)))
            self._members.planned(told.trial_id, told.source)
            return
        place: Place | None = None
        if told.state is TrialState.COMPLETED and told.value is not None:
            place = (told.violation, self._sign * told.value, told.trial_id)
        self._members.ended(told.trial_id, place)

    def _afresh(self) -> Answer:
        place = self._members.begun
        params: dict[str, ParamValue] | None
        if place < len(self._start_with):
            params = dict(self._start_with[place])
        else:
            params = spread(self._space, self._seed, place, self._options.population)
        if params is None:
            return Nothing.USED_UP
        return Proposal(params=params, budget=self._budget_at(0))

    def _go_on(self, step: Step, trial_id: int) -> Proposal:
        rng = generator(self._seed, trial_id, "population")
        source = rng.choice(step.sources)
        params: dict[str, ParamValue] = dict(self._params[source])
        if step.explores:
            params = self._explored(source, rng)
        return Proposal(
            params=params,
            source=source,
            budget=self._budget_at(step.generation),
            previous_budget=self._budget_at(step.generation - 1),
        )

    def _explored(self, source: int, rng: random.Random) -> dict[str, ParamValue]:
        """Return changed values with which no other member trains on from `source`, if there are.

        The source itself trains on with its own.
        """
        own, options = self._params[source], self._options
        for _ in range(TRIES):
            params = explore(
                self._space, own, rng, perturb=options.perturb, resample=options.resample
            )
            key = combination_key(params)
            if key != combination_key(own) and (source, key) not in self._continued:
                break
        return params

    def _budget_at(self, generation: int) -> float:
        if generation >= self._members.last:
            return self._budget.max
        reached = self._budget.min + generation * self._interval
        return twelve_digits(reached)


def _checked(budget: Budget | None, space: SearchSpace, options: PopulationOptions) -> Budget:
    if budget is None:
        raise SpecError(
            "algorithm 'pbt' needs a budget, as its members train in intervals; "
            f"give {spelled('budget', {'name': 'epochs', 'min': 5, 'max': 60})}"
        )
    if budget.brackets != 1:
        raise SpecError(
            f"algorithm 'pbt' has no brackets, but the budget has {budget.brackets}; drop them"
        )
    if options.interval is not None and options.interval > budget.max - budget.min:
        raise SpecError(
            f"algorithm 'pbt': interval {options.interval} is longer than what there is to train "
            f"after the first one, from {budget.min} to {budget.max} {budget.name}; "
            "give a shorter one"
        )
    if space.conditional:
        raise SpecError(
            "algorithm 'pbt' needs every parameter in every trial, as members take over each "
            "other's values, but this space has conditions (when, or Choice); "
            "drop them or use another algorithm"
        )
    return budget


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else number  # 5.0 must leave epochs whole


def _refused(option: str, given: object, allowed: str) -> SpecError:
    return SpecError(f"algorithm 'pbt': {option} must be {allowed}, got {given!r}")
