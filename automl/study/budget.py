"""How far a trial may train at first, and how far the best of them go on."""

import bisect
import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

from automl.errors import SpecError
from automl.plain_data import plain
from automl.space.numbers import is_number, whole_number

_GOLDEN = (math.sqrt(5) - 1) / 2
"""Its multiples, modulo 1, fill [0, 1) evenly however many of them are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a trial may use up of something that makes its value more certain: epochs, rows, time.

    A trial starts at a rung, and the best of each rung are launched again with the next one.

    >>> Budget(name="epochs", min=1, max=81).rungs
    (1, 3, 9, 27, 81)
    >>> Budget(name="used_data_percent", min=0.1, max=1.0).rungs
    (0.1, 0.3, 1.0)

    Args:
        name: what it counts, for messages and the table.
        min: the smallest budget, above 0.
        max: the whole budget; what a trial has reached at its end.
        factor: each rung is this many times the one below, and one trial in so many goes on; 2 or
            more. It is eta in Li et al. (Hyperband, JMLR 2018; ASHA, MLSys 2020).
        brackets: how many of the lowest rungs new trials start at. With 1 all start at `min`;
            with more, some start higher, which helps where low budgets mislead.

    Raises:
        SpecError: a value is not allowed.
    """

    name: str
    min: float
    max: float
    factor: float = 3
    brackets: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.isidentifier():
            raise SpecError(
                f"budget: name must be a plain name such as 'epochs', got {self.name!r}; "
                "use letters, digits and _, and no digit first"
            )
        for what in ("min", "max", "factor"):
            object.__setattr__(self, what, _number(self.name, what, getattr(self, what)))
        if float(self.factor).is_integer():  # 3.0 as well must leave epochs whole
            object.__setattr__(self, "factor", int(self.factor))
        self._check()
        self._check_brackets()

    @property
    def rungs(self) -> tuple[float, ...]:
        """The budgets at which trials are compared, lowest first; the last one is `max`.

        They are `min`, `min * factor`, `min * factor**2` and so on, without one that lies so close
        to `max` that it would save little: above `max / sqrt(factor)`. The paper counts down from
        `max` instead; here the user's `min` is a rung. Ints stay ints where `min`, `max` and
        `factor` are; other rungs are all floats of 12 significant digits.
        """
        return _rungs(self.min, self.max, self.factor)

    def start(self, trial_id: int) -> float:
        """Return the budget at which trial `trial_id` (0 or above) begins.

        Among several brackets each has Hyperband's share of the trials: the bracket with s rungs
        above its start has (s_max + 1) / (s + 1) * factor**s of them, so that all brackets use
        about the same budget. Which trial belongs to which follows from its id alone.
        """
        if self.brackets == 1:
            return self.rungs[0]
        place = (trial_id * _GOLDEN) % 1.0
        ends = _shares(len(self.rungs), self.factor, self.brackets)
        return self.rungs[bisect.bisect_right(ends, place)]

    def next_after(self, budget: float) -> float | None:
        """Return the lowest rung above `budget`, None from `max` on."""
        rungs = self.rungs
        place = bisect.bisect_right(rungs, budget)
        return rungs[place] if place < len(rungs) else None

    def _check(self) -> None:
        if self.min <= 0:
            raise SpecError(f"budget {self.name!r}: min must be above 0, got {self.min}")
        if self.min >= self.max:
            raise SpecError(
                f"budget {self.name!r}: min {self.min} must be below max {self.max}; "
                "swap or correct them"
            )
        if self.factor < 2:  # noqa: PLR2004 - below it nothing would be saved
            raise SpecError(f"budget {self.name!r}: factor must be 2 or more, got {self.factor}")

    def _check_brackets(self) -> None:
        whole_number(f"budget {self.name!r}: brackets", self.brackets)
        count = len(self.rungs)
        if self.brackets > count:
            raise SpecError(
                f"budget {self.name!r}: brackets={self.brackets}, but {self.min} to {self.max} by "
                f"factor {self.factor} has only {count} rungs "
                f"({', '.join(map(str, self.rungs))}); give brackets={count} or less"
            )


@lru_cache(typed=True)
def _rungs(low: float, high: float, factor: float) -> tuple[float, ...]:
    rungs = [low]
    while (rung := twelve_digits(rungs[-1] * factor)) <= high / math.sqrt(factor):
        rungs.append(rung)
    rungs.append(high)
    whole = all(isinstance(one, int) for one in (*rungs, factor))
    return tuple(rungs) if whole else tuple(map(float, rungs))


@lru_cache
def _shares(rungs: int, factor: float, brackets: int) -> tuple[float, ...]:
    """Return for each bracket the part of the trials in it and in those before; the last is 1."""
    weights = [rungs / (rungs - one) * float(factor) ** -one for one in range(brackets)]
    ends = list(itertools.accumulate(weights))
    return tuple(end / ends[-1] for end in ends)


def _number(name: str, what: str, value: object) -> float:
    value = plain(value)
    if not is_number(value):
        raise SpecError(f"budget {name!r}: {what} must be a number, got {value!r}")
    if not -1e300 < value < 1e300:  # noqa: PLR2004 - so that every rung can be counted
        raise SpecError(f"budget {name!r}: {what} must be finite, got {value!r}")
    return value


def twelve_digits(number: float) -> float:
    """Return a whole number as it is, another without the dust of computing it.

    >>> twelve_digits(0.1 + 0.2), twelve_digits(3)
    (0.3, 3)
    """
    return number if isinstance(number, int) else float(f"{number:.12g}")
