import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.search.ladder.racing import hopeless
from automl.study.objective import Direction
from automl.study.ranking.student import t_bound

MAXIMIZE, MINIMIZE = Direction.MAXIMIZE, Direction.MINIMIZE
LEADER = [0.90, 0.92, 0.94]
OTHER = [0.81, 0.80, 0.82]
VALUES = st.lists(st.floats(-1e6, 1e6), max_size=4)
ANY = st.lists(st.floats() | st.sampled_from([1e308, -1e308, 1e200]), max_size=4)


def test_one_bad_value_is_enough_once_the_spread_is_known() -> None:
    spread = math.sqrt((2 * 0.02**2 + 2 * 0.01**2) / 4)
    bound = t_bound(4, 0.98) * spread * math.sqrt(1 / 1 + 1 / 3)
    groups = [LEADER, OTHER, [0.5]]
    assert hopeless([0.92 - bound - 1e-6], LEADER, groups, 3, MAXIMIZE)
    assert not hopeless([0.92 - bound + 1e-6], LEADER, groups, 3, MAXIMIZE)
    assert hopeless([0.5], LEADER, groups, 3, MAXIMIZE) == (
        "its mean 0.5 is worse than the best, 0.92, by over 0.068"
    )


@given(VALUES, VALUES, st.lists(VALUES, max_size=4))
def test_the_directions_are_mirror_images(
    values: list[float], leader: list[float], groups: list[list[float]]
) -> None:
    mirrored = [[-value for value in group] for group in groups]
    left = hopeless(values, leader, groups, 4, MAXIMIZE)
    right = hopeless([-v for v in values], [-v for v in leader], mirrored, 4, MINIMIZE)
    assert bool(left) == bool(right)


@given(ANY, ANY, st.lists(ANY, max_size=4))
def test_values_of_any_size_can_be_compared(
    values: list[float], leader: list[float], groups: list[list[float]]
) -> None:
    hopeless(values, leader, groups, 4, MINIMIZE)


def test_a_training_that_diverged_once_makes_the_spread_wide() -> None:
    assert (
        hopeless([5.0], [1.0, 1.1], [[1.0, 1.1], [1.2, 1e200], [2.0, 2.1], [5.0]], 3, MINIMIZE)
        == ""
    )


@given(VALUES, VALUES, st.lists(VALUES, max_size=4))
def test_what_is_no_worse_than_the_leader_goes_on(
    values: list[float], leader: list[float], groups: list[list[float]]
) -> None:
    if values and leader and sum(values) / len(values) >= sum(leader) / len(leader) + 1e-3:
        assert hopeless(values, leader, groups, 9, MAXIMIZE) == ""


@pytest.mark.parametrize(
    ("values", "leader", "groups", "repeats"),
    [
        ([], LEADER, [LEADER, OTHER], 3),
        ([0.1], [], [LEADER, OTHER], 3),
        ([0.1, 0.1, 0.1], LEADER, [LEADER, OTHER], 3),
        ([0.1], LEADER, [LEADER], 3),
        ([0.1], LEADER, [[1.0], [2.0], [3.0], [4.0], [5.0]], 3),
        ([math.nan], LEADER, [LEADER, OTHER], 3),
    ],
    ids=["nothing run", "no leader", "all run", "2 degrees", "0 degrees", "no number"],
)
def test_without_grounds_it_goes_on(
    values: list[float], leader: list[float], groups: list[list[float]], repeats: int
) -> None:
    assert hopeless(values, leader, groups, repeats, MAXIMIZE) == ""


def test_three_degrees_are_enough() -> None:
    groups = [LEADER, [0.8, 0.81]]
    assert hopeless([0.1], LEADER, groups, 3, MAXIMIZE)
    assert hopeless([0.1], LEADER, iter([[*LEADER, math.nan], *groups[1:]]), 3, MAXIMIZE)


def test_a_program_that_does_not_use_its_seed_needs_one_run() -> None:
    same = [[0.9] * 3, [0.8] * 3]
    assert hopeless([0.8999], same[0], same, 3, MAXIMIZE)
    assert not hopeless([0.9], same[0], same, 3, MAXIMIZE)


def study(random: Random, combinations: int, repeats: int, spread: float) -> tuple[bool, int]:
    """Race combinations one after the other; return whether the best was given up, and launches."""
    means = [random.gauss(0, spread) for _ in range(combinations)]
    groups: list[list[float]] = []
    leader: list[float] = []
    lost = False
    for mean in means:
        values: list[float] = []
        while len(values) < repeats:
            values.append(random.gauss(mean, 1))
            if hopeless(values, leader, [*groups, values], repeats, MAXIMIZE):
                lost = lost or mean == max(means)
                break
        groups.append(values)
        if len(values) == repeats and (not leader or sum(values) > sum(leader)):
            leader = values
    return lost, sum(map(len, groups))


@pytest.mark.parametrize("spread", [0.3, 3.0])
def test_the_best_is_seldom_given_up_and_launches_are_saved(spread: float) -> None:
    random = Random(0)  # noqa: S311
    played = [study(random, 10, 3, spread) for _ in range(500)]
    assert sum(lost for lost, _ in played) < 0.05 * len(played)
    assert sum(launches for _, launches in played) < (0.98 if spread < 1 else 0.75) * 30 * 500
