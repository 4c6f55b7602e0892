"""A study whose space is learnt, without processes: an objective is asked for its names at once."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from automl.inside.drawing import Draws
from automl.search.algorithms import make_proposer
from automl.search.problem import Problem
from automl.search.sampler import Nothing, Told
from automl.space.learnt import Offer
from automl.space.space import SearchSpace
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.trial import TrialState

Objective = Callable[[Any], float]


class Pruned(Exception):  # noqa: N818 - as users call it
    """What an objective raises that was stopped early."""


@dataclass
class LearntStudy:
    """Runs an objective for what a search proposes, one trial after the other.

    Attributes:
        objective: what is called; an exception is a failed trial.
        told: what the search was told.
        proposed: what it proposed, by trial.
    """

    objective: Objective
    algorithm: str = "random"
    options: dict[str, Any] = field(default_factory=dict)
    max_trials: int = 100
    max_parallel: int = 1
    seed: int = 1
    start_with: tuple[dict[str, Any], ...] = ()
    direction: Direction = Direction.MINIMIZE
    told: list[Told] = field(default_factory=list)
    proposed: list[dict[str, Offer]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.proposer = self.proposer_anew()

    @property
    def problem(self) -> Problem:
        """What the search is made for."""
        return Problem(
            space=SearchSpace((), learnt=True),
            directions=(self.direction,),
            seed=self.seed,
            max_trials=self.max_trials,
            max_parallel=self.max_parallel,
            start_with=self.start_with,
        )

    def proposer_anew(self) -> Any:
        """Return the search as another controller would make it."""
        algorithm = Algorithm(type=self.algorithm, options=self.options)
        return make_proposer(algorithm, self.problem).proposer

    def asked(self, trial_id: int) -> dict[str, Any]:
        """Return what a trial asked for."""
        return next(dict(told.params) for told in self.ended if told.trial_id == trial_id)

    def run(self, count: int) -> Nothing | None:
        """Run so many more trials; return why there were fewer."""
        for _ in range(count):
            answer = self.plan()
            if isinstance(answer, Nothing):
                return answer
            self.end(answer)
        return None

    def plan(self) -> int | Nothing:
        """Begin a trial; return its id, or why there is none."""
        trial_id = len(self.proposed)
        answer = self.proposer.propose(trial_id, self.told)
        if isinstance(answer, Nothing):
            return answer
        assert answer.params == {}
        self.proposed.append(dict(answer.proposed))
        self._tell(trial_id, TrialState.PLANNED)
        return trial_id

    def end(self, trial_id: int) -> None:
        """Call the objective for a trial, and tell how it ended."""
        offers = self.proposed[trial_id]
        proposed = {
            name: {"value": one.value, "range": one.range and one.range.described()}
            for name, one in offers.items()
        }
        with tempfile.TemporaryDirectory() as folder:
            draws = Draws(folder, 1000 * self.seed + trial_id, proposed)
            try:
                value, state = self.objective(draws), TrialState.COMPLETED
            except Pruned:
                value, state = 0.0, TrialState.PRUNED
            except Exception:  # noqa: BLE001 - whatever it is, the trial failed
                value, state = None, TrialState.FAILED  # type: ignore[assignment]
        self._tell(trial_id, state, value, draws)

    @property
    def ended(self) -> list[Told]:
        """The trials that ended."""
        return [told for told in self.told if told.state is not TrialState.PLANNED]

    @property
    def best(self) -> float:
        """The lowest value."""
        return min(told.value for told in self.ended if told.value is not None)

    def _tell(
        self,
        trial_id: int,
        state: TrialState,
        value: float | None = None,
        draws: Draws | None = None,
    ) -> None:
        told = Told(
            trial_id=trial_id,
            params=draws.params if draws else {},
            state=state,
            value=value,
            proposed=self.proposed[trial_id],
            ranges=draws.ranges if draws else {},
        )
        self.told.append(told)
