import itertools
import math
import random
from statistics import NormalDist, median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import skew  # type: ignore[import-untyped]

from automl.search.own.power import normal_by_power


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=30))
def test_any_numbers_keep_their_order_and_can_be_computed_with(values: list[float]) -> None:
    bent = normal_by_power(values)
    for (before, low), (after, high) in itertools.pairwise(sorted(zip(values, bent, strict=True))):
        assert low <= high
        assert before < after or low == high
    assert math.isfinite(sum(each**2 for each in bent))


@given(
    st.lists(st.integers(-1000, 1000), min_size=4, max_size=30, unique=True),
    st.sampled_from([1e-200, 0.5, 1e200]),
)
def test_the_scale_does_not_matter(values: list[int], scale: float) -> None:
    bent = normal_by_power(values)
    assert normal_by_power([value * scale for value in values]) == pytest.approx(bent, rel=1e-4)
    assert len(set(bent)) == len(values)


@pytest.mark.parametrize("sign", [-1, 1])
def test_what_leans_to_one_side_is_straightened(sign: int) -> None:
    rng = random.Random(3)  # noqa: S311 - no secret
    values = [sign * rng.lognormvariate(0, 1) for _ in range(101)]
    assert abs(skew(normal_by_power(values))) < 0.2 < abs(skew(values))


def test_what_is_normal_stays_so() -> None:
    values = [NormalDist(7, 3).inv_cdf((at + 0.5) / 99) for at in range(99)]
    bent = normal_by_power(values)
    assert bent[98] + bent[0] == pytest.approx(2 * bent[49], abs=1e-3)


def test_one_that_went_astray_does_not_hide_the_others() -> None:
    bent = normal_by_power([*range(20), 1e300])
    assert bent[20] - bent[19] < bent[19] - bent[0]
    assert median(bent) == bent[10]


def test_equal_numbers_stay_equal() -> None:
    assert set(normal_by_power([5.0] * 4)) == {0.0}
    assert normal_by_power([-math.inf, -math.inf]) == [0.0, 0.0]
