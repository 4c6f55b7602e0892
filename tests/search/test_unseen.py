from collections.abc import Sequence
from typing import Any

from automl.search.own.walk import GridSampler
from automl.search.sampler import Nothing, Proposal, Told
from automl.search.unseen import ASKS, Unseen
from automl.space.parameters import Categorical, Integer, Real
from automl.space.space import Params, SearchSpace
from automl.study.trial import TrialState

NUMBERS = SearchSpace((Integer(name="x", min_value=0, max_value=4),))


class Scripted:
    """Proposes what it is given, one after the other, then for ever the last."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked = 0

    def suggest(self, trial_id: int, history: Sequence[Told]) -> Any:
        del trial_id, history
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def planned(*combinations: Params) -> list[Told]:
    return [
        Told(trial_id=number, params=params, state=TrialState.PLANNED)
        for number, params in enumerate(combinations)
    ]


def test_a_new_proposal_passes() -> None:
    proposer = Unseen(Scripted({"x": 3}), NUMBERS, seed=1)
    assert proposer.propose(1, planned({"x": 2})) == Proposal(params={"x": 3})


def test_a_sampler_is_asked_again_and_what_was_avoided_is_counted() -> None:
    proposer = Unseen(Scripted({"x": 2}, {"x": 1}, {"x": 3}), NUMBERS, seed=1)
    answer = proposer.propose(2, planned({"x": 2}, {"x": 1}))
    assert answer == Proposal(params={"x": 3}, avoided=2)


def test_a_stubborn_sampler_is_asked_only_so_often() -> None:
    stubborn = Scripted({"x": 2})
    history = planned({"x": 2}, {"x": 0}, {"x": 1}, {"x": 4})
    proposer = Unseen(stubborn, NUMBERS, seed=1, asks=6)
    assert proposer.propose(4, history) == Proposal(params={"x": 3}, avoided=6)
    assert stubborn.asked == 6


def test_then_the_nearest_to_the_first_proposal_is_taken() -> None:
    space = SearchSpace(
        (Integer(name="x", min_value=0, max_value=100), Integer(name="y", min_value=0, max_value=9))
    )
    tried = [{"x": x, "y": y} for x in range(48, 53) for y in (4, 5, 6)]
    scripted = Scripted({"x": 50, "y": 5}, {"x": 48, "y": 4})
    answer = Unseen(scripted, space, seed=1).propose(15, planned(*tried))
    # Three steps of a hundred are less than two of nine.
    assert isinstance(answer, Proposal)
    assert answer.params in [{"x": 47, "y": 5}, {"x": 53, "y": 5}]


def test_what_breaks_a_rule_is_asked_for_again_and_replaced_by_a_neighbour() -> None:
    space = SearchSpace(
        (
            Integer(name="x", min_value=0, max_value=9),
            Categorical(name="kind", candidates=("a", "b")),
        ),
        rules=("x <= 4",),
    )
    again = Unseen(Scripted({"x": 7, "kind": "a"}, {"x": 1, "kind": "a"}), space, seed=1)
    assert again.propose(0, []) == Proposal(params={"x": 1, "kind": "a"}, avoided=1)
    near = Unseen(Scripted({"x": 7, "kind": "a"}), space, seed=1)
    assert near.propose(0, []) == Proposal(params={"x": 4, "kind": "a"}, avoided=ASKS)


def test_values_that_only_look_alike_are_different() -> None:
    space = SearchSpace((Categorical(name="x", candidates=(1, 1.0, True, "1")),))
    answer = Unseen(Scripted({"x": 1}, {"x": 1.0}), space, seed=1).propose(1, planned({"x": 1}))
    assert isinstance(answer, Proposal)
    assert type(answer.params["x"]) is float


def test_a_sampler_that_has_nothing_left_ends_it() -> None:
    assert Unseen(Scripted(None), NUMBERS, seed=1).propose(0, []) is Nothing.USED_UP


def test_a_used_up_space_is_known_without_asking() -> None:
    scripted = Scripted({"x": 9})
    history = planned(*({"x": number} for number in range(5)))
    assert Unseen(scripted, NUMBERS, seed=1).propose(5, history) is Nothing.USED_UP
    assert scripted.asked == 0


def test_trials_from_outside_of_the_space_do_not_use_it_up() -> None:
    history = planned(*({"x": number} for number in range(-9, 4)), {"y": 4}, {"x": 4.0})
    answer = Unseen(Scripted({"x": 0}), NUMBERS, seed=1).propose(15, history)
    assert answer == Proposal(params={"x": 4}, avoided=ASKS)


def test_what_an_earlier_study_found_may_be_tried_again() -> None:
    history = [Told(trial_id=-1, params={"x": 3}, state=TrialState.PLANNED)]
    history.append(Told(trial_id=-1, params={"x": 3}, state=TrialState.COMPLETED, value=1.0))
    assert Unseen(Scripted({"x": 3}), NUMBERS, seed=1).propose(0, history) == Proposal(
        params={"x": 3}
    )


def test_a_planned_combination_counts_once_however_it_ended() -> None:
    history = planned({"x": 0}, {"x": 0})
    history.append(Told(trial_id=0, params={"x": 0}, state=TrialState.FAILED))
    proposer = Unseen(GridSampler(NUMBERS, 1), NUMBERS, seed=1, asks=None)
    for number in range(1, 5):
        # What the walk passes over, as after a restart, was not proposed anew.
        assert proposer.propose(number, history) == Proposal(params={"x": number})
        history.extend(planned({"x": number}))
    assert proposer.propose(5, history) is Nothing.USED_UP


def test_a_range_of_a_few_floats_is_used_up_too() -> None:
    space = SearchSpace((Real(name="x", min_value=1.0, max_value=1.0000000000000002),))
    history = planned({"x": 1.0})
    proposer = Unseen(Scripted({"x": 1.0}), space, seed=1)
    answer = proposer.propose(1, history)
    assert answer == Proposal(params={"x": 1.0000000000000002}, avoided=ASKS)
    history.extend(planned({"x": 1.0000000000000002}))
    assert proposer.propose(2, history) is Nothing.USED_UP


def test_what_a_walk_offered_is_offered_again_until_it_is_planned() -> None:
    history = planned({"x": 0})
    proposer = Unseen(GridSampler(NUMBERS, 1), NUMBERS, seed=1, asks=None)
    assert proposer.propose(1, history) == Proposal(params={"x": 1})
    history.append(Told(trial_id=0, params={"x": 0}, state=TrialState.FAILED))
    assert proposer.propose(1, history) == Proposal(params={"x": 1})
    history.extend(planned({"x": 1}))
    assert proposer.propose(2, history) == Proposal(params={"x": 2})


def test_a_changed_answer_does_not_change_the_next() -> None:
    proposer = Unseen(Scripted({"x": 3}), NUMBERS, seed=1)
    answer = proposer.propose(0, [])
    assert isinstance(answer, Proposal)
    answer.params["x"] = 99
    assert proposer.propose(0, []) == Proposal(params={"x": 3})


def test_news_make_a_sampler_think_again() -> None:
    proposer = Unseen(Scripted({"x": 3}, {"x": 4}), NUMBERS, seed=1)
    history = planned({"x": 0})
    assert proposer.propose(1, history) == Proposal(params={"x": 3})
    history.append(Told(trial_id=0, params={"x": 0}, state=TrialState.COMPLETED, value=1.0))
    assert proposer.propose(1, history) == Proposal(params={"x": 4})
