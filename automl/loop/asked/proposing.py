"""What is proposed to a trial that a program asks for."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from automl.engine.view import View
from automl.errors import AutomlError, SpecError
from automl.search.algorithms import make_proposer
from automl.search.problem import Search, problem_of
from automl.search.sampler import Nothing, Proposal
from automl.space.learnt import Offer
from automl.space.space import Params, SearchSpace
from automl.study.spec import StudySpec

NOBODY_KNOWS = 1
"""How many trials there will be; with so few, no search takes a small space for one to walk."""

_GIVEN = "search_space"
"""The option of an algorithm that walks the combinations which the user gave, and no others."""


class Proposing:
    """Asks the search of a study.

    Args:
        spec: the study.
        seed: its seed in force.
    """

    def __init__(self, spec: StudySpec, seed: int) -> None:
        self._algorithm = spec.algorithm
        self._problem = problem_of(spec, seed, NOBODY_KNOWS)
        self._given: Sequence[Params] = ()
        self._search: Search | None = None

    def next(self, view: View, given: Sequence[Params], names: Collection[str]) -> Proposal:
        """Return what the next trial is to be.

        Args:
            view: how the study stands.
            given: the combinations that the user wants to see first, those that were tried too.
            names: what the trial asks for at once.

        Raises:
            AutomlError: there is nothing left to try, or not before a trial has ended.
        """
        if self._search is None or [*given] != [*self._given]:
            problem = replace(self._problem, start_with=tuple(given))
            self._search, self._given = make_proposer(self._algorithm, problem), [*given]
        answer = self._search.proposer.propose(len(view.trials), view.history)
        if isinstance(answer, Proposal):
            return answer
        if self._learns(view, names):
            # What is tried is so over the names before: this trial draws its own.
            return Proposal(params={}, proposed={})
        raise AutomlError(
            "ask() has no trial: the search proposes nothing before another trial has ended"
            if answer is Nothing.NOT_YET
            else "ask() has no trial: all combinations of the search space have been tried, and "
            "none is tried twice"
        )

    def _learns(self, view: View, names: Collection[str]) -> bool:
        """Tell whether the search is to learn of a name that no trial has asked for."""
        if not self._problem.space.learnt or _GIVEN in self._algorithm.options:
            return False
        return any(all(name not in one.ranges for one in view.trials.values()) for name in names)


def fixed_proposal(space: SearchSpace, values: Params) -> Proposal:
    """Return what a trial is to be whose values the program gives.

    Raises:
        SpecError: they are not in the space that the study describes.
    """
    if space.learnt:
        return Proposal(
            params={}, proposed={name: Offer(one, None) for name, one in values.items()}
        )
    if problem := space.problem(values):
        raise SpecError(f"{dict(values)!r} is not in the search space: {problem}")
    return Proposal(params=dict(values))
