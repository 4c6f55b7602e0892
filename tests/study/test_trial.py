import re
from dataclasses import replace

import pytest

from automl.errors import AutomlError
from automl.study.trial import FINISHED, MOVES, Trial, TrialState, changed, check_move

PAIRS = [(old, new) for old in TrialState for new in TrialState]


def reachable(start: TrialState) -> set[TrialState]:
    found: set[TrialState] = set()
    ahead = {start}
    while ahead:
        found |= ahead
        ahead = {new for old in ahead for new in MOVES[old]} - found
    return found


def test_the_table_has_every_state() -> None:
    assert set(MOVES) == set(TrialState)


def test_every_state_can_be_reached() -> None:
    assert reachable(TrialState.PLANNED) == set(TrialState)


def test_every_trial_can_finish() -> None:
    for state in TrialState:
        assert reachable(state) & FINISHED


def test_only_a_planned_trial_moves_to_its_own_state() -> None:
    assert [state for state in TrialState if state in MOVES[state]] == [TrialState.PLANNED]


def test_finished_means_that_only_a_new_attempt_can_follow() -> None:
    assert {state for state in TrialState if state.finished} == set(FINISHED)
    for state in FINISHED:
        assert MOVES[state] <= {TrialState.PLANNED}


def test_a_completed_trial_is_launched_again_at_most() -> None:
    assert MOVES[TrialState.COMPLETED] == {TrialState.PLANNED}
    with pytest.raises(AutomlError, match="cannot go from completed to running; allowed: planned"):
        check_move(3, TrialState.COMPLETED, TrialState.RUNNING)


def test_only_a_planned_trial_starts_and_only_a_running_one_is_being_stopped() -> None:
    assert [old for old in TrialState if TrialState.RUNNING in MOVES[old]] == [TrialState.PLANNED]
    assert [old for old in TrialState if TrialState.STOPPING in MOVES[old]] == [TrialState.RUNNING]


def test_a_trial_that_never_ran_cannot_have_a_result() -> None:
    assert not MOVES[TrialState.PLANNED] & {TrialState.COMPLETED, TrialState.PRUNED}


@pytest.mark.parametrize("state", [TrialState.COMPLETED, TrialState.PRUNED])
def test_one_that_cannot_be_launched_for_its_confirmation_stays_what_it_was(
    state: TrialState,
) -> None:
    check_move(3, TrialState.PLANNED, state, confirms=True)
    with pytest.raises(AutomlError, match=f"cannot go from planned to {state}"):
        check_move(3, TrialState.PLANNED, state)
    with pytest.raises(AutomlError, match="cannot go from planned to stopping"):
        check_move(3, TrialState.PLANNED, TrialState.STOPPING, confirms=True)


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_check_agrees_with_the_table(old: TrialState, new: TrialState) -> None:
    if new in MOVES[old]:
        check_move(7, old, new)
        return
    allowed = ", ".join(sorted(MOVES[old])) or "nothing"
    message = f"trial 7: cannot go from {old.value} to {new.value}; allowed: {allowed}"
    with pytest.raises(AutomlError, match=f"^{re.escape(message)}$"):
        check_move(7, old, new)


def test_a_new_trial_is_planned_and_knows_nothing_yet() -> None:
    trial = Trial(id=0, params={"n": 1})
    assert trial.state is TrialState.PLANNED
    assert not trial.state.finished
    assert (trial.attempts, trial.value, trial.exit, trial.handle) == (0, None, None, None)


def test_a_changed_trial_differs_in_what_was_changed() -> None:
    trial = Trial(id=7, params={"n": 1}, attempts=2, value=0.5)
    assert changed(trial, state=TrialState.RUNNING, value=None) == replace(
        trial, state=TrialState.RUNNING, value=None
    )
    assert trial == Trial(id=7, params={"n": 1}, attempts=2, value=0.5)
    with pytest.raises(KeyError):
        changed(trial, worth=1.0)


def test_a_trial_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Trial(id=0, params={}).value = 1.0  # type: ignore[misc]
