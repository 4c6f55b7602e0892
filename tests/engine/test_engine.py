from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from engine_player import Player, bad, good, killed, lost, out_of_memory, silent
from engine_story import STEPS, Story, launched
from hypothesis import given, settings
from hypothesis import strategies as st
from loop_fakes import make_spec

from automl.engine.actions import STOPPING, Phase, Propose, Report, Start
from automl.engine.outcome import Outcome
from automl.engine.stimuli import (
    Adopted,
    AttemptEnded,
    AttemptExcused,
    HeldBack,
    PhaseAsked,
    Proposed,
    SlotFree,
    Started,
    StopAsked,
    StudyEnded,
    Tick,
    TrialAdded,
    TrialRetryAsked,
    TrialStopAsked,
    Vanished,
)
from automl.journal.events import StudyClosed, TrialEnded, TrialRequeued, TrialStopping
from automl.search.sampler import Answer, Nothing, Proposal, Told
from automl.study.budget import Budget
from automl.study.failure import FailureClass
from automl.study.launch import Exit
from automl.study.limits import EarlyStop
from automl.study.objective import Direction
from automl.study.ranking.totals import totals_of
from automl.study.spec import Algorithm
from automl.study.trial import TrialState

COMPLETED, FAILED, STOPPED = TrialState.COMPLETED, TrialState.FAILED, TrialState.STOPPED
PLANNED, RUNNING = TrialState.PLANNED, TrialState.RUNNING
ZERO = Proposal(params={"x": 0})


def play(size: int = 1000, capacity: int | None = None, **changes: Any) -> Player:
    """A study that just filled its slots."""
    player = Player(make_spec(**changes), size=size, capacity=capacity)
    player.fill()
    return player


def closing(player: Player) -> StudyClosed:
    player.tell(StudyEnded())
    event = player.events[-1]
    assert isinstance(event, StudyClosed)
    trials, spec = player.engine.view.trials.values(), player.spec
    assert event.totals == totals_of(trials, spec.objectives, spec.space)
    return event


# Limits


def test_what_else_there_is_to_do_is_not_held_up_by_a_proposal_that_takes_long() -> None:
    budget = Budget(name="epochs", min=1, max=3)
    player = play(max_trials=9, max_parallel=3, budget=budget, fail_fast=None)
    (asked,) = engine_asks(player, 0)
    player.end(1, bad())
    player.tell(TrialRetryAsked(1))
    assert player.engine.view.wants_start
    player.fill()
    player.end(2, good(2.0))
    assert not player.engine.view.wants_start
    player.end(1, good(1.0))
    player.fill()
    assert [trial for trial, _ in player.starts] == [0, 1, 2, 1, 2]
    assert player.engine.view.proposing == asked == 3
    assert not player.engine.view.over
    player.tell(Proposed(asked, Proposal(params={"x": 77})))
    player.fill()
    assert list(player.running) == [2, 3, 4]


def engine_asks(player: Player, ended: int) -> list[int]:
    """Let a trial end; return for which trials a proposal is wanted that nobody makes yet."""
    player.end(ended, good(0.0))
    actions = player.engine.handle(SlotFree(), player.now)
    return [action.trial_id for action in actions if isinstance(action, Propose)]


def test_slots_are_filled_and_no_more() -> None:
    player = play(max_trials=5, max_parallel=3)
    assert list(player.running) == [0, 1, 2]
    player.end(1)
    player.fill()
    assert list(player.running) == [0, 2, 3]


def test_a_limit_of_n_starts_n_trials() -> None:
    player = play(max_trials=3, max_parallel=8)
    assert list(player.running) == [0, 1, 2]
    for trial in (2, 0, 1):
        assert not player.engine.view.over
        player.end(trial)
        player.fill()
    assert player.engine.view.over
    assert player.engine.view.complete
    assert closing(player).reason == "all 3 trials have ended"


class AfterTwo:
    """Proposes two trials, and more once both have ended."""

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        ended = sum(told.state.finished for told in history)
        return Proposal(params={"x": trial_id}) if trial_id < 2 or ended > 1 else Nothing.NOT_YET


def test_a_user_who_ends_what_the_search_waits_for_lets_it_go_on() -> None:
    player = Player(make_spec(max_trials=3, max_parallel=2), proposer=AfterTwo())
    player.fill()
    player.end(0)
    player.end(1, out_of_memory())
    # Trial 1 is to run alone, and before it does, the search is asked.
    player.tell(SlotFree())
    assert player.state_of(1) is PLANNED
    player.tell(TrialStopAsked(1))
    assert not player.engine.view.complete
    player.fill()
    assert list(player.running) == [2]


def test_the_machine_may_take_fewer_than_asked_for() -> None:
    player = play(max_trials=9, max_parallel=8, capacity=2)
    assert len(player.running) == 2
    player.ask(max_parallel=100)
    player.fill()
    assert len(player.running) == 2


def test_a_used_up_space_ends_the_study_and_says_so() -> None:
    player = play(size=2, max_trials=5, max_parallel=4)
    assert len(player.running) == 2
    player.end(0)
    player.end(1)
    player.fill()
    assert player.engine.view.over
    closed = closing(player)
    assert closed.complete
    assert closed.reason == "all 2 combinations of the search space have been tried"


def test_a_population_that_is_trained_says_so() -> None:
    player = play(size=2, max_trials=5, max_parallel=4, algorithm=Algorithm(type="pbt"))
    player.end(0)
    player.end(1)
    player.fill()
    assert closing(player).reason == "the population is trained, in 2 trials"


def test_a_limit_lowered_by_request_lets_run_what_runs() -> None:
    player = play(max_trials=9, max_parallel=3)
    player.ask(max_parallel=1)
    player.end(0)
    player.end(1)
    player.fill()
    assert list(player.running) == [2]
    player.end(2)
    player.fill()
    assert list(player.running) == [3]


def test_a_limit_raised_by_request_goes_on() -> None:
    player = play(max_trials=1, max_parallel=2)
    player.end(0)
    assert player.engine.view.over
    player.ask(max_trials=3)
    player.fill()
    assert list(player.running) == [1, 2]


def test_before_the_sampler_answers_nothing_else_is_asked() -> None:
    player = Player(make_spec(max_parallel=4))
    assert len(player.engine.handle(SlotFree(), player.now)) == 1
    assert player.engine.handle(SlotFree(), player.now) == []
    assert not player.engine.view.over


# Failures and retries


def test_a_failed_trial_is_a_row_and_the_study_goes_on() -> None:
    player = play(max_trials=2, max_parallel=1)
    player.end(0, bad("ValueError"))
    assert player.state_of(0) is FAILED
    trial = player.engine.view.trials[0]
    assert trial.failure is FailureClass.CRASHED
    assert trial.output == ("ValueError",)
    assert [ended.id for ended in player.ended] == [0]
    player.fill()
    player.end(1)
    assert player.engine.view.over


def test_a_retry_keeps_the_id_and_does_not_count_again() -> None:
    player = play(max_trials=2, max_parallel=1, max_retries=1, retry_delay_s=0)
    player.end(0, bad())
    assert player.state_of(0) is PLANNED
    player.fill()
    player.end(0)
    player.fill()
    player.end(1)
    assert player.starts == [(0, 1), (0, 2), (1, 1)]
    assert player.engine.view.complete
    player.check_accounts()


@pytest.mark.parametrize("outcome", [bad(), lost()], ids=["crashed", "lost"])
def test_back_off_doubles(outcome: Any) -> None:
    player = play(max_trials=1, max_retries=3, retry_delay_s=4)
    for delay_s in (4, 8, 16):
        player.end(0, outcome)
        player.fill()
        assert not player.running
        assert not player.engine.view.over
        assert player.engine.view.next_due_s == player.now_s + delay_s
        player.tick(delay_s - 0.1)
        player.fill()
        assert not player.running
        player.tick(0.1)
        player.fill()
        assert list(player.running) == [0]
    player.end(0, outcome)
    assert player.state_of(0) is FAILED
    assert player.engine.view.over
    assert player.starts == [(0, 1), (0, 2), (0, 3), (0, 4)]


def test_another_trial_runs_during_a_back_off() -> None:
    player = play(max_trials=2, max_parallel=1, max_retries=1, retry_delay_s=60)
    player.end(0, bad())
    player.fill()
    assert list(player.running) == [1]


def test_what_cannot_pass_is_not_tried_again() -> None:
    player = play(max_trials=1, max_retries=5)
    player.end(0, silent())
    assert player.state_of(0) is FAILED
    assert player.engine.view.trials[0].failure is FailureClass.NO_METRIC


def test_an_attempt_that_cannot_be_launched_fails() -> None:
    player = Player(make_spec(max_trials=2))
    player.refuses = lambda trial_id: trial_id == 0
    player.fill()
    assert player.state_of(0) is FAILED
    assert player.engine.view.trials[0].failure is FailureClass.NOT_STARTED
    assert player.engine.view.trials[0].reason == "cannot write"
    assert list(player.running) == [1]


def test_an_attempt_that_cannot_be_launched_is_tried_again_so_often() -> None:
    player = Player(make_spec(max_trials=1, max_retries=2, retry_delay_s=1))
    tries = []
    player.refuses = lambda trial_id: tries.append(trial_id) is None
    for _ in range(9):
        player.fill()
        player.tick(10)
    assert tries == [0, 0, 0]
    assert player.state_of(0) is FAILED
    assert player.engine.view.over


def test_out_of_memory_runs_once_more_alone_and_last() -> None:
    player = play(max_trials=4, max_parallel=2, max_retries=9, retry_delay_s=0)
    player.end(0, out_of_memory())
    assert player.state_of(0) is PLANNED
    player.fill()
    assert sorted(player.running) == [1, 2]
    player.end(1)
    player.end(2)
    player.fill()
    assert sorted(player.running) == [3]
    player.fill()
    assert sorted(player.running) == [3]
    player.end(3)
    player.fill()
    assert player.starts[-1] == (0, 2)
    player.ask(max_trials=9)
    player.fill()
    assert sorted(player.running) == [0]
    player.end(0, out_of_memory())
    assert player.state_of(0) is FAILED
    assert player.engine.view.trials[0].failure is FailureClass.OUT_OF_MEMORY
    player.fill()
    assert sorted(player.running) == [4, 5]


def over_its_share(*, short: bool) -> Outcome:
    how = Exit(code=-9, out_of_memory=True, memory_limit_bytes=2 << 30, memory_was_short=short)
    return Outcome(exit=how, duration_s=1.0)


def test_a_trial_that_used_more_than_its_share_while_there_was_memory_is_not_run_alone() -> None:
    player = play(max_trials=4, max_parallel=2, max_retries=9)
    player.end(0, over_its_share(short=False))
    trial = player.engine.view.trials[0]
    assert (trial.state, trial.failure) == (FAILED, FailureClass.OUT_OF_MEMORY)
    assert "used more than its memory_per_trial of 2 GB" in trial.reason


def test_one_that_did_so_while_memory_was_short_is_run_alone() -> None:
    player = play(max_trials=4, max_parallel=2)
    player.end(0, over_its_share(short=True))
    trial = player.engine.view.trials[0]
    assert trial.state is PLANNED
    assert trial.runs_alone


@pytest.mark.parametrize("before", [1, 2])
def test_a_new_controller_goes_on_counting_launches_that_failed(before: int) -> None:
    tries: list[int] = []

    def refuse(player: Player, times: int) -> None:
        player.refuses = lambda trial_id: tries.append(trial_id) is None
        for _ in range(times):
            player.fill()
            player.tick(10)

    player = Player(make_spec(max_trials=1, max_retries=2))
    refuse(player, before)
    assert player.state_of(0) is PLANNED
    again = Player(make_spec(max_trials=1, max_retries=2), player.events)
    refuse(again, 9)
    assert tries == [0, 0, 0]
    assert again.state_of(0) is FAILED


def test_alone_already_out_of_memory_is_final() -> None:
    player = play(max_trials=1, max_parallel=1)
    player.end(0, out_of_memory())
    assert player.state_of(0) is FAILED


def test_a_new_controller_still_runs_it_alone() -> None:
    player = play(max_trials=2, max_parallel=2)
    player.end(0, out_of_memory())
    again = Player(make_spec(max_trials=2, max_parallel=2), player.events)
    again.engine.handle(Adopted(trial_id=1, since_s=again.now_s, over=False), again.now)
    again.running[1] = 1
    again.fill()
    assert list(again.running) == [1]
    again.end(1)
    again.fill()
    assert again.starts == [(0, 2)]


def test_a_full_disk_is_no_fault_of_the_trial() -> None:
    player = play(max_trials=1, max_retries=0)
    del player.running[0]
    player.tell(AttemptExcused(0, bad(), "the disk was full"))
    assert player.state_of(0) is PLANNED
    assert player.engine.view.trials[0].failures == ()
    player.fill()
    assert player.starts == [(0, 1), (0, 2)]


def test_who_asked_for_the_end_gets_it_on_a_full_disk_too() -> None:
    player = play(max_trials=2)
    player.tell(TrialStopAsked(0))
    del player.running[0]
    player.tell(AttemptExcused(0, killed(), "the disk was full"))
    assert player.state_of(0) is STOPPED


# The study that fails alike


@pytest.mark.parametrize(("fail_fast", "started"), [(1, 1), (5, 5), (None, 8)])
def test_trials_that_all_fail_alike_stop_the_study_early(
    fail_fast: int | None, started: int
) -> None:
    player = play(max_trials=8, max_parallel=1, fail_fast=fail_fast)
    for trial in range(started):
        assert list(player.running) == [trial]
        player.end(trial, bad(f"no file {trial}"))
        player.fill()
    assert player.engine.view.over
    if fail_fast:
        assert player.engine.view.phase is Phase.DRAINING
        assert "no file" in player.engine.view.reason
        assert not closing(player).complete


ALIKE = {
    "a number": ("no file 1", "no file 22"),
    "a set in another order": ("unknown {'a', 'b'}", "unknown {'b', 'a'}"),
    "a path": ("cannot open /tmp/a", "cannot open /home/b"),
    "an exception": ("KeyError: 'a'", "KeyError: 'b'"),
    "an exception of a package": ("torch.cuda.MyError: 1", "MyError: 2"),
}


@pytest.mark.parametrize("lines", ALIKE.values(), ids=ALIKE)
def test_failures_are_alike_whatever_their_text(lines: tuple[str, str]) -> None:
    player = play(max_trials=9, max_parallel=1, fail_fast=4)
    for line in (*lines, *lines):
        player.end(next(iter(player.running)), bad(line))
        player.fill()
    assert player.engine.view.phase is Phase.DRAINING
    assert closing(player).failed_alike == [0, 1, 2, 3]


DIFFERENT = {
    "exceptions": (bad("KeyError: 'a'"), bad("ValueError: 'a'")),
    "exit codes": (bad(), Outcome(exit=Exit(code=3), output=("boom",))),
    "a signal": (bad(), Outcome(exit=Exit(code=139), output=("boom",))),
    "kinds": (bad(), silent()),
}


@pytest.mark.parametrize("ends", DIFFERENT.values(), ids=DIFFERENT)
def test_different_failures_do_not(ends: tuple[Outcome, Outcome]) -> None:
    player = play(max_trials=9, max_parallel=1, fail_fast=3)
    for end in (ends[0], ends[1], *[ends[0]] * 4):
        player.end(next(iter(player.running)), end)
        player.fill()
    assert player.engine.view.phase is Phase.RUNNING


def test_a_signal_is_the_same_told_by_a_shell_or_not() -> None:
    player = play(max_trials=9, max_parallel=1, fail_fast=2)
    for code in (-11, 139):
        player.end(next(iter(player.running)), Outcome(exit=Exit(code=code), output=("a",)))
        player.fill()
    assert player.engine.view.phase is Phase.DRAINING


def test_those_that_run_beside_end_by_themselves() -> None:
    player = play(max_trials=9, max_parallel=3, fail_fast=1)
    player.end(1, bad())
    player.fill()
    assert sorted(player.running) == [0, 2]
    assert player.cancelled == {}
    player.end(0)
    player.end(2)
    assert player.engine.view.over


def test_the_next_controller_tries_again() -> None:
    player = play(max_trials=9, max_parallel=1, fail_fast=1)
    player.end(0, bad())
    again = Player(make_spec(max_trials=9, max_parallel=1, fail_fast=1), player.events)
    again.fill()
    assert again.starts == [(1, 1)]


# Time


def test_a_time_limit_stops_the_trial_once() -> None:
    player = play(max_trials=2, timeout_s=60, grace_s=3)
    player.tick(59)
    assert player.cancelled == {}
    player.tick(1)
    assert player.cancelled == {0: 3, 1: 3}
    player.cancelled.clear()
    player.tick(100)
    assert player.cancelled == {}
    player.end(0, killed())
    player.end(1, good())
    for trial in (0, 1):
        assert player.state_of(trial) is FAILED
        assert player.engine.view.trials[trial].failure is FailureClass.TIMED_OUT


def test_a_factor_of_the_median_counts_from_the_third_trial_on() -> None:
    player = play(max_trials=9, max_parallel=4, timeout_factor=3)
    player.end(0, good(lasted_s=10))
    player.end(1, good(lasted_s=10))
    player.tick(1000)
    assert player.cancelled == {}
    player.end(2, good(lasted_s=1000))
    player.tick(0)
    assert set(player.cancelled) == {3}


def test_silence_stops_the_trial_and_may_pass() -> None:
    player = play(max_trials=1, no_progress_s=30, max_retries=1, retry_delay_s=0)
    player.tick(29, quiet=True)
    player.tick(1000)
    assert player.cancelled == {}
    player.tick(30, quiet=True)
    assert set(player.cancelled) == {0}
    player.end(0, killed())
    assert player.engine.view.trials[0].failures == (FailureClass.NO_PROGRESS,)
    player.fill()
    player.end(0)
    assert player.state_of(0) is COMPLETED


def test_a_trial_that_has_ended_and_is_still_being_read_is_not_late() -> None:
    player = play(max_trials=2, timeout_s=60, no_progress_s=30)
    player.now_s += 100
    player.tell(Tick({1: 0.0}))
    assert set(player.cancelled) == {1}
    player.end(0)
    assert player.state_of(0) is COMPLETED


def test_a_trial_that_waits_for_the_disk_is_not_late() -> None:
    player = Player(make_spec(max_trials=1, timeout_s=60))
    actions = player.engine.handle(SlotFree(), player.now)
    (propose,) = actions
    actions = player.engine.handle(Proposed(0, ZERO), player.now) + player.engine.handle(
        SlotFree(), player.now
    )
    assert propose.trial_id == 0
    assert actions[-1] == Start(0, 1)
    player.now_s += 1000
    assert player.engine.handle(Tick({}), player.now) == []
    player.do([*actions[:-1], actions[-1]])
    player.end(0)
    assert player.state_of(0) is COMPLETED


def test_an_interrupted_trial_is_not_blamed_for_a_time_limit_in_its_grace() -> None:
    player = play(max_trials=1, timeout_s=60, grace_s=100)
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
    player.tick(80)
    player.end(0, killed())
    assert player.state_of(0) is PLANNED
    assert player.engine.view.trials[0].failures == ()


def test_max_runtime_starts_nothing_that_cannot_end_in_time() -> None:
    player = play(max_trials=9, max_parallel=1, max_runtime_s=100)
    player.tick(40)
    player.end(0, good(lasted_s=40))
    player.fill()
    assert list(player.running) == [1]
    player.tick(40)
    player.end(1, good(lasted_s=40))
    player.fill()
    assert not player.running
    assert player.engine.view.over
    closed = closing(player)
    assert "max_runtime" in closed.reason
    assert not closed.complete


def test_max_runtime_stops_what_is_left() -> None:
    player = play(max_trials=9, max_parallel=2, max_runtime_s=100, grace_s=4)
    player.tick(99)
    assert player.cancelled == {}
    player.tick(1)
    assert player.cancelled == {0: 4, 1: 4}
    player.end(0, killed())
    player.end(1, killed())
    player.fill()
    assert {player.state_of(0), player.state_of(1)} == {STOPPED}
    assert player.engine.view.over


@pytest.mark.parametrize("phase", [Phase.PAUSED, Phase.DRAINING])
def test_max_runtime_holds_while_nothing_is_started(phase: Phase) -> None:
    player = play(max_trials=9, max_runtime_s=100)
    player.tell(PhaseAsked(phase, "asked"))
    player.tick(100)
    assert set(player.cancelled) == {0, 1}


def test_the_shorter_runtime_counts() -> None:
    stop = EarlyStop(direction=Direction.MAXIMIZE, max_runtime_s=5)
    player = play(max_trials=9, max_runtime_s=100, early_stop=stop)
    player.tick(5)
    assert set(player.cancelled) == {0, 1}


# The threshold


def threshold(**changes: Any) -> dict[str, Any]:
    stop = EarlyStop(direction=Direction.MAXIMIZE, threshold=0.9)
    return {"max_trials": 9, "max_parallel": 3, "early_stop": stop, **changes}


def test_a_value_that_is_good_enough_ends_the_study() -> None:
    player = play(**threshold())
    player.end(0, good(0.89))
    player.fill()
    assert player.cancelled == {}
    player.end(1, good(0.9))
    player.fill()
    assert sorted(player.cancelled) == [2, 3]
    player.end(2, killed())
    player.end(3, killed())
    assert player.engine.view.over
    assert player.engine.view.complete
    assert {player.state_of(2), player.state_of(3)} == {STOPPED}
    assert closing(player).reason == "trial 1 reached 0.9 (threshold 0.9)"


@pytest.mark.parametrize("phase", [Phase.PAUSED, Phase.DRAINING])
def test_it_does_so_too_while_nothing_is_started(phase: Phase) -> None:
    player = play(**threshold())
    player.tell(PhaseAsked(phase, "asked"))
    player.end(0, good(0.95))
    assert sorted(player.cancelled) == [1, 2]
    assert player.engine.view.complete


def test_a_study_that_reached_it_starts_nothing_again_and_stops_what_it_adopts() -> None:
    player = play(**threshold())
    player.end(0, good(0.95))
    # As an earlier release left it, which did not write down that it stopped them.
    events = [event for event in player.events if not isinstance(event, TrialStopping)]
    again = Player(make_spec(**threshold()), events)
    assert again.engine.view.complete
    again.tell(Adopted(trial_id=1, since_s=again.now_s, over=False))
    again.tell(Vanished(2))
    again.running[1] = 1
    again.fill()
    assert set(again.cancelled) == {1}
    assert again.starts == []
    again.end(1, killed())
    assert again.engine.view.over


def test_what_breaks_a_constraint_or_was_stopped_is_not_good_enough() -> None:
    player = play(**threshold())
    player.end(0, replace(good(0.95), violation=1.0))
    player.tell(TrialStopAsked(1))
    player.end(1, replace(killed(), value=0.95))
    assert player.engine.view.phase is Phase.RUNNING
    assert not player.engine.view.complete


# Pause, drain, stop


def test_a_pause_waits_for_resume() -> None:
    player = play(max_trials=3, max_parallel=2)
    player.tell(PhaseAsked(Phase.PAUSED, "paused by request"))
    player.end(0)
    player.end(1)
    player.fill()
    assert not player.running
    assert not player.engine.view.over
    player.tell(PhaseAsked(Phase.RUNNING, ""))
    player.fill()
    assert list(player.running) == [2]


def test_a_drain_lets_end_what_runs() -> None:
    player = play(max_trials=9, max_parallel=2)
    player.tell(PhaseAsked(Phase.DRAINING, "drained by request"))
    player.end(0)
    player.fill()
    assert list(player.running) == [1]
    assert player.cancelled == {}
    player.end(1)
    assert player.engine.view.over
    closed = closing(player)
    assert (closed.reason, closed.complete) == ("drained by request", False)


def test_after_an_interrupt_nothing_starts_and_nothing_is_blamed() -> None:
    player = play(max_trials=9, max_parallel=2, grace_s=7)
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
    assert player.cancelled == {0: 7, 1: 7}
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT", 0.0))
    assert player.cancelled == {0: 0, 1: 0}
    player.end(0, killed())
    player.end(1, killed())
    player.fill()
    assert player.starts == [(0, 1), (1, 1)]
    assert player.engine.view.over
    assert not player.engine.view.complete
    assert player.ended == []
    again = Player(make_spec(max_trials=9, max_parallel=2), player.events)
    again.fill()
    assert sorted(again.starts) == [(0, 2), (1, 2)]


@pytest.mark.parametrize("stopping", sorted(STOPPING))
@pytest.mark.parametrize("asked", [Phase.RUNNING, Phase.PAUSED, Phase.DRAINING])
def test_no_request_undoes_a_stop(stopping: Phase, asked: Phase) -> None:
    player = play(max_trials=9, max_parallel=2)
    player.tell(StopAsked(stopping, "stopped"))
    player.tell(PhaseAsked(asked, "asked"))
    player.end(0, killed())
    player.fill()
    assert list(player.running) == [1]
    assert (player.engine.view.phase, player.engine.view.reason) == (stopping, "stopped")


def test_a_launch_cannot_slip_in_after_a_stop_began() -> None:
    player = Player(make_spec(max_trials=2))
    engine = player.engine
    engine.handle(SlotFree(), player.now)
    actions = engine.handle(Proposed(0, ZERO), player.now) + engine.handle(SlotFree(), player.now)
    assert actions[-1] == Start(0, 1)
    player.do(actions[:-1])
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
    player.tell(HeldBack(0))
    assert engine.view.over
    assert player.state_of(0) is PLANNED


def test_a_detached_study_is_left_as_it_is() -> None:
    player = play(max_trials=9)
    player.tell(PhaseAsked(Phase.DETACHED, "left by SIGHUP"))
    player.fill()
    assert player.engine.view.over
    assert not player.engine.view.complete
    assert player.cancelled == {}
    assert launched(player.engine) == {0, 1}


# Single trials


def test_a_running_trial_is_stopped_for_the_user() -> None:
    player = play(max_trials=3, max_retries=3, grace_s=5)
    player.tell(TrialStopAsked(0))
    assert player.cancelled == {0: 5}
    player.end(0, killed())
    assert player.state_of(0) is STOPPED
    assert player.engine.view.trials[0].reason == "stopped by the user"


def test_a_waiting_trial_is_stopped_without_having_run() -> None:
    player = play(max_trials=3, max_parallel=1, max_retries=1, retry_delay_s=50)
    player.end(0, bad())
    player.tell(TrialStopAsked(0))
    assert player.state_of(0) is STOPPED
    player.tick(100)
    player.fill()
    assert player.starts == [(0, 1), (1, 1)]


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        (TrialStopAsked(0), STOPPED),
        (StopAsked(Phase.ENDING, "enough"), STOPPED),
        (StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"), PLANNED),
    ],
    ids=["trial", "study", "interrupt"],
)
def test_one_that_begins_after_it_was_stopped_is_stopped_then(
    asked: TrialStopAsked | StopAsked, state: TrialState
) -> None:
    player = Player(make_spec(max_trials=1, grace_s=5))
    engine = player.engine
    engine.handle(SlotFree(), player.now)
    asks = engine.handle(Proposed(0, ZERO), player.now) + engine.handle(SlotFree(), player.now)
    player.do(asks[:-1])
    player.tell(asked)
    player.cancelled.clear()
    player.running[0] = 1
    player.tell(Started(0, {"pid": 0}))
    assert player.cancelled == {0: 5}
    player.end(0, killed())
    assert player.state_of(0) is state


def test_a_proposal_whose_number_a_request_took_is_dropped() -> None:
    player = Player(make_spec(max_trials=3))
    player.engine.handle(SlotFree(), player.now)
    assert player.engine.view.proposing == 0
    player.tell(TrialAdded({"x": 0}))
    assert player.engine.view.proposing == 1
    player.tell(Proposed(0, ZERO))
    assert list(player.engine.view.trials) == [0]
    player.fill()
    assert [trial.params["x"] for trial in player.engine.view.trials.values()] == [0, 1]


def test_a_trial_stopped_while_its_launch_waits_never_runs() -> None:
    player = Player(make_spec(max_trials=1))
    engine = player.engine
    engine.handle(SlotFree(), player.now)
    player.do(
        (engine.handle(Proposed(0, ZERO), player.now) + engine.handle(SlotFree(), player.now))[:-1]
    )
    player.tell(TrialStopAsked(0))
    player.tell(PhaseAsked(Phase.PAUSED, "paused by request"))
    player.tell(HeldBack(0))
    player.tell(PhaseAsked(Phase.RUNNING, ""))
    player.fill()
    assert player.starts == []
    assert player.state_of(0) is STOPPED
    assert engine.view.over


def test_an_interrupt_does_not_forget_whom_the_user_had_stopped() -> None:
    player = play(max_trials=2)
    player.tell(TrialStopAsked(0))
    player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
    player.end(0, killed())
    player.end(1, killed())
    assert player.state_of(0) is STOPPED
    assert player.state_of(1) is PLANNED


def test_a_trial_is_tried_again_for_the_user() -> None:
    player = play(max_trials=1, max_parallel=1)
    player.end(0, bad())
    assert player.engine.view.over
    player.tell(TrialRetryAsked(0))
    assert (player.engine.view.finished, player.engine.view.failed) == (0, 0)
    player.fill()
    assert player.starts == [(0, 1), (0, 2)]
    player.end(0)
    assert player.state_of(0) is COMPLETED
    assert player.engine.view.finished == 1


# Restarts


def test_a_restart_in_the_middle_goes_on() -> None:
    player = play(max_trials=6, max_parallel=3)
    player.end(0, good(0.7))
    player.end(1, bad())
    player.fill()
    events = player.events
    again = Player(make_spec(max_trials=6, max_parallel=3), events, now_s=500.0)
    assert launched(again.engine) == {2, 3, 4}
    assert (again.engine.view.finished, again.engine.view.failed) == (2, 1)
    assert again.engine.view.best is not None
    again.tell(Vanished(2))
    for trial in (3, 4):
        again.tell(Adopted(trial_id=trial, since_s=0.0, over=False))
        again.running[trial] = 1
    again.fill()
    assert again.starts == [(2, 2)]
    for trial in (3, 4, 2):
        again.end(trial)
    again.fill()
    again.end(5)
    assert again.engine.view.complete
    again.check_accounts()


def test_an_adopted_trial_is_late_from_its_own_start_on() -> None:
    player = play(max_trials=1, timeout_s=60)
    again = Player(make_spec(max_trials=1, timeout_s=60), player.events, now_s=500.0)
    again.tell(Adopted(trial_id=0, since_s=450.0, over=False))
    again.running[0] = 1
    again.tick(9)
    assert again.cancelled == {}
    again.tick(1)
    assert set(again.cancelled) == {0}


def test_a_planned_trial_is_launched_by_the_next_controller() -> None:
    player = Player(make_spec(max_trials=2, max_parallel=1))
    player.tell(TrialAdded({"x": 5}))
    again = Player(make_spec(max_trials=2, max_parallel=1), player.events)
    again.fill()
    assert again.starts == [(0, 1)]


def test_a_report_follows_its_record() -> None:
    player = play(max_trials=1)
    del player.running[0]
    actions = player.engine.handle(AttemptEnded(0, good()), player.now)
    kinds = [type(action) for action in actions]
    assert kinds.index(Report) > 0
    assert isinstance(actions[0].event, TrialEnded)
    player.do(actions)


# Any order of events


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data(), st.lists(st.sampled_from(STEPS), max_size=40))
def test_whatever_happens_the_accounts_are_right(data: st.DataObject, steps: list[str]) -> None:
    story = Story(data)
    for what in steps:
        story.step(what)
    story.finish()
    player = story.player
    trials = player.engine.view.trials.values()
    if player.engine.view.best is None or player.engine.view.best.value < 0.9:
        player.check_accounts()
    ends = [event.trial for event in player.events if isinstance(event, TrialEnded)]
    for trial in trials:
        allowed = 1 + story.retried.count(trial.id)
        assert ends.count(trial.id) <= allowed
        assert ends.count(trial.id) == allowed or not trial.state.finished
        memory = [
            event
            for event in player.events
            if isinstance(event, TrialRequeued)
            and event.trial == trial.id
            and event.failure is FailureClass.OUT_OF_MEMORY
        ]
        assert len(memory) <= 1
    assert player.engine.view.finished == sum(trial.state.finished for trial in trials)
    assert player.engine.view.failed == sum(trial.state is FAILED for trial in trials)
