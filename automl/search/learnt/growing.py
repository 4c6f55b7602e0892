"""A sampler of any kind over a space that grows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from automl.search.learnt.names import LearntNames
from automl.search.problem import Problem
from automl.search.sampler import Sampler, Told
from automl.search.unread import Unread
from automl.space.parameters import ParamValue
from automl.study.trial import TrialState

MakeSampler: TypeAlias = Callable[[Problem], Sampler]
"""From a problem to a sampler of its space."""


class Growing:
    """Asks a sampler for values of all names known so far, and makes it anew when there are more.

    A sampler is told trials with the values that they asked for: it knows which names appear
    together, and may leave out of a trial what a trial does not have.

    Args:
        problem: what the search is made for; its space is the one that is learnt.
        make: makes the sampler.

    Attributes:
        names: what is known of the space.
    """

    def __init__(self, problem: Problem, make: MakeSampler) -> None:
        self.names = LearntNames()
        self._problem = problem
        self._make = make
        self._space = self.names.space
        self._sampler: Sampler | None = None
        self._history: list[Told] = []
        self._running: dict[int, Told] = {}
        self._expected: dict[int, dict[str, ParamValue]] = {}
        self._unread = Unread()

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue]:
        """Return a value for each known name; none of one that the sampler cannot search."""
        self.learn(history)
        if self._sampler is None:
            return {}
        return self._sampler.suggest(trial_id, self._history) or {}

    def learn(self, history: Sequence[Told]) -> None:
        """Take in what was told since the last call."""
        self.names.read(history)
        for told in self._unread.of(history):
            if told.state is TrialState.PLANNED:
                self._running[told.trial_id] = told
                self._tell_running(told)
            else:
                self._running.pop(told.trial_id, None)
                self._expected.pop(told.trial_id, None)
                self._history.append(told)
        for told in self._running.values():
            self._tell_running(told)
        if self.names.space is not self._space:
            self._space = self.names.space
            self._sampler = None
            if self._space.parameters:
                self._sampler = self._make(replace(self._problem, space=self._space))

    def _tell_running(self, told: Told) -> None:
        """Tell what is expected of a trial that runs, where that has changed."""
        params = self.names.expected(told)
        if self._expected.get(told.trial_id) != params:
            self._expected[told.trial_id] = params
            self._history.append(replace(told, params=params))
