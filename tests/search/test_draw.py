import math
import random
import statistics
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.search.own.draw import RandomSampler, draw, generator
from automl.search.sampler import Told
from automl.space.parameters import (
    Categorical,
    Integer,
    LogNormal,
    Normal,
    Parameter,
    Real,
    value_key,
)
from automl.space.space import SearchSpace, combination_key
from automl.study.trial import TrialState
from automl.testing.samplers import SAMPLER_SPACES

DRAWS = 6000


def drawn(parameter: Parameter, count: int = DRAWS) -> list[Any]:
    space, rng = SearchSpace((parameter,)), generator(1, 0, "test")
    return [draw(space, rng)[parameter.name] for _ in range(count)]  # type: ignore[index]


def shares(parameter: Parameter) -> dict[str, float]:
    counts = Counter(value_key(value) for value in drawn(parameter))
    return {key: count / DRAWS for key, count in counts.items()}


@pytest.mark.parametrize(
    ("parameter", "count"),
    [
        (Categorical(name="x", candidates=(1, 1.0, True, None, "1")), 5),
        (Integer(name="x", min_value=-2, max_value=2), 5),
        (Integer(name="x", min_value=-2, max_value=7, step=3), 4),
        (Real(name="x", min_value=0.1, max_value=0.55, step=0.1), 5),
    ],
)
def test_every_value_of_a_countable_parameter_has_an_equal_share(
    parameter: Parameter, count: int
) -> None:
    found = shares(parameter)
    assert len(found) == count
    assert all(share == pytest.approx(1 / count, rel=0.2) for share in found.values())


def test_a_range_is_drawn_from_evenly_up_to_both_ends() -> None:
    values = drawn(Real(name="x", min_value=-3, max_value=5))
    assert {type(value) for value in values} == {float}
    assert min(values) == pytest.approx(-3, abs=0.02)
    assert max(values) == pytest.approx(5, abs=0.02)
    quarters = Counter(math.floor((value + 3) / 2) for value in values)
    assert all(quarters[number] / DRAWS == pytest.approx(0.25, rel=0.1) for number in range(4))


def test_a_logarithmic_range_gives_every_order_of_magnitude_an_equal_share() -> None:
    values = drawn(Real(name="x", min_value=1e-4, max_value=10, log=True))
    orders = Counter(math.floor(math.log10(value)) for value in values)
    assert all(orders[order] / DRAWS == pytest.approx(0.2, rel=0.1) for order in range(-4, 1))


def test_logarithmic_integers_are_rarer_the_higher_they_are_and_reach_both_ends() -> None:
    found = shares(Integer(name="x", min_value=1, max_value=8, log=True))
    # Each has what lies half a step around it: ln(8.5 / 0.5) is the whole.
    for number in range(1, 9):
        share = math.log((number + 0.5) / (number - 0.5)) / math.log(17)
        assert found[str(number)] == pytest.approx(share, rel=0.2)


def test_a_range_wider_than_any_float_is_drawn_from_evenly_too() -> None:
    values = drawn(Real(name="x", min_value=-1.7e308, max_value=1.7e308))
    quarters = Counter(math.floor(value / 0.85e308) for value in values)
    assert all(quarters[number] / DRAWS == pytest.approx(0.25, rel=0.1) for number in range(-2, 2))


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.tuples(finite, finite).map(sorted), st.integers())
def test_any_range_is_kept_however_wide_or_narrow(bounds: list[float], seed: int) -> None:
    space = SearchSpace((Real(name="x", min_value=bounds[0], max_value=bounds[1]),))
    assert all(space.contains(draw(space, generator(seed, n, "t")) or {}) for n in range(20))


@given(
    st.tuples(st.floats(5e-324, 1e308), st.floats(5e-324, 1e308)).map(sorted),
    st.tuples(st.integers(1, 10**30), st.integers(1, 10**30)).map(sorted),
    st.integers(),
)
def test_any_logarithmic_range_is_kept(reals: list[float], wholes: list[int], seed: int) -> None:
    space = SearchSpace(
        (
            Real(name="r", min_value=reals[0], max_value=reals[1], log=True),
            Integer(name="i", min_value=wholes[0], max_value=wholes[1], log=True),
        )
    )
    assert all(space.contains(draw(space, generator(seed, n, "t")) or {}) for n in range(20))


def test_a_generator_is_its_arguments_and_no_global_one_is_touched() -> None:
    before = random.getstate()
    first = [generator(*key).random() for key in [(1, 2, "a"), (1, 2, "a")]]
    keys = [(2, 1, "a"), (1, 22, "a"), (12, 2, "a"), (1, 2, "b")]
    others = [generator(*key).random() for key in keys]
    assert first[0] == first[1]
    assert len({first[0], *others}) == 5
    assert random.getstate() == before


def test_the_values_of_a_trial_do_not_depend_on_what_ended_before_it() -> None:
    space = SearchSpace((Real(name="x", min_value=0, max_value=1),))
    sampler = RandomSampler(space, 7)
    plan = Told(trial_id=0, params={"x": 0.5}, state=TrialState.PLANNED)
    end = Told(trial_id=0, params={"x": 0.5}, state=TrialState.COMPLETED, value=1.0)
    assert sampler.suggest(1, [plan]) == sampler.suggest(1, [plan, end])
    assert sampler.suggest(1, [plan]) != sampler.suggest(2, [plan])
    assert sampler.suggest(1, [plan]) != RandomSampler(space, 8).suggest(1, [plan])


@pytest.mark.parametrize("space", SAMPLER_SPACES.values(), ids=SAMPLER_SPACES)
@given(seed=st.integers())
def test_a_draw_is_a_combination_of_its_space(space: SearchSpace, seed: int) -> None:
    params = draw(space, generator(seed, 0, "t"))
    assert params is not None
    assert space.contains(params), space.problem(params)


def test_what_is_not_in_use_is_not_drawn_and_each_branch_has_its_share() -> None:
    space, rng = SAMPLER_SPACES["conditions"], generator(1, 0, "test")
    found = Counter(frozenset(draw(space, rng) or {}) for _ in range(DRAWS))
    assert found[frozenset({"opt", "depth"})] / DRAWS == pytest.approx(1 / 6, rel=0.2)
    assert found[frozenset({"opt", "depth", "width"})] / DRAWS == pytest.approx(1 / 3, rel=0.2)
    assert found[frozenset({"opt", "momentum", "decay", "every", "depth"})] / DRAWS == (
        pytest.approx(1 / 4, rel=0.2)
    )


def test_a_normal_parameter_is_drawn_from_its_distribution() -> None:
    values = drawn(Normal(name="x", mean=3, std=2))
    assert statistics.fmean(values) == pytest.approx(3, abs=0.1)
    assert statistics.stdev(values) == pytest.approx(2, rel=0.05)
    logs = [math.log(value) for value in drawn(LogNormal(name="x", mean=-7, std=2))]
    assert statistics.fmean(logs) == pytest.approx(-7, abs=0.1)


def test_what_the_rules_leave_is_drawn_evenly() -> None:
    space = SearchSpace(
        (Integer(name="a", min_value=1, max_value=3), Integer(name="b", min_value=1, max_value=3)),
        ["a <= b"],
    )
    rng = generator(1, 0, "test")
    found = Counter(combination_key(draw(space, rng) or {}) for _ in range(DRAWS))
    assert len(found) == 6
    assert all(count / DRAWS == pytest.approx(1 / 6, rel=0.2) for count in found.values())


def test_a_rare_combination_is_drawn_from_the_list_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("automl.search.own.draw.TRIES", 3)
    wide = Integer(name="n", min_value=1, max_value=10**5)
    rare = SearchSpace((wide,), ["n == 77 or n == 99"])
    found = {draw(rare, generator(seed, 0, "t"))["n"] for seed in range(50)}  # type: ignore[index]
    assert found == {77, 99}
    assert draw(SearchSpace((wide,), ["n > 10 ** 6"]), generator(1, 0, "t")) is None
    monkeypatch.setattr("automl.search.own.draw.UNCOUNTED_TRIES", 3)
    never = SearchSpace((Real(name="x", min_value=0, max_value=1),), ["x > 1"])
    assert draw(never, generator(1, 0, "t")) is None
    assert RandomSampler(never, 1).suggest(0, []) is None


def test_rules_that_leave_one_in_ten_thousand_do_not_seem_to_leave_nothing() -> None:
    pair = tuple(Real(name=name, min_value=0, max_value=1) for name in "ab")
    narrow = SearchSpace(pair, ["abs(a - b) < 0.00005"])
    found = [draw(narrow, generator(3, trial_id, "t")) for trial_id in range(8)]
    assert all(params is not None and narrow.contains(params) for params in found)


def test_drawing_a_plain_space_has_not_changed_since_it_was_first_released() -> None:
    space = SearchSpace(
        (
            Categorical(name="c", candidates=("a", "b", "c")),
            Integer(name="i", min_value=1, max_value=10**6, log=True),
            Real(name="r", min_value=1e-6, max_value=1, log=True),
            Real(name="s", min_value=0, max_value=1),
        )
    )
    expected = {"c": "b", "i": 2517, "r": 2.6157989310102742e-05, "s": 0.8179338969209111}
    assert RandomSampler(space, 7).suggest(3, []) == pytest.approx(expected)
