from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.study.budget import Budget

budgets = st.builds(
    lambda low, times, factor: Budget(name="epochs", min=low, max=low * times, factor=factor),
    st.integers(1, 50) | st.floats(1e-6, 1e6),
    st.integers(2, 10_000),
    st.integers(2, 6) | st.floats(2, 6),
)


@pytest.mark.parametrize(
    ("low", "high", "factor", "rungs"),
    [
        (1, 81, 3, (1, 3, 9, 27, 81)),
        (5, 60, 3, (5, 15, 60)),  # 45 is too near to 60
        (2, 3, 3, (2, 3)),
        (0.1, 1, 3.0, (0.1, 0.3, 1.0)),
        (4, 16, 2.0, (4, 8, 16)),
        (2, 19, 2.5, (2.0, 5.0, 19.0)),
        (1e-299, 1e10, 1e290, (1e-299, 1e10)),
    ],
)
def test_the_rungs_are_counted_up_by_the_factor(
    low: float, high: float, factor: float, rungs: tuple[float, ...]
) -> None:
    found = Budget(name="epochs", min=low, max=high, factor=factor).rungs
    assert found == rungs
    assert list(map(type, found)) == list(map(type, rungs))


@given(budgets)
def test_rungs_rise_from_min_to_max_and_every_one_saves_something(budget: Budget) -> None:
    rungs = budget.rungs
    assert rungs[0] == budget.min
    assert rungs[-1] == budget.max
    for below, above in pairwise(rungs[:-1]):
        assert above / below == pytest.approx(budget.factor)
    if len(rungs) > 2:
        assert rungs[-1] / rungs[-2] >= budget.factor**0.5 * (1 - 1e-9)
    assert len({type(rung) for rung in rungs}) == 1


@given(budgets)
def test_the_next_budget_is_the_next_rung(budget: Budget) -> None:
    walked = [budget.start(7)]
    while (after := budget.next_after(walked[-1])) is not None:
        walked.append(after)
    assert tuple(walked) == budget.rungs
    assert budget.next_after(budget.min / 2) == budget.min


def test_numbers_of_numpy_become_those_of_python() -> None:
    budget = Budget(name="epochs", min=np.int64(1), max=np.int64(9), factor=np.float64(3))
    assert list(map(type, budget.rungs)) == [int, int, int]
    assert budget == Budget(name="epochs", min=1, max=9)


def test_each_bracket_has_the_share_of_trials_that_hyperband_gives_it() -> None:
    budget = Budget(name="epochs", min=1, max=81, brackets=5)
    # For R=81 and eta=3 the paper's table has 81, 34, 15, 8 and 5 trials in its brackets.
    shares = {1: 81, 3: 405 / 12, 9: 15, 27: 7.5, 81: 5}
    starts = Counter(budget.start(trial_id) for trial_id in range(2000))
    for start, share in shares.items():
        assert starts[start] == pytest.approx(2000 * share / sum(shares.values()), abs=3)


@given(st.integers(0, 10**9), st.integers(1, 5))
def test_a_trial_starts_at_one_of_the_lowest_rungs(trial_id: int, brackets: int) -> None:
    budget = Budget(name="epochs", min=1, max=81, brackets=brackets)
    assert budget.start(trial_id) in budget.rungs[:brackets]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "my epochs"}, "name must be a plain name such as 'epochs', got 'my epochs'"),
        ({"name": 3}, "name must be a plain name such as 'epochs', got 3"),
        ({"min": "1"}, "min must be a number, got '1'"),
        ({"max": True}, "max must be a number, got True"),
        ({"max": float("inf")}, "max must be finite, got inf"),
        ({"min": float("nan")}, "min must be finite, got nan"),
        ({"min": 0}, "min must be above 0, got 0"),
        ({"min": 9}, "min 9 must be below max 9; swap or correct them"),
        ({"factor": 1.5}, "factor must be 2 or more, got 1.5"),
        ({"factor": None}, "factor must be a number, got None"),
        ({"brackets": 0}, "brackets must be a whole number of at least 1, got 0"),
        ({"brackets": 2.0}, "brackets must be a whole number of at least 1, got 2.0"),
        (
            {"brackets": 4},
            "brackets=4, but 1 to 9 by factor 3 has only 3 rungs (1, 3, 9); give brackets=3",
        ),
    ],
)
def test_what_is_not_allowed_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError) as refused:
        Budget(**{"name": "epochs", "min": 1, "max": 9} | options)  # type: ignore[arg-type]
    assert message in str(refused.value)
