import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engine_player import Player, Scripted, bad, check_stages, good, killed
from hypothesis import given
from hypothesis import strategies as st
from loop_bench import Bench
from loop_fakes import Died, fails, make_spec, prints

from automl.engine.actions import Phase
from automl.engine.early_stops import EarlyStopping
from automl.engine.stimuli import Adopted, AttemptExcused, PhaseAsked, StopAsked, TrialRetryAsked
from automl.journal.events import TrialEnded, TrialStopping
from automl.journal.fold import StudyState
from automl.study.launch import Launch
from automl.study.noise import Noise
from automl.study.objective import Direction, Objective, Objectives
from automl.study.ranking.curve import Curve
from automl.study.spec import PrunerSpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial, TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]
COMPLETED, PRUNED, STOPPED = TrialState.COMPLETED, TrialState.PRUNED, TrialState.STOPPED
RUNNING, STOPPING = TrialState.RUNNING, TrialState.STOPPING
MEDIAN = PrunerSpec(type="median")
REASON = "stopped early (script): it is said so"


def play(stops: dict[int, float], **changes: Any) -> tuple[Player, Scripted]:
    """A study that just filled its slots, and the pruner that stops trials from a step on."""
    pruner = Scripted(stops)
    player = Player(make_spec(pruner=MEDIAN, **changes), pruner=pruner)
    player.fill()
    return player, pruner


# Who is stopped


def test_a_trial_is_stopped_once_at_the_step_that_it_reached() -> None:
    player, pruner = play({1: 30}, max_trials=2)
    player.measure(0, 0.9, 0.9, steps=[10, 20])
    player.measure(1, 0.5, 0.4, steps=[10, 20])
    assert player.cancelled == {}
    player.measure(1, 0.3, steps=[35])
    assert list(player.cancelled) == [1]
    assert player.state_of(1) is STOPPING
    asked = len(pruner.asked)
    player.measure(1, 0.2, steps=[40])
    assert len(pruner.asked) == asked
    player.end(1, replace(killed(), value=0.2))
    trial = player.engine.view.trials[1]
    assert (trial.state, trial.reason) == (PRUNED, REASON)
    assert (trial.stopped_step, trial.value) == (35, 0.2)


def test_without_steps_the_place_counts() -> None:
    player, _ = play({1: 3}, max_trials=2)
    player.measure(0, 0.9)
    player.measure(1, 0.5, 0.5)
    assert player.cancelled == {}
    player.measure(1, 0.5)
    player.end(1, killed())
    assert player.engine.view.trials[1].stopped_step == 3


@pytest.mark.parametrize("direction", list(Direction))
def test_the_best_of_those_that_run_is_never_stopped(direction: Direction) -> None:
    objectives = Objectives((Objective(direction=direction),))
    player, pruner = play({0: 0, 1: 0}, max_trials=2, objectives=objectives)
    better, worse = (9.0, 1.0) if direction is Direction.MAXIMIZE else (1.0, 9.0)
    player.measure(0, better)
    player.measure(1, worse)
    player.measure(0, better)
    assert list(player.cancelled) == [1]
    assert {trial for trial, _ in pruner.asked} == {1}


def test_a_trial_that_is_no_worse_than_the_best_is_never_stopped() -> None:
    player, _ = play({1: 0, 2: 0, 3: 0}, max_trials=4, max_parallel=1)
    player.end(0, good(0.5))
    for trial_id, value in [(1, 0.5), (2, 0.6), (3, 0.59)]:
        player.fill()
        player.measure(trial_id, value)
        assert (trial_id in player.cancelled) is (trial_id == 3)
        player.end(trial_id, good(value))


def test_a_trial_that_prints_nan_does_not_lead() -> None:
    player, _ = play({1: 0}, max_trials=2)
    player.measure(1, math.nan)
    assert list(player.cancelled) == []
    player.end(0, good(0.5))
    player.measure(1, math.nan)
    assert list(player.cancelled) == [1]


def test_the_pruner_knows_who_ended_and_who_was_launched_again() -> None:
    player, pruner = play({}, max_trials=4, max_parallel=2)
    player.end(0, good(0.9))
    player.fill()
    player.measure(1, 0.1)
    assert pruner.asked[-1] == (1, {0: COMPLETED})
    player.end(2, bad())
    player.measure(1, 0.1)
    assert pruner.asked[-1] == (1, {0: COMPLETED, 2: TrialState.FAILED})
    player.tell(TrialRetryAsked(2))
    player.measure(1, 0.1)
    assert pruner.asked[-1] == (1, {0: COMPLETED})
    new = Player(player.spec, player.events, pruner=Scripted({1: 0}))
    new.running = {1: 1}
    new.tell(Adopted(trial_id=1, since_s=0.0, over=False))
    assert list(new.cancelled) == [1]


@pytest.mark.parametrize("phase", [Phase.PAUSED, Phase.DRAINING])
def test_only_a_study_that_goes_on_stops_trials(phase: Phase) -> None:
    player, pruner = play({1: 0}, max_trials=2)
    player.measure(0, 0.9)
    player.tell(PhaseAsked(phase, ""))
    player.measure(1, 0.1)
    assert (player.cancelled, pruner.asked) == ({}, [])


def test_a_confirmation_is_not_stopped() -> None:
    noise = Noise(confirm=1, confirm_seeds=2)
    player, _ = play({0: 0}, max_trials=1, max_parallel=1, noise=noise)
    player.end(0, good(0.9))
    player.fill()
    player.measure(0, 0.1)
    assert player.state_of(0) is RUNNING


def test_nothing_is_left_to_stop_of_a_trial_that_is_over() -> None:
    player, pruner = play({1: 0}, max_trials=2)
    player.end(0, good(0.9))
    player.measure(1, 0.1, over=True)
    assert (player.cancelled, pruner.asked) == ({}, [])
    player.end(1, good(0.1))
    assert player.state_of(1) is COMPLETED


@given(
    newest=st.lists(st.floats(), min_size=1, max_size=5),
    best=st.one_of(st.none(), st.floats(allow_nan=False)),
    direction=st.sampled_from(Direction),
)
def test_who_leads_is_spared_whatever_the_values(
    newest: list[float], best: float | None, direction: Direction
) -> None:
    state = StudyState(curves={})
    for trial_id, value in enumerate(newest):
        state.trials[trial_id] = Trial(id=trial_id, params={}, state=RUNNING, newest=value)
        curve = Curve()
        curve.append(1, value)
        state.curves[trial_id] = curve  # type: ignore[index]
    stopping = EarlyStopping(Scripted(dict.fromkeys(range(5), 0.0)), direction)
    done = None if best is None else Trial(id=9, params={}, state=COMPLETED, value=best)
    for trial_id, value in enumerate(newest):
        rivals = [best] if best is not None else newest
        leads = not math.isnan(value) and not any(direction.better(one, value) for one in rivals)
        if math.isnan(value) and best is None:
            continue
        assert stopping.decide(state.trials[trial_id], state, done) is not leads


# What else happens while a trial is being stopped


def stopping(**changes: Any) -> Player:
    """A study in which trial 1 is being stopped, beside trial 0."""
    player, _ = play({1: 0}, **{"max_trials": 3} | changes)
    player.measure(0, 0.9)
    player.measure(1, 0.1)
    assert player.state_of(1) is STOPPING
    return player


def test_an_interrupt_does_not_make_it_run_again() -> None:
    player = stopping()
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
    player.end(1, replace(killed(), value=0.1))
    player.end(0, killed())
    assert player.state_of(1) is PRUNED
    assert player.engine.view.trials[1].reason == REASON
    assert player.state_of(0) is TrialState.PLANNED


@pytest.mark.parametrize("outcome", [bad(), good(0.1), killed()])
def test_however_it_ends_it_was_stopped(outcome: Any) -> None:
    player = stopping(max_retries=2)
    player.end(1, outcome)
    assert player.state_of(1) is PRUNED
    assert player.engine.view.trials[1].failure is None


def test_one_that_is_late_besides_was_stopped_early() -> None:
    player = stopping(timeout_s=10.0)
    player.tick(20.0)
    player.end(1, killed())
    assert player.state_of(1) is PRUNED
    player.end(0, killed())
    assert player.engine.view.trials[0].reason == "stopped after 10 s (trial_timeout)"


def test_a_full_disk_does_not_make_it_run_again() -> None:
    player = stopping()
    del player.running[1]
    player.tell(AttemptExcused(1, bad(), "the disk was full"))
    assert player.state_of(1) is PRUNED


@pytest.mark.parametrize("over", [True, False])
def test_the_next_controller_decides_anew_on_what_still_runs(over: bool) -> None:  # noqa: FBT001
    player = stopping()
    # As an earlier release left it, which did not write down whom it stopped.
    events = [event for event in player.events if not isinstance(event, TrialStopping)]
    new = Player(player.spec, events, pruner=Scripted({1: 0}))
    for trial_id in (0, 1):
        new.running[trial_id] = 1
        new.tell(Adopted(trial_id=trial_id, since_s=0.0, over=over))
    assert new.state_of(0) is RUNNING
    assert list(new.cancelled) == ([] if over else [1])
    new.end(1, good(0.1) if over else killed())
    assert new.state_of(1) is (COMPLETED if over else PRUNED)


# With processes


STEPPED = (
    BashTask(
        cmd=("true", "{{ trial.param.x }}"),
        metric_reader=LocalReader(
            location="{{ trial.dir }}/stdout.log",
            parser_pattern=r"step (?P<step>\d+): value=(\S+)",
        ),
    ),
)


class Trainings:
    """Programs that print a value each second, and what was still printed.

    Args:
        bench: where they run.
        values: what each trial prints.
        stop_s: how long they take to end when asked to.
    """

    def __init__(self, bench: Bench, values: list[list[float]], stop_s: float = 0.0) -> None:
        self.bench = bench
        self.values = values
        self.stop_s = stop_s
        self.launches: list[int] = []
        bench.program = self.program

    def program(self, launch: Launch) -> FakeRun:
        self.launches.append(launch.trial_id)
        values = self.values[launch.trial_id]
        for second, value in enumerate(values):
            text = f"step {10 * (second + 1)}: value={value}\n"
            self.bench.stage.after(second + 0.5, lambda text=text: self._print(launch, text))
        return FakeRun(after_s=float(len(values)), stop_s=self.stop_s)

    def _print(self, launch: Launch, text: str) -> None:
        if launch.trial_id in self.bench.stage.running:
            with Path(launch.stdout).open("a") as file:
                file.write(text)


def curves(count: int = 8, length: int = 10) -> list[list[float]]:
    """One curve for each trial, the later trial the worse."""
    return [[-trial + step / length for step in range(length)] for trial in range(count)]


def test_a_study_with_the_median_saves_time_and_keeps_the_best(bench: MakeBench) -> None:
    median = PrunerSpec(type="median", options={"startup_trials": 2})
    one = bench(max_trials=8, max_parallel=2, pruner=median, tasks=STEPPED)
    Trainings(one, curves())
    view = one.run()
    trials = view.trials
    assert trials[0].state is COMPLETED
    stopped = [trial for trial in trials.values() if trial.state is PRUNED]
    assert stopped
    for trial in stopped:
        assert trial.reason.startswith("stopped early (median): ")
        assert trial.stopped_step is not None
        assert 10 <= trial.stopped_step < 100
        assert trial.duration_s is not None
        assert trial.duration_s < 10
    assert view.complete
    assert one.state().trials == trials
    check_stages(one.events())


def test_the_pruner_is_asked_four_times_a_second(bench: MakeBench) -> None:
    one = bench(max_trials=2, pruner=MEDIAN, tasks=STEPPED)
    one.pruner = Scripted({1: 20})
    Trainings(one, curves(2))
    one.run()
    ended = next(event for event in one.events() if isinstance(event, TrialEnded))
    assert (ended.trial, ended.stopped_step, ended.duration_s) == (1, 20, 1.5)


def test_a_program_may_save_before_it_ends(bench: MakeBench) -> None:
    one = bench(max_trials=2, pruner=MEDIAN, tasks=STEPPED, grace_s=5.0)
    one.pruner = Scripted({1: 20})
    Trainings(one, curves(2), stop_s=3.0)
    one.run()
    assert one.last_stage.cancelled == [(1, 5.0)]
    trial = one.state().trials[1]
    assert trial.state is COMPLETED
    assert trial.spared
    ended = next(event for event in one.events() if isinstance(event, TrialEnded))
    assert (ended.trial, ended.stopped_step, ended.duration_s) == (1, 20, 4.5)
    assert ended.value == -0.7


def test_a_trial_whose_end_is_read_with_its_curve_is_complete(bench: MakeBench) -> None:
    one = bench(max_trials=2, pruner=MEDIAN)
    one.pruner = Scripted({1: 0})
    one.program = lambda launch: prints(launch, f"value={-launch.trial_id}", after_s=0.1)
    one.run()
    assert [trial.state for trial in one.state().trials.values()] == [COMPLETED] * 2
    assert one.last_stage.starts == [0, 1]


@pytest.mark.parametrize("away_s", [0.0, 30.0])
def test_a_kill_in_the_middle_of_a_stop_loses_nothing(bench: MakeBench, away_s: float) -> None:
    one = bench(max_trials=6, max_parallel=2, pruner=MEDIAN, tasks=STEPPED, grace_s=60.0)
    one.pruner = Scripted({4: 20, 5: 20})
    Trainings(one, curves(6, 20), stop_s=10.0)
    one.die_after(45)
    with pytest.raises(Died):
        one.run()
    assert [trial for trial, _ in one.last_stage.cancelled] == [4, 5]
    one.away(away_s)
    view = one.run()
    assert view.complete
    assert [trial.state for trial in view.trials.values()] == [COMPLETED] * 4 + [PRUNED] * 2
    assert one.last_stage.starts == []
    assert one.state().trials == view.trials


def test_a_rerun_that_fails_is_a_failed_trial(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=1, pruner=MEDIAN, tasks=STEPPED)
    one.pruner = Scripted({1: 20})
    trainings = Trainings(one, curves(2))
    one.program = lambda launch: (
        fails(launch) if trainings.launches == [0, 1] else trainings.program(launch)
    )
    view = one.run()
    assert [trial.state for trial in view.trials.values()] == [
        COMPLETED,
        TrialState.FAILED,
    ]
    assert view.complete
