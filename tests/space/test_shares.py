import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.space.parameters import (
    Categorical,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    Real,
    value_key,
)

COUNTED: list[Parameter] = [
    Categorical(name="p", candidates=(30, 10, 20.5)),
    Integer(name="p", min_value=-3, max_value=5),
    Integer(name="p", min_value=1, max_value=2, step=7),
    Integer(name="p", min_value=1, max_value=500, log=True),
    Integer(name="p", min_value=1, max_value=500, step=7, log=True),
    Real(name="p", min_value=0.1, max_value=0.7, step=0.2),
    Real(name="p", min_value=0.1, max_value=0.7, step=0.2, log=True),
    Real(name="p", min_value=3, max_value=3),
    Normal(name="p", mean=0, std=1, step=0.5),
    Normal(name="p", mean=1, std=1.7, step=1),  # its end, -7.5, is rounded to -8
    LogNormal(name="p", mean=1, std=1, step=1),
]
RANGES: list[Parameter] = [
    Real(name="p", min_value=-2, max_value=9),
    Real(name="p", min_value=-1.7e308, max_value=1.7e308),
    Real(name="p", min_value=1e-9, max_value=1e3, log=True),
    Normal(name="p", mean=5, std=0.1),
    LogNormal(name="p", mean=-3, std=2),
]


@pytest.mark.parametrize("parameter", COUNTED, ids=repr)
@given(share=st.floats(0, 1))
def test_a_counted_value_comes_back_with_its_type(parameter: Parameter, share: float) -> None:
    rising = parameter.in_order()
    value = rising.quantile(share)
    assert value_key(rising.quantile(rising.share_of(value))) == value_key(value)


@pytest.mark.parametrize("parameter", RANGES, ids=repr)
@given(share=st.floats(0, 1))
def test_a_share_of_a_range_comes_back(parameter: Parameter, share: float) -> None:
    rising = parameter.in_order()
    assert rising.share_of(rising.quantile(share)) == pytest.approx(share, abs=1e-9)


def test_whole_numbers_beyond_any_float_have_shares_too() -> None:
    parameter = Integer(name="p", min_value=-(10**400), max_value=10**400)
    assert [parameter.share_of(value) for value in (-(10**400), 0, 10**400)] == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("parameter", COUNTED + RANGES, ids=repr)
def test_higher_shares_have_higher_values(parameter: Parameter) -> None:
    values = [float(str(parameter.in_order().quantile(share / 100))) for share in range(101)]
    assert values == sorted(values)


def test_only_numbers_have_an_order() -> None:
    assert all(parameter.ordered for parameter in COUNTED + RANGES)
    without: list[Parameter] = [
        Categorical(name="p", candidates=(1, True)),
        Categorical(name="p", candidates=("a", "b")),
        Constant(name="p", value=1),
        Linked(names=("a", "b"), candidates=([1, 2], [3, 4])),
    ]
    assert not any(parameter.ordered for parameter in without)


def test_a_step_that_only_the_end_reaches_comes_back() -> None:
    bell = Normal(name="p", mean=1.0, std=1.7, step=1)
    assert [bell.quantile(bell.share_of(value)) for value in (-8, -7, 9, 10)] == [-8, -7, 9, 10]
