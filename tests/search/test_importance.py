import math
from typing import Any

import pytest

from automl.errors import AutomlError
from automl.search.importance import FEWEST_TRIALS, importance
from automl.space.parameters import Categorical, Choice, Constant, Integer, Linked, LogNormal, Real
from automl.space.space import SearchSpace
from automl.study.objective import Direction
from automl.study.trial import Trial, TrialState

UP = Direction.MAXIMIZE


def spread(space: Any, count: Any) -> Any:
    """Return combinations that fill the space evenly, without chance."""
    found = []
    for number in range(count):
        shares = iter(
            [(number * step) % 1 for step in (0.618034, 0.414214, 0.732051, 0.236068, 0.645751)]
        )
        found.append(space.assemble(lambda parameter, s=shares: parameter.quantile(next(s))))
    return found


def trials_of(space: Any, count: Any, value_of: Any) -> Any:
    return [
        Trial(id=place, params=params, state=TrialState.COMPLETED, value=value_of(params))
        for place, params in enumerate(spread(space, count))
    ]


SPACE = SearchSpace(
    (
        Real(name="dull", min_value=0, max_value=1),
        Real(name="sharp", min_value=1e-4, max_value=1, log=True),
        Integer(name="weak", min_value=0, max_value=20),
    )
)


def worth(params: Any) -> Any:
    return -abs(math.log10(params["sharp"]) + 2) + 0.02 * params["weak"]


@pytest.mark.parametrize("count", [FEWEST_TRIALS, 30, 100])
def test_what_matters_comes_first_and_the_shares_are_a_whole(count: Any) -> None:
    found = importance(SPACE, UP, trials_of(SPACE, count, worth))
    assert next(iter(found)) == "sharp"
    assert set(found) == {"dull", "sharp", "weak"}
    assert math.isclose(sum(found.values()), 1)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_the_direction_decides_which_trials_are_best() -> None:
    trials = trials_of(SPACE, 60, worth)
    turned = trials_of(SPACE, 60, lambda params: -worth(params))
    down = importance(SPACE, Direction.MINIMIZE, turned)
    assert importance(SPACE, UP, trials) == down
    assert importance(SPACE, UP, turned) != down


def test_too_few_trials_are_refused_with_how_many_are_needed() -> None:
    trials = trials_of(SPACE, FEWEST_TRIALS, worth)
    short = [*trials[1:], Trial(id=0, params=trials[0].params, state=TrialState.PRUNED, value=1.0)]
    outside = Trial(id=99, params={"x": 1}, state=TrialState.COMPLETED, value=1.0)
    with pytest.raises(AutomlError, match=r"at least 16 completed .* there are 15; .* stopped"):
        importance(SPACE, UP, [*short, outside])


def test_equal_values_tell_nothing() -> None:
    found = importance(SPACE, UP, trials_of(SPACE, 20, lambda _: 1.0))
    assert found == {"dull": 0.0, "sharp": 0.0, "weak": 0.0}


def test_what_never_varies_has_no_share() -> None:
    space = SearchSpace(
        (
            Constant(name="c", value=1),
            Categorical(name="one", candidates=("a",)),
            Categorical(name="n", candidates=(30, 10, 20)),
        )
    )
    found = importance(space, UP, trials_of(space, 30, lambda params: params["n"]))
    assert found == {"n": 1.0, "c": 0.0, "one": 0.0}
    fixed = SearchSpace((Constant(name="c", value=1), Categorical(name="one", candidates=("a",))))
    assert importance(fixed, UP, trials_of(fixed, 20, lambda _: 1.0)) == {"c": 0, "one": 0}


def test_values_of_any_kind_have_a_share() -> None:
    space = SearchSpace(
        (
            Categorical(name="kind", candidates=("a", None, [1, 2], True)),
            Linked(names=("width", "depth"), candidates=([1, 2], [2, 1], [3, 3])),
            LogNormal(name="scale", mean=0, std=1),
            Real(name="step", min_value=0, max_value=1, step=0.25),
        )
    )
    found = importance(space, UP, trials_of(space, 60, lambda params: params["width"]))
    assert set(found) == {"kind", "width+depth", "scale", "step"}
    assert next(iter(found)) == "width+depth"


def test_a_numeric_list_is_compared_by_place() -> None:
    """The places of the best are neighbours, though the numbers are far apart and unsorted."""
    space = SearchSpace(
        (
            Categorical(name="n", candidates=(10**6, 1, 10**5, 10, 10**4, 100, 10**3)),
            Categorical(name="dull", candidates=(10**6, 1, 10**5, 10, 10**4, 100, 10**3)),
        )
    )
    trials = trials_of(space, 49, lambda params: -abs(math.log10(params["n"]) - 3))
    found = importance(space, UP, trials)
    assert found["n"] > 0.8


def test_a_parameter_of_a_branch_is_compared_over_the_trials_that_had_it() -> Any:
    space = SearchSpace(
        (
            Choice(
                name="opt",
                options={
                    "sgd": [Real(name="momentum", min_value=0, max_value=1)],
                    "adam": [Real(name="beta", min_value=0, max_value=1)],
                },
            ),
            Real(name="dull", min_value=0, max_value=1),
        )
    )

    def value(params: Any) -> Any:
        return 1 - abs(params["momentum"] - 0.9) if "momentum" in params else 0.0

    found = importance(space, UP, trials_of(space, 200, value))
    assert set(found) == {"opt", "momentum", "beta", "dull"}
    assert found["beta"] == 0.0  # no good trial took its branch
    assert found["momentum"] > 5 * found["dull"]
    assert found["opt"] > found["dull"]


def test_a_parameter_that_was_never_active_has_no_share() -> None:
    space = SearchSpace(
        (
            Integer(name="x", min_value=0, max_value=9),
            Real(name="y", min_value=0, max_value=1, when="x > 8"),
        )
    )
    trials = [
        Trial(id=x, params={"x": x % 9}, state=TrialState.COMPLETED, value=x % 9) for x in range(30)
    ]
    assert importance(space, UP, trials) == {"x": 1.0, "y": 0.0}
