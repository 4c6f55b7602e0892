"""What a trial is ranked by."""

import math
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.space.numbers import is_number
from automl.spelling.spelling import OPEN, spelled, spelled_part
from automl.study.constraint import Constraint, parse_constraint

METRIC = "metric"
"""What a metric is called that nobody named."""

SCORE = "score"
"""The column of a weighted sum."""

RESERVED = frozenset({"interval", "confirmed"})
"""Columns of the results that are no metrics."""


class Direction(StrEnum):
    """Whether a higher or a lower value is better."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"

    def better(self, left: float, right: float) -> bool:
        """Tell whether `left` is strictly better than `right`."""
        return left > right if self is Direction.MAXIMIZE else left < right

    @property
    def sign(self) -> int:
        """What makes a larger number the better one: 1 to maximize, -1 to minimize."""
        return 1 if self is Direction.MAXIMIZE else -1

    @property
    def opposite(self) -> "Direction":
        """The other direction."""
        return Direction.MINIMIZE if self is Direction.MAXIMIZE else Direction.MAXIMIZE


class Final(StrEnum):
    """Which of a trial's measurements becomes its value."""

    LAST = "last"
    BEST = "best"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    SUM = "sum"


def member(kind: type[StrEnum], what: str, given: object) -> StrEnum:
    """Return the member of `kind` that `given` is or spells; SpecError lists the known ones."""
    known = [str(one) for one in kind]
    if str(given) not in known:
        raise SpecError(
            f"{what}={given!r} is unknown{did_you_mean(str(given), known)}; "
            f"allowed: {', '.join(known)}"
        )
    return kind(str(given))


def _is_weight(value: object) -> bool:
    return is_number(value) and 0 < value < math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One metric that the search improves: its direction, and which measurement counts.

    `direction` and `final` take the enum or its text.

    Args:
        metric: the name under which a reader reports it.
        direction: which value is better.
        final: which of a trial's measurements becomes its value.
        weight: its share in the weighted sum of all objectives, a finite number above 0; None
            where the objectives are not summed.

    Raises:
        SpecError: a text is unknown, the metric has no name, or the weight is not allowed.
    """

    metric: str = METRIC
    direction: Direction = Direction.MAXIMIZE
    final: Final = Final.LAST
    weight: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", member(Direction, "direction", self.direction))
        object.__setattr__(self, "final", member(Final, "final", self.final))
        if not isinstance(self.metric, str) or not self.metric.strip():
            raise SpecError(
                f"objective: metric must be the name of a metric, got {self.metric!r}; give the "
                "name of its reader"
            )
        if self.weight is not None and not _is_weight(self.weight):
            raise SpecError(
                f"objective {self.metric!r}: weight must be a finite number above 0, got "
                f"{self.weight!r}; {spelled('direction', 'minimize')} is for metrics that should "
                f"be small"
            )


@dataclass(frozen=True, slots=True)
class Objectives:
    """All that trials are ranked by: one or more objectives, and constraints on the metrics.

    Several objectives either all have a weight, and their weighted sum ranks, or none has, and
    trials are compared objective by objective. The weight of a single objective says nothing.

    Args:
        items: at least one, each of another metric.
        constraints: such as `latency_ms <= 20`; see `Constraint`. A metric that only a constraint
            names counts by its last measurement.
        odd_names: names of metrics in the constraints that are no words, such as `eval-auc`.
        sum_direction: of a weighted sum, whether a large one is better. The values of metrics
            that are better when they are small are taken as negative in a sum that is maximized;
            in one that is minimized, those of metrics that are better when they are large.

    Raises:
        SpecError: no objective, one metric twice, weights for some only, a metric with the name
            of another column of the results, or a constraint that cannot be read.
    """

    items: tuple[Objective, ...] = (Objective(),)
    constraints: tuple[str, ...] = ()
    sum_direction: Direction = Direction.MAXIMIZE
    odd_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", _items(self.items))
        object.__setattr__(self, "constraints", _texts(self.constraints))
        _check_weights(self.items)
        usual = Direction.MAXIMIZE if not self.weighted else self.sum_direction
        object.__setattr__(self, "sum_direction", usual)
        for name in self.metrics:
            if name in RESERVED or (self.weighted and name == SCORE):
                raise SpecError(
                    f"metric {name!r} would have the name of another column of the results; "
                    "give the metric another name"
                )

    @property
    def weighted(self) -> bool:
        """Whether a weighted sum ranks."""
        return len(self.items) > 1 and self.items[0].weight is not None

    @property
    def name(self) -> str:
        """What the ranked value is called: the first objective's metric, or `score` for a sum."""
        return SCORE if self.weighted else self.items[0].metric

    @property
    def single(self) -> bool:
        """Whether one value ranks: that of the only objective, or the weighted sum."""
        return len(self.items) == 1 or self.weighted

    @property
    def direction(self) -> Direction:
        """The direction of `score`: that of the first objective, or of the weighted sum."""
        return self.sum_direction if self.weighted else self.items[0].direction

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions of `values`; one if a single value ranks."""
        return (self.direction,) if self.single else tuple(one.direction for one in self.items)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of all metrics that a trial needs: the objectives', then the constraints'."""
        named = [name for one in self._constraints() for name in one.names]
        return tuple(dict.fromkeys([*(one.metric for one in self.items), *named]))

    def reading(self, metric: str) -> Objective:
        """Return what says which measurement of `metric` counts, one of `metrics` or any other."""
        found = next((one for one in self.items if one.metric == metric), None)
        return found or Objective(metric=metric)

    def check_metrics(self, known: Collection[str]) -> None:
        """Raise SpecError unless a reader reports every metric; `known` are those reported."""
        for name in self.metrics:
            if name not in known:
                asked = "an objective" if name in [one.metric for one in self.items] else None
                near = "".join(sorted(known)[:1])
                or_rank = f", or {spelled('objectives', [{'metric': near}])}"
                reader = spelled_part("metric_reader", type="stdout_reader", metric=name)
                raise SpecError(
                    f"{asked or 'a constraint'} needs the metric {name!r}, which no reader "
                    f"reports{did_you_mean(name, known)}; reported: "
                    f"{', '.join(sorted(known)) or 'none'}. Give a reader for it, "
                    f"{reader}{or_rank if name == METRIC else ''}",
                    place="objectives" if asked else "constraints",
                )

    def score(self, finals: Mapping[str, float]) -> float:
        """Return the value that ranks a trial, better in `direction`; not finite if it has none.

        It is the first objective's value, or the sum of weight times value, in which the values
        of metrics whose direction is not that of the sum are taken as negative.

        Args:
            finals: the number that counts of each metric; missing ones are NaN.
        """
        if not self.weighted:
            return finals.get(self.items[0].metric, math.nan)
        return sum(
            (one.weight or 0.0)
            * (self.sum_direction.sign * one.direction.sign)
            * finals.get(one.metric, math.nan)
            for one in self.items
        )

    def values(self, finals: Mapping[str, float]) -> tuple[float, ...]:
        """Return what the search is told, one number for each of `directions`; missing ones NaN."""
        if self.single:
            return (self.score(finals),)
        return tuple(finals.get(one.metric, math.nan) for one in self.items)

    def violation(self, finals: Mapping[str, float]) -> float:
        """Return by how much the constraints fail together, finite; 0 if all hold.

        The amounts are added in the units of their metrics. A constraint whose metric is missing
        or not finite fails by the largest float.
        """
        amount = sum(one.violation(finals) for one in self._constraints())
        return min(amount, sys.float_info.max)

    def broken(self, finals: Mapping[str, float]) -> tuple[str, ...]:
        """Return the constraints that do not hold."""
        return tuple(one.text for one in self._constraints() if one.violation(finals) > 0)

    def _constraints(self) -> list[Constraint]:
        return [parse_constraint(text, self.odd_names) for text in self.constraints]


def _items(given: Iterable[Objective]) -> tuple[Objective, ...]:
    items = tuple(given)
    if not items:
        raise SpecError(f"objectives is empty; give at least one {spelled_part('objectives')}")
    for one in items:
        if not isinstance(one, Objective):
            raise SpecError(
                f"objectives: {one!r} is no objective; make each with {spelled_part('objectives')}"
            )
    names = [one.metric for one in items]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SpecError(
            f"objectives: the metric {twice[0]!r} is there twice; give each objective a metric "
            f"of its own, {spelled_part('objectives', metric=OPEN)}"
        )
    return items


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    texts = given if isinstance(given, str) else tuple(given)
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise SpecError(
            f"constraints must be a list of texts, got {given!r}; write ['latency_ms <= 20']"
        )
    return texts


def _check_weights(items: Sequence[Objective]) -> None:
    without = [one.metric for one in items if one.weight is None]
    if without and len(without) < len(items):
        raise SpecError(
            f"objectives: {', '.join(map(repr, without))} without a weight, others with one; give "
            "every objective a weight to rank by their sum, or none to compare one by one"
        )


@dataclass(slots=True)
class Summary:
    """The running figures of one trial's measurements; memory does not grow with their number.

    Values may be NaN or infinite: such a one can be `last` and spoils the mean, but never counts
    as highest or lowest.
    """

    count: int = 0
    last: float = math.nan
    max: float = -math.inf
    min: float = math.inf
    total: float = 0.0

    def add(self, value: float) -> None:
        """Count one measurement."""
        self.count += 1
        self.last = value
        self.total += value
        if math.isfinite(value):
            self.max = max(self.max, value)
            self.min = min(self.min, value)

    def value(self, objective: Objective) -> float:
        """Return the number that counts for `objective`; not finite where there is none."""
        best = self.max if objective.direction is Direction.MAXIMIZE else self.min
        return {
            Final.LAST: self.last,
            Final.BEST: best,
            Final.MEAN: self.total / self.count if self.count else math.nan,
            Final.MAX: self.max,
            Final.MIN: self.min,
            Final.SUM: self.total if self.count else math.nan,
        }[objective.final]


def maximized(objectives: Objectives, metric: str) -> bool | None:
    """Tell whether a metric is to be large, or small; None if only a constraint has it."""
    found = [one.direction for one in objectives.items if one.metric == metric]
    return found[0] is Direction.MAXIMIZE if found else None
