import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from engine_player import (
    Player,
    Scripted,
    bad,
    check_stages,
    good,
    killed,
    lost,
    stages_of,
)
from loop_fakes import make_spec

from automl.engine.actions import Phase
from automl.engine.outcome import Outcome
from automl.engine.relaunches import RERUNS
from automl.engine.stimuli import Adopted, StopAsked, TrialRetryAsked, TrialStopAsked, Vanished
from automl.engine.tally import Tally
from automl.journal.events import TrialEnded, TrialRequeued
from automl.study.budget import Budget
from automl.study.limits import EarlyStop
from automl.study.noise import Noise
from automl.study.objective import Direction, Objective, Objectives
from automl.study.ranking.finalists import default_of, finalists
from automl.study.ranking.rank import best, rank
from automl.study.spec import PrunerSpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Purpose, Stage, Trial, TrialState

COMPLETED, FAILED, PRUNED = TrialState.COMPLETED, TrialState.FAILED, TrialState.PRUNED
PLANNED, RUNNING, STOPPED = TrialState.PLANNED, TrialState.RUNNING, TrialState.STOPPED
LADDER = Budget(name="epochs", min=1, max=9)
SEARCH, CONFIRM = Purpose.SEARCH, Purpose.CONFIRM


def play(*, pruner: Scripted | None = None, **changes: Any) -> Player:
    """A study that just filled its slots."""
    if pruner:
        changes["pruner"] = PrunerSpec(type="median")
    player = Player(make_spec(**changes), pruner=pruner)
    player.fill()
    return player


def trial_of(player: Player, trial_id: int) -> Trial:
    return player.engine.view.trials[trial_id]


def end_all(player: Player, value: Callable[[Trial], Outcome | float], most: int = 200) -> None:
    """Let the trials end, the first started first, until the study is over."""
    for _ in range(most):
        player.fill()
        if not player.running:
            break
        trial_id = next(iter(player.running))
        outcome = value(trial_of(player, trial_id))
        player.end(trial_id, outcome if isinstance(outcome, Outcome) else good(outcome))
    assert player.engine.view.over
    check_stages(player.events)


def restarted(player: Player, *running: int, **more: Any) -> Player:
    """The next controller, which finds some trials still running and others vanished."""
    new = Player(player.spec, player.events, now_s=player.now_s, **more)
    for trial_id, attempt in player.running.items():
        if trial_id in running:
            new.running[trial_id] = attempt
            new.tell(Adopted(trial_id=trial_id, since_s=new.now_s, over=False))
        else:
            new.tell(Vanished(trial_id))
    return new


# Budgets


def test_trials_climb_the_ladder_and_keep_their_id() -> None:
    player = play(max_trials=9, max_parallel=1, budget=LADDER)
    end_all(player, lambda trial: trial.id / 10)
    states = [trial.state for trial in player.engine.view.trials.values()]
    assert len(states) == 9
    assert states.count(COMPLETED) >= 1
    assert set(states) == {COMPLETED, PRUNED}
    launched = stages_of(player.events)
    assert all(stages[0] == Stage(budget=1) for stages in launched.values())
    assert launched[8] == [
        Stage(budget=1),
        Stage(budget=3, previous_budget=1),
        Stage(budget=9, previous_budget=3),
    ]
    assert trial_of(player, 8).state is COMPLETED
    assert trial_of(player, 8).attempts == 3
    assert player.engine.view.complete
    player.check_accounts()


def test_a_trial_that_waits_at_a_rung_says_where() -> None:
    player = play(max_trials=9, max_parallel=1, budget=LADDER)
    player.end(0, good(0.5))
    assert trial_of(player, 0).state is PRUNED
    assert trial_of(player, 0).reason == "at 1 of 9 epochs"
    assert trial_of(player, 0).value == 0.5
    assert trial_of(player, 0).stopped_step is None


def test_a_promoted_trial_is_told_with_the_larger_budget() -> None:
    player = play(max_trials=9, max_parallel=1, budget=LADDER)
    end_all(player, lambda trial: trial.id + (trial.stage.budget or 0) / 100)
    told = [
        (one.state, one.value, one.reached)
        for one in player.engine.view.history
        if one.trial_id == 8
    ]
    assert told == [
        (PLANNED, None, None),
        (PRUNED, 8.01, 1),
        (PRUNED, 8.03, 3),
        (COMPLETED, 8.09, None),
    ]


def test_one_that_fails_on_its_way_up_goes_no_further_and_the_next_does() -> None:
    player = play(max_trials=9, max_parallel=1, budget=LADDER)
    end_all(
        player,
        lambda trial: bad() if trial.id == 8 and trial.stage.budget == 3 else float(trial.id),
    )
    assert trial_of(player, 8).state is FAILED
    assert trial_of(player, 8).value is None
    assert [result.value for result in trial_of(player, 8).results] == [8.0]
    assert [one.id for one in player.engine.view.trials.values() if one.state is COMPLETED]


def test_a_vanished_launch_is_made_again_from_where_it_was() -> None:
    player = play(max_trials=9, max_parallel=1, budget=LADDER)
    while not any(stage.budget == 3 for stage in stages_of(player.events).get(2, [])):
        player.end(next(iter(player.running)), good(float(next(iter(player.running)))))
        player.fill()
    player = restarted(player)
    player.fill()
    assert list(player.running) == [2]
    assert trial_of(player, 2).stage == Stage(budget=3, previous_budget=1)
    assert trial_of(player, 2).value == 2.0
    end_all(player, lambda trial: float(trial.id))
    assert player.engine.view.complete


def test_one_that_keeps_the_constraints_goes_on_before_a_better_one_that_does_not() -> None:
    player = play(max_trials=3, max_parallel=1, budget=Budget(name="epochs", min=1, max=3))
    for trial_id, (value, violation) in enumerate([(9.0, 2.0), (5.0, 0.0), (4.0, 0.0)]):
        player.end(trial_id, replace(good(value), violation=violation))
        player.fill()
    assert list(player.running) == [1]


def test_the_last_controller_to_start_finds_nothing_to_do() -> None:
    player = play(max_trials=9, max_parallel=3, budget=LADDER)
    end_all(player, lambda trial: float(trial.id))
    again = restarted(player)
    again.fill()
    assert again.engine.view.over
    assert again.engine.view.complete
    assert again.starts == []


def at_the_second_rung(**changes: Any) -> Player:
    """A study whose trial 2 is on its way to 3 epochs, with 2.0 after 1."""
    player = play(max_trials=9, max_parallel=1, budget=LADDER, **changes)
    for trial_id in range(3):
        player.end(trial_id, good(float(trial_id)))
        player.fill()
    assert list(player.running) == [2]
    return player


def test_time_that_is_up_at_a_rung_takes_no_trial_off_the_ladder() -> None:
    player = at_the_second_rung(max_runtime_s=100.0)
    player.tick(101.0)
    player.end(2, killed())
    assert (trial_of(player, 2).state, trial_of(player, 2).value) == (PLANNED, 2.0)
    player.fill()
    assert player.engine.view.over
    player = restarted(player)
    player.fill()
    assert list(player.running) == [2]
    assert trial_of(player, 2).stage == Stage(budget=3, previous_budget=1)


def test_a_launch_that_needs_more_than_all_the_time_is_not_made_for_ever() -> None:
    player = restarted(at_the_second_rung(max_runtime_s=100.0))
    player.fill()
    player.tick(101.0)
    player.end(2, replace(killed(), duration_s=95.0))
    assert (trial_of(player, 2).state, trial_of(player, 2).value) == (STOPPED, 2.0)


def test_a_study_that_is_good_enough_ends_its_trials_wherever_they_are() -> None:
    stop = EarlyStop(direction=Direction.MAXIMIZE, threshold=50.0)
    short = Budget(name="epochs", min=1, max=3)
    player = play(max_trials=9, max_parallel=2, budget=short, early_stop=stop)
    for trial_id in range(4):
        player.end(trial_id, good(float(trial_id)))
        player.fill()
    assert list(player.running) == [2, 3]
    player.end(2, good(50.0))
    assert list(player.cancelled) == [3]
    player.end(3, killed())
    assert (trial_of(player, 3).state, trial_of(player, 3).value) == (STOPPED, 3.0)
    assert player.engine.view.complete


def test_what_a_stopped_trial_had_at_a_rung_is_told() -> None:
    player = at_the_second_rung()
    player.tell(TrialStopAsked(2))
    player.end(2, replace(killed(), value=-7.0))
    assert trial_of(player, 2).value == 2.0
    for one in (player, restarted(player)):
        told = [told for told in one.engine.view.history if told.trial_id == 2]
        assert (told[-1].state, told[-1].value, told[-1].reached) == (STOPPED, 2.0, 1)


# Reruns of stopped trials


def stopping(*stopped: int, **changes: Any) -> Player:
    """A study whose pruner stops some trials at their first value."""
    pruner = Scripted(dict.fromkeys(stopped, 1.0))
    return play(pruner=pruner, max_parallel=1, **changes)


def measure_and_end(player: Player, value: Callable[[Trial], float]) -> None:
    """Let each trial print its value once, and end where it was not stopped."""
    for _ in range(200):
        player.fill()
        if not player.running:
            break
        trial_id = next(iter(player.running))
        number = value(trial_of(player, trial_id))
        player.measure(trial_id, number)
        stopped = trial_of(player, trial_id).state is TrialState.STOPPING
        how = killed() if stopped else good()
        player.end(trial_id, replace(how, value=number))
    assert player.engine.view.over


def test_stopped_trials_that_rank_high_are_rerun_to_their_end() -> None:
    player = stopping(2, 3, 4, 5, 6, max_trials=7)
    values = [0.6, 1.0, 0.9, 0.5, 0.8, 0.7, 0.4]
    measure_and_end(player, lambda trial: values[trial.id])
    # Of 1.0, 0.9 and 0.8, the latter two were stopped.
    assert [trial for trial, _ in player.starts] == [0, 1, 2, 3, 4, 5, 6, 2, 4]
    assert [trial_of(player, one).state for one in range(7)] == [
        *[COMPLETED] * 3,
        PRUNED,
        COMPLETED,
        PRUNED,
        PRUNED,
    ]
    assert trial_of(player, 2).stopped_step is None
    assert trial_of(player, 2).spared
    assert trial_of(player, 3).stopped_step == 1
    assert trial_of(player, 3).reason == "stopped early (script): it is said so"
    player.check_accounts()


def test_a_rerun_that_disappoints_lets_the_next_one_run_but_never_more_than_three() -> None:
    player = stopping(1, 2, 3, 4, 5, 6, max_trials=7)
    printed = [10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0]
    measure_and_end(player, lambda trial: 0.0 if trial.spared else printed[trial.id])
    assert [trial for trial, _ in player.starts][7:] == [1, 2, 3]
    assert sum(one.spared for one in player.engine.view.trials.values()) == RERUNS


def test_no_more_are_rerun_at_once_than_rank_among_the_first_three() -> None:
    player = stopping(2, 3, 4, max_trials=5)
    player.ask(max_parallel=5)
    for trial_id, value in enumerate([10.0, 9.0, 8.0, 7.0, 6.0]):
        player.fill()
        player.measure(trial_id, value)
        stopped = trial_of(player, trial_id).state is TrialState.STOPPING
        how = killed() if stopped else good()
        player.end(trial_id, replace(how, value=value))
    player.fill()
    assert list(player.running) == [2]


def test_a_rerun_is_not_stopped_again_and_its_vanishing_changes_nothing() -> None:
    player = stopping(1, max_trials=2)
    measured = [0.5, 0.4]
    for trial_id, value in enumerate(measured):
        player.measure(trial_id, value)
        stopped = trial_of(player, trial_id).state is TrialState.STOPPING
        how = killed() if stopped else good()
        player.end(trial_id, replace(how, value=value))
        player.fill()
    assert list(player.running) == [1]
    player = restarted(player, pruner=Scripted({1: 1.0}))
    player.fill()
    assert list(player.running) == [1]
    player.measure(1, 0.1, 0.2)
    assert trial_of(player, 1).state is RUNNING
    player.end(1, good(0.2))
    assert trial_of(player, 1).value == 0.2
    assert player.engine.view.complete


def test_nothing_is_rerun_in_a_study_that_was_interrupted() -> None:
    player = stopping(1, max_trials=3)
    player.measure(0, 1.0)
    player.end(0, good(1.0))
    player.fill()
    player.measure(1, 0.9)
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
    player.end(1, replace(killed(), value=0.9))
    player.fill()
    assert player.engine.view.over
    assert trial_of(player, 1).state is PRUNED
    assert [trial for trial, _ in player.starts] == [0, 1]


# Repeats


def test_each_combination_is_run_with_each_seed_and_ranked_by_the_mean() -> None:
    player = play(max_trials=2, max_parallel=1, noise=Noise(repeats=3))
    values = {0: [1.0, 2.0, 3.0], 1: [4.0, 1.0, 1.0]}
    end_all(player, lambda trial: values[trial.id][trial.stage.seed_number])
    assert [trial_of(player, one).value for one in (0, 1)] == [2.0, 2.0]
    assert trial_of(player, 0).seeds == (1.0, 2.0, 3.0)
    assert [trial_of(player, one).state for one in (0, 1)] == [COMPLETED] * 2
    for stages in stages_of(player.events).values():
        assert stages == [Stage(seed_number=number) for number in range(3)]
    assert player.engine.view.complete


def test_until_then_a_combination_says_how_far_it_is() -> None:
    player = play(max_trials=2, max_parallel=1, noise=Noise(repeats=3))
    player.end(0, good(1.0))
    assert trial_of(player, 0).state is PRUNED
    assert trial_of(player, 0).reason == "after seed 1 of 3"
    player.fill()
    assert list(player.running) == [0]


def test_a_hopeless_combination_is_given_up_and_says_why() -> None:
    player = play(max_trials=3, max_parallel=1, noise=Noise(repeats=5))

    def value(trial: Trial) -> float:
        return (100.0 if trial.id < 2 else 1.0) + trial.stage.seed_number

    end_all(player, value)
    given_up = trial_of(player, 2)
    assert given_up.state is PRUNED
    assert len(given_up.seeds) < 5
    assert given_up.reason.startswith(f"given up: after seed {len(given_up.seeds)} of 5, ")
    assert [trial_of(player, one).state for one in (0, 1)] == [COMPLETED] * 2
    assert player.engine.view.complete
    assert restarted(player).engine.view.complete


def test_what_was_given_up_stays_so_though_later_seeds_spread_more() -> None:
    player = play(max_trials=4, max_parallel=1, noise=Noise(repeats=3))
    narrow = [1.0, 1.01, 0.99]
    values = [narrow, narrow, [0.9], [1.0, 0.5, 1.5]]
    end_all(player, lambda trial: values[trial.id][trial.stage.seed_number])
    assert trial_of(player, 2).reason.startswith("given up: after seed 1 of 3, ")
    assert player.engine.view.complete
    assert restarted(player).engine.view.complete


def test_a_seed_that_is_itself_the_evidence_gives_its_combination_up_and_says_so() -> None:
    player = play(max_trials=2, max_parallel=1, noise=Noise(repeats=3))
    values = [[1.0, 1.01, 0.99], [0.5, 0.5]]
    end_all(player, lambda trial: values[trial.id][trial.stage.seed_number])
    assert trial_of(player, 1).reason.startswith("given up: after seed 2 of 3, ")


def test_none_is_given_up_where_it_may_be_the_best_in_another_objective() -> None:
    readers = tuple(
        LocalReader(location="{{ trial.dir }}/log", parser_pattern=rf"{name}=(\S+)", metric=name)
        for name in "ab"
    )
    player = play(
        max_trials=3,
        max_parallel=1,
        noise=Noise(repeats=3),
        objectives=Objectives((Objective(metric="a"), Objective(metric="b"))),
        tasks=(BashTask(cmd=("true",), metric_reader=readers),),
    )

    def both(trial: Trial) -> Outcome:
        first = -10.0 * trial.id + trial.stage.seed_number / 100
        return replace(good(first), metrics={"a": first, "b": 10.0 * trial.id})

    end_all(player, both)
    assert [trial.state for trial in player.engine.view.trials.values()] == [COMPLETED] * 3


def test_a_seed_that_vanished_is_run_again_and_no_other() -> None:
    player = play(max_trials=1, max_parallel=1, noise=Noise(repeats=3))
    player.end(0, good(1.0))
    player.fill()
    player = restarted(player)
    end_all(player, lambda trial: 10.0 * trial.stage.seed_number)
    assert trial_of(player, 0).seeds == (1.0, 10.0, 20.0)
    stages = stages_of(player.events)[0]
    assert [stage.seed_number for stage in stages] == [0, 1, 1, 2]


def test_a_seed_that_fails_fails_its_combination() -> None:
    player = play(max_trials=1, max_parallel=1, noise=Noise(repeats=3))
    player.end(0, good(1.0))
    player.fill()
    player.end(0, bad())
    player.fill()
    assert player.engine.view.over
    assert trial_of(player, 0).state is FAILED
    assert trial_of(player, 0).value is None


def test_one_seed_that_breaks_a_constraint_breaks_it_for_all() -> None:
    player = play(max_trials=1, max_parallel=1, noise=Noise(repeats=3))
    player.end(0, replace(good(1.0), violation=2.0))
    player.fill()
    player = restarted(player)
    end_all(player, lambda _: 1.0)
    assert trial_of(player, 0).violation == 2.0


# Confirmation


def confirming(count: int = 2, **changes: Any) -> Player:
    """A study whose search is over: trials 0 to 4, the later the better; 4 is being confirmed."""
    noise = Noise(confirm=count, confirm_seeds=2)
    player = play(**{"max_trials": 5, "max_parallel": 1, "noise": noise} | changes)
    for trial_id in range(5):
        player.end(trial_id, good(float(trial_id)))
        player.fill()
    return player


def test_the_best_are_confirmed_with_fresh_seeds_and_their_value_stays() -> None:
    player = confirming()
    end_all(player, lambda trial: 10.0 * trial.id + trial.stage.seed_number)
    assert [trial for trial, _ in player.starts][5:] == [4, 4, 3, 3]
    assert trial_of(player, 4).value == 4.0
    assert trial_of(player, 4).confirmations == {1: 41.0, 2: 42.0}
    assert trial_of(player, 4).state is COMPLETED
    assert trial_of(player, 2).confirmations == {}
    stages = stages_of(player.events)[3][1:]
    assert stages == [Stage(seed_number=number, purpose=CONFIRM) for number in (1, 2)]
    assert player.engine.view.complete
    player.check_accounts()


def test_slots_are_shared_by_those_to_confirm() -> None:
    player = confirming(3, max_parallel=2)
    assert list(player.running) == [4, 3]


def test_the_trials_are_not_ranked_anew_while_nothing_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ranked: list[int] = []

    def counting(trials: Iterable[Trial], objectives: Objectives) -> list[Trial]:
        ranked.append(1)
        return rank(trials, objectives)

    monkeypatch.setattr("automl.study.ranking.finalists.rank", counting)
    player = confirming(1, max_parallel=2)
    assert list(player.running) == [4]
    ranked.clear()
    for _ in range(9):
        assert not player.engine.view.wants_start
    assert ranked == []
    player.end(4, good(40.0))
    assert player.engine.view.wants_start
    assert ranked == [1]


def test_the_default_is_confirmed_beside_the_best() -> None:
    start = ({"x": 1},)
    player = confirming(1, start_with=start)
    end_all(player, lambda _: 1.0)
    assert [trial for trial, _ in player.starts][5:] == [4, 4, 1, 1]
    assert trial_of(player, 1).origin == "start_with"


def test_a_default_among_the_best_is_confirmed_once() -> None:
    player = confirming(2, start_with=({"x": 4},))
    end_all(player, lambda _: 1.0)
    assert [trial for trial, _ in player.starts][5:] == [4, 4, 3, 3]


def test_only_the_first_of_those_to_start_with_is_the_default() -> None:
    noise = Noise(confirm=1, confirm_seeds=2)
    player = play(
        max_trials=3, max_parallel=1, noise=noise, start_with=({"x": 0}, {"x": 1}), fail_fast=None
    )
    end_all(player, lambda trial: bad() if trial.id == 0 else float(trial.id))
    assert [trial for trial, _ in player.starts] == [0, 1, 2, 2, 2]


def test_the_confirmed_mean_ranks_the_confirmed() -> None:
    player = confirming(2)
    end_all(player, lambda trial: 1.0 if trial.id == 4 else 2.0)
    trials = player.engine.view.trials.values()
    objectives = player.spec.objectives
    assert [trial.id for trial in rank(trials, objectives)] == [3, 4, 2, 1, 0]


@pytest.mark.parametrize("outcome", [bad(), lost(), killed()])
def test_a_confirmation_that_fails_leaves_the_trial_complete(outcome: Outcome) -> None:
    player = confirming(1)
    player.end(4, outcome)
    assert trial_of(player, 4).state is COMPLETED
    assert trial_of(player, 4).value == 4.0
    assert player.notes[-1].startswith("trial 4 could not be confirmed: ")
    end_all(player, lambda _: 40.0)
    assert trial_of(player, 4).confirmations == {2: 40.0}
    assert player.engine.view.complete


def tally_of(player: Player) -> Tally:
    """The figures over all ends that were reported."""
    tally = Tally(player.spec.objectives)
    for trial in player.ended:
        tally.ended(trial)
    return tally


def test_a_confirmation_that_fails_says_nothing_of_how_long_trials_take() -> None:
    player = confirming(1)
    assert tally_of(player).median_s(5) == 1.0
    for _ in range(2):
        player.end(4, replace(bad(), duration_s=0.0))
        player.fill()
    assert tally_of(player).median_s(6) is None


def test_a_confirmation_that_cannot_be_launched_leaves_the_trial_complete() -> None:
    player = confirming(1, max_parallel=2)
    player.refuses = lambda _: True
    player.end(4, good(40.0))
    player.fill()
    assert trial_of(player, 4).state is COMPLETED
    assert trial_of(player, 4).value == 4.0
    assert trial_of(player, 4).confirmations == {1: 40.0}
    assert player.engine.view.complete


def test_a_confirmation_that_vanished_is_made_again_and_the_value_stays() -> None:
    player = restarted(confirming(1))
    assert trial_of(player, 4).value == 4.0
    end_all(player, lambda _: 40.0)
    assert trial_of(player, 4).value == 4.0
    assert trial_of(player, 4).confirmations == {1: 40.0, 2: 40.0}
    assert [stage.seed_number for stage in stages_of(player.events)[4]] == [0, 1, 1, 2]


def test_an_interrupt_during_a_confirmation_leaves_the_best_the_best() -> None:
    player = confirming(1)
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
    player.end(4, killed())
    player.fill()
    assert player.engine.view.over
    assert not player.engine.view.complete
    trials = player.engine.view.trials.values()
    found = best(trials, player.spec.objectives)
    assert found is not None
    assert (found.id, found.value) == (4, 4.0)
    player = restarted(player)
    end_all(player, lambda _: 40.0)
    assert trial_of(player, 4).confirmations == {1: 40.0, 2: 40.0}


def test_nothing_is_confirmed_in_a_study_that_was_interrupted() -> None:
    noise = Noise(confirm=1, confirm_seeds=2)
    player = play(max_trials=1, max_parallel=1, noise=noise)
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
    player.end(0, good(1.0))
    player.fill()
    assert player.starts == [(0, 1)]


def test_time_that_is_up_interrupts_the_confirmation_and_no_seed_of_it_is_lost() -> None:
    player = confirming(1, max_runtime_s=100.0)
    player.tick(101.0)
    assert list(player.cancelled) == [4]
    player.end(4, killed())
    trials = player.engine.view.trials.values()
    assert best(trials, player.spec.objectives) == trial_of(player, 4)
    assert trial_of(player, 4).value == 4.0
    assert not player.engine.view.complete
    player = restarted(player)
    end_all(player, lambda _: 40.0)
    assert trial_of(player, 4).confirmations == {1: 40.0, 2: 40.0}


@pytest.mark.parametrize("running", [True, False])
def test_a_user_who_stops_a_confirmation_keeps_the_result(running: bool) -> None:  # noqa: FBT001
    player = confirming(1)
    if not running:
        player = restarted(player)
    player.tell(TrialStopAsked(4))
    if running:
        player.end(4, killed())
    assert trial_of(player, 4).state is COMPLETED
    assert trial_of(player, 4).value == 4.0
    for one in (player, restarted(player)):
        one.fill()
        assert one.engine.view.over
        assert one.engine.view.complete


def test_confirmation_waits_for_the_reruns() -> None:
    noise = Noise(confirm=1, confirm_seeds=2)
    player = stopping(1, max_trials=2, noise=noise)
    player.ask(max_parallel=2)
    measure_and_end(player, lambda trial: 9.0 if trial.spared else -float(trial.id))
    assert [trial for trial, _ in player.starts] == [0, 1, 1, 1, 1]


def test_trials_of_a_ladder_are_confirmed_with_the_whole_budget() -> None:
    noise = Noise(confirm=1, confirm_seeds=2)
    player = play(max_trials=3, max_parallel=1, budget=LADDER, noise=noise)
    end_all(player, lambda trial: float(trial.id))
    confirmed = [stage for stage in stages_of(player.events)[2] if stage.purpose is CONFIRM]
    assert confirmed == [Stage(budget=9, seed_number=number, purpose=CONFIRM) for number in (1, 2)]


def test_one_that_was_rerun_is_confirmed_beside_the_others() -> None:
    player = stopping(1, max_trials=2, noise=Noise(confirm=2, confirm_seeds=2))
    player.ask(max_parallel=2)
    player.fill()
    player.end(0, good(1.0))
    player.measure(1, 0.9)
    player.end(1, replace(killed(), value=0.9))
    player.fill()
    assert trial_of(player, 1).spared
    player.end(1, good(9.0))
    player.fill()
    assert list(player.running) == [1, 0]


def stopped_default(confirmation: Callable[[Trial], Outcome | float]) -> Player:
    """A study whose default was stopped at its second value, 0.3, and confirmed all the same."""
    player = play(
        max_trials=5,
        max_parallel=2,
        pruner=Scripted({0: 2.0}),
        noise=Noise(confirm=1, confirm_seeds=2),
        start_with=({"x": 0},),
    )
    player.end(1, good(11.0))
    player.measure(0, 0.2, 0.3)
    player.end(0, Outcome(exit=killed().exit, value=0.3, measurements=2))
    end_all(player, lambda trial: 10.0 + trial.id if trial.id else confirmation(trial))
    assert [one.id for one in finalists(player.engine.view.trials, player.spec)] == [4, 0]
    return player


def test_the_value_of_a_default_that_was_stopped_early_is_what_confirmed_it() -> None:
    player = stopped_default(lambda trial: trial.stage.seed_number / 2)
    default = trial_of(player, 0)
    assert (default.value, default.confirmations) == (0.75, {1: 0.5, 2: 1.0})
    assert default.state is COMPLETED
    for one in (player, restarted(player)):
        told = [told for told in one.engine.view.history if told.trial_id == 0]
        assert (told[-1].state, told[-1].value, told[-1].reached) == (COMPLETED, 0.75, None)
        assert one.engine.view.best
        assert one.engine.view.best.id == 4


def test_a_default_that_was_stopped_early_and_not_confirmed_is_not_complete() -> None:
    player = stopped_default(lambda _: bad())
    default = trial_of(player, 0)
    assert (default.state, default.value, default.confirmations) == (PRUNED, 0.3, {})
    assert default.reason == "not confirmed: exit code 1: boom"
    assert player.engine.view.complete
    for one in (player, restarted(player)):
        told = [told for told in one.engine.view.history if told.trial_id == 0]
        assert (told[-1].state, told[-1].value) == (PRUNED, 0.3)


def test_a_stopped_default_holds_no_other_confirmation_up() -> None:
    player = play(
        max_trials=4,
        max_parallel=2,
        pruner=Scripted({0: 1.0}),
        noise=Noise(confirm=1, confirm_seeds=2),
        start_with=({"x": 0},),
    )
    player.end(1, good(5.0))
    player.measure(0, 0.1)
    player.end(0, replace(killed(), value=0.1))
    player.fill()
    player.end(2, good(4.0))
    player.end(3, good(3.0))
    player.fill()
    assert list(player.running) == [1, 0]
    player.end(1, good(5.0))
    player.fill()
    assert list(player.running) == [0, 1]


def test_those_that_are_being_confirmed_still_stand_before_a_stopped_one() -> None:
    player = stopping(4, max_trials=5, noise=Noise(confirm=3, confirm_seeds=2))
    player.ask(max_parallel=3)
    measure_and_end(player, lambda trial: 9.0 - trial.id)
    assert [trial for trial, _ in player.starts] == [0, 1, 2, 3, 4, 0, 1, 2, 0, 1, 2]
    assert not trial_of(player, 4).spared


def test_a_default_is_known_by_its_values_whoever_proposed_them() -> None:
    player = play(max_trials=3, max_parallel=1)
    end_all(player, lambda trial: float(trial.id))
    spec = make_spec(
        max_trials=3,
        max_parallel=1,
        start_with=({"x": 1}, {"x": 0}),
        noise=Noise(confirm=1, confirm_seeds=2),
    )
    again = Player(spec, player.events)
    assert default_of(again.engine.view.trials.values(), again.spec) == trial_of(player, 1)
    end_all(again, lambda trial: float(trial.id))
    assert [trial for trial, _ in again.starts] == [2, 2, 1, 1]


def test_a_default_of_an_earlier_script_stays_the_default() -> None:
    player = play(max_trials=2, max_parallel=1, start_with=({"x": 1}, {"x": 0}))
    end_all(player, lambda trial: float(trial.id))
    given = [trial.id for trial in player.engine.view.trials.values() if trial.origin]
    again = Player(make_spec(max_trials=2, max_parallel=1), player.events)
    assert default_of(again.engine.view.trials.values(), again.spec) == trial_of(player, given[0])


def of_a_low_budget(value: Callable[[Trial], float]) -> Player:
    """A study whose default was confirmed, though the search let it come to 1 of 9 epochs."""
    player = play(
        max_trials=3,
        max_parallel=1,
        budget=LADDER,
        noise=Noise(confirm=1, confirm_seeds=2),
        start_with=({"x": 0},),
    )
    end_all(player, value)
    assert [stage.budget for stage in stages_of(player.events)[0]] == [1, 9, 9]
    return player


def test_a_confirmed_default_climbs_no_further_when_trials_are_added() -> None:
    player = of_a_low_budget(lambda trial: float(trial.id) or 1.5)
    player.ask(max_trials=12)
    end_all(player, lambda trial: -float(trial.id))
    for stages in stages_of(player.events).values():
        assert all(stage.previous_budget < (stage.budget or 0) for stage in stages)
    assert len(stages_of(player.events)[0]) == 3


def test_what_a_confirmed_default_had_at_a_low_budget_makes_it_not_the_best() -> None:
    # With more epochs, the values go down.
    player = of_a_low_budget(lambda trial: trial.id + 2.0 - 0.5 * (trial.stage.budget or 0))
    for one in (player, restarted(player)):
        leader = one.engine.view.best
        assert leader
        assert (leader.id, leader.value, trial_of(one, 0).value) == (2, -0.5, -2.5)


def test_a_default_of_a_low_budget_that_was_not_confirmed_is_not_complete() -> None:
    player = of_a_low_budget(
        lambda trial: bad() if trial.confirms else trial.id + 2.0 - 0.5 * (trial.stage.budget or 0)
    )
    assert (trial_of(player, 0).state, trial_of(player, 0).value) == (PRUNED, 1.5)
    for one in (player, restarted(player)):
        trials = one.engine.view.trials.values()
        assert next(trial.id for trial in rank(trials, one.spec.objectives)) == 2
        told = [told for told in one.engine.view.history if told.trial_id == 0]
        assert (told[-1].state, told[-1].value, told[-1].reached) == (PRUNED, 1.5, 1)
    player.ask(max_trials=9)
    end_all(player, lambda trial: -float(trial.id))
    assert [stage.budget for stage in stages_of(player.events)[0]] == [1, 9, 9]


# What a user asks for


def retried(player: Player, trial_id: int) -> Stage:
    """Have a trial tried again; return what it does."""
    player.tell(TrialRetryAsked(trial_id))
    player.fill()
    assert list(player.running) == [trial_id]
    return trial_of(player, trial_id).stage


def test_a_trial_that_waits_at_a_rung_goes_on_if_it_is_asked_to() -> None:
    player = play(max_trials=4, max_parallel=1, budget=LADDER)
    end_all(player, lambda trial: float(trial.id))
    assert retried(player, 0) == Stage(budget=3, previous_budget=1)
    player.end(0, good(-5.0))
    player.fill()
    assert trial_of(player, 0).reason == "at 3 of 9 epochs"
    assert retried(player, 0) == Stage(budget=9, previous_budget=3)
    end_all(player, lambda _: -5.0)
    assert trial_of(player, 0).state is COMPLETED
    assert player.engine.view.complete


def test_one_that_failed_on_its_way_up_does_again_what_failed() -> None:
    player = play(max_trials=4, max_parallel=1, budget=LADDER)
    end_all(player, lambda one: bad() if (one.id, one.stage.budget) == (3, 3) else float(one.id))
    assert retried(player, 3) == Stage(budget=3, previous_budget=1)


def test_a_combination_that_was_given_up_gets_its_next_seed_if_it_is_asked_to() -> None:
    player = play(max_trials=3, max_parallel=1, noise=Noise(repeats=3))
    values = [[1.0, 1.01, 0.99], [1.0, 1.01, 0.99], [0.5, 0.6, 0.7]]
    end_all(player, lambda trial: values[trial.id][trial.stage.seed_number])
    assert trial_of(player, 2).reason.startswith("given up: after seed 1 of 3")
    assert retried(player, 2) == Stage(seed_number=1)
    player.end(2, good(0.6))
    player.fill()
    assert trial_of(player, 2).reason.startswith("given up: after seed 2 of 3")
    assert retried(player, 2) == Stage(seed_number=2)
    end_all(player, lambda _: 0.7)
    assert trial_of(player, 2).seeds == (0.5, 0.6, 0.7)
    assert trial_of(player, 2).state is COMPLETED


def test_a_default_that_could_not_be_confirmed_is_if_it_is_asked_to() -> None:
    player = stopped_default(lambda _: bad())
    assert retried(player, 0) == Stage(seed_number=2, purpose=CONFIRM)
    end_all(player, lambda _: 0.5)
    assert (trial_of(player, 0).state, trial_of(player, 0).value) == (COMPLETED, 0.5)


# What is told


def test_that_a_trial_goes_on_is_a_matter_of_course_that_the_journal_keeps() -> None:
    player = play(max_trials=3, max_parallel=1, budget=LADDER)
    end_all(player, lambda trial: float(trial.id))
    assert player.notes == []
    again = [event.reason for event in player.events if isinstance(event, TrialRequeued)]
    assert again == ["goes on to 3 epochs", "goes on to 9 epochs"]


def test_the_counts_are_those_of_trials_not_of_launches() -> None:
    player = confirming(2)
    end_all(player, lambda _: 1.0)
    assert player.engine.view.finished == 5
    ends = [event for event in player.events if isinstance(event, TrialEnded)]
    again = [event for event in player.events if isinstance(event, TrialRequeued)]
    assert (len(ends), len(again)) == (9, 4)
    assert not any(math.isnan(event.value or 0.0) for event in ends)
