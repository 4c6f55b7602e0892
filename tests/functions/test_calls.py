"""Which trials belong to which `optimize` of a script."""

import pytest

from automl.functions.calls import Call, call_state
from automl.study.limits import NO_LIMIT
from automl.study.trial import Trial, TrialState

ENDED = TrialState.COMPLETED


def trials(*calls: int, state: TrialState = ENDED) -> list[Trial]:
    return [Trial(id=place, params={}, state=state, call=call) for place, call in enumerate(calls)]


@pytest.mark.parametrize(
    ("calls", "call", "n_trials", "most"),
    [
        ((), 1, 10, 10),
        ((1, 1, 1), 1, 10, 10),
        ((1, 1, 1), 2, 10, 13),
        ((1, 1, 2), 2, 10, 12),
        ((1, 1, 1), 1, 2, 3),
        ((0, 1, 1), 1, 10, 11),
        ((1,), 1, None, NO_LIMIT),
    ],
)
def test_a_call_has_its_own_trials(
    calls: tuple[int, ...], call: int, n_trials: int | None, most: int
) -> None:
    assert call_state(trials(*calls), Call(call)).most(n_trials) == most


def test_a_call_has_ended_once_a_later_one_has_begun() -> None:
    assert call_state(trials(1, 1, 2), Call(1)).later
    assert not call_state(trials(1, 1, 2), Call(2)).later


def test_the_call_of_a_cell_goes_on_whatever_was_called_since() -> None:
    assert not call_state(trials(1, 1, 2), Call(1, ("cell",))).later
