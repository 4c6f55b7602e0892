import pytest
from scipy import stats

from automl.study.ranking.student import t_bound


@pytest.mark.parametrize("share", [0.5, 0.95, 0.98, 0.999])
def test_bounds_are_those_of_scipy(share: float) -> None:
    for freedom in [*range(1, 40), 100, 101, 2000]:
        expected = stats.t.ppf((1 + share) / 2, freedom)
        assert t_bound(freedom, share) == pytest.approx(expected, rel=1e-10)
