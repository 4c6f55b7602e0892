"""What is launched on a ladder while the study's time runs out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from engine_player import Player, bad, check_stages, good, killed, stages_of
from hypothesis import given, settings
from hypothesis import strategies as st
from loop_bench import Bench
from loop_fakes import make_spec
from test_stages import TRAINING, Launches

from automl.engine.actions import Phase
from automl.engine.relaunches import Relaunches
from automl.engine.stimuli import TrialStopAsked
from automl.study.budget import Budget
from automl.study.launch import Launch
from automl.study.noise import Noise
from automl.study.ranking.finalists import finalists
from automl.study.trial import Stage, TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]
LADDER = Budget(name="epochs", min=1, max=9)
PLANNED, PRUNED, STOPPED = TrialState.PLANNED, TrialState.PRUNED, TrialState.STOPPED
TIME_IS_UP = "the study's time of 100 s (max_runtime) is up"


@dataclass
class Life:
    """One start of a study on a ladder of 1, 3 and 9 epochs, in which a launch lasts as it is told.

    Attributes:
        seconds: how long a launch with each budget lasts.
        player: the engine and what was before.
        launches: when each launch began, with its budget.
    """

    seconds: dict[float, float]
    player: Player
    launches: list[tuple[float, float]] = field(default_factory=list)
    due_s: dict[int, float] = field(default_factory=dict)

    def stage(self, trial_id: int) -> Stage:
        return self.player.engine.view.trials[trial_id].stage

    def fill(self) -> None:
        self.player.fill()
        for trial_id in self.player.running.keys() - self.due_s.keys():
            budget = self.stage(trial_id).budget or 0
            self.launches.append((self.player.now_s, budget))
            self.due_s[trial_id] = self.player.now_s + self.seconds[budget]

    def until(self, now_s: float) -> "Life":
        """Let trials end, each in its time, as long as this does not take longer."""
        self.fill()
        while self.due_s and min(self.due_s.values()) <= now_s:
            trial_id = min(self.due_s, key=lambda one: (self.due_s[one], one))
            self.player.tick(self.due_s.pop(trial_id) - self.player.now_s)
            if trial_id in self.player.running:
                lasted_s = self.seconds[self.stage(trial_id).budget or 0]
                self.player.end(trial_id, good(float(trial_id), lasted_s=lasted_s))
            self.fill()
        return self

    def late(self, after_s: float) -> set[float]:
        """The budgets with which something began after that second."""
        return {budget for began_s, budget in self.launches if began_s > after_s}


def life(seconds: dict[float, float], before: Player | None = None, **changes: Any) -> Life:
    fields = {"max_trials": 200, "max_parallel": 1, "budget": LADDER, "max_runtime_s": 100.0}
    spec = make_spec(**fields | changes)
    if before is None:
        return Life(seconds, Player(spec))
    return Life(seconds, Player(spec, before.events, now_s=before.now_s))


PROPORTIONAL = {1: 2.0, 3: 6.0, 9: 18.0}


@pytest.mark.parametrize("slots", [1, 2, 3, 7])
def test_short_rungs_fill_the_slots_to_the_end_and_nothing_is_cut(slots: int) -> None:
    one = life(PROPORTIONAL, max_parallel=slots).until(1000.0)
    assert 9 in one.late(0.0)
    assert 9 not in one.late(82.0)
    assert one.late(94.0) <= {1}
    # No slot was free for longer than the shortest launch takes.
    for moment in range(4, 97):
        busy = sum(
            began_s <= moment < began_s + one.seconds[budget] for began_s, budget in one.launches
        )
        assert busy == slots
    assert not one.player.cancelled
    assert all(began_s + one.seconds[budget] < 100.0 for began_s, budget in one.launches)
    view = one.player.engine.view
    assert view.over
    assert (view.phase, view.reason) == (Phase.DRAINING, TIME_IS_UP)
    assert not view.complete
    check_stages(one.player.events)


def test_a_rung_that_none_has_reached_is_estimated_by_the_one_below() -> None:
    one = life({1: 5.0, 3: 15.0, 9: 45.0}).until(1000.0)
    assert 9 not in one.late(0.0)
    assert max(began_s for began_s, budget in one.launches if budget == 3) < 85.0
    assert not one.player.cancelled
    assert one.player.now_s >= 95.0


def test_a_promotion_that_does_not_fit_leaves_its_trial_to_the_next_start() -> None:
    one = life({1: 29.0, 3: 29.0, 9: 29.0}, max_trials=3).until(1000.0)
    best = one.player.engine.view.trials[2]
    assert (best.state, best.stage, best.value) == (PRUNED, Stage(budget=1), 2.0)
    assert one.player.engine.view.reason == TIME_IS_UP
    one = life(one.seconds, one.player, max_trials=3).until(10_000.0)
    assert [budget for _, budget in one.launches] == [3]
    one = life(one.seconds, one.player, max_trials=3).until(10_000.0)
    assert [budget for _, budget in one.launches] == [9]
    assert one.player.engine.view.complete


def test_a_lower_promotion_is_made_while_a_higher_one_waits_for_time() -> None:
    one = life({1: 2.0, 3: 2.0, 9: 60.0})
    one.until(1000.0)
    climbed = [trial for trial in one.player.engine.view.trials.values() if trial.results]
    waits = [trial for trial in climbed if trial.stage.budget == 3 and trial.state is PRUNED]
    # The first three that reach 3 epochs earn one launch with 9; the next three one more.
    assert sum(budget == 9 for _, budget in one.launches) == 1
    assert len(waits) > 5
    assert 3 in one.late(80.0)
    again = life(one.seconds, one.player)
    again.fill()
    assert again.launches[0][1] == 9


def test_a_waiting_trial_that_does_not_fit_lets_shorter_ones_pass() -> None:
    one = life({1: 10.0, 3: 30.0, 9: 90.0}, max_retries=3, max_trials=6)
    one.until(30.0)
    assert one.stage(2).budget == 3
    one.player.tick(30.0)
    one.player.end(2, bad())
    one.due_s.clear()
    # At 60 s it waits 1 s; at 90 s, once others have ended, it does not fit any more.
    one.until(1000.0)
    assert one.player.state_of(2) is PLANNED
    assert [budget for _, budget in one.launches][-3:] == [1, 1, 1]
    assert (one.player.engine.view.phase, one.player.engine.view.reason) == (
        Phase.DRAINING,
        TIME_IS_UP,
    )
    assert not one.player.cancelled


def test_while_something_runs_that_may_bring_short_work_the_study_does_not_drain() -> None:
    seconds = {1: 35.0, 3: 10.0, 9: 70.0}
    one = life(seconds, max_parallel=3, max_trials=3).until(1000.0)
    one = life(seconds, one.player, max_parallel=3, max_trials=3).until(1000.0)
    assert one.player.engine.view.complete
    # Now all is measured. From 65 s on no new trial fits, but 3 epochs do until 90 s.
    one = life(seconds, one.player, max_parallel=3, max_trials=30)
    began_s = one.player.now_s
    one.until(began_s + 75.0)
    one.player.tick(began_s + 75.0 - one.player.now_s)
    stopped = max(one.player.running)
    one.player.tell(TrialStopAsked(stopped))
    one.player.end(stopped, killed())
    one.fill()
    assert len(one.player.running) == 2
    assert one.player.engine.view.phase is Phase.RUNNING
    one.until(began_s + 1000.0)
    assert one.late(began_s + 75.0) == {3}
    assert list(one.player.cancelled) == [stopped]


def test_the_next_start_decides_the_same() -> None:
    one = life({1: 2.0, 3: 30.0, 9: 31.0}).until(1000.0)
    player = Player(one.player.spec, one.player.events, now_s=one.player.now_s)
    player.now_s += 70.5
    again = Life(one.seconds, player)
    again.fill()
    assert [budget for _, budget in again.launches] == [1]
    again.until(one.player.now_s + 100.0)
    assert {budget for _, budget in again.launches} == {1}


def test_what_takes_longer_than_all_the_time_is_tried_once_and_no_more() -> None:
    one = life({1: 20.0, 3: 500.0, 9: 500.0}, max_trials=3)
    one.until(70.0)
    assert one.player.engine.view.over
    one = life(one.seconds, one.player, max_trials=3)
    # 3 epochs were never measured: 60 s are expected, and there are 100.
    one.until(one.player.now_s + 99.0)
    assert [budget for _, budget in one.launches] == [3]
    one.player.tick(100.0)
    assert list(one.player.cancelled) == [2]
    one.player.end(2, replace(killed(), duration_s=100.0))
    assert one.player.state_of(2) is STOPPED


def test_an_estimate_above_all_the_time_does_not_keep_a_rung_from_being_tried() -> None:
    one = life({1: 34.0, 3: 36.0, 9: 40.0}, max_trials=3).until(1000.0)
    assert [budget for _, budget in one.launches] == [1, 1]
    one = life(one.seconds, one.player, max_trials=3).until(10_000.0)
    # At first there is one more trial with 1 epoch; then 3 epochs, by it, would take 102 s.
    assert [budget for _, budget in one.launches] == [1]
    one = life(one.seconds, one.player, max_trials=3).until(10_000.0)
    assert [budget for _, budget in one.launches] == [3]
    one = life(one.seconds, one.player, max_trials=3).until(10_000.0)
    assert [budget for _, budget in one.launches] == [9]
    assert one.player.engine.view.complete


def test_nothing_is_confirmed_before_what_waits_for_time() -> None:
    noise = Noise(confirm=1, confirm_seeds=2)
    one = life({1: 5.0}, max_trials=3, noise=noise, start_with=({"x": 0},))
    one.fill()
    for trial_id in range(3):
        one.player.end(trial_id, good(float(trial_id)))
        if trial_id < 2:
            one.fill()
    player = one.player
    assert [trial.id for trial in finalists(player.engine.view.trials, player.spec)] == [0]
    relaunches = Relaunches(player.spec, player.engine.view.trials)
    further = relaunches.next((), last=True)
    assert further is not None
    assert (further.trial_id, further.stage) == (2, Stage(budget=3, previous_budget=1))
    for without in [(3,), (3, 9)]:
        assert relaunches.next((), last=True, without=without) is None
    assert relaunches.next((), last=True, without=(9,)) == further


def test_without_a_ladder_the_median_of_all_counts_as_ever() -> None:
    player = Player(make_spec(max_trials=9, max_parallel=2, max_runtime_s=100.0))
    player.fill()
    player.tick(40.0)
    player.end(0, good(lasted_s=40.0))
    player.fill()
    player.tick(25.0)
    player.end(1, good(lasted_s=65.0))
    player.fill()
    # While trial 2 runs: the median is 65 s, and 35 are left.
    assert (player.engine.view.phase, player.engine.view.reason) == (Phase.DRAINING, TIME_IS_UP)
    assert list(player.running) == [2]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(
    unit=st.floats(0.5, 30.0),
    slots=st.integers(1, 5),
    brackets=st.integers(1, 3),
    trials=st.integers(1, 30),
    starts=st.integers(1, 4),
)
def test_whatever_the_figures_nothing_that_was_measured_is_cut(
    unit: float, slots: int, brackets: int, trials: int, starts: int
) -> None:
    seconds = {1: unit, 3: 3 * unit, 9: 9 * unit}
    ladder = Budget(name="epochs", min=1, max=9, brackets=brackets)
    before: Player | None = None
    for _ in range(starts):
        one = life(seconds, before, budget=ladder, max_parallel=slots, max_trials=trials)
        began_s = one.player.now_s
        known = {
            result.stage.budget
            for trial in one.player.engine.view.trials.values()
            for result in trial.results
        }
        one.until(began_s + 99.999)
        assert all(
            at_s + seconds[budget] < began_s + 100.0
            for at_s, budget in one.launches
            if budget in known
        )
        one.player.tick(began_s + 100.0 - one.player.now_s)
        for trial_id in list(one.player.running):
            one.player.end(trial_id, replace(killed(), duration_s=99.0))
        one.fill()
        assert one.player.engine.view.over
        check_stages(one.player.events)
        before = one.player


# With the loop around it


def test_the_loop_launches_short_rungs_to_the_end_also_after_a_restart(bench: MakeBench) -> None:
    one = bench(
        max_trials=200, max_parallel=3, budget=LADDER, tasks=(TRAINING,), max_runtime_s=100.0
    )
    launches = Launches(one, lambda trial, budget, _: trial + float(budget) / 100)
    program = one.program
    began: list[tuple[float, float]] = []

    def timed(launch: Launch) -> FakeRun:
        run = program(launch)
        budget = float(launches.told[-1][2])
        began.append((one.clock.monotonic(), budget))
        return replace(run, after_s=budget * 2.0)

    one.program = timed
    for _ in range(2):
        began_s, first = one.clock.monotonic(), len(began)
        view = one.run()
        assert view.reason == TIME_IS_UP
        assert one.last_stage.cancelled == []
        late = {budget for at_s, budget in began[first:] if at_s > began_s + 86.5}
        assert late == {1, 3}
        assert one.clock.monotonic() > began_s + 96.0
    assert not view.complete


def test_each_launch_keeps_its_own_duration(bench: MakeBench) -> None:
    one = bench(max_trials=3, max_parallel=1, budget=LADDER, tasks=(TRAINING,))
    Launches(one, lambda trial, *_: float(trial)).after_s = lambda trial: 1.0 + trial
    results = one.run().trials[2].results
    assert [stage.budget for stage in stages_of(one.events())[2]] == [1, 3, 9]
    assert [result.duration_s for result in results] == pytest.approx([3.0, 3.0, 3.0], abs=0.2)
    assert one.state().trials[2].results == results
