import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import automl.testing
from automl.search.algorithms import ALGORITHMS, Problem, make_proposer
from automl.search.optuna.makers import SteadyState, make_evolution, make_mixture, make_tpe
from automl.search.optuna.sampler import MakeSampler, Manner, OptunaSampler
from automl.search.sampler import Nothing, Proposal, Proposer, Told
from automl.search.shown import with_failures_pruned
from automl.search.unseen import Unseen
from automl.space.parameters import Categorical, Integer, Parameter, Real
from automl.space.space import SearchSpace
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.trial import TrialState
from automl.testing import (
    SAMPLER_CHECKS,
    SAMPLER_SPACES,
    ContractError,
    check_sampler_answers_again,
    check_sampler_bears_strangers,
    check_sampler_never_repeats,
    check_sampler_rebuilds,
    check_sampler_stays_in_space,
    check_sampler_survives_failures,
    check_sampler_takes_knowledge,
)

Make = Callable[[SearchSpace, int], Proposer]


def maker(type_name: str, *, max_trials: int = 1, **options: Any) -> Make:
    def make(space: SearchSpace, seed: int) -> Proposer:
        algorithm = Algorithm(type=type_name, options=options)
        problem = Problem(
            space=space,
            directions=(Direction.MINIMIZE,),
            seed=seed,
            max_trials=max_trials,
            max_parallel=1,
        )
        search = make_proposer(algorithm, problem)
        # With one trial allowed no space is walked, so that the algorithm has to use it up.
        return search.proposer

    return make


def model(make: MakeSampler, **manner: Any) -> Make:
    def make_unseen(space: SearchSpace, seed: int) -> Proposer:
        how = Manner(make=make, **manner)
        sampler = OptunaSampler(space, [Direction.MINIMIZE], seed, how)
        # Asked less often than in a study: near the end of a space most asks are in vain.
        return Unseen(sampler, space, seed, asks=3)

    return make_unseen


MAKERS: dict[str, Make] = {
    "cmaes": maker("cmaes", population_size=4),
    "grid": maker("grid"),
    "random": maker("random"),
    "random walk": maker("random", max_trials=1000),
    "sobol": maker("sobol"),
    "optuna.samplers:RandomSampler": maker("optuna.samplers:RandomSampler"),
    "auto": model(
        make_mixture(initial_trials_num=4, multivariate=True), looks=with_failures_pruned
    ),
    "tpe": model(make_tpe(initial_trials_num=4, multivariate=False), looks=with_failures_pruned),
    "evolution": model(make_evolution(population_size=4, variant="II"), marks=SteadyState(4, "II")),
    "evolution III": model(
        make_evolution(population_size=4, variant="III"), marks=SteadyState(4, "III")
    ),
}
SHORT = ("evolution III", "optuna.samplers:RandomSampler")
"""These differ from others in little, so that some spaces are enough."""
SOME_SPACES = ("look-alikes", "conditional ranges", "linked and constant", "rules")
CMAES_SPACES = ("grids", "normal", "normal in steps")
TOO_SLOW = ("gp", "pbt")
"""Checked elsewhere: gp takes a second per proposal, pbt trains a population by other rules."""


def takes(algorithm: str, name: str, space: SearchSpace) -> bool:
    if algorithm == "cmaes":
        return name in CMAES_SPACES
    if algorithm in SHORT:
        return name in SOME_SPACES
    return space.size is not None or algorithm != "grid"


def cases() -> list[Any]:
    return [
        pytest.param(make, space, id=f"{algorithm}-{name}")
        for algorithm, make in MAKERS.items()
        for name, space in SAMPLER_SPACES.items()
        if takes(algorithm, name, space)
    ]


@pytest.mark.parametrize("check", SAMPLER_CHECKS)
@pytest.mark.parametrize(("make", "space"), cases())
def test_every_algorithm_keeps_the_contract(
    check: Callable[[Make, SearchSpace], None], make: Make, space: SearchSpace
) -> None:
    check(make, space)


def test_every_registered_algorithm_is_checked() -> None:
    checked = {name.split()[0] for name in MAKERS if ":" not in name}
    assert checked | set(TOO_SLOW) == set(ALGORITHMS.names())


def small_parameters(name: str) -> st.SearchStrategy[Parameter]:
    values: st.SearchStrategy[Any] = (
        st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, "1", ""])
    )
    categorical = st.lists(values, min_size=1, max_size=3, unique_by=repr).map(
        lambda candidates: Categorical(name=name, candidates=tuple(candidates))
    )
    integer = st.builds(
        lambda low, width, step: Integer(
            name=name, min_value=low, max_value=low + width, step=step
        ),
        st.integers(-(10**9), 10**9),
        st.integers(0, 3),
        st.none() | st.integers(1, 4),
    )
    log = st.builds(
        lambda low, width: Integer(name=name, min_value=low, max_value=low + width, log=True),
        st.integers(1, 10**6),
        st.integers(0, 3),
    )
    real = st.builds(
        lambda low, steps, step: Real(
            name=name, min_value=low, max_value=low + steps * step, step=step
        ),
        st.floats(-1e3, 1e3),
        st.integers(0, 2),
        st.sampled_from([0.1, 0.25, 3.0]),
    )
    return categorical | integer | log | real


small_spaces = st.tuples(small_parameters("a"), small_parameters("b")).map(SearchSpace)


@pytest.mark.parametrize("algorithm", ["grid", "random", "random walk", "tpe"])
@settings(deadline=None, max_examples=10)
@given(space=small_spaces)
def test_any_countable_space_is_used_up_exactly(algorithm: str, space: SearchSpace) -> None:
    check_sampler_stays_in_space(MAKERS[algorithm], space)
    check_sampler_never_repeats(MAKERS[algorithm], space)


def test_the_exports_are_sorted_and_there() -> None:
    # Constants first, then classes, then functions, as ruff sorts them.
    names = automl.testing.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(automl.testing, name) for name in names)


@dataclass
class Seen:
    """What a sampler that breaks the contract knows when it does so."""

    space: SearchSpace
    params: dict[str, Any] | None
    history: Sequence[Told]
    planned: int
    asked: int

    def count(self, state: TrialState) -> int:
        return sum(told.state is state for told in self.history)


class Breaker:
    """Walks the space as it should, but for what `breach` makes of each answer."""

    def __init__(self, space: SearchSpace, breach: Callable[[Seen], Any]) -> None:
        self._space = space
        self._breach = breach
        self._asked = 0

    def propose(self, trial_id: int, history: Sequence[Told]) -> Any:
        del trial_id
        self._asked += 1
        planned = sum(
            told.state is TrialState.PLANNED
            and told.trial_id >= 0
            and self._space.contains(told.params)
            for told in history
        )
        left = planned < (self._space.size or 0)
        params = self._space.combination_at(planned) if left else None
        answer = self._breach(Seen(self._space, params, history, planned, self._asked))
        return Proposal(params=answer) if isinstance(answer, dict) else answer or Nothing.USED_UP


def _edit_history(seen: Seen) -> Any:
    cast("list[Told]", seen.history).extend(seen.history[:1])
    return seen.params


def _unseeded(seen: Seen) -> Any:
    return seen.params and seen.space.combination_at(int.from_bytes(os.urandom(2)) % 20)


def _reversed(seen: Seen) -> Any:
    return seen.params and dict(reversed(seen.params.items()))


def _without_one(seen: Seen) -> Any:
    return seen.params and {"a": seen.params["a"]}


def _as_floats(seen: Seen) -> Any:
    return seen.params and {name: float(value) for name, value in seen.params.items()}


def _strangers(seen: Seen) -> Any:
    alien = [told.params for told in seen.history if not seen.space.contains(told.params)]
    return alien[0] if alien else seen.params


def _counts_known(seen: Seen) -> Any:
    known = sum(told.trial_id < 0 for told in seen.history)
    return seen.params if seen.planned + known < 20 else None


BREACHES: dict[str, tuple[Callable[[Seen], Any], Callable[[Make, SearchSpace], None]]] = {
    "types": (_as_floats, check_sampler_stays_in_space),
    "order": (_reversed, check_sampler_stays_in_space),
    "missing": (_without_one, check_sampler_stays_in_space),
    "unseeded": (_unseeded, check_sampler_rebuilds),
    "keeps count of questions": (
        lambda seen: seen.params and seen.space.combination_at(seen.asked % 20),
        check_sampler_answers_again,
    ),
    "edits the history": (_edit_history, check_sampler_answers_again),
    "gives up": (
        lambda seen: seen.params if seen.planned < 4 else None,
        check_sampler_never_repeats,
    ),
    "endless": (
        lambda seen: seen.params or seen.space.combination_at(0),
        check_sampler_never_repeats,
    ),
    "repeats": (
        lambda seen: seen.params and seen.space.combination_at(seen.planned // 2),
        check_sampler_never_repeats,
    ),
    "hates failures": (
        lambda seen: None if seen.count(TrialState.FAILED) else seen.params,
        check_sampler_survives_failures,
    ),
    "counts knowledge as tried": (_counts_known, check_sampler_takes_knowledge),
    "copies strangers": (_strangers, check_sampler_bears_strangers),
}
BREAKERS_SPACE = SearchSpace(
    (Integer(name="a", min_value=1, max_value=4), Integer(name="b", min_value=1, max_value=5))
)


@pytest.mark.parametrize(("breach", "check"), BREACHES.values(), ids=BREACHES)
def test_a_breach_is_found(
    breach: Callable[[Seen], Any], check: Callable[[Make, SearchSpace], None]
) -> None:
    with pytest.raises(ContractError):
        check(lambda space, _: Breaker(space, breach), BREAKERS_SPACE)


@pytest.mark.parametrize("check", SAMPLER_CHECKS)
def test_without_a_breach_the_same_sampler_passes(
    check: Callable[[Make, SearchSpace], None],
) -> None:
    check(lambda space, _: Breaker(space, lambda seen: seen.params), BREAKERS_SPACE)


def test_the_wrapper_makes_a_forgetful_sampler_keep_the_contract() -> None:
    class Stubborn:
        def suggest(self, trial_id: int, history: Sequence[Told]) -> Any:
            del trial_id, history
            return BREAKERS_SPACE.combination_at(7)

    for check in SAMPLER_CHECKS:
        check(lambda space, seed: Unseen(Stubborn(), space, seed), BREAKERS_SPACE)
