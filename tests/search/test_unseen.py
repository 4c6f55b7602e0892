from collections.abc import Sequence
from typing import Any

from automl.search.sampler import Told
from automl.search.unseen import Unseen
from automl.search.walk import GridSampler
from automl.spec.parameters import Categorical, Integer, Real
from automl.spec.space import Params, SearchSpace
from automl.spec.trial import TrialState

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
    sampler = Unseen(Scripted({"x": 3}), NUMBERS, seed=1)
    assert sampler.suggest(1, planned({"x": 2})) == {"x": 3}


def test_a_sampler_is_asked_again_before_chance_decides() -> None:
    sampler = Unseen(Scripted({"x": 2}, {"x": 1}, {"x": 3}), NUMBERS, seed=1)
    assert sampler.suggest(2, planned({"x": 2}, {"x": 1})) == {"x": 3}


def test_a_stubborn_sampler_is_asked_only_so_often() -> None:
    stubborn = Scripted({"x": 2})
    history = planned({"x": 2}, {"x": 0}, {"x": 1}, {"x": 4})
    assert Unseen(stubborn, NUMBERS, seed=1, asks=6).suggest(4, history) == {"x": 3}
    assert stubborn.asked == 6


def test_values_that_only_look_alike_are_different() -> None:
    space = SearchSpace((Categorical(name="x", candidates=(1, 1.0, True, "1")),))
    sampler = Unseen(Scripted({"x": 1}, {"x": 1.0}), space, seed=1)
    params = sampler.suggest(1, planned({"x": 1}))
    assert params is not None
    assert type(params["x"]) is float


def test_a_sampler_that_has_nothing_left_ends_it() -> None:
    assert Unseen(Scripted(None), NUMBERS, seed=1).suggest(0, []) is None


def test_a_used_up_space_is_known_without_asking() -> None:
    scripted = Scripted({"x": 9})
    history = planned(*({"x": number} for number in range(5)))
    assert Unseen(scripted, NUMBERS, seed=1).suggest(5, history) is None
    assert scripted.asked == 0


def test_trials_from_outside_of_the_space_do_not_use_it_up() -> None:
    history = planned(*({"x": number} for number in range(-9, 4)), {"y": 4}, {"x": 4.0})
    assert Unseen(Scripted({"x": 0}), NUMBERS, seed=1).suggest(15, history) == {"x": 4}


def test_a_planned_combination_counts_once_however_it_ended() -> None:
    history = planned({"x": 0}, {"x": 0})
    history.append(Told(trial_id=0, params={"x": 0}, state=TrialState.FAILED))
    sampler = Unseen(GridSampler(NUMBERS, 1), NUMBERS, seed=1, asks=None)
    for number in range(1, 5):
        assert sampler.suggest(number, history) == {"x": number}
        history.extend(planned({"x": number}))
    assert sampler.suggest(5, history) is None


def test_a_range_of_a_few_floats_is_used_up_too() -> None:
    space = SearchSpace((Real(name="x", min_value=1.0, max_value=1.0000000000000002),))
    history = planned({"x": 1.0})
    sampler = Unseen(Scripted({"x": 1.0}), space, seed=1)
    assert sampler.suggest(1, history) == {"x": 1.0000000000000002}
    history.extend(planned({"x": 1.0000000000000002}))
    assert sampler.suggest(2, history) is None


def test_what_a_walk_offered_is_offered_again_until_it_is_planned() -> None:
    history = planned({"x": 0})
    sampler = Unseen(GridSampler(NUMBERS, 1), NUMBERS, seed=1, asks=None)
    assert sampler.suggest(1, history) == {"x": 1}
    history.append(Told(trial_id=0, params={"x": 0}, state=TrialState.FAILED))
    assert sampler.suggest(1, history) == {"x": 1}
    history.extend(planned({"x": 1}))
    assert sampler.suggest(2, history) == {"x": 2}


def test_a_changed_answer_does_not_change_the_next() -> None:
    sampler = Unseen(Scripted({"x": 3}), NUMBERS, seed=1)
    params = sampler.suggest(0, [])
    assert params is not None
    params["x"] = 99
    assert sampler.suggest(0, []) == {"x": 3}


def test_news_make_a_sampler_think_again() -> None:
    sampler = Unseen(Scripted({"x": 3}, {"x": 4}), NUMBERS, seed=1)
    history = planned({"x": 0})
    assert sampler.suggest(1, history) == {"x": 3}
    history.append(Told(trial_id=0, params={"x": 0}, state=TrialState.COMPLETED, value=1.0))
    assert sampler.suggest(1, history) == {"x": 4}
