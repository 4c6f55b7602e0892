from hypothesis import given, settings
from hypothesis import strategies as st

from automl.study.ranking.fronts import front_numbers

COORDINATES = st.sampled_from([0.0, -0.0, 1.0, 2.0, 3.0, -4.5]) | st.floats(-1e9, 1e9)
POINTS = st.integers(1, 5).flatmap(
    lambda size: st.lists(st.tuples(*[COORDINATES] * size), max_size=25)
)


def by_definition(points: list[tuple[float, ...]]) -> list[int]:
    def dominates(left: tuple[float, ...], right: tuple[float, ...]) -> bool:
        return left != right and all(a >= b for a, b in zip(left, right, strict=True))

    numbers = [0] * len(points)
    number = 0
    while 0 in numbers:
        number += 1
        left = [index for index, known in enumerate(numbers) if known == 0]
        for index in left:
            if not any(dominates(points[other], points[index]) for other in left):
                numbers[index] = -1
        numbers = [number if known == -1 else known for known in numbers]
    return numbers


@settings(deadline=None, max_examples=200)
@given(POINTS)
def test_the_numbers_are_those_of_the_definition(points: list[tuple[float, ...]]) -> None:
    assert front_numbers(points) == by_definition(points)


def test_equal_points_share_a_front() -> None:
    assert front_numbers([(1.0, 2.0), (1.0, 2.0), (2.0, 1.0), (0.0, 2.0)]) == [1, 1, 1, 2]


def test_one_coordinate_makes_a_front_of_each_value() -> None:
    assert front_numbers([(1.0,), (3.0,), (1.0,), (2.0,)]) == [3, 1, 3, 2]
