"""Optuna's samplers behind our ask and tell; the only module that imports optuna."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from automl.errors import SpecError
from automl.search.draw import generator
from automl.spec.objective import Direction
from automl.spec.parameters import Categorical, Integer, Parameter, ParamValue, value_key
from automl.spec.space import SearchSpace
from automl.spec.trial import TrialState

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler

    from automl.search.sampler import Told


class Axis(Protocol):
    """How one parameter looks to Optuna."""

    def distribution(self) -> BaseDistribution:
        """Return Optuna's description of the parameter."""
        ...

    def inside(self, value: ParamValue) -> Any:  # noqa: ANN401 - what Optuna calls the value
        """Return what Optuna calls `value`."""
        ...

    def outside(self, inner: Any) -> ParamValue:  # noqa: ANN401
        """Return the value that Optuna calls `inner`, with its own type."""
        ...


@dataclass(frozen=True, slots=True)
class IndexAxis:
    """A value by its place in a list: numbers in ascending order, so that neighbours are alike.

    Measured gain of searching ordered lists by index instead of as unordered categories: trials
    until within 1 % of the best of the digits example 67 -> 23 (4 workers).
    """

    values: tuple[ParamValue, ...]
    ordered: bool

    @classmethod
    def of(cls, parameter: Categorical) -> IndexAxis:
        """Return the axis of a list, sorted if all its values are numbers."""
        numbers = [
            value
            for value in parameter.candidates
            if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        if len(numbers) == parameter.count:
            return cls(tuple(sorted(numbers)), ordered=True)
        return cls(parameter.candidates, ordered=False)

    def distribution(self) -> BaseDistribution:
        """Return a range of places where the order means something, else categories of places."""
        from optuna.distributions import CategoricalDistribution, IntDistribution  # noqa: PLC0415

        if self.ordered:
            return IntDistribution(0, len(self.values) - 1)
        return CategoricalDistribution(tuple(range(len(self.values))))

    def inside(self, value: ParamValue) -> int:
        """Return the place of `value`."""
        return [value_key(known) for known in self.values].index(value_key(value))

    def outside(self, inner: int) -> ParamValue:
        """Return the value at a place."""
        return self.values[inner]


@dataclass(frozen=True, slots=True)
class RangeAxis:
    """A range of numbers, which Optuna knows by the same numbers.

    Raises:
        SpecError: the range is wider than Optuna can compute with.
    """

    parameter: Any

    def __post_init__(self) -> None:
        own = self.parameter
        whole = isinstance(own, Integer) or own.step is not None
        ends = (0, own.count - 1) if own.step is not None else (own.min_value, own.max_value)
        if max(map(abs, ends)) < _WHOLE_LIMIT if whole else math.isfinite(ends[1] - ends[0]):
            return
        raise SpecError(
            f"parameter {own.name!r}: its range from {own.min_value} to {own.max_value} is too "
            "wide for this algorithm; narrow it, or use algorithm 'random'"
        )

    def distribution(self) -> BaseDistribution:
        """Return Optuna's range; one with a step is a range of places (see `inside`)."""
        from optuna.distributions import FloatDistribution, IntDistribution  # noqa: PLC0415

        own = self.parameter
        if own.step is not None:
            return IntDistribution(0, own.count - 1)
        if isinstance(own, Integer):
            return IntDistribution(own.min_value, own.max_value, log=own.log)
        return FloatDistribution(own.min_value, own.max_value, log=own.log)

    def inside(self, value: ParamValue) -> Any:  # noqa: ANN401
        """Return the value, or its place on the grid of a stepped range."""
        own = self.parameter
        if own.step is None or not isinstance(value, int | float):
            return value
        return round((value - own.min_value) / own.step)

    def outside(self, inner: Any) -> ParamValue:  # noqa: ANN401
        """Return the value; places give the grid's exact values, without float dust."""
        own = self.parameter
        if own.step is not None:
            return own.value_at(int(inner))  # type: ignore[no-any-return]
        # Optuna counts in floats, which round whole numbers above 2**53: perhaps out of the range.
        inner = min(max(inner, own.min_value), own.max_value)
        return int(inner) if isinstance(own, Integer) else float(inner)


_WHOLE_LIMIT = 2**63
"""Optuna's whole numbers have 64 bits with their sign."""


def axis_of(parameter: Parameter) -> Axis:
    """Return how `parameter` is shown to Optuna."""
    return IndexAxis.of(parameter) if isinstance(parameter, Categorical) else RangeAxis(parameter)


MakeSampler = Callable[[int], "BaseSampler"]
"""From a seed to a sampler of Optuna."""


class OptunaSampler:
    """Any sampler of Optuna over an in-memory study that mirrors the history.

    Each proposal uses a generator seeded by the study's seed, the trial and the number of asks
    for it since anything was told, so that it is a function of seed and history alone.

    Args:
        space: what to search.
        direction: which values are better.
        seed: the study's seed.
        make: gives a sampler of Optuna for a seed.
    """

    def __init__(
        self, space: SearchSpace, direction: Direction, seed: int, make: MakeSampler
    ) -> None:
        import optuna  # noqa: PLC0415 - 0.2 s, paid only by the samplers that need it

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._optuna = optuna
        self._space = space
        self._seed = seed
        self._make = make
        self._axes = {parameter.name: axis_of(parameter) for parameter in space}
        self._distributions = {name: axis.distribution() for name, axis in self._axes.items()}
        self._study = optuna.create_study(direction=direction.value, sampler=make(seed))
        self._numbers: dict[int, int] = {}
        self._failed: set[int] = set()
        self._asked: tuple[int, int, Mapping[str, ParamValue]] | None = None
        self._asked_for = (-1, -1)
        self._asks = 0
        self._read = 0

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue]:
        """Return what Optuna proposes next; it may repeat an earlier combination."""
        while self._read < len(history):
            self._tell(history[self._read])
            self._read += 1
        self._drop_asked()
        asked_for = (trial_id, self._read)
        self._asks = self._asks + 1 if asked_for == self._asked_for else 1
        self._asked_for = asked_for
        draw_seed = generator(self._seed, trial_id, f"ask {self._asks}").getrandbits(31)
        with warnings.catch_warnings():
            # In ranges so wide that floats lose digits, Optuna divides by zero and bears it.
            warnings.simplefilter("ignore", RuntimeWarning)
            self._study.sampler = self._make(draw_seed)
            asked = self._study.ask(self._distributions)
        params = {name: axis.outside(asked.params[name]) for name, axis in self._axes.items()}
        self._asked = (trial_id, asked.number, params)
        return params

    def _tell(self, told: Told) -> None:
        if told.state is TrialState.PLANNED:
            self._plan(told)
            return
        if told.trial_id in self._failed and told.value is not None:
            # It has been tried again since.
            self._failed.discard(told.trial_id)
            self._plan(told)
        if told.trial_id in self._numbers:
            number = self._numbers.pop(told.trial_id)
            if told.value is None:
                self._failed.add(told.trial_id)
                self._study.tell(number, state=self._optuna.trial.TrialState.FAIL)
            else:
                self._study.tell(number, told.value)

    def _plan(self, told: Told) -> None:
        """Take the last proposal as accepted, or add a trial that was planned without us."""
        asked = self._asked
        if asked and asked[0] == told.trial_id and asked[2] == told.params:
            self._numbers[told.trial_id] = asked[1]
            self._asked = None
            return
        if not self._space.contains(told.params):
            return
        inside = {name: axis.inside(told.params[name]) for name, axis in self._axes.items()}
        running = self._optuna.trial.create_trial(
            state=self._optuna.trial.TrialState.RUNNING,
            params=inside,
            distributions=self._distributions,
        )
        self._study.add_trial(running)
        self._numbers[told.trial_id] = len(self._study.get_trials(deepcopy=False)) - 1

    def _drop_asked(self) -> None:
        """Forget a proposal that was not taken."""
        if self._asked:
            self._study.tell(self._asked[1], state=self._optuna.trial.TrialState.FAIL)
            self._asked = None


def make_tpe(*, initial_trials_num: int, multivariate: bool) -> Callable[[int], BaseSampler]:
    """Return a maker of Optuna's TPE sampler, with the constant liar for parallel trials."""

    def make(seed: int) -> optuna.samplers.TPESampler:
        from optuna.samplers import TPESampler  # noqa: PLC0415

        return TPESampler(
            n_startup_trials=initial_trials_num,
            multivariate=multivariate,
            constant_liar=True,
            seed=seed,
        )

    return make
