import math

from curve_worlds import curve_of
from hypothesis import given
from hypothesis import strategies as st

from automl.search.pruning.levels import Levels, LevelsOf
from automl.search.pruning.rungs import rung_above, rung_below, rung_step
from automl.study.ranking.curve import Curve

VALUES = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf]))
POINTS = st.lists(st.tuples(st.one_of(st.integers(0, 40), st.floats(0, 9)), VALUES), max_size=20)
WINDOWS = st.integers(1, 3)


def levels_of(curve: Curve, window: int = 1) -> Levels:
    levels = Levels(curve, window)
    levels.update()
    return levels


def test_a_curve_has_a_value_at_each_rung_that_it_passed() -> None:
    levels = levels_of(curve_of([(3, 0.1), (9, 0.2), (17, 0.3)]))
    assert [rung_step(rung) for rung in levels.rungs] == [3, 9]
    known = {rung_step(rung): value for rung, value in levels.known.items()}
    assert (known[3], known[8], known[9], known[16]) == (0.1, 0.1, 0.2, 0.2)
    assert not {2, 18} & known.keys()


def test_several_measurements_below_a_rung_count_as_the_last() -> None:
    levels = levels_of(curve_of([(16, 0.1), (16.5, 0.2), (17, 0.3), (18, 0.4), (19, 0.5)]))
    assert [rung_step(rung) for rung in levels.rungs] == [16, 18]
    assert levels.values == [0.1, 0.4]


@given(POINTS, WINDOWS)
def test_values_are_those_of_the_curve_and_never_ahead(
    points: list[tuple[float, float]], window: int
) -> None:
    curve = curve_of(points)
    levels = levels_of(curve, window)
    assert levels.rungs == sorted(set(levels.rungs))
    assert set(levels.rungs) <= {rung_above(step) for step in curve.steps}
    end = rung_below(curve.last_step) if len(curve) else -1
    for rung in range(max(end, 0) + 3):
        mean = curve.mean_until(rung_step(rung), window)
        expected = None if mean is None or math.isnan(mean) else mean
        if rung in range(levels.rungs[0] if levels.rungs else 0, end + 1) and mean is not None:
            # Between two of its rungs a curve stays at what it was at the lower one.
            lower = max(one for one in levels.rungs if one <= rung)
            mean = curve.mean_until(rung_step(lower), window)
            expected = None if mean is None or math.isnan(mean) else mean
        assert levels.known.get(rung) == expected


@given(POINTS, WINDOWS, st.data())
def test_mapping_as_it_grows_is_mapping_at_once(
    points: list[tuple[float, float]], window: int, data: st.DataObject
) -> None:
    curve = Curve()
    growing = Levels(curve, window)
    for step, value in points:
        curve.append(step, value)
        if data.draw(st.booleans()):
            growing.update()
    growing.update()
    at_once = levels_of(curve, window)
    assert growing.rungs == at_once.rungs
    assert str(growing.values) == str(at_once.values)
    assert growing.known == at_once.known
    assert list(growing.known) == sorted(growing.known)


def test_another_curve_of_a_trial_is_mapped_anew() -> None:
    levels = LevelsOf()
    first = levels.one(0, curve_of([(1, 0.5)]))
    again = levels.one(0, curve_of([(1, 0.9)]))
    assert (first.values, again.values) == ([0.5], [0.9])
    assert levels.one(0, again.curve) is again
