import math
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.study.ranking.mean import mean_of

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(FINITE, min_size=1))
def test_the_mean_of_any_finite_numbers_is_finite(values: list[float]) -> None:
    exact = sum(map(Fraction, values)) / len(values)
    assert mean_of(values) == pytest.approx(float(exact), rel=1e-15, abs=sys.float_info.min)


@pytest.mark.parametrize(
    "values", [[math.nan, 1.0], [math.inf, -math.inf], [math.inf, 1e308, 1e308, -math.inf]]
)
def test_what_has_no_mean_gives_nan(values: list[float]) -> None:
    assert math.isnan(mean_of(values))


@pytest.mark.parametrize("infinite", [math.inf, -math.inf])
def test_an_infinite_value_gives_an_infinite_mean(infinite: float) -> None:
    assert mean_of([infinite, 1e308, 1e308]) == infinite
