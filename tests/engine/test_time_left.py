"""How long a launch is expected to take, and whether it is made for that."""

from typing import Any

import pytest
from loop_fakes import make_spec

from automl.engine.timing.durations import Durations
from automl.engine.timing.time_left import TimeLeft
from automl.engine.waiting import WaitingTrials
from automl.study.budget import Budget
from automl.study.trial import Purpose, Result, Stage, Trial

LADDER = Budget(name="epochs", min=1, max=9)
FIRST, SECOND, THIRD = (
    Stage(budget=1),
    Stage(budget=3, previous_budget=1),
    Stage(budget=9, previous_budget=3),
)


def climber(*seconds: float | None, trial_id: int = 0) -> Trial:
    """A trial that climbed one rung in each of so many seconds."""
    stages = (FIRST, SECOND, THIRD)
    results = [
        Result(stage=stage, value=1.0, duration_s=lasted_s)
        for stage, lasted_s in zip(stages, seconds, strict=False)
    ]
    return Trial(id=trial_id, params={}, results=tuple(results))


def test_a_rung_has_the_median_of_its_own_launches() -> None:
    trials = [climber(lasted, 50.0, trial_id=at) for at, lasted in enumerate([1.0, 9.0, 2.0])]
    durations = Durations(trials, continues=False)
    assert durations.measured_s(FIRST) == 2.0
    assert durations.measured_s(SECOND) == 50.0
    assert durations.measured_s(THIRD) is None
    assert durations.measured_s(Stage()) is None


def test_a_result_counts_once_however_often_its_trial_changes() -> None:
    durations = Durations([climber(1.0)], continues=False)
    for trial in (climber(1.0), climber(1.0, 10.0), climber(1.0, 10.0)):
        durations.changed(trial)
    durations.changed(climber(5.0, 20.0, trial_id=1))
    durations.changed(climber(5.0, 20.0, trial_id=1))
    assert durations.measured_s(FIRST) == 5.0
    assert durations.measured_s(SECOND) == 20.0


@pytest.mark.parametrize(("continues", "expected"), [(False, (30.0, 90.0)), (True, (20.0, 60.0))])
def test_a_rung_without_launches_is_scaled_by_what_it_adds(
    continues: bool,  # noqa: FBT001
    expected: tuple[float, float],
) -> None:
    durations = Durations([climber(10.0)], continues=continues)
    assert (durations.estimate_s(SECOND), durations.estimate_s(THIRD)) == expected


def test_the_nearest_rung_is_scaled() -> None:
    durations = Durations([climber(10.0, 12.0)], continues=False)
    assert durations.estimate_s(THIRD) == 36.0


def test_of_two_equally_near_rungs_the_longer_duration_counts() -> None:
    durations = Durations([climber(10.0, None, 900.0)], continues=False)
    assert durations.estimate_s(SECOND) == 300.0
    durations = Durations([climber(10.0, None, 9.0)], continues=False)
    assert durations.estimate_s(SECOND) == 30.0


def test_a_launch_that_begins_anew_has_more_to_do_than_one_that_goes_on() -> None:
    durations = Durations([climber(10.0, 20.0, 60.0)], continues=True)
    anew = Stage(budget=9, seed_number=1, purpose=Purpose.CONFIRM)
    assert durations.measured_s(anew) is None
    assert durations.estimate_s(anew) == 90.0
    assert Durations([climber(10.0, 20.0, 60.0)], continues=False).measured_s(anew) == 60.0


def test_nothing_known_gives_no_estimate() -> None:
    assert Durations([climber(None)], continues=True).estimate_s(SECOND) is None
    assert Durations([climber(1.0)], continues=True).estimate_s(Stage()) is None


@pytest.mark.parametrize("changes", [{}, {"budget": LADDER, "max_runtime_s": None}])
def test_without_a_ladder_or_a_limit_every_launch_fits(changes: dict[str, Any]) -> None:
    spec = make_spec(**{"max_runtime_s": 10.0} | changes)
    left = TimeLeft(spec, 0.0, [climber(100.0)], continues=False)
    assert left.fits(THIRD, 1e9)
    assert left.too_long(1e9) == ()


def test_a_waiting_trial_that_does_not_fit_is_passed_over_and_keeps_its_place() -> None:
    waiting = WaitingTrials([1, 2, 3], alone=[4, 5])
    assert waiting.take(0.0, lambda one: one == 2) == 2
    assert waiting.take(0.0, lambda _: False) is None
    assert [waiting.take(0.0), waiting.take(0.0)] == [1, 3]
    assert waiting.take_alone(lambda one: one == 5) == 5
    assert waiting.take_alone() == 4


def test_a_measured_rung_fits_to_the_second() -> None:
    spec = make_spec(budget=LADDER, max_runtime_s=100.0)
    left = TimeLeft(spec, 1000.0, [climber(5.0, 20.0)], continues=False)
    assert left.fits(SECOND, 1079.9)
    assert not left.fits(SECOND, 1080.0)
    assert left.too_long(1080.0) == (3, 9)
    assert left.fits(FIRST, 1094.9)


def test_what_was_never_measured_is_made_while_it_gets_nearly_all_the_time() -> None:
    spec = make_spec(budget=LADDER, max_runtime_s=100.0)
    left = TimeLeft(spec, 0.0, [climber(50.0)], continues=False)
    assert left.fits(THIRD, 9.0)
    assert not left.fits(THIRD, 10.0)
    measured = TimeLeft(spec, 0.0, [climber(50.0, 100.0, 450.0)], continues=False)
    assert not measured.fits(THIRD, 0.0)


@pytest.mark.parametrize(("running", "enough"), [(True, True), (False, False)])
def test_while_a_trial_runs_one_may_yet_go_on(running: bool, enough: bool) -> None:  # noqa: FBT001
    spec = make_spec(budget=LADDER, max_runtime_s=100.0)
    left = TimeLeft(spec, 0.0, [climber(5.0, 20.0, 50.0)], continues=False)
    assert left.enough([THIRD], 75.0, None, running=running) is enough
    assert not left.enough([THIRD], 85.0, None, running=running)
    assert left.enough([THIRD, FIRST], 85.0, None, running=running)
