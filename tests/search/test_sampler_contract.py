import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import automl.testing
from automl.search.algorithms import ALGORITHMS, Problem, make_sampler
from automl.search.sampler import Sampler, Told
from automl.search.unseen import Unseen
from automl.spec.objective import Direction
from automl.spec.parameters import Categorical, Integer, Parameter, Real
from automl.spec.space import SearchSpace
from automl.spec.study import Algorithm
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
)

Make = Callable[[SearchSpace, int], Sampler]


def maker(type_name: str, *, max_trials: int = 1, **options: Any) -> Make:
    def make(space: SearchSpace, seed: int) -> Sampler:
        algorithm = Algorithm(type=type_name, options=options)
        problem = Problem(space=space, direction=Direction.MINIMIZE, seed=seed)
        return make_sampler(algorithm, problem, max_trials)

    return make


# With max_trials=1 no space is simply walked, so that the algorithm itself has to use it up.
MAKERS: dict[str, Make] = {
    "grid": maker("grid"),
    "random": maker("random"),
    "random walk": maker("random", max_trials=1000),
    "tpe": maker("tpe", initial_trials_num=4),
    "tpe univariate": maker("tpe", initial_trials_num=4, multivariate=False),
    "tpe walk": maker("tpe", max_trials=1000),
}


def cases() -> list[Any]:
    return [
        pytest.param(make, space, id=f"{algorithm}-{name}")
        for algorithm, make in MAKERS.items()
        for name, space in SAMPLER_SPACES.items()
        if algorithm != "grid" or space.size is not None
    ]


@pytest.mark.parametrize("check", SAMPLER_CHECKS)
@pytest.mark.parametrize(("make", "space"), cases())
def test_every_algorithm_keeps_the_contract(
    check: Callable[[Make, SearchSpace], None], make: Make, space: SearchSpace
) -> None:
    check(make, space)


def test_every_registered_algorithm_is_checked() -> None:
    assert {name.split()[0] for name in MAKERS} == set(ALGORITHMS.names())


def small_parameters(name: str) -> st.SearchStrategy[Parameter]:
    values = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, "1", ""])
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
@settings(deadline=None, max_examples=15)
@given(space=small_spaces)
def test_any_countable_space_is_used_up_exactly(algorithm: str, space: SearchSpace) -> None:
    check_sampler_stays_in_space(MAKERS[algorithm], space)
    check_sampler_never_repeats(MAKERS[algorithm], space)


def test_the_exports_are_sorted_and_there() -> None:
    # Constants first, then classes, then functions, as ruff sorts them.
    names = automl.testing.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(automl.testing, name) for name in names)


class Breaker:
    """Proposes in order, as it should, but for the one thing that `breach` does."""

    def __init__(self, space: SearchSpace, breach: str) -> None:
        self._space = space
        self._breach = breach
        self._asked = 0
        self._rng = random.Random(id(self))

    def suggest(self, trial_id: int, history: Sequence[Told]) -> Any:
        self._asked += 1
        planned = sum(told.state == "planned" for told in history)
        failed = sum(told.state == "failed" for told in history)
        size = self._space.size or 1
        strange = sum(not self._space.contains(told.params) for told in history)
        params: Any = self._space.combination_at(min(planned, size - 1))
        match self._breach:
            case "none":
                pass
            case "type":
                params = {name: float(value) for name, value in params.items()}
            case "order":
                params = dict(reversed(params.items()))
            case "missing":
                del params["b"]
            case "unseeded":
                params = self._space.combination_at(self._rng.randrange(size))
            case "asking counts":
                params = self._space.combination_at(self._asked % size)
            case "edits history":
                assert isinstance(history, list)
                history.append(history[-1]) if history else None
            case "gives up":
                return None if planned > 3 else params
            case "endless":
                return params
            case "hates failures":
                return None if failed else params
            case "copies strangers":
                return history[0].params if strange else params
        return params if planned < size else None


BREACHES = [
    ("type", check_sampler_stays_in_space),
    ("order", check_sampler_stays_in_space),
    ("missing", check_sampler_stays_in_space),
    ("unseeded", check_sampler_rebuilds),
    ("asking counts", check_sampler_answers_again),
    ("edits history", check_sampler_answers_again),
    ("gives up", check_sampler_never_repeats),
    ("endless", check_sampler_never_repeats),
    ("unseeded", check_sampler_never_repeats),
    ("hates failures", check_sampler_survives_failures),
    ("copies strangers", check_sampler_bears_strangers),
]
BREAKERS_SPACE = SearchSpace(
    (Integer(name="a", min_value=1, max_value=4), Integer(name="b", min_value=1, max_value=5))
)


@pytest.mark.parametrize(("breach", "check"), BREACHES)
def test_a_breach_is_found(breach: str, check: Callable[[Make, SearchSpace], None]) -> None:
    with pytest.raises(ContractError):
        check(lambda space, _: Breaker(space, breach), BREAKERS_SPACE)


@pytest.mark.parametrize("check", set(SAMPLER_CHECKS) - {check_sampler_bears_strangers})
def test_without_a_breach_it_would_pass(check: Callable[[Make, SearchSpace], None]) -> None:
    check(lambda space, _: Breaker(space, "none"), BREAKERS_SPACE)


def test_the_wrapper_makes_a_forgetful_sampler_keep_the_contract() -> None:
    class Stubborn:
        def suggest(self, trial_id: int, history: Sequence[Told]) -> Any:
            del trial_id, history
            return BREAKERS_SPACE.combination_at(7)

    for check in SAMPLER_CHECKS:
        check(lambda space, seed: Unseen(Stubborn(), space, seed), BREAKERS_SPACE)
