"""Trials that a program asks for: the engine leaves them to it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from engine_player import Player, bad, good, out_of_memory
from loop_fakes import make_spec

from automl.engine.actions import Phase
from automl.engine.requests import failed_in, refusal
from automl.engine.stimuli import AttemptEnded, Started, StopAsked, StudyEnded, TrialAsked
from automl.journal import requests
from automl.journal.events import StudyClosed, TrialPlanned, decode, encode
from automl.search.sampler import Proposal
from automl.study.limits import EarlyStop
from automl.study.noise import Noise
from automl.study.objective import Direction
from automl.study.ranking.finalists import finalists
from automl.study.trial import TrialState

COMPLETED, FAILED, RUNNING = TrialState.COMPLETED, TrialState.FAILED, TrialState.RUNNING
HANDLE = {"executor": "caller"}


def ask(player: Player, x: int = 900) -> int:
    """Let a program ask for a trial."""
    trial_id = len(player.engine.view.trials)
    player.tell(TrialAsked(Proposal(params={"x": x})))
    player.tell(Started(trial_id, HANDLE))
    return trial_id


def play(**changes: Any) -> Player:
    return Player(make_spec(**changes))


def test_an_older_journal_has_none() -> None:
    planned = TrialPlanned(v=1, at=datetime(2026, 3, 1, tzinfo=UTC), trial=0, params={})
    assert not planned.asked
    assert b"asked" not in encode(planned)
    assert decode(encode(planned)[:-1]) == planned


def test_an_asked_trial_takes_no_slot_and_counts_for_no_call() -> None:
    player = play(max_parallel=2, max_trials=3, call=4)
    asked = ask(player)
    assert player.state_of(asked) is RUNNING
    trial = player.engine.view.trials[asked]
    assert (trial.asked, trial.call, trial.attempts) == (True, 0, 1)
    player.fill()
    assert sorted(player.running) == [1, 2]
    assert [player.engine.view.trials[one].call for one in (1, 2)] == [4, 4]


def test_a_study_is_over_whatever_a_program_still_has() -> None:
    player = play(max_trials=2)
    asked = ask(player)
    player.fill()
    player.end(1)
    assert player.engine.view.over
    player.tell(StudyEnded())
    closed = player.events[-1]
    assert isinstance(closed, StudyClosed)
    assert closed.reason == "1 trial has ended, and a program has yet to tell of 1"
    assert player.state_of(asked) is RUNNING
    player.tell(AttemptEnded(asked, good(7.0)))
    assert player.state_of(asked) is COMPLETED
    assert player.engine.view.trials[asked].value == 7.0


@pytest.mark.parametrize("phase", [Phase.ENDING, Phase.INTERRUPTED])
def test_the_end_of_a_study_stops_none(phase: Phase) -> None:
    player = play(max_trials=9, max_parallel=1)
    asked = ask(player)
    player.fill()
    player.tell(StopAsked(phase, "enough"))
    assert list(player.cancelled) == [1]
    late = ask(player, 901)
    assert [player.state_of(one) for one in (asked, late)] == [RUNNING, RUNNING]
    assert list(player.cancelled) == [1]


def test_a_good_value_ends_the_study_and_no_asked_trial() -> None:
    stop = EarlyStop(direction=Direction.MAXIMIZE, threshold=5.0)
    player = play(max_trials=9, early_stop=stop)
    first, second = ask(player), ask(player, 901)
    player.tell(AttemptEnded(first, good(6.0)))
    assert player.engine.view.reached
    assert player.state_of(second) is RUNNING
    assert not player.cancelled


@pytest.mark.parametrize("outcome", [bad(), out_of_memory()])
def test_a_failed_one_is_never_run_again(outcome: Any) -> None:
    player = play(max_trials=9, max_retries=3, max_parallel=2)
    asked = ask(player)
    player.tell(AttemptEnded(asked, outcome))
    trial = player.engine.view.trials[asked]
    assert trial.state is FAILED
    # What has no process has no exit code.
    assert trial.exit is not None
    assert trial.exit.code is None
    again = Player(player.spec, player.events)
    again.fill()
    assert asked not in again.running


def test_failures_that_are_told_stop_nothing() -> None:
    player = play(max_trials=9, fail_fast=2)
    for x in (900, 901, 902):
        player.tell(AttemptEnded(ask(player, x), bad()))
    assert player.engine.view.phase is Phase.RUNNING
    assert player.engine.view.failed == 3
    player.tell(StudyEnded())
    closed = player.events[-1]
    assert isinstance(closed, StudyClosed)
    assert closed.failed_alike == []


def test_one_that_was_planned_when_its_program_died_waits_for_the_next() -> None:
    player = play(max_trials=3, max_parallel=1)
    player.tell(TrialAsked(Proposal(params={"x": 900})))
    again = Player(player.spec, player.events)
    again.fill()
    assert list(again.running) == [1]
    assert again.state_of(0) is TrialState.PLANNED


def test_how_long_a_program_takes_limits_no_trial() -> None:
    player = play(max_trials=9)
    for x in range(900, 904):
        player.tell(AttemptEnded(ask(player, x), good(lasted_s=5000.0)))
    assert player.engine._parts.tally.median_s() is None


def test_nobody_may_ask_the_study_to_end_or_repeat_one() -> None:
    player = play(max_trials=9)
    running, failed = ask(player), ask(player, 901)
    player.tell(AttemptEnded(failed, bad()))
    view, space = player.engine.view, player.spec.space
    for request in (
        requests.StopTrial(trial=running),
        requests.RetryTrial(trial=failed),
        requests.RetryTrial(trial=running),
    ):
        assert "is a program's" in refusal(request, view, space, starting=False)
    assert failed_in(view, space) == []
    assert "no failed trial" in refusal(requests.RetryFailed(), view, space, starting=False)


def test_none_is_confirmed_by_a_launch() -> None:
    player = play(max_trials=2, noise=Noise(confirm=2))
    asked = ask(player)
    player.tell(AttemptEnded(asked, good(9.0)))
    player.fill()
    player.end(1, good(1.0))
    assert [one.id for one in finalists(player.engine.view.trials, player.spec)] == [1]
