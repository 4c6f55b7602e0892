from collections.abc import Sequence
from typing import Any

import pytest

from automl.errors import SpecError
from automl.search.sampler import Nothing, Proposal, Told
from automl.search.start import StartWith, checked
from automl.space.conditions import condition_of
from automl.space.parameters import Categorical, Constant, Integer, Linked, Real, value_key
from automl.space.space import SearchSpace
from automl.study.trial import TrialState

SPACE = SearchSpace(
    (
        Constant(name="data", value="d"),
        Real(name="x", min_value=0, max_value=10),
        Categorical(name="opt", candidates=("sgd", "adam")),
        Integer(name="m", min_value=1, max_value=5, when=condition_of("m", {"opt": "sgd"})),
        Linked(names=("w", "h"), candidates=([1, 2], [3, 4])),
    ),
    rules=("x < 9",),
)
FIRST: dict[str, Any] = {"x": 0.5, "opt": "adam", "w": 1, "h": 2}


def test_values_come_in_the_order_and_types_of_the_space() -> None:
    given: dict[str, Any] = {"h": 2, "w": 1, "m": 3, "opt": "sgd", "x": 1}
    (params,) = checked(SPACE, [given])
    assert list(params) == ["data", "x", "opt", "m", "w", "h"]
    assert value_key(params) == value_key(
        {"data": "d", "x": 1.0, "opt": "sgd", "m": 3, "w": 1, "h": 2}
    )


def test_the_same_combination_counts_once() -> None:
    assert len(checked(SPACE, [FIRST, {**FIRST, "data": "d"}, {**FIRST, "x": 1}])) == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"x": 11.0}, "x=11.0 is not allowed"),
        ({"x": 11}, "x=11 is not allowed"),
        ({"x": True}, "x=True is not allowed"),
        ({"x": "1"}, "x='1' is not allowed"),
        ({"x": 9.5}, "x < 9"),
        ({"y": 1}, "'y' is no parameter"),
        ({"data": "e"}, "data='e' is not allowed"),
        ({"m": 3}, "'m' is used only when"),
        ({"opt": "sgd"}, "'m' has no value"),
        ({"h": 4}, "is not allowed; it is one of"),
        ({"opt": ["sgd"]}, "is not allowed"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(change: dict[str, Any], why: str) -> None:
    with pytest.raises(SpecError, match=r"start_with\[1\] = \{") as caught:
        checked(SPACE, [FIRST, {**FIRST, **change}])
    assert why in str(caught.value)


def test_what_is_no_combination_at_all_is_refused() -> None:
    with pytest.raises(SpecError, match=r"start_with\[0\] = 5 is no combination"):
        checked(SPACE, [5])  # type: ignore[list-item]


class Then:
    def propose(self, trial_id: int, history: Sequence[Told]) -> Any:
        del history
        return Nothing.USED_UP if trial_id > 9 else Proposal(params={"then": trial_id})


def planned(trial_id: int, params: dict[str, Any]) -> Told:
    return Told(trial_id=trial_id, params=params, state=TrialState.PLANNED)


def test_the_given_ones_come_first_and_each_once_over_restarts() -> None:
    first: list[dict[str, Any]] = [{"a": number} for number in range(3)]
    history: list[Told] = []
    proposer = StartWith(first, Then())
    for trial_id in range(5):
        if trial_id == 2:
            proposer = StartWith(first, Then())
        expected: dict[str, Any] = {"a": trial_id} if trial_id < 3 else {"then": trial_id}
        for _ in range(2):
            assert proposer.propose(trial_id, history) == Proposal(params=expected)
        history.append(planned(trial_id, expected))


def test_one_that_was_tried_before_is_left_out() -> None:
    history = [planned(0, {"a": 1})]
    first: list[dict[str, Any]] = [{"a": 0}, {"a": 1}]
    proposer = StartWith(first, Then())
    assert proposer.propose(1, history) == Proposal(params={"a": 0})
    history.append(planned(1, {"a": 0}))
    assert proposer.propose(2, history) == Proposal(params={"then": 2})


def test_what_only_an_earlier_study_tried_is_tried() -> None:
    proposer = StartWith([{"a": 0}], Then())
    assert proposer.propose(0, [planned(-1, {"a": 0})]) == Proposal(params={"a": 0})
