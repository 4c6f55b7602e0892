from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.search.optuna.axes import axis_of
from automl.space.parameters import (
    Categorical,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    Real,
    value_key,
)


@pytest.mark.parametrize(
    ("candidates", "inner", "kind"),
    [
        ((30, 10.5, -2), (-2, 10.5, 30), "IntDistribution"),
        ((1.0, 1, 0), (0, 1.0, 1), "IntDistribution"),
        ((True, 0, 2), (True, 0, 2), "CategoricalDistribution"),
        (("b", "a"), ("b", "a"), "CategoricalDistribution"),
        ((3, None, 1), (3, None, 1), "CategoricalDistribution"),
        (([2], [1]), ([2], [1]), "CategoricalDistribution"),
    ],
)
def test_a_list_of_numbers_is_a_range_of_places_and_any_other_is_categories(
    candidates: tuple[Any, ...], inner: tuple[Any, ...], kind: str
) -> None:
    axis = axis_of(Categorical(name="n", candidates=candidates))
    values = [axis.outside(place) for place in range(len(candidates))]
    assert [value_key(value) for value in values] == [value_key(value) for value in inner]
    assert type(axis.distribution()).__name__ == kind


@pytest.mark.parametrize(
    "parameter",
    [
        Categorical(name="p", candidates=(1, 1.0, True, "1", None, [1], [1.0], {"a": 1})),
        Categorical(name="p", candidates=(3, 1.0, 1, -2.5, 10**20)),
        Integer(name="p", min_value=-5, max_value=9, step=4),
        Integer(name="p", min_value=1, max_value=7, log=True),
        Real(name="p", min_value=0.1, max_value=1, step=0.1),
        Real(name="p", min_value=-1e9, max_value=1e9, step=12345.678),
        Real(name="p", min_value=2, max_value=2),
        Linked(names=("a", "b"), candidates=([1, "x"], [1.0, "x"], [True, None])),
        Normal(name="p", mean=0.3, std=2, step=0.5),
        LogNormal(name="p", mean=2, std=0.5, step=1),
    ],
)
def test_every_value_comes_back_from_optuna_with_its_type(parameter: Parameter) -> None:
    axis = axis_of(parameter)
    for index in range(min(parameter.count or 0, 200)):
        value = parameter.value_at(index)
        inner = axis.inside(value)
        assert axis.distribution()._contains(axis.distribution().to_internal_repr(inner))
        assert value_key(axis.outside(inner)) == value_key(value)


@given(st.floats(0, 1))
def test_a_normal_value_is_shown_by_the_share_below_it(share: float) -> None:
    for parameter in (Normal(name="p", mean=-3, std=7), LogNormal(name="p", mean=1, std=2)):
        axis = axis_of(parameter)
        assert axis.inside(axis.outside(share)) == pytest.approx(share, abs=1e-9)


def test_steps_around_a_mean_are_shown_by_their_shares_too() -> None:
    # By their places, Optuna would draw the rare ends as often as the middle.
    axis = axis_of(Normal(name="x", mean=0, std=1, step=1))
    distribution: Any = axis.distribution()
    assert (distribution.low, distribution.high, distribution.step) == (0.0, 1.0, None)
    assert [axis.outside(share) for share in (0.0, 0.4, 0.5, 0.6, 1.0)] == [-5, 0, 0, 0, 5]


@pytest.mark.parametrize("log", [True, False])
def test_a_range_is_searched_by_magnitude_only_where_that_was_asked(log: Any) -> None:
    whole = axis_of(Integer(name="p", min_value=1, max_value=9, log=log)).distribution()
    real = axis_of(Real(name="p", min_value=1, max_value=9, log=log)).distribution()
    assert [getattr(whole, "log", None), getattr(real, "log", None)] == [log, log]


@given(st.integers(0, 2**63 - 1))
def test_what_floats_round_stays_in_the_range(inner: int) -> None:
    for high in (2**60 - 1, 2**63 - 1):
        parameter = Integer(name="p", min_value=1, max_value=high)
        assert parameter.contains(axis_of(parameter).outside(float(inner)))


@pytest.mark.parametrize(
    "parameter",
    [
        Integer(name="p", min_value=0, max_value=2**63),
        Integer(name="p", min_value=-(2**63), max_value=0),
        Integer(name="p", min_value=1, max_value=10**300, log=True),
        Integer(name="p", min_value=0, max_value=10**40, step=3),
        Real(name="p", min_value=-1.7e308, max_value=1.7e308),
        Real(name="p", min_value=1e308, max_value=1.7e308),
    ],
)
def test_a_range_too_wide_for_optuna_is_refused_with_a_way_out(parameter: Parameter) -> None:
    with pytest.raises(SpecError, match=r"'p': its range .* too wide .* algorithm 'random'"):
        axis_of(parameter)
