"""What a search is made for, and what is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from automl.errors import SpecError
from automl.search.sampler import Proposer
from automl.space.space import Params, SearchSpace
from automl.study.budget import Budget
from automl.study.objective import Direction
from automl.study.spec import StudySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a search is made for.

    Attributes:
        space: what to search.
        directions: which values are better, by objective.
        seed: decides every random draw.
        max_trials: how many trials there will be at the most.
        max_parallel: how many run at once at the most.
        budget: how far a trial may train, where that is limited.
        start_with: the combinations that come first.
        constrained: whether trials may break constraints.
        changed: whether the programs of the trials differ from what ran before.
    """

    space: SearchSpace
    directions: tuple[Direction, ...]
    seed: int
    max_trials: int
    max_parallel: int
    budget: Budget | None = None
    start_with: tuple[Params, ...] = ()
    constrained: bool = False
    changed: bool = False

    def only_direction(self, algorithm: str) -> Direction:
        """Return the direction of the only objective.

        Raises:
            SpecError: there are several, which the algorithm cannot take.
        """
        if len(self.directions) == 1:
            return self.directions[0]
        raise SpecError(
            f"algorithm {algorithm!r} takes one objective, got {len(self.directions)}; give them "
            "weights, or use algorithm 'auto', 'tpe' or 'evolution'"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What proposes the trials of a study.

    Attributes:
        proposer: what the loop asks.
        aside: whether an answer may take long, so that it must not hold up the loop.
        note: what was chosen and why, in one line; empty if the user chose.
    """

    proposer: Proposer
    aside: bool
    note: str = ""


Recipe: TypeAlias = Callable[[Problem], Search]
"""From a problem to its search; SpecError where the algorithm cannot take the problem."""


def problem_of(spec: StudySpec, seed: int, max_trials: int) -> Problem:
    """Return what the search of a study is made for."""
    return Problem(
        space=spec.space,
        directions=spec.objectives.directions,
        seed=seed,
        max_trials=max_trials,
        max_parallel=spec.limits.max_parallel,
        budget=spec.budget,
        start_with=spec.start_with,
        constrained=bool(spec.objectives.constraints),
    )
